"""`gumnut-tui entity`: one entity in full, as it is now, or what is known of it if it is gone."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

import click
import msgspec

from gumnut_tui.cli.commands.entity_answer import EntityAnswer, print_answer
from gumnut_tui.cli.commands.entity_as_of import print_as_of
from gumnut_tui.cli.exit_codes import Exit
from gumnut_tui.cli.options import (
    OUTPUT,
    CommandOptions,
    JournalOptions,
    RangeOptions,
    option,
    range_options,
    reading_options,
)
from gumnut_tui.cli.reading import Needs, open_reading
from gumnut_tui.cli.session import Session, session_command, time_range_there
from gumnut_tui.domain import kinds
from gumnut_tui.domain.errors import (
    ConnectionFailed,
    JournalProblem,
    NetworkProblem,
    RateLimited,
    ServerFailure,
    UsageProblem,
    clip,
)
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.kinds import KINDS, kind_of
from gumnut_tui.domain.models import Event, to_us
from gumnut_tui.formatting.facts import in_words
from gumnut_tui.usecases.event_reader import Batch

if TYPE_CHECKING:
    from gumnut_tui.usecases.reading import LibraryReading

EXAMPLES = (
    "gumnut-tui entity asset_7Kq2mXzVbN4tRwYcHd9pLe",
    "gumnut-tui entity person_3fHcWm8sT2vKxRqNb6LyZd --format json | jq .entity.name",
    "gumnut-tui entity album_9aBcDeFgHjKmNpQrStUvWx --at 2026-11-01",
)


@dataclass(frozen=True, kw_only=True)
class EntityOptions(CommandOptions):
    """Argument and options of `entity`."""

    entity_id: str
    kind: str | None = None
    form: Literal["text", "json"] = "text"
    at: str | None = None
    journal: JournalOptions = field(default_factory=JournalOptions)
    range: RangeOptions = field(default_factory=RangeOptions)


@session_command("entity", EntityOptions, EXAMPLES)
@click.argument("entity_id", metavar="ID")
@option(
    "--type", "kind", metavar="TYPE", group=OUTPUT, help=f"Entity type, if the id does not show it: {', '.join(KINDS)}."
)
@option("--format", "form", type=click.Choice(["text", "json"]), group=OUTPUT, help="text (default) or json.")
@option(
    "--at",
    metavar="WHEN",
    group=OUTPUT,
    help="What it was then, from the journal: fields, and what an album, person or stack held.",
)
@range_options
@reading_options
def command(session: Session[EntityOptions]) -> int:
    """Print one entity in full, as it is now or as it was at a time.

    If it is gone, print what the journal knows of it: what it was when last seen, with its picture on a terminal, and
    its events; without a journal, the events about it in the time range. If nothing is known, the exit code is 1.
    """
    if session.options.at is not None:
        kind = kind_of_id(session.options.entity_id, session.options.kind)
        return asyncio.run(print_as_of(session, session.options.journal, kind, session.options.at))
    return asyncio.run(_print(session, kind_of_id(session.options.entity_id, session.options.kind)))


def kind_of_id(entity_id: str, given: str | None) -> str:
    """The kind named, else the one the id begins with; raises UsageProblem when neither helps."""
    able = ", ".join(KINDS)
    if given is not None:
        kind = kind_of(given.strip().lower())
        if kind not in KINDS:
            raise UsageProblem(f"--type: '{clip(given, 60)}' cannot be read; choose one of {able}.")
        return kind
    told = kinds.kind_of_id(entity_id)
    if told is None:
        raise UsageProblem(f"the id '{clip(entity_id, 60)}' does not show its type; add --type: {able}.")
    return told


async def _print(session: Session[EntityOptions], kind: str) -> int:
    """Print it as the service has it; where that does not answer, as the journal knows it, if it does."""
    journal = session.options.journal
    if journal.offline or journal.no_journal or session.is_demo:
        return await _print_as_read(session, kind)
    is_answered = asyncio.Event()
    printing = asyncio.ensure_future(_print_as_read(session, kind, is_answered))
    waiting = asyncio.ensure_future(is_answered.wait())
    try:
        await asyncio.wait((printing, waiting), timeout=session.runtime.patience, return_when=asyncio.FIRST_COMPLETED)
        is_silent = not is_answered.is_set() and not printing.done()
        if is_silent and await _print_remembered(session, kind, f"No answer from {session.address} yet."):
            return Exit.DONE
        return await printing
    except (NetworkProblem, ServerFailure, RateLimited) as error:
        if await _print_remembered(session, kind, in_words(error)[0]):
            return Exit.DONE
        raise
    finally:
        await _cancelled(printing, waiting)


async def _cancelled(*tasks: asyncio.Future[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _print_remembered(session: Session[EntityOptions], kind: str, problem: str) -> bool:
    """Print what the journal knows of it, after saying why; False when it does not know it, or cannot be read."""
    journal = msgspec.structs.replace(session.options.journal, offline=True)
    options = replace(session.options, journal=journal)
    offline = msgspec.structs.replace(session, options=options)
    try:
        async with open_reading(offline, journal, Needs(names=True)) as reading:
            answer = await _answer(offline, reading, kind)
            if not answer.is_known:
                return False
            session.runtime.talk.warn(problem)
            session.runtime.talk.warn("This is what the journal knows of it.")
            await print_answer(offline, answer)
    except (UsageProblem, JournalProblem):
        return False
    return True


async def _print_as_read(session: Session[EntityOptions], kind: str, is_answered: asyncio.Event | None = None) -> int:
    async with open_reading(session, session.options.journal, Needs(names=True, is_late=True)) as reading:
        answer = await _answer(session, reading, kind, is_answered)
        await print_answer(session, answer)
    if answer.is_known:
        return Exit.DONE
    where = "in the journal" if answer.is_offline else f"in the time range (--since {session.settings.since})"
    session.runtime.talk.warn(f"No events about it {where}{'' if answer.is_offline else '; try --since all'}.")
    return Exit.FAILED


async def _answer(
    session: Session[EntityOptions], reading: LibraryReading, kind: str, is_answered: asyncio.Event | None = None
) -> EntityAnswer:
    """What is known of it; `is_answered` is set once the service has said what it is now."""
    entity_id, opened = session.options.entity_id, reading.opened
    answer = EntityAnswer(kind, entity_id, reading.names, is_offline=opened.is_offline)
    try:
        state = await opened.client.entity(kind, entity_id, opened.library_id)
    except ConnectionFailed:
        if not opened.is_offline:
            raise
    else:
        answer = replace(answer, state=state, last=state.entity)
    if is_answered is not None:
        is_answered.set()
    if answer.is_there:
        return answer
    # Only now it is worth while to bring the journal up to date.
    reading = await reading.current()
    answer = replace(answer, names=reading.names, events=await _events_about(session, reading))
    memory = reading.memory
    if memory is None:
        return answer
    try:
        last = next((one.entity for one in reversed(await memory.snapshots(kind, entity_id)) if one.entity), None)
        belongings = await memory.belongings(entity_id) if kind == "asset" else None
    except JournalProblem as problem:
        session.warn_of_journal(problem)
        return answer
    return replace(answer, last=last, belongings=belongings)


async def _events_about(session: Session[EntityOptions], reading: LibraryReading) -> Batch:
    """The events about or mentioning the entity in feed order: all that a journal has, else those of the range."""
    options, talk = session.options, session.runtime.talk
    wanted = EventFilter(entity_id=options.entity_id)
    if not reading.comes_from_journal(wanted) or session.options.overrides.since or options.range.until:
        span = await time_range_there(session, reading.opened.service, options.range)
        since_us, until_us = (None if moment is None else to_us(moment) for moment in (span.since, span.until))
        wanted = EventFilter(entity_id=options.entity_id, since_us=since_us, until_us=until_us)
    events, raw = list[Event](), list[bytes]()
    async with aclosing(reading.events(wanted, exact=options.range.exact)) as batches:
        async for batch in batches:
            events += batch.events
            raw += (one.raw for one in batch)
            talk.progress(f"looking for its events: {len(events)} found")
    talk.clear()
    return Batch(events, raw)

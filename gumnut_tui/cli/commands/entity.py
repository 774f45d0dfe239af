"""`gumnut-tui entity`: one entity in full, as it is now, or what is known of it if it is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

import click
import msgspec

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
from gumnut_tui.cli.printing import print_facts, print_object
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
from gumnut_tui.domain.fields import linked, references
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.kinds import KINDS, kind_of
from gumnut_tui.domain.models import DESTRUCTIVE, Entity, EntityState, Event, Operation, Presence, from_us, to_us
from gumnut_tui.formatting.entity_lines import as_of_line, entity_lines, status_line
from gumnut_tui.formatting.entity_names import short_id
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.event_lines import history_line
from gumnut_tui.formatting.facts import Fact, Tone, in_words
from gumnut_tui.formatting.interchange import without_signatures
from gumnut_tui.formatting.quantities import join_names
from gumnut_tui.formatting.times import moment_words
from gumnut_tui.usecases.event_reader import Batch, Names

if TYPE_CHECKING:
    from gumnut_tui.feed.entity_history import Belongings
    from gumnut_tui.usecases.reading import LibraryReading

EXAMPLES = (
    "gumnut-tui entity asset_7Kq2mXzVbN4tRwYcHd9pLe",
    "gumnut-tui entity person_3fHcWm8sT2vKxRqNb6LyZd --format json | jq .entity.name",
    "gumnut-tui entity album_9aBcDeFgHjKmNpQrStUvWx --at 2026-11-01",
)

TAKING_AWAY = DESTRUCTIVE - {Operation.TRASHED}
"""Operations after which the entity is not in the library any more."""
PICTURE_COLUMNS, PICTURE_ROWS = 32, 12
"""Cells a picture takes at most."""


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


@dataclass(frozen=True)
class _Answer:
    """What is known of an entity."""

    kind: str
    id: str
    names: Names
    state: EntityState | None = None
    """What it is now, or, offline, when it was last read; None when the journal has never read it."""
    is_offline: bool = False
    last: Entity | None = None
    """What it was when last seen; of one that is there, what it is."""
    belongings: Belongings | None = None
    """What a photo that is gone had to do with when last seen."""
    events: Batch = field(default_factory=Batch)
    """The events about it, when it is not simply there."""

    @property
    def is_known(self) -> bool:
        """It was read, now or once, or there are events about it."""
        return self.last is not None or bool(self.events)

    @property
    def is_there(self) -> bool:
        """It is in the library, be it in the trash."""
        return self.state is not None and self.state.presence in (Presence.LIVE, Presence.TRASHED)

    @property
    def gone_since_us(self) -> int | None:
        """When the last event took it away."""
        return None if (event := self._departure) is None else event.created_at_us

    @property
    def presence(self) -> Presence | None:
        """Whether it is there; the journal alone does not tell gone from moved, but its events do."""
        if self.state is None or self.is_there or not self.is_offline:
            return None if self.state is None else self.state.presence
        is_moved = self._departure is not None and self._departure.operation is Operation.MOVED_OUT
        return Presence.MOVED if is_moved else Presence.GONE

    @property
    def _departure(self) -> Event | None:
        return next((event for event in reversed(self.events.events) if self._takes_it_away(event)), None)

    def _takes_it_away(self, event: Event) -> bool:
        # The metadata of a photo carry its id too, but the photo does not go with them.
        return event.entity_id == self.id and event.entity_type == self.kind and event.operation in TAKING_AWAY


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
            await _print_answer(offline, answer)
    except (UsageProblem, JournalProblem):
        return False
    return True


async def _print_as_read(session: Session[EntityOptions], kind: str, is_answered: asyncio.Event | None = None) -> int:
    async with open_reading(session, session.options.journal, Needs(names=True, is_late=True)) as reading:
        answer = await _answer(session, reading, kind, is_answered)
        await _print_answer(session, answer)
    if answer.is_known:
        return Exit.DONE
    where = "in the journal" if answer.is_offline else f"in the time range (--since {session.settings.since})"
    session.runtime.talk.warn(f"No events about it {where}{'' if answer.is_offline else '; try --since all'}.")
    return Exit.FAILED


async def _print_answer(session: Session[EntityOptions], answer: _Answer) -> None:
    if session.options.form == "json":
        await _print_json(session, answer)
    else:
        await _print_text(session, answer)


async def _answer(
    session: Session[EntityOptions], reading: LibraryReading, kind: str, is_answered: asyncio.Event | None = None
) -> _Answer:
    """What is known of it; `is_answered` is set once the service has said what it is now."""
    entity_id, opened = session.options.entity_id, reading.opened
    answer = _Answer(kind, entity_id, reading.names, is_offline=opened.is_offline)
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


async def _print_json(session: Session[EntityOptions], answer: _Answer) -> None:
    """One object: what it is now or was when last seen, and the events as received."""
    belongings = answer.belongings
    content = {
        "kind": answer.kind,
        "id": answer.id,
        "presence": None if answer.presence is None else answer.presence.value,
        "read_at": None if answer.state is None else answer.state.read_at,
        "seen_at": None if answer.last is None else answer.last.read_at,
        "gone_since": None if answer.gone_since_us is None else from_us(answer.gone_since_us),
        "entity": None if answer.last is None else without_signatures(answer.last.fields),
    }
    if belongings is not None:
        for title, kind, ids in (("albums", "album", belongings.albums), ("people", "person", belongings.people)):
            await answer.names.look_up(references(kind, ids))
            content[title] = [{"id": each, "name": answer.names.cache.name(kind, each)} for each in ids]
    content["events"] = [msgspec.Raw(one.raw) for one in answer.events]
    print_object(session.runtime.output, content)


async def _print_text(session: Session[EntityOptions], answer: _Answer) -> None:
    zone, now = session.zone, session.runtime.clock()
    lines = [_headline(session, answer)]
    if answer.last is None:
        lines.append(Fact("", f"{answer.kind}  {visible(answer.id)}"))
    else:
        lines += [_seen_line(session, answer, answer.last), Fact("", "")]
        lines += await _entity_lines(session, answer, answer.last)
    if answer.events:
        await answer.names.learn(answer.events.events)
        lines += [Fact("", ""), Fact("", "Events about it")]
        known = answer.names.cache
        lines += [
            history_line(event, about=answer.id, zone=zone, now=now, name=known.name, presence=known.presence)
            for event in answer.events.events
        ]
    print_facts(session.runtime.output, lines)


def _headline(session: Session[EntityOptions], answer: _Answer) -> Fact:
    if answer.last is None and not answer.events:
        # A mistyped id is answered like one that is gone.
        return Fact("", "NOT FOUND: it is gone, or never existed")
    if answer.state is None or answer.presence is None:
        return Fact("", "NOT KNOWN: the journal has its events only", Tone.WARN)
    return status_line(
        msgspec.structs.replace(answer.state, presence=answer.presence),
        zone=session.zone,
        now=session.runtime.clock(),
        retention=session.settings.retention_period,
        gone_since_us=answer.gone_since_us,
    )


def _seen_line(session: Session[EntityOptions], answer: _Answer, last: Entity) -> Fact:
    """Says from when the fields are."""
    now = session.runtime.clock()
    if answer.is_there and not answer.is_offline:
        return as_of_line(last.read_at, zone=session.zone, now=now)
    return Fact("", f"as last seen {moment_words(to_us(last.read_at), session.zone, now)}", Tone.DIM)


async def _entity_lines(session: Session[EntityOptions], answer: _Answer, last: Entity) -> list[Fact]:
    names, belongings = answer.names, answer.belongings
    await names.look_up(linked(last.fields))
    albums = None
    if belongings is not None:
        await names.look_up([*references("album", belongings.albums), *references("person", belongings.people)])
        albums = _named(names, "album", belongings.albums)
    picture = [] if answer.is_there else [Fact("", line) for line in _picture_lines(session, last)]
    lines = entity_lines(
        answer.kind, last.fields, zone=session.zone, now=session.runtime.clock(), name=names.cache.name, albums=albums
    )
    if belongings is not None and belongings.people and not last.fields.get("people"):
        lines.append(Fact("people", join_names(_named(names, "person", belongings.people), limit=8)))
    return [*picture, *lines]


def _named(names: Names, kind: str, ids: Iterable[str]) -> Sequence[str]:
    return [names.cache.name(kind, each) or short_id(kind, each) for each in ids]


def _picture_lines(session: Session[EntityOptions], last: Entity) -> Iterator[str]:
    """The blurred picture as half blocks, where a terminal has colours."""
    from gumnut_tui.picture.pixels import half_blocks
    from gumnut_tui.picture.thumbnails import thumbhash_picture

    output = session.runtime.output
    picture = thumbhash_picture(last) if output.is_terminal and output.colour else None
    if picture is None:
        return
    columns = min(PICTURE_COLUMNS, output.columns)
    ink = _true_colour if session.runtime.environ.get("COLORTERM") in ("truecolor", "24bit") else _of_256
    for row in half_blocks(picture, columns, PICTURE_ROWS):
        cells = (f"\x1b[38;{ink(*upper)};48;{ink(*lower)}m{character}" for character, upper, lower in row)
        yield "".join(cells) + "\x1b[0m"
    yield ""


def _true_colour(*colour: int) -> str:
    return "2;" + ";".join(map(str, colour))


def _of_256(red: int, green: int, blue: int) -> str:
    """The nearest of the cube of six steps each that terminals with 256 colours have."""
    red, green, blue = (round(part / 255 * 5) for part in (red, green, blue))
    return f"5;{16 + 36 * red + 6 * green + blue}"

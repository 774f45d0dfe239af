"""`gumnut-tui entity`: one entity in full, as it is now, or what is known of it if it is gone."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import click
import msgspec

from gumnut_tui.cli.commands.entity_as_of import print_as_of
from gumnut_tui.cli.exit_codes import Exit
from gumnut_tui.cli.options import (
    OUTPUT,
    CommandOptions,
    JournalOptions,
    RangeOptions,
    journal_option,
    library_option,
    option,
    range_options,
    settings_options,
)
from gumnut_tui.cli.session import Session, event_reader, session_command, time_range_there
from gumnut_tui.domain import kinds
from gumnut_tui.domain.errors import UsageProblem, clip
from gumnut_tui.domain.fields import linked
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.kinds import KINDS, kind_of
from gumnut_tui.domain.models import DESTRUCTIVE, EntityState, Event, Operation, Presence
from gumnut_tui.formatting.entity_lines import as_of_line, entity_lines, status_line
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.event_lines import history_line
from gumnut_tui.formatting.facts import Fact
from gumnut_tui.formatting.interchange import json_line, without_signatures
from gumnut_tui.formatting.quantities import plural
from gumnut_tui.usecases.account import choose_library_id
from gumnut_tui.usecases.event_reader import Batch, Names

if TYPE_CHECKING:
    from gumnut_tui.api.client import Client

EXAMPLES = (
    "gumnut-tui entity asset_7Kq2mXzVbN4tRwYcHd9pLe",
    "gumnut-tui entity person_3fHcWm8sT2vKxRqNb6LyZd --format json | jq .entity.name",
    "gumnut-tui entity album_9aBcDeFgHjKmNpQrStUvWx --at 2026-11-01",
)

DEPARTURES = DESTRUCTIVE - {Operation.TRASHED}
"""Operations after which the entity is not in the library any more."""


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
@journal_option
@library_option
@settings_options
def command(session: Session[EntityOptions]) -> int:
    """Print one entity in full, as it is now or as it was at a time.

    If it is gone, print the events about it in the time range; without any, the exit code is 1.
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
    """What is known of an entity, with the events about it if it is not live."""

    state: EntityState
    events: Batch
    names: Names

    @property
    def gone_since_us(self) -> int | None:
        """When the last event after which it was gone happened."""
        return next((one.event.created_at_us for one in reversed(self.events) if self._took_away(one.event)), None)

    def _took_away(self, event: Event) -> bool:
        return event.entity_id == self.state.id and event.operation in DEPARTURES


async def _print(session: Session[EntityOptions], kind: str) -> int:
    entity_id = session.options.entity_id
    async with session.client() as client:
        library_id = await choose_library_id(client, session.settings.library)
        state = await client.entity(kind, entity_id, library_id)
        is_here = state.presence in (Presence.LIVE, Presence.TRASHED)
        events = [] if is_here else await _events_about(session, client, library_id)
        names = Names(client, library_id, session.runtime.talk.warn)
        answer = _Answer(state, events, names)
        if session.options.form == "json":
            _print_json(session, answer)
        else:
            await _print_text(session, answer)
    if state.entity is not None or events:
        return Exit.DONE
    session.runtime.talk.warn(
        f"No events about it in the time range (--since {session.settings.since}); try --since all."
    )
    return Exit.FAILED


async def _events_about(session: Session[EntityOptions], client: Client, library_id: str | None) -> Batch:
    """The events about or mentioning the entity in the range, in feed order."""
    options = session.options
    span = await time_range_there(session, client, options.range)
    reader = event_reader(session, client, library_id, span, exact=options.range.exact)
    wanted = EventFilter(entity_id=options.entity_id)
    found: Batch = []
    read = 0
    async with aclosing(reader.oldest_first()) as batches:
        async for batch in batches:
            read += len(batch)
            found.extend(one for one in batch if wanted.matches(one.event))
            session.runtime.talk.progress(f"searching for its events: {plural(read, 'event')} read, {len(found)} found")
    session.runtime.talk.clear()
    return found


def _print_json(session: Session[EntityOptions], answer: _Answer) -> None:
    """One object: what it is now, its fields, and the events as received."""
    state, output = answer.state, session.runtime.output
    content = {
        "kind": state.kind,
        "id": state.id,
        "status": state.presence.value,
        "read_at": state.read_at,
        "entity": None if state.entity is None else without_signatures(state.entity.fields),
        "events": [msgspec.Raw(one.raw) for one in answer.events],
    }
    text = msgspec.json.format(msgspec.json.encode(content), indent=2)
    output.data(b"".join(json_line(line, for_terminal=output.is_terminal) + b"\n" for line in text.split(b"\n")))


async def _print_text(session: Session[EntityOptions], answer: _Answer) -> None:
    state, zone, now = answer.state, session.zone, session.runtime.clock()
    if state.entity is None and not answer.events:
        # A mistyped id is answered like one that is gone.
        lines = [Fact("", "NOT FOUND: it is gone, or never existed")]
    else:
        gone_since_us, retention = answer.gone_since_us, session.settings.retention_period
        lines = [status_line(state, zone=zone, now=now, retention=retention, gone_since_us=gone_since_us)]
    if state.entity is not None:
        await answer.names.look_up(linked(state.entity.fields))
        lines += [as_of_line(state.read_at, zone=zone, now=now), Fact("", "")]
        lines += entity_lines(state.kind, state.entity.fields, zone=zone, now=now, name=answer.names.cache.name)
    else:
        lines.append(Fact("", f"{state.kind}  {visible(state.id)}"))
    if answer.events:
        await answer.names.learn([one.event for one in answer.events])
        lines += [Fact("", ""), Fact("", "Events about it")]
        name = answer.names.cache.name
        lines += [history_line(one.event, about=state.id, zone=zone, now=now, name=name) for one in answer.events]
    for line in lines:
        session.runtime.output.line(f"{line.label:<16}  {line.value}".rstrip() if line.label else line.value)

"""What is known of an entity, and how `gumnut-tui entity` prints it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from gumnut_tui.cli.printing import print_facts, print_object
from gumnut_tui.cli.session import Session
from gumnut_tui.domain.fields import linked, references
from gumnut_tui.domain.models import DESTRUCTIVE, Entity, EntityState, Event, Operation, Presence, from_us
from gumnut_tui.formatting.entity_lines import as_of_line, entity_lines, status_line
from gumnut_tui.formatting.entity_names import short_id
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.event_lines import history_line
from gumnut_tui.formatting.facts import Fact, Tone
from gumnut_tui.formatting.interchange import without_signatures
from gumnut_tui.formatting.quantities import join_names
from gumnut_tui.usecases.event_reader import Batch, Names

if TYPE_CHECKING:
    from gumnut_tui.feed.entity_history import Belongings

TAKING_AWAY = DESTRUCTIVE - {Operation.TRASHED}
"""Operations after which the entity is not in the library any more."""
PICTURE_COLUMNS, PICTURE_ROWS = 32, 12
"""Cells a picture takes at most."""


@dataclass(frozen=True)
class EntityAnswer:
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


async def print_answer(session: Session[Any], answer: EntityAnswer) -> None:
    """Print it in the format asked for, with the names it needs."""
    if session.options.form == "json":
        await _print_json(session, answer)
    else:
        await _print_text(session, answer)


async def _print_json(session: Session[Any], answer: EntityAnswer) -> None:
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


async def _print_text(session: Session[Any], answer: EntityAnswer) -> None:
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


def _headline(session: Session[Any], answer: EntityAnswer) -> Fact:
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


def _seen_line(session: Session[Any], answer: EntityAnswer, last: Entity) -> Fact:
    """Says from when the fields are."""
    is_seen_now = answer.is_there and not answer.is_offline
    return as_of_line(last.read_at, zone=session.zone, now=session.runtime.clock(), is_offline=not is_seen_now)


async def _entity_lines(session: Session[Any], answer: EntityAnswer, last: Entity) -> list[Fact]:
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


def _picture_lines(session: Session[Any], last: Entity) -> Iterator[str]:
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

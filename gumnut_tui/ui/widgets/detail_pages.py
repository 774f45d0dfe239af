"""What the detail pane is given, one value so that nothing in it can belong to another event, and its tabs' pages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from enum import Enum
from typing import Any

import msgspec

from gumnut_tui.domain.fields import checksum_of
from gumnut_tui.domain.models import EPOCH, Entity, EntityState, Event, Presence, to_us
from gumnut_tui.formatting.cells import cell_width
from gumnut_tui.formatting.entity_lines import COPY_HINT, as_of_line, entity_lines
from gumnut_tui.formatting.entity_names import NameOf
from gumnut_tui.formatting.escape import fit, visible
from gumnut_tui.formatting.event_lines import PresenceOf, event_lines
from gumnut_tui.formatting.facts import Fact, Tone
from gumnut_tui.formatting.field_changes import Difference
from gumnut_tui.formatting.interchange import json_lines, utc_time
from gumnut_tui.formatting.quantities import join_names
from gumnut_tui.formatting.times import clock_time, day_label, moment_words
from gumnut_tui.picture.pixels import Pixels
from gumnut_tui.ui.widgets.detail_history import NO_EVENT, history_page
from gumnut_tui.ui.widgets.styled_lines import BLANK, Ink, Page, Row, Span, clip, labelled_rows, text_rows, wrap

HINT = (
    "No event is selected.",
    "Move to a row: this pane shows its event, and the entity as it is now.",
)
NAME_MAX = 40
CONTINUED = 2
"""Cells by which the rest of a long line of JSON is indented further."""
OF_EVENTS = "An action has no fields. Unfold it with enter, and select one of its events."
UNKNOWN = "It was never read, so what it was is unknown. Its events are under Event and History."
NAMED = 8
"""Albums and people that are named."""


class Tab(Enum):
    """The tabs of the pane, in their order."""

    EVENT = "Event"
    ENTITY = "Entity"
    HISTORY = "History"
    RELATED = "Related"
    JSON = "JSON"


TABS = tuple(Tab)


class Related(msgspec.Struct, frozen=True):
    """An entity to jump to."""

    kind: str
    id: str
    name: str
    note: str = ""


class RelatedGroup(msgspec.Struct, frozen=True):
    """Related entities of one sort; `note` says what is missing: `and 120 more`."""

    title: str
    items: tuple[Related, ...] = ()
    note: str = ""


class Past(msgspec.Struct, frozen=True):
    """The names of a photo's albums and people when it was last seen."""

    albums: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


def _no_event(row: int) -> Event:
    raise LookupError(f"no events to find row {row} among")


def _no_name(_kind: str, _entity_id: str) -> str | None:
    return None


class DetailState(msgspec.Struct, frozen=True):
    """All the pane shows. An entity is as of its `read_at`, never as of the event's time.

    One field for each thing shown, more than a constructor should take: what is not known yet is left out.
    """

    event: Event | None = None
    row: int | None = None
    """The event's row in the store, to be marked in the history."""
    action: tuple[Fact, ...] = ()
    """What is known of an action, when one is selected and not an entity."""
    title: str = ""
    status: Fact | None = None
    """What became of the entity, as `status_line` words it: `GONE since today 12:03`."""
    entity: EntityState | None = None
    last_known: Entity | None = None
    """The last copy read, of an entity that is gone or that cannot be read now; its `read_at` says when that was."""
    past: Past | None = None
    """What a photo that is not live once had; None where the journal does not know."""
    memory_note: str = ""
    """Why the journal's snapshots could not be read."""
    albums: tuple[str, ...] | None = None
    """The names of a photo's albums; None while they are not known."""
    reading: bool = False
    """The entity is being read, or soon will be."""
    error: str = ""
    """Why the entity could not be read, in words."""
    picture: Pixels | None = None
    history: Sequence[int] = ()
    """Rows of the store: every event held about this entity, in the order to be shown."""
    event_at: Callable[[int], Event] = _no_event
    """Finds the event of a row of the history."""
    name: NameOf = _no_name
    """What is known of an entity's name by now."""
    presence: PresenceOf | None = None
    """What is known by now of whether an entity is still there."""
    differences: Sequence[tuple[int, Difference]] = ()
    """What changed from read to read of the entity, each with the number of events of the history before it."""
    related: tuple[RelatedGroup, ...] | None = None
    """None until they are requested."""
    related_note: str = ""
    """`reading…`, or why they could not be read."""
    zone: tzinfo = UTC
    now: datetime = EPOCH
    is_offline: bool = False
    """What the entity is now cannot be asked: all there is was seen earlier."""

    @property
    def known(self) -> Entity | None:
        """The fields that are known: the current ones, else the last ones seen."""
        current = self.entity.entity if self.entity is not None else None
        return current if current is not None else self.last_known

    @property
    def is_remembered(self) -> bool:
        """The fields that are known come from an earlier read, not from the service's last answer."""
        return self.known is not None and self.known is self.last_known

    @property
    def is_there(self) -> bool:
        """The entity was live when last read."""
        return self.entity is not None and self.entity.presence is Presence.LIVE

    @property
    def is_empty(self) -> bool:
        """Whether nothing is selected; an entity may be, without any event of it loaded."""
        return self.event is None and not self.title

    @property
    def kind(self) -> str:
        """The kind of what is selected, as far as it is known."""
        if self.event is not None:
            return self.event.kind
        if self.action:
            return "action"
        return self.entity.kind if self.entity is not None else ""

    def is_about(self, other: DetailState) -> bool:
        """Whether both are about the same event."""
        if self.action or other.action:
            return self.row == other.row
        mine, theirs = self.event, other.event
        if mine is None or theirs is None:
            return mine is theirs and self.title == other.title
        return mine is theirs or (mine.cursor, mine.entity_id) == (theirs.cursor, theirs.entity_id)


def make_page(tab: Tab, state: DetailState, width: int) -> Page:
    """The page of one tab, `width` cells wide."""
    if state.is_empty:
        return Page([row for words in HINT for row in (*text_rows(words, width, Ink.MUTED), BLANK)])
    match tab:
        case Tab.EVENT:
            return Page(list(_event_rows(state, width)))
        case Tab.ENTITY:
            return Page(list(_entity_rows(state, width)))
        case Tab.HISTORY:
            return history_page(state, width)
        case Tab.RELATED:
            return _related_page(state, width)
        case Tab.JSON:
            return _json_page(state, width)


def _event_rows(state: DetailState, width: int) -> Iterator[Row]:
    if state.action:
        return labelled_rows(state.action, width)
    if state.event is None:
        return text_rows(NO_EVENT, width, Ink.MUTED)
    return labelled_rows(
        event_lines(state.event, zone=state.zone, now=state.now, name=state.name, presence=state.presence), width
    )


def _entity_rows(state: DetailState, width: int) -> Iterator[Row]:
    if state.action:
        yield from text_rows(OF_EVENTS, width, Ink.MUTED)
        return
    if state.error or state.entity is None:
        words, ink = note_of(state)
        yield from text_rows(words or "Not read yet.", width, ink)
        yield BLANK
    elif state.entity.entity is None and state.known is None:
        yield from text_rows(f"{_where_it_went(state.entity)} {UNKNOWN}", width, Ink.BAD)
        yield BLANK
    if state.memory_note:
        yield from text_rows(f"The journal could not be read: {visible(state.memory_note)}", width, Ink.BAD)
        yield BLANK
    if (known := state.known) is None:
        return
    if state.is_remembered and state.entity is not None:
        yield from text_rows(_where_it_went(state.entity), width, Ink.BAD)
        if state.entity.presence is Presence.GONE and checksum_of(known.fields):
            yield from text_rows(f"{COPY_HINT[:1].upper()}{COPY_HINT[1:]}.", width)
    yield from text_rows(_as_of(known, state), width, Ink.WARNING if state.is_remembered else Ink.MUTED)
    yield BLANK
    # For what left the library there is no list of albums, and in the trash it is hidden: that does not mean none.
    albums = state.albums if state.is_there else state.albums or None
    names = None if albums is None else [visible(album) for album in albums]
    lines = entity_lines(known.kind, known.fields, zone=state.zone, now=state.now, name=state.name, albums=names)
    yield from labelled_rows(_with_past([line for line in lines if line.tone is not Tone.HEAD], state.past), width)


def _where_it_went(state: EntityState) -> str:
    if state.presence is Presence.MOVED:
        return "It was moved to another library that this key cannot read."
    return "It is gone: the service no longer has it."


def _with_past(lines: list[Fact], past: Past | None) -> list[Fact]:
    """Puts the albums and people a photo had when last seen before its id."""
    if past is None:
        return lines
    then = [
        Fact("albums then", join_names([visible(album) for album in past.albums], NAMED) or "none known"),
        Fact("people then", join_names([visible(person) for person in past.people], NAMED)),
    ]
    shown = {line.value for line in lines if line.label == "people"}
    return [*lines[:-1], *(line for line in then if line.value and line.value not in shown), *lines[-1:]]


def _as_of(known: Entity, state: DetailState) -> str:
    if state.is_remembered:
        return f"last known state, as last seen {moment_words(to_us(known.read_at), state.zone, state.now)}"
    as_of = as_of_line(known.read_at, zone=state.zone, now=state.now, is_offline=state.is_offline).value
    return f"{as_of}; not as it was at the event"


def _related_page(state: DetailState, width: int) -> Page:
    note = list(text_rows(visible(state.related_note), width, Ink.MUTED)) if state.related_note else []
    if state.related is None:
        return Page(note or list(text_rows("reading…" if state.reading else "Not read yet.", width, Ink.MUTED)))
    if not any(group.items for group in state.related):
        return Page(note or list(text_rows("No related entities.", width, Ink.MUTED)))
    rows = [row for group in state.related for row in _group_rows(group, width)]
    return Page(rows + note, picks=True)


def _group_rows(group: RelatedGroup, width: int) -> Iterator[Row]:
    if not group.items:
        return
    yield Row((Span(clip(visible(group.title), width), Ink.HEADING),))
    names = [visible(item.name or item.id) for item in group.items]
    column = min(NAME_MAX, max(map(cell_width, names)), width - 2)
    for item, name in zip(group.items, names, strict=True):
        room = width - 4 - column
        spans = [Span("  "), Span(fit(name, column))]
        if item.note and room > 0:
            spans += [Span("  "), Span(clip(visible(item.note), room), Ink.MUTED)]
        yield Row(tuple(spans), item)
    if group.note:
        yield Row((Span("  "), Span(clip(visible(group.note), width - 2), Ink.MUTED)))
    yield BLANK


def _json_page(state: DetailState, width: int) -> Page:
    try:
        return Page(list(_json_rows(state, width)))
    except RecursionError:  # the reader's limit on nesting is met earlier, deep inside the screen's own calls
        return Page(list(text_rows("The JSON is nested too deeply to show.", width, Ink.MUTED)))


def _json_rows(state: DetailState, width: int) -> Iterator[Row]:
    yield Row((Span("event", Ink.HEADING),))
    if state.event is None:
        yield from text_rows(NO_EVENT, width, Ink.MUTED)
    else:
        yield from _value_rows(_event_fields(state.event), width)
    if (known := state.known) is not None:
        yield BLANK
        yield from text_rows(f"{visible(known.kind)}, {_as_of(known, state)}", width, Ink.HEADING)
        yield from _value_rows(known.fields, width)


def _event_fields(event: Event) -> dict[str, Any]:
    """The record under the API's names."""
    payload = bytes(event.payload).decode("utf-8", "replace")
    return {
        "cursor": event.cursor,
        "entity_type": event.entity_type,
        "entity_id": event.entity_id,
        "event_type": event.event_type,
        "created_at": utc_time(event.created_at),
        "payload": json.loads(payload),
    }


def _value_rows(value: Any, width: int) -> Iterator[Row]:
    """Indented JSON; what does not fit continues below, indented a little further."""
    for line in json_lines(value):
        text = line.lstrip(" ")
        indent = min(len(line) - len(text), width // 2)
        key = match.group() if (match := _KEY.match(text)) else ""
        first, *rest = wrap(text, width - indent - CONTINUED) if cell_width(text) > width - indent else [text]
        yield Row((Span(" " * indent), Span(first[: len(key)], Ink.LABEL), Span(first[len(key) :])))
        for part in rest:
            yield Row((Span(" " * (indent + CONTINUED)), Span(part)))


_KEY = re.compile(r'"(?:[^"\\]|\\.)*":')


def note_of(state: DetailState) -> tuple[str, Ink]:
    """When the entity was read, or that it is being read, or why it could not be."""
    seen = _seen_words(state)
    if state.error:
        return (f"{seen}could not be read: {visible(state.error)}", Ink.BAD)
    if state.entity is None:
        return (f"{seen}reading…" if state.reading else "", Ink.MUTED)
    at_us = to_us(state.entity.read_at)
    if state.is_offline:
        return (f"as last seen {moment_words(at_us, state.zone, state.now)}", Ink.MUTED)
    day = day_label(at_us, state.zone, state.now)
    at = clock_time(at_us, state.zone) if day == "today" else f"{day} {clock_time(at_us, state.zone)}"
    again = ", reading again…" if state.reading else ""
    if state.entity.entity is None:
        return (f"{seen}checked {at}{again}", Ink.MUTED)
    as_of = "as it is now," if day == "today" else "as it was when"
    return (f"{as_of} read {at}{again}", Ink.MUTED)


def _seen_words(state: DetailState) -> str:
    if state.last_known is None or not state.is_remembered:
        return ""
    return f"last seen {moment_words(to_us(state.last_known.read_at), state.zone, state.now)}; "

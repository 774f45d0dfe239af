"""What each tab of the detail pane says, made for the width there is."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple, overload

from gumnut_tui.domain.models import Entity, EntityState, Event, Presence, to_us
from gumnut_tui.formatting.entity_lines import as_of_line, entity_lines
from gumnut_tui.formatting.escape import cell_width, fit, visible
from gumnut_tui.formatting.event_lines import event_cells, event_lines
from gumnut_tui.formatting.facts import Fact, Tone
from gumnut_tui.formatting.field_changes import Difference
from gumnut_tui.formatting.interchange import json_lines
from gumnut_tui.formatting.quantities import join_names
from gumnut_tui.formatting.times import moment_words, row_time
from gumnut_tui.ui.widgets.detail_head import note_of
from gumnut_tui.ui.widgets.detail_state import DetailState, Past, RelatedGroup, Tab
from gumnut_tui.ui.widgets.styled_lines import BLANK, Ink, Page, Row, Span, clip, labelled_rows, text_rows, wrap

HINT = (
    "No event is selected.",
    "Move to a row: this pane shows the event, and what its entity is now.",
)
NAME_MAX = 40
CONTINUED = 2
"""Cells by which the rest of a long line of JSON is set further in."""
NO_EVENT = "None of its events is loaded."
UNKNOWN = "It was never read, so what it was is unknown. Its events are under Event and History."
NAMED = 8
"""Albums and people that are named."""


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
            return _history_page(state, width)
        case Tab.RELATED:
            return _related_page(state, width)
        case Tab.JSON:
            return _json_page(state, width)


def _event_rows(state: DetailState, width: int) -> Iterator[Row]:
    if state.event is None:
        return text_rows(NO_EVENT, width, Ink.MUTED)
    return labelled_rows(event_lines(state.event, zone=state.zone, now=state.now, name=state.name), width)


def _entity_rows(state: DetailState, width: int) -> Iterator[Row]:
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
    yield from text_rows(_as_of(known, state), width, Ink.WARNING if state.is_remembered else Ink.MUTED)
    yield BLANK
    # Outside of the library nobody has a list of albums, and in the trash it is hidden: that is not none.
    albums = state.albums if state.is_there else state.albums or None
    names = None if albums is None else [visible(album) for album in albums]
    lines = entity_lines(known.kind, known.fields, zone=state.zone, now=state.now, name=state.name, albums=names)
    yield from labelled_rows(_with_past([line for line in lines if line.tone is not Tone.HEAD], state.past), width)


def _where_it_went(state: EntityState) -> str:
    if state.presence is Presence.MOVED:
        return "It was moved to another library that this key cannot read."
    return "It is gone: the service no longer has it."


def _with_past(lines: list[Fact], past: Past | None) -> list[Fact]:
    """Puts what a photo had when last seen before its id."""
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
    return as_of_line(known.read_at, zone=state.zone, now=state.now).value


def _history_page(state: DetailState, width: int) -> Page:
    rows = HistoryRows(state, width)
    if not state.history:
        return Page([*text_rows(NO_EVENT, width, Ink.MUTED), *rows])
    return Page(rows, picks=True, start=rows.index_of(state.row) or 0, find=rows.find)


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
        "created_at": event.created_at.isoformat(),
        "payload": json.loads(payload),
    }


def _value_rows(value: Any, width: int) -> Iterator[Row]:
    """Indented JSON; what does not fit goes on below, a little further in than where its line begins."""
    for line in json_lines(value):
        text = line.lstrip(" ")
        indent = min(len(line) - len(text), width // 2)
        key = match.group() if (match := _KEY.match(text)) else ""
        first, *rest = wrap(text, width - indent - CONTINUED) if cell_width(text) > width - indent else [text]
        yield Row((Span(" " * indent), Span(first[: len(key)], Ink.LABEL), Span(first[len(key) :])))
        for part in rest:
            yield Row((Span(" " * (indent + CONTINUED)), Span(part)))


_KEY = re.compile(r'"(?:[^"\\]|\\.)*":')


OP_WIDTH = 11
MARGIN = "  ┆ "
"""Stands before what was found between two events."""


class HistoryChoice(NamedTuple):
    """An event of the history; `row` is its row in the store."""

    row: int


class HistoryRows(Sequence[Row]):
    """The rows of a history. Those of events, which may be many, are made when they come into sight."""

    def __init__(self, state: DetailState, width: int) -> None:
        self._state = state
        self._before: list[int] = []
        """Of each block of differences, how many events stand before it."""
        self._starts: list[int] = []
        self._sums = [0]
        """Rows of the blocks up to each."""
        self._blocks: list[list[Row]] = []
        for before, difference in state.differences:
            self._before.append(before)
            self._starts.append(before + self._sums[-1])
            self._blocks.append(list(self._difference_rows(difference, width)))
            self._sums.append(self._sums[-1] + len(self._blocks[-1]))

    def __len__(self) -> int:
        return len(self._state.history) + self._sums[-1]

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        index = range(len(self))[index]
        blocks = bisect_right(self._starts, index)
        if blocks and (offset := index - self._starts[blocks - 1]) < len(self._blocks[blocks - 1]):
            return self._blocks[blocks - 1][offset]
        return self._event_row(self._state.history[index - self._sums[blocks]])

    def find(self, choice: object) -> int | None:
        """Where the event of a choice stands; None when it is not among them."""
        return self.index_of(choice.row) if isinstance(choice, HistoryChoice) else None

    def index_of(self, row: int | None) -> int | None:
        """Where an event stands, by its row in the store."""
        if row is None or row not in self._state.history:
            return None
        at = self._state.history.index(row)
        return at + self._sums[bisect_right(self._before, at)]

    def _event_row(self, row: int) -> Row:
        event = self._state.event_at(row)
        cells = event_cells(event, zone=self._state.zone, now=self._state.now, name=self._state.name)
        about = self._state.event.entity_id if self._state.event else ""
        other = cells.entity if event.entity_id != about else ""
        spans = (
            Span("▸ " if row == self._state.row else "  ", Ink.ACCENT),
            Span(f"{cells.time}  ", Ink.MUTED),
            Span(fit(cells.op, max(OP_WIDTH, cell_width(cells.op))) + " ", cells.operation),
            Span("  ".join(words for words in (cells.what, other, cells.more) if words)),
        )
        return Row(spans, HistoryChoice(row))

    def _difference_rows(self, difference: Difference, width: int) -> Iterator[Row]:
        room = width - cell_width(MARGIN)
        when = f"read {self._time(difference.read_at)}, changed since {self._time(difference.since)}"
        for row in (*text_rows(when, room, Ink.MUTED), *labelled_rows(difference.lines, room)):
            yield Row((Span(MARGIN, Ink.MUTED), *row.spans))

    def _time(self, moment: datetime) -> str:
        return row_time(to_us(moment), self._state.zone, self._state.now)

"""The history in the detail pane: every event held about an entity, and what reads of it found changed between them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, overload

from gumnut_tui.domain.models import to_us
from gumnut_tui.formatting.cells import cell_width
from gumnut_tui.formatting.escape import fit
from gumnut_tui.formatting.event_lines import event_cells
from gumnut_tui.formatting.field_changes import Difference
from gumnut_tui.formatting.times import row_time
from gumnut_tui.ui.widgets.styled_lines import Ink, Page, Row, Span, clip, labelled_rows, text_rows, wrap

if TYPE_CHECKING:
    from gumnut_tui.ui.widgets.detail_pages import DetailState

NO_EVENT = "None of its events is loaded."
WRAPPED_HISTORY = 500
"""Events up to which what does not fit on the line of one goes on below it."""
OP_WIDTH = 11
HANGING = 4
"""Cells by which what goes on below the line of an event is set in."""
MARGIN = "  ┆ "
"""Precedes a change that was found between two events."""


class HistoryChoice(NamedTuple):
    """An event of the history; `row` is its row in the store."""

    row: int


class HistoryRows(Sequence[Row]):
    """The rows of a history. Rows of events, which may be many, are made as they come into view."""

    def __init__(self, state: DetailState, width: int) -> None:
        self._state = state
        self._before: list[int] = []
        """How many events precede each block of differences."""
        self._starts: list[int] = []
        self._sums = [0]
        """Rows of all blocks before each."""
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
        """The index of the event of a choice; None when it is not in the history."""
        return self.index_of(choice.row) if isinstance(choice, HistoryChoice) else None

    def index_of(self, row: int | None) -> int | None:
        """The index of an event, by its row in the store; None when it is not in the history."""
        if row is None or row not in self._state.history:
            return None
        at = self._state.history.index(row)
        return at + self._sums[bisect_right(self._before, at)]

    def _event_row(self, row: int) -> Row:
        spans, words = _history_line(self._state, row)
        return Row((*spans, Span("  ".join(words))), HistoryChoice(row))

    def _difference_rows(self, difference: Difference, width: int) -> Iterator[Row]:
        return _difference_rows(self._state, difference, width)


def _wrapped_history(state: DetailState, width: int) -> Iterator[Row]:
    """The events, what a line has no room for below it, and between them what was found changed."""
    differences = list(state.differences)
    for at, row in enumerate(state.history):
        while differences and differences[0][0] <= at:
            yield from _difference_rows(state, differences.pop(0)[1], width)
        spans, words = _history_line(state, row)
        room = width - sum(cell_width(span.text) for span in spans)
        if cell_width("  ".join(words)) <= room:
            yield Row((*spans, Span("  ".join(words))), HistoryChoice(row))
            continue
        # What it was done to is the first to be left out, as the name says it.
        first, *others = words
        yield Row((*spans, Span(clip(first, max(1, room)))), HistoryChoice(row))
        for line in wrap("  ".join(others or [first]), width - HANGING):
            yield Row((Span(" " * HANGING), Span(line)))
    for _, difference in differences:
        yield from _difference_rows(state, difference, width)


def _history_line(state: DetailState, row: int) -> tuple[tuple[Span, ...], list[str]]:
    """How the line of an event begins, and the words behind it: what was done to what, and what else matters."""
    event = state.event_at(row)
    cells = event_cells(event, zone=state.zone, now=state.now, name=state.name, presence=state.presence)
    about = state.event.entity_id if state.event else ""
    other = cells.entity if event.entity_id != about else ""
    spans = (
        Span("▸ " if row == state.row else "  ", Ink.ACCENT),
        Span(f"{cells.time}  ", Ink.MUTED),
        Span(fit(cells.op, max(OP_WIDTH, cell_width(cells.op))) + " ", cells.operation),
    )
    return spans, [words for words in (cells.what, other, cells.more) if words]


def _difference_rows(state: DetailState, difference: Difference, width: int) -> Iterator[Row]:
    def time(moment: datetime) -> str:
        return row_time(to_us(moment), state.zone, state.now)

    room = width - cell_width(MARGIN)
    when = f"read {time(difference.read_at)}, changed since {time(difference.since)}"
    for row in (*text_rows(when, room, Ink.MUTED), *labelled_rows(difference.lines, room)):
        yield Row((Span(MARGIN, Ink.MUTED), *row.spans))


def history_page(state: DetailState, width: int) -> Page:
    """The page of the history, `width` cells wide."""
    if not state.history:
        return Page([*text_rows(NO_EVENT, width, Ink.MUTED), *HistoryRows(state, width)])
    if len(state.history) <= WRAPPED_HISTORY:
        wrapped = list(_wrapped_history(state, width))
        here = HistoryChoice(-1 if state.row is None else state.row)
        return Page(wrapped, picks=True, start=next((at for at, row in enumerate(wrapped) if row.choice == here), 0))
    rows = HistoryRows(state, width)
    return Page(rows, picks=True, start=rows.index_of(state.row) or 0, find=rows.find)

"""The history in the detail pane: every event of an entity, and between them what reads found changed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple, overload

from gumnut_tui.domain.models import Event, to_us
from gumnut_tui.formatting.cells import event_cells
from gumnut_tui.formatting.entity_names import NameOf
from gumnut_tui.formatting.escape import cell_width, fit
from gumnut_tui.formatting.field_changes import Difference
from gumnut_tui.formatting.times import row_time
from gumnut_tui.ui.widgets.detail_state import DetailState
from gumnut_tui.ui.widgets.styled_lines import Ink, Row, Span, labelled_rows, text_rows

OP_WIDTH = 11
MARGIN = "  ┆ "
"""Stands before what was found between two events."""


class HistoryChoice(NamedTuple):
    """An event of the history; `row` is its row in the store."""

    row: int


class HistoryRows(Sequence[Row]):
    """The rows of a history. Those of events, which may be many, are made when they come into sight."""

    def __init__(self, state: DetailState, event_at: Callable[[int], Event], name: NameOf, width: int) -> None:
        self._state = state
        self._event_at = event_at
        self._name = name
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
        event = self._event_at(row)
        cells = event_cells(event, zone=self._state.zone, now=self._state.now, name=self._name)
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

"""Counts over the rows of a view: by types for the sidebar, by time and operation for the histogram."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Operation
from gumnut_tui.store.columns import Columns, EventKind, Rows
from gumnut_tui.store.tiles import Bars, CodeCounts, Tiles

TypePair = tuple[str, str]
"""Entity type and event type."""


class Census:
    """Knows the rows that pass a filter's entity and text; range and types are looked at when something is asked.

    Where neither restricts the rows, nor anything else (`is_picky`), nothing is kept; else their times and codes.
    What was counted stays: asked again, only the rows that came meanwhile are looked at.
    """

    def __init__(self, columns: Columns, wanted: EventFilter, *, is_picky: bool = False) -> None:
        self.seen = 0
        """Rows of the columns taken in so far."""
        self._columns = columns
        self._wanted = wanted
        self._is_picky = is_picky or wanted.entity_id is not None or bool(wanted.text)
        self._tiles = Tiles() if self._is_picky else columns.tiles
        self._rare = array("I")
        self._by_code = CodeCounts()
        self._counted = 0
        self._bars = Bars(0, 1, 0)
        self._by_bar: list[CodeCounts] = []
        self._spread = 0

    def take_in(self, gained: range, found: Rows) -> None:
        """The rows from `seen` on, and those of them that pass."""
        self.seen = gained.stop
        rare = self._columns.rare_rows(gained)
        if self._is_picky:
            rare = sorted(set(rare).intersection(found))
            tiles = self._columns.tiles
            self._tiles.extend(map(tiles.times.__getitem__, found), map(tiles.codes.__getitem__, found))
        self._rare.extend(rare)

    def type_counts(self) -> dict[TypePair, int]:
        """How many rows are in the range, by (entity type, event type)."""
        fresh = range(self._counted, self._end)
        self._by_code.update(self._tiles.counts(fresh, self._wanted))
        self._counted = fresh.stop
        counts = self._by_code
        by_pair = {kind[:2]: counts[code] for code, kind in self._columns.kinds() if counts[code]}
        for row in self._rare:
            if self._wanted.accepts_time(self._columns.tiles.times[row]):
                pair = self._columns.kind(row)[:2]
                by_pair[pair] = by_pair.get(pair, 0) + 1
        return by_pair

    def histogram(self, bars: Bars) -> list[dict[Operation, int]]:
        """How many rows pass the whole filter, in each bar by operation."""
        if bars != self._bars:
            self._bars, self._by_bar, self._spread = bars, [CodeCounts() for _ in range(bars.count)], 0
        fresh = range(self._spread, self._end)
        self._tiles.spread(fresh, self._wanted, bars, self._by_bar)
        self._spread = fresh.stop
        accepted = [(code, kind) for code, kind in self._columns.kinds() if self._accepts(kind)]
        counts = [_by_operation(each, accepted) for each in self._by_bar]
        for row in self._rare:
            us, kind = self._columns.tiles.times[row], self._columns.kind(row)
            if bars.start_us <= us < bars.end_us and self._wanted.accepts_time(us) and self._accepts(kind):
                bar = counts[bars.index(us)]
                bar[kind.operation] = bar.get(kind.operation, 0) + 1
        return counts

    @property
    def _end(self) -> int:
        """Behind the last of the rows that are counted."""
        return len(self._tiles) if self._is_picky else self.seen

    def _accepts(self, kind: EventKind) -> bool:
        return self._wanted.accepts_type(*kind)


def _by_operation(counts: CodeCounts, kinds: Iterable[tuple[int, EventKind]]) -> dict[Operation, int]:
    """Counts by code as counts by operation, of these kinds alone."""
    by_operation = dict[Operation, int]()
    for code, kind in kinds:
        if number := counts[code]:
            by_operation[kind.operation] = by_operation.get(kind.operation, 0) + number
    return by_operation

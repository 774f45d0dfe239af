"""The events read so far, in columns; what is shown are views: sequences of row numbers in feed order.

A row number is where an event lies in the columns, and never changes. The order of the feed is kept apart, as runs of
consecutive row numbers, so that an older stretch, or a single straggler, is put in its place without moving a row.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import overload

from gumnut_tui.columns import Columns
from gumnut_tui.filters import EventFilter
from gumnut_tui.models import Event, Operation

TypePair = tuple[str, str]
"""Entity type and event type."""


class EventStore:
    """Events of one feed in the server's order, held in columns."""

    def __init__(self) -> None:
        self._columns = Columns()
        self._runs: list[range] = []

    def __len__(self) -> int:
        return len(self._columns)

    @property
    def runs(self) -> Sequence[range]:
        """The rows in feed order, as ranges of row numbers."""
        return self._runs

    def rows(self) -> Iterator[int]:
        """All rows in feed order."""
        return (row for run in self._runs for row in run)

    @property
    def first_row(self) -> int | None:
        """The row of the first event in feed order; None when the store is empty."""
        return self._runs[0].start if self._runs else None

    @property
    def last_row(self) -> int | None:
        """The row of the last event in feed order; None when the store is empty."""
        return self._runs[-1].stop - 1 if self._runs else None

    def event(self, row: int) -> Event:
        """The event in this row, as received."""
        return self._columns.event(row)

    def cursor(self, row: int) -> str:
        """The cursor of the event in this row; it identifies the event."""
        return self._columns.cursor(row)

    def created_at_us(self, row: int) -> int:
        """`created_at` in µs since the epoch."""
        return self._columns.times[row]

    def operation(self, row: int) -> Operation:
        """What the event in this row did."""
        return self._columns.kind(row).operation

    def append(self, events: Iterable[Event]) -> range:
        """Add events behind the last one; returns their rows."""
        return self.insert(events, before=None)

    def insert(self, events: Iterable[Event], *, before: int | None) -> range:
        """Add events, in feed order, in front of the row `before` (None: behind the last); returns their rows.

        Raises `IndexError` when there is no such row, and then nothing has changed.
        """
        if before is not None and before not in range(len(self)):
            raise IndexError(before)
        rows = self._columns.extend(events)
        if rows:
            self._place(rows, self._split(before))
        return rows

    def _split(self, before: int | None) -> int:
        """The index in the runs at which rows in front of `before` go; cuts the run that holds `before` if need be."""
        if before is None:
            return len(self._runs)
        index = next(i for i, run in enumerate(self._runs) if before in run)
        run = self._runs[index]
        if before == run.start:
            return index
        self._runs[index : index + 1] = [range(run.start, before), range(before, run.stop)]
        return index + 1

    def _place(self, rows: range, index: int) -> None:
        if index and self._runs[index - 1].stop == rows.start:
            self._runs[index - 1] = range(self._runs[index - 1].start, rows.stop)
        else:
            self._runs.insert(index, rows)

    def next_row(self, row: int) -> int | None:
        """The row that follows in feed order; None behind the last."""
        for index, run in enumerate(self._runs):
            if row in run:
                if row + 1 < run.stop:
                    return row + 1
                return self._runs[index + 1].start if index + 1 < len(self._runs) else None
        raise IndexError(row)

    def view(self, wanted: EventFilter, named: Iterable[str] = ()) -> View:
        """The rows that pass the filter, in feed order; `named` are ids of entities whose name holds its text."""
        return View(self, wanted, named)

    def matching(self, run: range, wanted: EventFilter, named: Sequence[str] = ()) -> range | array[int]:
        """The rows of the run that pass the filter; the run itself when nothing is filtered out."""
        if wanted.is_empty:
            return run
        return array("I", compress(run, self._columns.mask(run, wanted, named)))

    def history(self, entity_id: str) -> list[int]:
        """Rows of every event that is about the entity or mentions it, in feed order."""
        return list(self.view(EventFilter(entity_id=entity_id)))

    def find(self, cursor: str) -> int | None:
        """The row of the event with this cursor."""
        return self._columns.find(cursor)

    def type_counts(self, rows: range, wanted: EventFilter, named: Sequence[str] = ()) -> dict[TypePair, int]:
        """How many of the rows pass the filter, by (entity type, event type); types and operations not looked at."""
        return self._columns.type_counts(rows, wanted, named)

    def histogram(self, view: View, start_us: int, end_us: int, buckets: int) -> list[dict[Operation, int]]:
        """Events of the view by operation, in `buckets` equal parts of `[start_us, end_us)`."""
        counts: list[dict[Operation, int]] = [{} for _ in range(buckets)]
        span = end_us - start_us
        if span <= 0:
            return counts
        times, operation = self._columns.times, self.operation
        for row in view:
            us = times[row]
            if start_us <= us < end_us:
                bucket = counts[(us - start_us) * buckets // span]
                what = operation(row)
                bucket[what] = bucket.get(what, 0) + 1
        return counts


@dataclass(slots=True)
class _Part:
    """The rows of one run that pass the filter, ascending."""

    run: range
    rows: range | array[int]


class View(Sequence[int]):
    """The rows of a store that pass a filter, in feed order; `refresh` takes in what the store has gained."""

    def __init__(self, store: EventStore, wanted: EventFilter, named: Iterable[str] = ()) -> None:
        self.store = store
        self.filter = wanted
        self.named = tuple(named)
        self._parts: list[_Part] = []
        self._starts: list[int] = []
        self._length = 0
        self.refresh()

    def refresh(self) -> None:
        """Take in the rows the store has gained since; rows known already are not looked at again."""
        # Runs only grow at their end or are cut in two, so what is known of one begins in one that was known.
        known = sorted(self._parts, key=lambda part: part.run.start)
        starts = [part.run.start for part in known]
        found = (bisect_right(starts, run.start) - 1 for run in self.store.runs)
        self._parts = [
            self._part(run, known[index] if index >= 0 else None)
            for run, index in zip(self.store.runs, found, strict=True)
        ]
        self._starts, self._length = [], 0
        for part in self._parts:
            self._starts.append(self._length)
            self._length += len(part.rows)

    def _part(self, run: range, known: _Part | None) -> _Part:
        if known is None or run.start >= known.run.stop:
            return _Part(run, self.store.matching(run, self.filter, self.named))
        if run == known.run:
            return known
        if isinstance(known.rows, range):
            return _Part(run, run)
        rows = known.rows[bisect_left(known.rows, run.start) : bisect_left(known.rows, run.stop)]
        if run.stop > known.run.stop:
            rows.extend(self.store.matching(range(known.run.stop, run.stop), self.filter, self.named))
        return _Part(run, rows)

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> list[int]: ...
    def __getitem__(self, index: int | slice) -> int | list[int]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(self._length))]
        if index < 0:
            index += self._length
        if not 0 <= index < self._length:
            raise IndexError(index)
        part = bisect_right(self._starts, index) - 1
        return self._parts[part].rows[index - self._starts[part]]

    def __iter__(self) -> Iterator[int]:
        for part in self._parts:
            yield from part.rows

    def position(self, row: int) -> int:
        """How many rows of this view stand before the row in feed order, whether it is in the view or not."""
        for part, start in zip(self._parts, self._starts, strict=True):
            if row in part.run:
                return start + bisect_left(part.rows, row)
        raise IndexError(row)

    def index_of(self, row: int) -> int | None:
        """Where the row stands in this view; None when it is filtered out."""
        index = self.position(row)
        return index if index < self._length and self[index] == row else None

    def nearest(self, row: int) -> int | None:
        """Where the row stands, else the row behind it, else the last one; None when the view is empty."""
        return min(self.position(row), self._length - 1) if self._length else None

    def after(self, row: int) -> int | None:
        """Where the first row of this view behind the given one stands."""
        index = self.position(row)
        if index < self._length and self[index] == row:
            index += 1
        return index if index < self._length else None

    def before(self, row: int) -> int | None:
        """Where the last row of this view in front of the given one stands."""
        return self.position(row) - 1 if self.position(row) else None

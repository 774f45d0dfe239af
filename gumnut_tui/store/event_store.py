"""The events read so far, in columns, and views of them: sequences of row numbers in feed order.

A row number is the position of an event in the columns, and never changes. The order of the feed is kept separately, as
runs of consecutive row numbers, so that an older stretch or a late event is inserted without moving a row.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import accumulate
from typing import overload

from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Event, Operation
from gumnut_tui.store.columns import Bars, CodeCounts, Columns, EventKind, Rows, Tiles
from gumnut_tui.store.packed import Packed


class EventStore:
    """Events of one feed in the server's order, held in columns."""

    def __init__(self) -> None:
        self.columns = Columns()
        """The events by row."""
        self._runs: list[range] = []

    def __len__(self) -> int:
        return len(self.columns)

    @property
    def runs(self) -> Sequence[range]:
        """The rows in feed order, as ranges."""
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
        return self.columns.event(row)

    def cursor(self, row: int) -> str:
        """The cursor of the event in this row; it identifies the event."""
        return self.columns.cursor(row)

    def created_at_us(self, row: int) -> int:
        """`created_at` in µs since the epoch."""
        return self.columns.tiles.times[row]

    def operation(self, row: int) -> Operation:
        """What the event in this row did."""
        return self.columns.kind(row).operation

    def append(self, events: Iterable[Event]) -> range:
        """Add events after the last one; returns their rows."""
        return self.insert(events, before=None)

    def insert(self, events: Iterable[Event], *, before: int | None) -> range:
        """Insert events, in feed order, before the row `before` (None: after the last); returns their rows.

        Raises `IndexError` when there is no such row, and then nothing has changed.
        """
        self._check(before)
        return self._placed(self.columns.extend(events), before)

    def insert_all(self, parts: Iterable[tuple[Iterable[Event], int | None]]) -> None:
        """Insert several groups of events, each in front of a row, in one walk along the rows.

        Raises `IndexError` when there is no such row, and then nothing has changed.
        """
        parts = [(list(events), before) for events, before in parts]
        for _, before in parts:
            self._check(before)
        by_row: dict[int | None, list[range]] = {}
        for events, before in parts:
            by_row.setdefault(before, []).append(self.columns.extend(events))
        cuts = sorted(before for before in by_row if before is not None)
        runs: list[range] = []
        for run in self._runs:
            start = run.start
            for before in cuts[bisect_left(cuts, run.start) : bisect_left(cuts, run.stop)]:
                _extend(runs, range(start, before), *by_row[before])
                start = before
            _extend(runs, range(start, run.stop))
        _extend(runs, *by_row.get(None, ()))
        # At once, as a view may be refreshed in another thread.
        self._runs = runs

    def insert_packed(self, packs: Iterable[Packed], *, before: int | None) -> range:
        """Like `insert`, for packed events, without an object a row."""
        self._check(before)
        start = len(self)
        for packed in packs:
            self.columns.extend_packed(packed)
        return self._placed(range(start, len(self)), before)

    def _check(self, before: int | None) -> None:
        if before is not None and before not in range(len(self)):
            raise IndexError(before)

    def _placed(self, rows: range, before: int | None) -> range:
        if rows:
            self._place(rows, self._split(before))
        return rows

    def _split(self, before: int | None) -> int:
        """The index in the runs for rows inserted before `before`; splits its run if necessary."""
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

    def view(self, wanted: EventFilter, named: Iterable[str] = (), among: Set[int] | None = None) -> View:
        """The rows that match the filter, in feed order, of all or of those in `among`.

        `named` are ids of entities whose name contains the filter's text.
        """
        return View(self, wanted, named, among)

    def history(self, entity_id: str) -> list[int]:
        """Rows of every event that is about the entity or mentions it, in feed order."""
        return list(self.view(EventFilter(entity_id=entity_id)))

    def find(self, cursor: str) -> int | None:
        """The row of the event with this cursor."""
        return self.columns.find(cursor)


def _extend(runs: list[range], *rows: range) -> None:
    """Put rows behind the last run, which they may lengthen."""
    for each in rows:
        if each and runs and runs[-1].stop == each.start:
            runs[-1] = range(runs[-1].start, each.stop)
        elif each:
            runs.append(each)


@dataclass(slots=True)
class _Part:
    """The rows of one run that match the filter, ascending."""

    run: range
    rows: Rows


class _Known:
    """A view's parts by run: runs only grow at their end or are split, so each starts in a known one."""

    def __init__(self, parts: Sequence[_Part]) -> None:
        self._by_start = {part.run.start: part for part in parts}
        self._starts = sorted(self._by_start)

    def same(self, run: range) -> _Part | None:
        """The part of an unchanged run."""
        part = self._by_start.get(run.start)
        return part if part is not None and part.run == run else None

    def rows(self, run: range) -> Rows | None:
        """The known rows of the run; None when it is all new."""
        index = bisect_right(self._starts, run.start) - 1
        part = self._by_start[self._starts[index]] if index >= 0 else None
        if part is None or run.start >= part.run.stop:
            return None
        if run.start == part.run.start and run.stop >= part.run.stop:
            return part.rows
        return _between(part.rows, run.start, run.stop)


def _between(rows: Rows, start: int, stop: int) -> Rows:
    """The rows from `start` up to `stop`."""
    return rows[bisect_left(rows, start) : bisect_left(rows, stop)]


def _shared(rows: Rows, few: Set[int]) -> Rows:
    """Those of the few that are among the rows, ascending."""
    return array("I", (row for row in sorted(few) if len(_between(rows, row, row + 1))))


def _joined(rows: Rows | None, more: Rows) -> Rows:
    """Rows and the ones after them; an array is extended in place."""
    if rows is None or not len(more):
        return more if rows is None else rows
    if isinstance(rows, range) and isinstance(more, range) and (not rows or rows.stop == more.start):
        return range(rows.start if rows else more.start, more.stop)
    joined = array("I", rows) if isinstance(rows, range) else rows
    joined.extend(array("I", more) if isinstance(more, range) else more)
    return joined


class View(Sequence[int]):
    """The rows of a store that match a filter, in feed order; `refresh` adds new rows of the store.

    One thread may create or refresh a view while another adds events to the store.
    """

    def __init__(
        self, store: EventStore, wanted: EventFilter, named: Iterable[str] = (), among: Set[int] | None = None
    ) -> None:
        self.store = store
        self.filter = wanted
        self.named = tuple(named)
        self._among = among
        self._census = Census(store.columns, wanted, is_picky=among is not None)
        self._parts: list[_Part] = []
        self._starts: list[int] = []
        self._length = 0
        self.refresh()

    def refresh(self) -> None:
        """Add the store's new rows; known rows are not checked again."""
        runs = tuple(self.store.runs)
        gained = range(self._census.seen, sum(map(len, runs)))
        if not gained:
            return
        found = self.store.columns.found(gained, self.filter, self.named)
        if self._among is not None:
            found = _shared(found, self._among)
        known = _Known(self._parts)
        parts = [known.same(run) or self._part(run, known.rows(run), found) for run in runs]
        self._census.take_in(gained, found)
        self._parts = parts
        self._starts = list(accumulate((len(part.rows) for part in parts), initial=0))
        self._length = self._starts.pop()

    def _part(self, run: range, known: Rows | None, found: Rows) -> _Part:
        fresh = _between(found, max(run.start, self._census.seen), run.stop)
        return _Part(run, _joined(known, self.store.columns.passing(fresh, self.filter)))

    def type_counts(self) -> dict[TypePair, int]:
        """How many rows match the filter, except its types and operations, by (entity type, event type)."""
        return self._census.type_counts()

    def histogram(self, start_us: int, end_us: int, bars: int) -> list[dict[Operation, int]]:
        """The rows by operation, in `bars` equal parts of `[start_us, end_us)`."""
        if end_us <= start_us:
            return [{} for _ in range(bars)]
        return self._census.histogram(Bars(start_us, end_us, bars))

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
        """How many rows of this view precede the row in feed order, whether or not it is in the view."""
        for part, start in zip(self._parts, self._starts, strict=True):
            if row in part.run:
                return start + bisect_left(part.rows, row)
        raise IndexError(row)

    def index_of(self, row: int) -> int | None:
        """The row's index in this view; None when it is filtered out."""
        index = self.position(row)
        return index if index < self._length and self[index] == row else None

    def nearest(self, row: int) -> int | None:
        """The row's index, else that of the next row, else of the last; None when the view is empty."""
        return min(self.position(row), self._length - 1) if self._length else None

    def after(self, row: int) -> int | None:
        """The index of the first row of this view after the given one."""
        index = self.position(row)
        if index < self._length and self[index] == row:
            index += 1
        return index if index < self._length else None

    def before(self, row: int) -> int | None:
        """The index of the last row of this view before the given one."""
        return self.position(row) - 1 if self.position(row) else None


TypePair = tuple[str, str]
"""Entity type and event type."""


class Census:
    """Counts the rows that match a filter's entity and text; its time range and types are applied when counting.

    Unless these, or anything else (`is_picky`), restrict the rows, it keeps nothing; else their times and codes.
    Counts are cached: later calls only count new rows.
    """

    def __init__(self, columns: Columns, wanted: EventFilter, *, is_picky: bool = False) -> None:
        self.seen = 0
        """Rows of the columns added so far."""
        self._columns = columns
        self._wanted = wanted
        self._is_picky = is_picky or wanted.entity_id is not None or bool(wanted.text or wanted.not_entity_ids)
        self._tiles = Tiles() if self._is_picky else columns.tiles
        self._rare = array("I")
        self._by_code = CodeCounts()
        self._counted = 0
        self._bars = Bars(0, 1, 0)
        self._by_bar: list[CodeCounts] = []
        self._spread = 0

    def take_in(self, gained: range, found: Rows) -> None:
        """Add the rows from `seen` on, and those of them that match."""
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
        """How many rows match the whole filter, by operation, in each bar."""
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
        """The end of the rows that are counted."""
        return len(self._tiles) if self._is_picky else self.seen

    def _accepts(self, kind: EventKind) -> bool:
        return self._wanted.accepts_type(*kind)


def _by_operation(counts: CodeCounts, kinds: Iterable[tuple[int, EventKind]]) -> dict[Operation, int]:
    """Counts by operation from counts by code, for these kinds only."""
    by_operation = dict[Operation, int]()
    for code, kind in kinds:
        if number := counts[code]:
            by_operation[kind.operation] = by_operation.get(kind.operation, 0) + number
    return by_operation

"""Times and kinds of rows with a summary per tile of rows, so that a time range examines few rows singly.

Rows are nearly sorted by time, so most tiles are wholly inside a range or wholly outside.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import compress
from typing import NamedTuple

from gumnut_tui.domain.filters import EventFilter

TILE = 1024
"""Rows in a tile."""
LEAF = 16
"""Ranges this small are counted row by row."""
PIECES = 8
"""Parts a range is split into when it spans several bars."""

CodeCounts = Counter[int]
"""Rows by the code of their kind."""


class _Tile(NamedTuple):
    """The span of the times of some rows, both ends included, and the rows by code."""

    low: int
    high: int
    counts: CodeCounts


@dataclass(frozen=True, slots=True)
class Bars:
    """Equal parts of `[start_us, end_us)`."""

    start_us: int
    end_us: int
    count: int

    def index(self, us: int) -> int:
        """The part a time is in; not one of them for times outside."""
        return (us - self.start_us) * self.count // (self.end_us - self.start_us)


class Tiles:
    """Two columns, times in µs and codes, that grow at the end."""

    def __init__(self) -> None:
        self.times = array("q")
        self.codes = bytearray()
        self._full: list[_Tile] = []

    def __len__(self) -> int:
        return len(self.times)

    def extend(self, times: Iterable[int], codes: Iterable[int]) -> None:
        """Add rows."""
        self.times.extend(times)
        self.codes.extend(codes)
        for start in range(len(self._full) * TILE, len(self) - TILE + 1, TILE):
            self._full.append(self._summed_up(range(start, start + TILE)))

    def within(self, rows: range, wanted: EventFilter) -> Iterator[tuple[range, bytes | None]]:
        """The rows in the filter's time range, as runs with a mask of one byte a row, or None where all are."""
        if wanted.since_us is None and wanted.until_us is None:
            yield rows, None
            return
        inside = rows[:0]
        for part, tile in self._parts(rows):
            if wanted.accepts_time(tile.low) and wanted.accepts_time(tile.high):
                inside = range(inside.start if inside else part.start, part.stop)
                continue
            if inside:
                yield inside, None
                inside = rows[:0]
            if not _misses(tile, wanted):
                yield part, self._part_mask(part, wanted)
        if inside:
            yield inside, None

    def _part_mask(self, part: range, wanted: EventFilter) -> bytes:
        return bytes(map(wanted.accepts_time, self._times(part)))

    def counts(self, rows: range, wanted: EventFilter) -> CodeCounts:
        """The rows within the filter's range, by code; nothing else of the filter is looked at."""
        counts = CodeCounts()
        for part, tile in self._parts(rows):
            if wanted.accepts_time(tile.low) and wanted.accepts_time(tile.high):
                counts.update(tile.counts)
            elif not _misses(tile, wanted):
                counts.update(compress(self._codes(part), self._part_mask(part, wanted)))
        return counts

    def spread(self, rows: range, wanted: EventFilter, bars: Bars, counts: list[CodeCounts]) -> None:
        """Add the rows within the filter's range to those of each bar; nothing else of the filter is looked at."""
        since = bars.start_us if wanted.since_us is None else max(wanted.since_us, bars.start_us)
        until = bars.end_us if wanted.until_us is None else min(wanted.until_us, bars.end_us)
        wanted = EventFilter(since_us=since, until_us=until)
        for part, tile in self._parts(rows):
            index = _only_bar(tile.low, tile.high, wanted, bars)
            if index is not None:
                _add(counts[index], tile.counts)
            elif not _misses(tile, wanted):
                self._spread_part(part, wanted, bars, counts)

    def _spread_part(self, part: range, wanted: EventFilter, bars: Bars, counts: list[CodeCounts]) -> None:
        """Cut up what is in more than one bar, until its pieces are in one bar each, or small."""
        step = max(LEAF, len(part) // PIECES)
        for start in range(0, len(part), step):
            piece = part[start : start + step]
            times, codes = self._times(piece), self._codes(piece)
            index = _only_bar(min(times), max(times), wanted, bars)
            if index is not None:
                counts[index].update(codes)
            elif len(piece) > LEAF:
                self._spread_part(piece, wanted, bars, counts)
            else:
                for us, code in zip(times, codes, strict=True):
                    if wanted.accepts_time(us):
                        counts[bars.index(us)][code] += 1

    def _parts(self, rows: range) -> Iterator[tuple[range, _Tile]]:
        """The rows tile by tile; the outermost parts may be smaller."""
        at = rows.start
        while at < rows.stop:
            number = at // TILE
            part = range(at, min(rows.stop, (number + 1) * TILE))
            yield part, self._full[number] if len(part) == TILE else self._summed_up(part)
            at = part.stop

    def _summed_up(self, part: range) -> _Tile:
        times = self._times(part)
        return _Tile(min(times), max(times), CodeCounts(self._codes(part)))

    def _times(self, part: range) -> array[int]:
        return self.times[part.start : part.stop]

    def _codes(self, part: range) -> bytearray:
        return self.codes[part.start : part.stop]


def _only_bar(low: int, high: int, wanted: EventFilter, bars: Bars) -> int | None:
    """The bar that all times between these two are in, when they are in the range too."""
    if not (wanted.accepts_time(low) and wanted.accepts_time(high)):
        return None
    index = bars.index(low)
    return index if index == bars.index(high) else None


def _misses(tile: _Tile, wanted: EventFilter) -> bool:
    """No row of the tile is in the range."""
    is_before = wanted.since_us is not None and tile.high < wanted.since_us
    return is_before or (wanted.until_us is not None and tile.low >= wanted.until_us)


def _add(counts: CodeCounts, more: Mapping[int, int]) -> None:
    for code, number in more.items():
        counts[code] += number

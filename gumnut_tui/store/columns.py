"""Columns of packed values under the store: about 100 bytes an event, no object a row.

The columns of times and kinds have a summary per tile of rows, so that a time range examines few rows singly: rows are
nearly sorted by time, so most tiles are wholly inside a range or wholly outside.
"""

from __future__ import annotations

import re
import sys
from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from itertools import chain, compress, islice, repeat
from operator import contains
from typing import NamedTuple, TypeAlias

import msgspec

from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Event, Operation, operation_of
from gumnut_tui.domain.search_text import folded, texts_in
from gumnut_tui.store.packed import MOST_PACKED, SEPARATOR, Kind, Packed, encoded, event_of, pack, split_text
from gumnut_tui.store.texts import Mentions, Texts

RARE = 255
"""Code of rows whose types did not fit into the table: the enum is open, so this must be no error."""

ROWS_A_LOOKUP = 200
"""About as many rows can be scanned in the time of an index lookup of one id."""

STRETCH = 4096
"""Rows whose mask is converted to row numbers at once."""
SAMPLE = 256
"""Rows sampled to estimate how many match."""
SPARSE = 8
"""When fewer than one in this many rows match, they are picked one by one."""

Rows: TypeAlias = "range | array[int]"
"""Row numbers, ascending."""
Mask = bytes | bytearray
"""One byte a row: 1 where it matches, else 0."""

_PASSING = re.compile(b"\1")
_PLACES = tuple(range(STRETCH))
_ONES = int.from_bytes((array("I", [1]) * STRETCH).tobytes(), sys.byteorder)
"""The bytes of an array of `STRETCH` ones, as one integer."""


class EventKind(NamedTuple):
    """The two types of an event and its operation."""

    entity_type: str
    event_type: str
    operation: Operation


class Columns:
    """Append-only columns: time and kind code, the texts, and an index of the ids in them.

    One thread may read existing rows while another adds rows.
    """

    def __init__(self) -> None:
        self.tiles = Tiles()
        self.keys = array("q")
        """A number for the entity id of each row; two ids share one as good as never."""
        self._texts = Texts()
        self._mentions = Mentions()
        self._kinds: list[EventKind] = []
        self._code_of: dict[tuple[str, str], int] = {}
        self._rare: dict[int, EventKind] = {}

    def __len__(self) -> int:
        return len(self.tiles)

    def extend(self, events: Iterable[Event]) -> range:
        """Add rows at the end; returns their numbers."""
        start, coming = len(self), iter(events)
        while batch := list(islice(coming, MOST_PACKED)):
            self.extend_packed(pack(batch))
        return range(start, len(self))

    def extend_packed(self, packed: Packed) -> range:
        """Add the rows of a pack at the end, without an object a row; returns their numbers."""
        rows = range(len(self), len(self) + len(packed))
        parts = packed.texts.split(SEPARATOR)
        # An invalid payload may contain the separator.
        texts = parts if len(parts) == 2 * len(rows) + 1 else None
        is_plain = texts is not None and b"".join(texts).isascii() and b"\\" not in packed.texts
        self._texts.extend(packed, is_plain=is_plain)
        self._mentions.extend(rows.start, packed, texts)
        self.keys.extend(map(hash, packed.entity_ids() if texts is None else texts[1::2]))
        # Last, as this makes the rows visible to other threads.
        self.tiles.extend(packed.times_us(), self._codes(rows, packed))
        return rows

    def _codes(self, rows: range, packed: Packed) -> bytes:
        table = bytes(map(self._code, packed.kinds))
        if RARE in table:
            for row, code in zip(rows, packed.codes, strict=True):
                if table[code] == RARE:
                    self._rare[row] = _kind(packed.kinds[code])
        return packed.codes.translate(table.ljust(256, b"\0"))

    def _code(self, kind: Kind) -> int:
        code = self._code_of.get(kind)
        if code is None:
            if len(self._kinds) >= RARE:
                return RARE
            self._kinds.append(_kind(kind))
            code = self._code_of[kind] = len(self._kinds) - 1
        return code

    def kind(self, row: int) -> EventKind:
        """Types and operation of the event in this row."""
        code = self.tiles.codes[row]
        return self._rare[row] if code == RARE else self._kinds[code]

    def kinds(self, start: int = 0) -> Iterator[tuple[int, EventKind]]:
        """The kinds that have a code of their own, by code, from one on."""
        return enumerate(tuple(self._kinds[start:]), start)

    def rare_rows(self, rows: range) -> list[int]:
        """The rows among these whose kind has no code of its own."""
        return [row for row in tuple(self._rare) if row in rows]

    def cursor(self, row: int) -> str:
        """The cursor of the event in this row."""
        return self._texts.cursor(row)

    def split(self, rows: range) -> tuple[list[bytes], list[bytes]]:
        """The entity ids of some rows, as encoded, and something that holds all of each payload, and maybe more."""
        return self._texts.split(rows)

    def ending(self, rows: Iterable[int], end: bytes) -> Iterator[bool]:
        """Of each of these rows whether its payload, as encoded, ends like that."""
        return self._texts.ending(rows, end)

    def entity_and_payload(self, row: int) -> tuple[bytes, bytes]:
        """The entity id of the event in this row, and its payload, which is empty for null; as encoded."""
        return split_text(self._texts.of(row))[1:]

    def event(self, row: int) -> Event:
        """The event in this row, as it was added."""
        return event_of(self.tiles.times[row], self.kind(row)[:2], self._texts.of(row))

    def find(self, cursor: str) -> int | None:
        """The row that holds this cursor; None when no row does."""
        return self._texts.find(cursor)

    def found(self, rows: range, wanted: EventFilter, named: Collection[str]) -> Rows:
        """The rows among these that match the filter's entity and text; the range itself when all do."""
        found: Rows = rows
        if wanted.entity_id is not None:
            found = array("I", sorted(set(self._rows_about(rows, frozenset({wanted.entity_id})))))
        if wanted.text:
            mask = self._text_mask(rows, folded(wanted.text), frozenset(named))
            marked = _marked_rows(rows, mask)
            found = marked if isinstance(found, range) else array("I", (row for row in found if mask[row - rows.start]))
        if wanted.not_entity_ids and (unwanted := set(self._rows_about(rows, wanted.not_entity_ids))):
            found = array("I", (row for row in found if row not in unwanted))
        return found

    def passing(self, rows: Rows, wanted: EventFilter) -> Rows:
        """The rows among these that match the filter's types, operations and time range; a range when all do."""
        if isinstance(rows, range):
            stretches = [
                _marked_rows(part, _both(mask, self._type_mask(part, wanted)))
                for part, mask in self.tiles.within(rows, wanted)
            ]
            return _one_behind_the_other(stretches)
        times = self.tiles.times
        return array(
            "I", [row for row in rows if wanted.accepts_time(times[row]) and wanted.accepts_type(*self.kind(row))]
        )

    def _type_mask(self, rows: range, wanted: EventFilter) -> Mask | None:
        if wanted.accepts_all_types:
            return None
        return self._kind_mask(rows, lambda kind: wanted.accepts_type(*kind))

    def _text_mask(self, rows: range, text: str, ids: frozenset[str]) -> Mask:
        mask = self._kind_mask(rows, lambda kind: text in folded(kind.event_type))
        for row in chain(self._texts.saying(text, rows), self._rows_about(rows, ids)):
            mask[row - rows.start] = 1
        return mask

    def _kind_mask(self, rows: range, accepts: Callable[[EventKind], bool]) -> bytearray:
        table = bytes(accepts(kind) for _, kind in self.kinds()).ljust(256, b"\0")
        mask = self.tiles.codes[rows.start : rows.stop].translate(table)
        for row in self.rare_rows(rows):
            mask[row - rows.start] = accepts(self._rare[row])
        return mask

    def _rows_about(self, rows: range, ids: frozenset[str]) -> Iterator[int]:
        """Rows about one of these entities, or whose payload mentions one; in any order, possibly twice."""
        if not ids:
            return
        sought = {encoded(entity_id) for entity_id in ids}
        if len(rows) > ROWS_A_LOOKUP * len(ids):
            candidates: Iterator[int] = (
                row for entity_id in ids for row in self._mentions.rows(entity_id) if row in rows
            )
        else:
            candidates = chain.from_iterable(
                self._perhaps_about(rows[start : start + STRETCH], sought) for start in range(0, len(rows), STRETCH)
            )
        for row in candidates:
            _, entity_id, payload = split_text(self._texts.of(row))
            if entity_id in sought or not ids.isdisjoint(texts_in(payload)):
                yield row

    def _perhaps_about(self, rows: range, sought: Set[bytes]) -> Iterator[int]:
        """The rows of a stretch that are about one of these entities or may mention one, in any order."""
        own, payloads = self._texts.split(rows)
        about = compress(rows, map(sought.__contains__, own))
        with_texts = compress(zip(rows, payloads, strict=True), map(contains, payloads, repeat(b'"')))
        return chain(about, (row for row, payload in with_texts if _may_mention(payload, sought)))


def _may_mention(payload: bytes, sought: Set[bytes]) -> bool:
    # What is escaped is resolved only where the row is looked into.
    return b"\\" in payload or not sought.isdisjoint(payload.split(b'"'))


def _both(one: Mask | None, other: Mask | None) -> Mask | None:
    """Both masks, combined as integers: far quicker than byte by byte."""
    if one is None or other is None:
        return other if one is None else one
    return (int.from_bytes(one, "little") & int.from_bytes(other, "little")).to_bytes(len(one), "little")


def _one_behind_the_other(stretches: Sequence[Rows]) -> Rows:
    if len(stretches) == 1:
        return stretches[0]
    rows = array("I")
    for stretch in stretches:
        rows.extend(array("I", stretch) if isinstance(stretch, range) else stretch)
    return rows


def _marked_rows(rows: range, mask: Mask | None) -> Rows:
    """The rows marked in the mask; the range itself when all are, or without a mask."""
    if mask is None:
        return rows
    chosen = array("I")
    for start in range(0, len(rows), STRETCH):
        part, marks = rows[start : start + STRETCH], mask[start : start + STRETCH]
        if 0 not in marks:
            chosen.extend(array("I", part))
        elif marks.count(1, 0, SAMPLE) * SPARSE > SAMPLE:
            chosen.frombytes(_marked_numbers(part.start, marks))
        else:
            chosen.extend(array("I", [part.start + hit.start() for hit in _PASSING.finditer(marks)]))
    return rows if len(chosen) == len(rows) else chosen


def _marked_numbers(start: int, marks: Mask) -> bytes:
    """`start` plus the position of each mark, as the bytes of an array of row numbers.

    Creating an integer for each row is most of the work: positions are created once, and `start` is added to all of
    them at once.
    """
    places = array("I", compress(_PLACES, marks))
    size = len(places) * places.itemsize
    ones = _ONES & (1 << 8 * size) - 1
    return (int.from_bytes(places.tobytes(), sys.byteorder) + start * ones).to_bytes(size, sys.byteorder)


def _kind(kind: Kind) -> EventKind:
    return EventKind(*kind, operation_of(kind[1]))


TILE = 1024
"""Rows in a tile."""
LEAF = 16
"""Ranges this small are counted row by row."""
PIECES = 8
"""Parts a range is split into when it spans several bars."""

CodeCounts = Counter[int]
"""Rows by the code of their kind."""


class _Tile(NamedTuple):
    """The time span of some rows, both ends included, and their number by code."""

    low: int
    high: int
    counts: CodeCounts


class Bars(msgspec.Struct, frozen=True):
    """Equal parts of `[start_us, end_us)`."""

    start_us: int
    end_us: int
    count: int

    def index(self, us: int) -> int:
        """The index of the part that a time is in; out of range for times outside."""
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
        """The rows in the filter's time range, as runs with a mask of one byte a row, or None where all match."""
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
        """The rows within the filter's time range, by code; the rest of the filter is ignored."""
        counts = CodeCounts()
        for part, tile in self._parts(rows):
            if wanted.accepts_time(tile.low) and wanted.accepts_time(tile.high):
                counts.update(tile.counts)
            elif not _misses(tile, wanted):
                counts.update(compress(self._codes(part), self._part_mask(part, wanted)))
        return counts

    def spread(self, rows: range, wanted: EventFilter, bars: Bars, counts: list[CodeCounts]) -> None:
        """Add the rows within the filter's time range to the counts of each bar; the rest of the filter is ignored."""
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
        """Split a part that spans several bars, until each piece is within one bar, or small."""
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
    """The bar that contains all times between these two, if they are in the range too."""
    if not (wanted.accepts_time(low) and wanted.accepts_time(high)):
        return None
    index = bars.index(low)
    return index if index == bars.index(high) else None


def _misses(tile: _Tile, wanted: EventFilter) -> bool:
    """Whether no row of the tile is in the range."""
    is_before = wanted.since_us is not None and tile.high < wanted.since_us
    return is_before or (wanted.until_us is not None and tile.low >= wanted.until_us)


def _add(counts: CodeCounts, more: Mapping[int, int]) -> None:
    for code, number in more.items():
        counts[code] += number

"""Columns of packed values under the store: about 100 bytes an event, no object a row."""

from __future__ import annotations

import re
import sys
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain, compress, islice
from typing import NamedTuple, TypeAlias

from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Event, Operation, operation_of
from gumnut_tui.domain.search_text import folded, texts_in
from gumnut_tui.store.packed import MOST_PACKED, SEPARATOR, Kind, Packed, encoded, event_of, pack, split_text
from gumnut_tui.store.texts import Mentions, Texts
from gumnut_tui.store.tiles import Tiles

RARE = 255
"""Code of rows whose types did not fit into the table; an open enum must not end in an error."""

ROWS_A_LOOKUP = 200
"""So many rows can be read through in the time in which the index tells the rows of one id."""

STRETCH = 4096
"""Rows whose mask is turned into row numbers in one go."""
SAMPLE = 256
"""Rows looked at to tell how many pass."""
SPARSE = 8
"""When fewer than one in so many rows pass, they are picked out one by one."""

Rows: TypeAlias = "range | array[int]"
"""Row numbers, ascending."""
Mask = bytes | bytearray
"""One byte a row: 1 where it passes, else 0."""

_PASSING = re.compile(b"\1")
_PLACES = tuple(range(STRETCH))
_ONES = int.from_bytes((array("I", [1]) * STRETCH).tobytes(), sys.byteorder)
"""A number in whose bytes stands 1 as often as there are rows in a stretch, as an array holds it."""


class EventKind(NamedTuple):
    """The two types of an event and the operation they tell."""

    entity_type: str
    event_type: str
    operation: Operation


class Columns:
    """Append-only columns: time and kind code, the texts, and an index of the ids in them.

    A thread may ask about rows that are there while another adds rows.
    """

    def __init__(self) -> None:
        self.tiles = Tiles()
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
        # A broken payload may hold the byte that separates.
        texts = parts if len(parts) == 2 * len(rows) + 1 else None
        is_plain = texts is not None and b"".join(texts).isascii() and b"\\" not in packed.texts
        self._texts.extend(packed, is_plain=is_plain)
        self._mentions.extend(rows.start, packed, texts)
        # Last, as the rows count from then on for other threads.
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

    def kinds(self) -> Iterator[tuple[int, EventKind]]:
        """The kinds that have a code of their own, by code."""
        return enumerate(tuple(self._kinds))

    def rare_rows(self, rows: range) -> list[int]:
        """Those of the rows whose kind has no code of its own."""
        return [row for row in tuple(self._rare) if row in rows]

    def cursor(self, row: int) -> str:
        """The cursor of the event in this row."""
        return self._texts.cursor(row)

    def event(self, row: int) -> Event:
        """The event in this row, as it was added."""
        return event_of(self.tiles.times[row], self.kind(row)[:2], self._texts.of(row))

    def find(self, cursor: str) -> int | None:
        """The row that holds this cursor; None when no row does."""
        return self._texts.find(cursor)

    def found(self, rows: range, wanted: EventFilter, named: Collection[str]) -> Rows:
        """Those of the rows that the parts of the filter about entity and text let pass; the range when all do."""
        found: Rows = rows
        if wanted.entity_id is not None:
            found = array("I", sorted(set(self._rows_about(rows, frozenset({wanted.entity_id})))))
        if wanted.text:
            mask = self._text_mask(rows, folded(wanted.text), frozenset(named))
            marked = _marked_rows(rows, mask)
            found = marked if isinstance(found, range) else array("I", (row for row in found if mask[row - rows.start]))
        return found

    def passing(self, rows: Rows, wanted: EventFilter) -> Rows:
        """Those of the rows that the filter's types, operations and range let pass; a range when all do."""
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
        if wanted.entity_types is None and wanted.operations is None and wanted.event_types is None:
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
        """Rows about one of these entities, or whose payload mentions one."""
        candidates: Iterable[int] = rows
        if len(rows) > ROWS_A_LOOKUP * len(ids):
            candidates = (row for entity_id in ids for row in self._mentions.rows(entity_id) if row in rows)
        sought = {encoded(entity_id) for entity_id in ids}
        for row in candidates:
            _, entity_id, payload = split_text(self._texts.of(row))
            if entity_id in sought or not ids.isdisjoint(texts_in(payload)):
                yield row


def _both(one: Mask | None, other: Mask | None) -> Mask | None:
    """The conjunction of masks, as one number each: far quicker than byte by byte."""
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
    """`start` and the place of each mark, added up, as an array of row numbers holds them.

    Making a number a row is most of the work: the places are made once, and `start` is added to all of them at once.
    """
    places = array("I", compress(_PLACES, marks))
    size = len(places) * places.itemsize
    ones = _ONES & (1 << 8 * size) - 1
    return (int.from_bytes(places.tobytes(), sys.byteorder) + start * ones).to_bytes(size, sys.byteorder)


def _kind(kind: Kind) -> EventKind:
    return EventKind(*kind, operation_of(kind[1]))

"""Columns of packed values under the store: about 100 bytes an event, no object a row."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, compress
from typing import NamedTuple

import msgspec

from gumnut_tui.filters import EventFilter, contains, mentions
from gumnut_tui.models import Event, Operation, decode_payload, from_us, operation_of

SEPARATOR = b"\xff"
"""Between the texts of a row; no encoded text holds this byte, only a broken payload could, and that stands last."""

ESCAPE = b"\\"
"""A payload with this byte may hold an id that is written in another way than we look for it."""

_BEYOND_ASCII = re.compile(rb"[\x80-\xfe]")

RARE = 255
"""Code of rows whose types did not fit into the table; an open enum must not end in an error."""


class EventKind(NamedTuple):
    """The two types of an event and the operation they tell."""

    entity_type: str
    event_type: str
    operation: Operation


class Columns:
    """Append-only columns: time, kind code, and one blob of cursor, entity id and payload."""

    def __init__(self) -> None:
        self.times = array("q")
        self._codes = bytearray()
        self._kinds: list[EventKind] = []
        self._code_of: dict[tuple[str, str], int] = {}
        self._rare: dict[int, EventKind] = {}
        self._texts = bytearray()
        self._ends = array("Q")

    def __len__(self) -> int:
        return len(self.times)

    def extend(self, events: Iterable[Event]) -> range:
        """Add rows at the end; returns their numbers."""
        start = len(self.times)
        for event in events:
            self.times.append(event.created_at_us)
            self._codes.append(self._code(event.entity_type, event.event_type))
            self._texts += _pack(event)
            self._ends.append(len(self._texts))
        return range(start, len(self.times))

    def _code(self, entity_type: str, event_type: str) -> int:
        pair = (entity_type, event_type)
        code = self._code_of.get(pair)
        if code is None:
            kind = EventKind(entity_type, event_type, operation_of(event_type))
            if len(self._kinds) >= RARE:
                self._rare[len(self._codes)] = kind
                return RARE
            code = self._code_of[pair] = len(self._kinds)
            self._kinds.append(kind)
        return code

    def kind(self, row: int) -> EventKind:
        """Types and operation of the event in this row."""
        code = self._codes[row]
        return self._rare[row] if code == RARE else self._kinds[code]

    def cursor(self, row: int) -> str:
        """The cursor of the event in this row."""
        return self._text(row).partition(SEPARATOR)[0].decode("utf-8", "surrogatepass")

    def event(self, row: int) -> Event:
        """The event in this row, as it was added."""
        cursor, entity_id, payload = self._text(row).split(SEPARATOR, 2)
        kind = self.kind(row)
        return Event(
            cursor=cursor.decode("utf-8", "surrogatepass"),
            entity_type=kind.entity_type,
            entity_id=entity_id.decode("utf-8", "surrogatepass"),
            event_type=kind.event_type,
            created_at=from_us(self.times[row]),
            payload=msgspec.Raw(payload or b"null"),
        )

    def _text(self, row: int) -> bytes:
        start = self._ends[row - 1] if row else 0
        return bytes(self._texts[start : self._ends[row]])

    def find(self, cursor: str) -> int | None:
        """The row that holds this cursor; None when no row does."""
        packed = _encode(cursor) + SEPARATOR
        for row in self._rows_with(packed, range(len(self))):
            if self._text(row).startswith(packed):
                return row
        return None

    def mask(self, rows: range, wanted: EventFilter, named: Collection[str]) -> bytes:
        """One byte a row, 1 where the event passes the filter."""
        masks = [self._type_mask(rows, wanted), *self._other_masks(rows, wanted, named)]
        return _all_of([mask for mask in masks if mask is not None], len(rows))

    def type_counts(self, rows: range, wanted: EventFilter, named: Collection[str]) -> dict[tuple[str, str], int]:
        """Rows that pass the filter, counted by their two types; the filter's own types are not looked at."""
        masks = [mask for mask in self._other_masks(rows, wanted, named) if mask is not None]
        codes = self._codes[rows.start : rows.stop]
        if masks:
            codes = bytearray(compress(codes, _all_of(masks, len(rows))))
        counts = {kind[:2]: n for code, kind in enumerate(self._kinds) if (n := codes.count(code))}
        for row in self._rare_in(rows):
            if not masks or all(mask[row - rows.start] for mask in masks):
                pair = self._rare[row][:2]
                counts[pair] = counts.get(pair, 0) + 1
        return counts

    def _rare_in(self, rows: range) -> Iterator[int]:
        return (row for row in self._rare if row in rows)

    def _type_mask(self, rows: range, wanted: EventFilter) -> bytes | None:
        if wanted.entity_types is None and wanted.operations is None and wanted.event_types is None:
            return None
        table = bytes(wanted.accepts_type(*kind) for kind in self._kinds).ljust(256, b"\0")
        mask = self._codes[rows.start : rows.stop].translate(table)
        for row in self._rare_in(rows):
            mask[row - rows.start] = wanted.accepts_type(*self._rare[row])
        return bytes(mask)

    def _other_masks(self, rows: range, wanted: EventFilter, named: Collection[str]) -> Iterator[bytes | None]:
        if wanted.since_us is not None or wanted.until_us is not None:
            yield self._time_mask(rows, wanted)
        if wanted.entity_id is not None:
            yield self._hits(rows, self._mentions(rows, wanted.entity_id))
        if wanted.text:
            yield self._text_mask(rows, wanted.text, named)

    def _time_mask(self, rows: range, wanted: EventFilter) -> bytes | None:
        times = self.times[rows.start : rows.stop]
        if not times or (wanted.accepts_time(min(times)) and wanted.accepts_time(max(times))):
            return None
        return bytes(map(wanted.accepts_time, times))

    def _text_mask(self, rows: range, text: str, named: Collection[str]) -> bytes:
        folded = text.casefold()
        codes = {code for code, kind in enumerate(self._kinds) if folded in kind.event_type.casefold()}
        table = bytes(code in codes for code in range(256))
        mask = bytearray(self._codes[rows.start : rows.stop].translate(table))
        for row in self._rare_in(rows):
            mask[row - rows.start] = folded in self._rare[row].event_type.casefold()
        for row in chain(self._rows_saying(rows, folded), self._rows_about(rows, frozenset(named))):
            mask[row - rows.start] = 1
        return bytes(mask)

    def _rows_saying(self, rows: range, folded: str) -> Iterator[int]:
        """Rows whose texts hold this casefolded text, upper and lower case alike."""
        # A broken byte reads as this mark, which no row holds as such.
        foreign = set(rows if "\ufffd" in folded else self._rows_beyond_ascii(rows))
        yield from (row for row in foreign if contains(self.event(row), folded))
        yield from (row for row in self._rows_with(_encode(folded), rows, folded=True) if row not in foreign)

    def _rows_about(self, rows: range, ids: frozenset[str]) -> Iterator[int]:
        """Rows about one of many entities; one pass, where `_mentions` would search once for each."""
        encoded = {_encode(entity_id) for entity_id in ids}
        for row in rows if ids else ():
            _, entity_id, payload = self._text(row).split(SEPARATOR, 2)
            if entity_id in encoded or (payload and _names_one_of(payload, ids)):
                yield row

    def _mentions(self, rows: range, entity_id: str) -> Iterator[int]:
        # Bytes only propose a row: an id could be part of a longer one.
        candidates = chain(self._rows_with(_encode(entity_id), rows), self._rows_with(ESCAPE, rows))
        return (row for row in candidates if mentions(self.event(row), entity_id))

    def _hits(self, rows: range, found: Iterable[int]) -> bytes:
        mask = bytearray(len(rows))
        for row in found:
            mask[row - rows.start] = 1
        return bytes(mask)

    def _rows_with(self, wanted: bytes, rows: range, *, folded: bool = False) -> Iterator[int]:
        """Rows whose texts hold these bytes, each once."""
        start, stop = self._extent(rows)
        if folded:
            # Lower case in the ASCII letters only: every byte keeps its position.
            yield from self._search(self._texts[start:stop].lower(), wanted, 0, stop - start, start)
        else:
            yield from self._search(self._texts, wanted, start, stop, 0)

    def _search(self, texts: bytearray, wanted: bytes, start: int, stop: int, shift: int) -> Iterator[int]:
        at = texts.find(wanted, start, stop) if start < stop else -1
        while at >= 0:
            row = bisect_right(self._ends, at + shift)
            end = self._ends[row] - shift
            # What begins in one row and ends in the next is in neither.
            if at + len(wanted) <= end:
                yield row
            at = texts.find(wanted, end, stop) if end < stop else -1

    def _rows_beyond_ascii(self, rows: range) -> Iterator[int]:
        """Rows in whose texts only Unicode knows what is upper and lower case; hardly any server sends such."""
        start, stop = self._extent(rows)
        if self._texts[start:stop].translate(None, SEPARATOR).isascii():
            return
        while found := _BEYOND_ASCII.search(self._texts, start, stop):
            row = bisect_right(self._ends, found.start())
            yield row
            start = self._ends[row]

    def _extent(self, rows: range) -> tuple[int, int]:
        """Where the texts of these rows begin and end."""
        if not rows:
            return 0, 0
        return self._ends[rows.start - 1] if rows.start else 0, self._ends[rows.stop - 1]


def _encode(text: str) -> bytes:
    # A hostile server can send lone surrogates; they must come out as they went in.
    return text.encode("utf-8", "surrogatepass")


def _names_one_of(payload: bytes, ids: frozenset[str]) -> bool:
    return any(isinstance(value, str) and value in ids for value in decode_payload(payload).values())


def _pack(event: Event) -> bytes:
    payload = bytes(event.payload)
    return SEPARATOR.join(
        (
            _encode(event.cursor),
            _encode(event.entity_id),
            b"" if payload == b"null" else payload,
        )
    )


def _all_of(masks: Sequence[bytes], length: int) -> bytes:
    """The conjunction of masks, as one number each: far quicker than byte by byte."""
    if not masks:
        return b"\1" * length
    result = int.from_bytes(masks[0], "little")
    for mask in masks[1:]:
        result &= int.from_bytes(mask, "little")
    return result.to_bytes(length, "little")

"""Finds the events of a pack that pass a filter, without an object for each: what the journal is searched with."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from itertools import compress

from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import operation_of
from gumnut_tui.domain.search_text import PLAIN_TEXTS, folded, texts_in
from gumnut_tui.store.packed import SEPARATOR, Kind, Packed, encoded, split_text
from gumnut_tui.store.texts import said_text


class PackSearch:
    """A filter, and the ids of the entities whose names hold its text; asked about one pack after the other."""

    def __init__(self, wanted: EventFilter, named: Collection[str] = ()) -> None:
        self._wanted = wanted
        self._text = folded(wanted.text)
        self._sought = encoded(self._text)
        self._named = frozenset(map(encoded, named))
        self._about = frozenset() if wanted.entity_id is None else frozenset({encoded(wanted.entity_id)})
        self._accepted: dict[Kind, bool] = {}
        self._says: dict[Kind, bool] = {}

    def rows(self, packed: Packed) -> Sequence[int]:
        """The rows that pass, ascending."""
        rows: Sequence[int] = range(len(packed))
        accepted = bytes(map(self._accepts, packed.kinds))
        if 0 in accepted:
            mask = packed.codes.translate(accepted.ljust(256, b"\0"))
            rows = list(compress(rows, mask))
        rows = self._within(packed, rows)
        if rows and (self._about or self._text):
            rows = self._found(packed, rows)
        return rows

    def _accepts(self, kind: Kind) -> bool:
        accepted = self._accepted.get(kind)
        if accepted is None:
            accepted = self._accepted[kind] = self._wanted.accepts_type(*kind, operation_of(kind[1]))
        return accepted

    def _within(self, packed: Packed, rows: Sequence[int]) -> Sequence[int]:
        wanted = self._wanted
        if not rows or (wanted.since_us is None and wanted.until_us is None):
            return rows
        times = packed.times_us()
        if wanted.accepts_time(min(times)) and wanted.accepts_time(max(times)):
            return rows
        return [row for row in rows if wanted.accepts_time(times[row])]

    def _found(self, packed: Packed, rows: Sequence[int]) -> Sequence[int]:
        texts = _Texts(packed)
        found = set(rows)
        if self._about:
            found.intersection_update(texts.naming(self._about))
        if self._text and found:
            hits = set(self._said_by_kind(packed))
            hits.update(texts.naming(self._named) if self._named else ())
            hits.update(texts.saying(self._sought))
            found &= hits
        return sorted(found)

    def _said_by_kind(self, packed: Packed) -> Iterator[int]:
        """Rows whose event type holds the text."""
        for kind in packed.kinds:
            if kind not in self._says:
                self._says[kind] = self._text in folded(kind[1])
        says = bytes(self._says[kind] for kind in packed.kinds)
        return compress(range(len(packed)), packed.codes.translate(says.ljust(256, b"\0"))) if 1 in says else iter(())


class _Texts:
    """The texts of a pack, taken apart once."""

    def __init__(self, packed: Packed) -> None:
        self._packed = packed
        parts = packed.texts.split(SEPARATOR)
        # A broken payload may hold the byte that separates.
        self._parts = parts if len(parts) == 2 * len(packed) + 1 else None
        self._has_escapes = b"\\" in packed.texts

    def naming(self, ids: frozenset[bytes]) -> set[int]:
        """Rows about one of these entities, or whose payload mentions one."""
        if self._parts is None:
            return {row for row, text in enumerate(self._packed.event_texts()) if not ids.isdisjoint(_ids_in(text))}
        rows = {row for row, entity_id in enumerate(self._parts[1::2]) if entity_id in ids}
        # Between two separators lie a payload and the cursor of the next event.
        for row, payload in enumerate(self._parts[2::2]):
            if b'"' not in payload:
                continue
            if self._has_escapes:
                text = self._packed.event_text(row)
                if not ids.isdisjoint(_ids_in(text)):
                    rows.add(row)
            elif any(text in ids for text, colon in PLAIN_TEXTS.findall(payload) if not colon):
                rows.add(row)
        return rows

    def saying(self, sought: bytes) -> Iterator[int]:
        """Rows whose cursor, id or payload says a folded text."""
        parts = self._parts
        if parts is None or self._has_escapes or not b"".join(parts).isascii():
            return (row for row, text in enumerate(self._packed.event_texts()) if sought in said_text(text))
        return self._holding(sought) if sought.isascii() else iter(())

    def _holding(self, sought: bytes) -> Iterator[int]:
        texts, ends = self._packed.texts.lower(), self._packed.text_ends()
        at = texts.find(sought)
        while at >= 0:
            row = bisect_right(ends, at)
            # What begins in one text and ends in the next is in neither.
            if at + len(sought) <= ends[row]:
                yield row
            at = texts.find(sought, at + 1)


def _ids_in(text: bytes) -> list[bytes]:
    _, entity_id, payload = split_text(text)
    return [entity_id, *map(encoded, texts_in(payload))]

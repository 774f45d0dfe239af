"""The texts of the rows, and an index of the ids in them.

Texts are kept as packed, some also in the form in which they are searched. The index maps entity ids to the rows that
mention them, as hashes: about 8 bytes a mention.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from threading import Lock
from zlib import crc32

from gumnut_tui.domain.search_text import PLAIN_TEXTS, folded, said, texts_in
from gumnut_tui.store.packed import SEPARATOR, Packed, decoded, encoded, split_text

STRETCH = 4096
"""Texts that are searched at once: about 300 kB, a quarter of a millisecond."""


class Blob:
    """Append-only texts, identified by their position, counted from 0."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("Q")

    def __len__(self) -> int:
        return len(self._ends)

    def extend(self, texts: bytes, ends: Iterable[int]) -> None:
        """Add concatenated texts, and where each ends."""
        end = len(self._bytes)
        self._bytes += texts
        self._ends.extend(map(end.__add__, ends))

    def of(self, place: int) -> bytes:
        """The text at a position."""
        return bytes(self._bytes[self._ends[place - 1] if place else 0 : self._ends[place]])

    def ending(self, places: Iterable[int], end: bytes) -> Iterator[bool]:
        """Of each of the texts at these positions whether it ends with these bytes."""
        begins, size = self._bytes.startswith, len(end)
        return (at >= size and begins(end, at - size) for at in map(self._ends.__getitem__, places))

    def joined(self, places: range) -> bytearray:
        """The texts at these places, one behind the other."""
        start = self._ends[places.start - 1] if places.start else 0
        return self._bytes[start : self._ends[places.stop - 1]] if places else bytearray()

    def holding(self, wanted: bytes, places: range, *, fold: bool) -> Iterator[int]:
        """Positions of the texts that contain these bytes, ascending, each once.

        With `fold` ASCII letters match in any case. One stretch at a time, so that other threads can run.
        """
        for first in range(places.start, places.stop, STRETCH):
            part = range(first, min(first + STRETCH, places.stop))
            if not fold:
                yield from self._search(self._bytes, 0, wanted, part)
                continue
            # Lower case in the ASCII letters only: every byte keeps its position.
            start = self._ends[part.start - 1] if part.start else 0
            yield from self._search(self.joined(part).lower(), start, wanted, part)

    def _search(self, texts: bytearray, offset: int, wanted: bytes, part: range) -> Iterator[int]:
        """Look through the texts of a part; the first byte of `texts` is at `offset` among all."""
        at = (self._ends[part.start - 1] if part.start else 0) - offset
        stop = self._ends[part.stop - 1] - offset
        while 0 <= (at := texts.find(wanted, at, stop)) < stop:
            place = bisect_right(self._ends, at + offset, part.start, part.stop)
            end = self._ends[place] - offset
            # A match across two texts is none.
            if at + len(wanted) <= end:
                yield place
            at = end


class Texts:
    """Cursor, entity id and payload of each row."""

    def __init__(self) -> None:
        self._blob = Blob()
        self._special = array("I")
        """Rows with escapes or anything but ASCII: only there the bytes differ from the text."""
        self._said = Blob()
        """The folded text of the first special rows: made by the first search, and used by later ones."""
        self._saying = Lock()

    def __len__(self) -> int:
        return len(self._blob)

    def extend(self, packed: Packed, *, is_plain: bool) -> None:
        """Add the rows of a pack; plain ones have only ASCII and no escapes."""
        if not is_plain:
            rows = enumerate(packed.event_texts(), len(self._blob))
            self._special.extend(row for row, text in rows if not _is_plain(text))
        self._blob.extend(packed.texts, packed.text_ends())

    def of(self, row: int) -> bytes:
        """The packed bytes of the row."""
        return self._blob.of(row)

    def ending(self, rows: Iterable[int], end: bytes) -> Iterator[bool]:
        """Of each of these rows whether its payload ends with these bytes."""
        return self._blob.ending(rows, end)

    def split(self, rows: range) -> tuple[list[bytes], list[bytes]]:
        """The entity ids of some rows, and something that holds all of each payload: quicker than row by row."""
        texts = bytes(self._blob.joined(rows)).split(SEPARATOR)
        if len(texts) == 2 * len(rows) + 1:
            # Between two separators lie a payload and the cursor of the next event.
            return texts[1::2], texts[2::2]
        # A broken payload may hold the byte that separates.
        parts = [split_text(self.of(row)) for row in rows]
        return [entity_id for _, entity_id, _ in parts], [payload for _, _, payload in parts]

    def cursor(self, row: int) -> str:
        """The row's cursor."""
        return decoded(self.of(row).partition(SEPARATOR)[0])

    def find(self, cursor: str) -> int | None:
        """The row that holds this cursor; None when no row does."""
        rows = self._blob.holding(encoded(cursor) + SEPARATOR, range(len(self)), fold=False)
        return next((row for row in rows if self.cursor(row) == cursor), None)

    def saying(self, wanted: str, rows: range) -> Iterator[int]:
        """The rows among these that contain a folded text, in any order, possibly with duplicates."""
        sought = encoded(wanted)
        special = self._special_rows(rows)
        yield from self._said_in(sought, special)
        among_special = {self._special[place] for place in special}
        plain = self._blob.holding(sought, rows, fold=True) if sought.isascii() else ()
        yield from (row for row in plain if row not in among_special)

    def _special_rows(self, rows: range) -> range:
        """The indexes of these rows among the special ones."""
        return range(bisect_left(self._special, rows.start), bisect_left(self._special, rows.stop))

    def _said_in(self, sought: bytes, special: range) -> Iterable[int]:
        if not special:
            return ()
        with self._saying:
            for place in range(len(self._said), special.stop):
                text = said_text(self.of(self._special[place]))
                self._said.extend(text, (len(text),))
        return (self._special[place] for place in self._said.holding(sought, special, fold=False))


def _is_plain(text: bytes) -> bool:
    return b"\\" not in text and all(map(bytes.isascii, split_text(text)))


def said_text(text: bytes) -> bytes:
    """What the packed text of an event says, folded."""
    cursor, entity_id, payload = split_text(text)
    return SEPARATOR.join(encoded(folded(part)) for part in (decoded(cursor), decoded(entity_id), said(payload)))


BLOCK = 8192
"""Entries in a sorted block: few enough to sort within a millisecond, many enough to keep blocks few."""


class Mentions:
    """Finds candidate rows for an id; as hashes collide, the caller must check each."""

    def __init__(self) -> None:
        self._blocks: list[array[int]] = []
        self._open: list[int] = []

    def extend(self, start: int, packed: Packed, texts: Sequence[bytes] | None) -> None:
        """Add the rows from `start` on, each about an entity, with payloads that may mention others.

        `texts` are those of the pack, split at its separators; None when a payload contains one itself.
        """
        if texts is None:
            for row, text in enumerate(packed.event_texts(), start):
                _, entity_id, payload = split_text(text)
                self._open.append(crc32(entity_id) << 32 | row)
                self._name(row, payload)
        else:
            self._open += [crc << 32 | row for row, crc in enumerate(map(crc32, texts[1::2]), start)]
            # Between two separators are a payload and the cursor of the next event.
            for row, payload in enumerate(texts[2::2], start):
                if b'"' not in payload:
                    continue
                if b"\\" in payload:
                    self._name(row, split_text(packed.event_text(row - start))[2])
                else:
                    self._open += [crc32(text) << 32 | row for text, colon in PLAIN_TEXTS.findall(payload) if not colon]
        if len(self._open) >= BLOCK:
            self._blocks.append(array("Q", sorted(self._open)))
            self._open = []

    def _name(self, row: int, payload: bytes) -> None:
        self._open += [crc32(encoded(other)) << 32 | row for other in texts_in(payload)]

    def rows(self, entity_id: str) -> Iterator[int]:
        """Candidate rows, in no order, possibly with duplicates."""
        low = crc32(encoded(entity_id)) << 32
        # Read before the blocks: another thread may turn it into one.
        latest = self._open
        latest.sort()
        for block in (sorted(latest), *self._blocks):
            at = bisect_left(block, low)
            while at < len(block) and (row := block[at] - low) < 1 << 32:
                yield row
                at += 1

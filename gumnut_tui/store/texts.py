"""The texts of rows, packed one behind the other: cursor, entity id, payload."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from gumnut_tui.store.packed import SEPARATOR, Packed, decoded, encoded, split_text

STRETCH = 4096
"""Rows whose texts are searched in one go: about 300 kB, a quarter of a millisecond."""


class Texts:
    """One blob and where each row ends in it."""

    def __init__(self) -> None:
        self._blob = bytearray()
        self._ends = array("Q")
        self._foreign = array("I")
        """Rows with more than ASCII in them: only Unicode knows what is upper and lower case there."""

    def __len__(self) -> int:
        return len(self._ends)

    def extend(self, packed: Packed, *, is_ascii: bool) -> None:
        """Add the rows of a pack, whose texts hold nothing but ASCII, or may hold more."""
        if not is_ascii:
            rows = enumerate(packed.event_texts(), len(self._ends))
            self._foreign.extend(row for row, text in rows if not all(map(bytes.isascii, split_text(text))))
        end = len(self._blob)
        self._blob += packed.texts
        self._ends.extend(map(end.__add__, packed.text_ends()))

    def of(self, row: int) -> bytes:
        """What was packed for the row."""
        return bytes(self._blob[self._ends[row - 1] if row else 0 : self._ends[row]])

    def cursor(self, row: int) -> str:
        """The first text of the row."""
        return decoded(self.of(row).partition(SEPARATOR)[0])

    def find(self, cursor: str) -> int | None:
        """The row that holds this cursor; None when no row does."""
        rows = self._rows_with(encoded(cursor) + SEPARATOR, range(len(self)), fold=False)
        return next((row for row in rows if self.cursor(row) == cursor), None)

    def plain_rows_with(self, folded: str, rows: range) -> Iterator[int]:
        """Rows without `foreign` letters whose texts hold a casefolded text, upper and lower case alike."""
        foreign = set(self.foreign(rows))
        return (row for row in self._rows_with(encoded(folded), rows, fold=True) if row not in foreign)

    def foreign(self, rows: range) -> Iterable[int]:
        """Rows whose texts hold more than ASCII; hardly any server sends such."""
        return (row for row in self._foreign if row in rows)

    def _rows_with(self, wanted: bytes, rows: range, *, fold: bool) -> Iterator[int]:
        """Rows whose texts hold these bytes, each once. A stretch at a time, so that other threads get their turn."""
        for first in range(rows.start, rows.stop, STRETCH):
            part = range(first, min(first + STRETCH, rows.stop))
            start = self._ends[part.start - 1] if part.start else 0
            texts = self._blob[start : self._ends[part.stop - 1]]
            # Lower case in the ASCII letters only: every byte keeps its position.
            yield from self._search(texts.lower() if fold else texts, wanted, part, start)

    def _search(self, texts: bytearray, wanted: bytes, part: range, start: int) -> Iterator[int]:
        at = texts.find(wanted)
        while at >= 0:
            row = bisect_right(self._ends, at + start, part.start, part.stop)
            end = self._ends[row] - start
            # What begins in one row and ends in the next is in neither.
            if at + len(wanted) <= end:
                yield row
            at = texts.find(wanted, end) if end < len(texts) else -1

"""The texts of the rows: as they were packed, and for some beside it as a person reads and compares them."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from threading import Lock

from gumnut_tui.domain.folding import folded
from gumnut_tui.domain.payload_text import said
from gumnut_tui.store.blob import Blob
from gumnut_tui.store.packed import SEPARATOR, Packed, decoded, encoded, split_text


class Texts:
    """Cursor, entity id and payload of each row."""

    def __init__(self) -> None:
        self._blob = Blob()
        self._special = array("I")
        """Rows with more than ASCII in them, or with escapes: only there bytes are not what one reads."""
        self._said = Blob()
        """What the first so many special rows say, folded: made by the first search, and used by all that follow."""
        self._saying = Lock()

    def __len__(self) -> int:
        return len(self._blob)

    def extend(self, packed: Packed, *, is_plain: bool) -> None:
        """Add the rows of a pack; plain ones hold nothing but ASCII, and no escape."""
        if not is_plain:
            rows = enumerate(packed.event_texts(), len(self._blob))
            self._special.extend(row for row, text in rows if not _is_plain(text))
        self._blob.extend(packed.texts, packed.text_ends())

    def of(self, row: int) -> bytes:
        """What was packed for the row."""
        return self._blob.of(row)

    def cursor(self, row: int) -> str:
        """The first text of the row."""
        return decoded(self.of(row).partition(SEPARATOR)[0])

    def find(self, cursor: str) -> int | None:
        """The row that holds this cursor; None when no row does."""
        rows = self._blob.holding(encoded(cursor) + SEPARATOR, range(len(self)), fold=False)
        return next((row for row in rows if self.cursor(row) == cursor), None)

    def saying(self, wanted: str, rows: range) -> Iterator[int]:
        """Those of the rows that say a folded text, some perhaps twice, in no order."""
        sought = encoded(wanted)
        special = self._special_rows(rows)
        yield from self._said_in(sought, special)
        among_special = {self._special[place] for place in special}
        plain = self._blob.holding(sought, rows, fold=True) if sought.isascii() else ()
        yield from (row for row in plain if row not in among_special)

    def _special_rows(self, rows: range) -> range:
        """Which of the special rows these are."""
        return range(bisect_left(self._special, rows.start), bisect_left(self._special, rows.stop))

    def _said_in(self, sought: bytes, special: range) -> Iterable[int]:
        if not special:
            return ()
        with self._saying:
            for place in range(len(self._said), special.stop):
                text = _said(self.of(self._special[place]))
                self._said.extend(text, (len(text),))
        return (self._special[place] for place in self._said.holding(sought, special, fold=False))


def _is_plain(text: bytes) -> bool:
    return b"\\" not in text and all(map(bytes.isascii, split_text(text)))


def _said(text: bytes) -> bytes:
    cursor, entity_id, payload = split_text(text)
    return SEPARATOR.join(encoded(folded(part)) for part in (decoded(cursor), decoded(entity_id), said(payload)))

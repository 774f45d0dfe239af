"""An index from entity ids to the rows that mention them: hashes, about 8 bytes a mention."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from zlib import crc32

from gumnut_tui.domain.search_text import PLAIN_TEXTS, texts_in
from gumnut_tui.store.packed import Packed, encoded, split_text

BLOCK = 8192
"""Entries in a sorted block: small enough to sort within a millisecond, large enough to keep blocks few."""


class Mentions:
    """Gives candidate rows for an id; as hashes collide, the caller has to check each."""

    def __init__(self) -> None:
        self._blocks: list[array[int]] = []
        self._open: list[int] = []

    def extend(self, start: int, packed: Packed, texts: Sequence[bytes] | None) -> None:
        """The rows from `start` on, each about an entity, with payloads that may name others.

        `texts` are those of the pack as its separators part them; None when a payload holds such a byte itself.
        """
        if texts is None:
            for row, text in enumerate(packed.event_texts(), start):
                _, entity_id, payload = split_text(text)
                self._open.append(crc32(entity_id) << 32 | row)
                self._name(row, payload)
        else:
            self._open += [crc << 32 | row for row, crc in enumerate(map(crc32, texts[1::2]), start)]
            # Between two separators lie a payload and the cursor of the next event.
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
        # Taken before the blocks: another thread may be about to make one of it.
        latest = self._open
        latest.sort()
        for block in (sorted(latest), *self._blocks):
            at = bisect_left(block, low)
            while at < len(block) and (row := block[at] - low) < 1 << 32:
                yield row
                at += 1

"""Which rows name an entity: an index of hashes, about 8 bytes for each time an entity is named."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from zlib import crc32

from gumnut_tui.models import decode_payload

BLOCK = 8192
"""Entries sorted together: one takes a millisecond to sort, and there are few to search."""


def encode(text: str) -> bytes:
    """A text as it is packed; a hostile server can send lone surrogates, which must come out as they went in."""
    return text.encode("utf-8", "surrogatepass")


def ids_in(payload: bytes) -> list[str]:
    """What a payload may name: the texts that are values of its fields."""
    if len(payload) <= 2:
        return []
    return [value for value in decode_payload(payload).values() if isinstance(value, str)]


class Mentions:
    """Proposes rows for an id. Hashes of other ids may be the same, so each row has to be looked at."""

    def __init__(self) -> None:
        self._blocks: list[array[int]] = []
        self._open: list[int] = []

    def add(self, row: int, entity_id: bytes, payload: bytes) -> None:
        """The row is about an entity, and its payload may name others."""
        self._open.append(crc32(entity_id) << 32 | row)
        for other in ids_in(payload):
            self._open.append(crc32(encode(other)) << 32 | row)
        if len(self._open) >= BLOCK:
            self._blocks.append(array("Q", sorted(self._open)))
            self._open = []

    def rows(self, entity_id: str) -> Iterator[int]:
        """Rows that may name the entity, some perhaps twice, in no order."""
        low = crc32(encode(entity_id)) << 32
        self._open.sort()
        for block in (*self._blocks, self._open):
            at = bisect_left(block, low)
            while at < len(block) and (row := block[at] - low) < 1 << 32:
                yield row
                at += 1

"""Texts one behind the other in one byte string, searched a stretch at a time."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator

STRETCH = 4096
"""Texts that are searched in one go: about 300 kB, a quarter of a millisecond."""


class Blob:
    """Append-only; a text is told by its place, counted from 0."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("Q")

    def __len__(self) -> int:
        return len(self._ends)

    def extend(self, texts: bytes, ends: Iterable[int]) -> None:
        """Add texts that stand one behind the other, and where each ends among them."""
        end = len(self._bytes)
        self._bytes += texts
        self._ends.extend(map(end.__add__, ends))

    def of(self, place: int) -> bytes:
        """The text at a place."""
        return bytes(self._bytes[self._ends[place - 1] if place else 0 : self._ends[place]])

    def holding(self, wanted: bytes, places: range, *, fold: bool) -> Iterator[int]:
        """Places of the texts that hold these bytes, each once; with `fold` its ASCII letters are lower case.

        A stretch at a time, so that other threads get their turn.
        """
        for first in range(places.start, places.stop, STRETCH):
            part = range(first, min(first + STRETCH, places.stop))
            start = self._ends[part.start - 1] if part.start else 0
            texts = self._bytes[start : self._ends[part.stop - 1]]
            # Lower case in the ASCII letters only: every byte keeps its position.
            yield from self._search(texts.lower() if fold else texts, wanted, part, start)

    def _search(self, texts: bytearray, wanted: bytes, part: range, start: int) -> Iterator[int]:
        at = texts.find(wanted)
        while at >= 0:
            place = bisect_right(self._ends, at + start, part.start, part.stop)
            end = self._ends[place] - start
            # What begins in one text and ends in the next is in neither.
            if at + len(wanted) <= end:
                yield place
            at = texts.find(wanted, end) if end < len(texts) else -1

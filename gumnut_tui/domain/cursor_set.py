"""A set of cursors in eight bytes each: an event is told once, however long one reads."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from itertools import chain

RECENT = 65_536
"""Cursors kept in a form that takes more room and is quicker to add to."""


class CursorSet:
    """Holds a 64-bit hash of each cursor, so that a million take eight megabytes.

    Two of a million cursors have the same hash once in thirty million sets.
    """

    def __init__(self, cursors: Iterable[str] = ()) -> None:
        self._recent: set[int] = set()
        self._sorted: list[array[int]] = []
        """Hashes in order, each array at least twice as long as the one behind it."""
        for cursor in cursors:
            self.add(cursor)

    def __len__(self) -> int:
        return len(self._recent) + sum(map(len, self._sorted))

    def __contains__(self, cursor: object) -> bool:
        return self._has(hash(cursor))

    def add(self, cursor: str) -> bool:
        """Put a cursor in; False when it was there."""
        number = hash(cursor)
        if self._has(number):
            return False
        self._recent.add(number)
        if len(self._recent) == RECENT:
            self._sort()
        return True

    def _has(self, number: int) -> bool:
        if number in self._recent:
            return True
        for numbers in self._sorted:
            at = bisect_left(numbers, number)
            if at < len(numbers) and numbers[at] == number:
                return True
        return False

    def _sort(self) -> None:
        numbers = array("q", sorted(self._recent))
        self._recent = set()
        while self._sorted and len(self._sorted[-1]) < 2 * len(numbers):
            numbers = array("q", sorted(chain(self._sorted.pop(), numbers)))
        self._sorted.append(numbers)

"""The cursors of one reading: each event is told once, and a server that gives nothing new is not asked for ever."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from itertools import chain

from gumnut_tui.domain.errors import FeedStuck
from gumnut_tui.domain.models import EventPage
from gumnut_tui.domain.ports import EVENTS_REQUEST

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


MOST_STALE = 3
"""Pages of nothing but known events, one behind the other with more to come, that end a read."""


class Guard:
    """Watches the pages of one read, up to the page behind which nothing further was ready.

    `has_more` true promises something further, so a page must lead on: to a cursor that was not continued from before,
    and, where only new events can stand, to new ones. A few pages of known ones may come from pages that overlap.
    """

    def __init__(self) -> None:
        self._continued: set[str | None] = set()
        self._stale = 0

    def check(self, asked: str | None, page: EventPage, fresh: int) -> None:
        """Look at the page behind the cursor `asked`, of which `fresh` events were new; raises `FeedStuck`."""
        if not page.has_more:
            self._continued.clear()
            self._stale = 0
            return
        self._continued.add(asked)
        if page.next_cursor in self._continued:
            self._continued.clear()
            raise FeedStuck(EVENTS_REQUEST, "a new cursor", "next_cursor", "one that was used before")
        self._stale = 0 if fresh or not page.events else self._stale + 1
        if self._stale == MOST_STALE:
            self._stale = 0
            raise FeedStuck(EVENTS_REQUEST, "new events, as has_more is true", "data", "only known ones")

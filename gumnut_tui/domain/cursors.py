"""The cursors of one read: no event is reported twice, and a server that sends nothing new is not asked forever."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import chain, islice

from gumnut_tui.domain.errors import FeedStuck
from gumnut_tui.domain.models import EventPage
from gumnut_tui.domain.ports import EVENTS_REQUEST

MADE_UP = "unreadable-"
"""How the cursor of an event begins that came with none, or with another event's: the service does not know it."""


def is_position(cursor: str) -> bool:
    """Whether reading can continue from an event with that cursor."""
    return bool(cursor) and not cursor.startswith(MADE_UP)


RECENT = 131_072
"""Cursors kept in a set, which takes more memory and is quicker to add to."""


class CursorSet:
    """Cursors as 64-bit hashes, so that a million take eight megabytes.

    In one of thirty million sets of a million cursors, two have the same hash.
    """

    def __init__(self, cursors: Iterable[str] = ()) -> None:
        self._recent: set[int] = set()
        self._sorted: list[array[int]] = []
        """Sorted hashes, each array at least twice as long as the next."""
        waiting = iter(cursors)
        while part := list(islice(waiting, RECENT)):
            self.add_all(part)

    def __len__(self) -> int:
        return len(self._recent) + sum(map(len, self._sorted))

    def __contains__(self, cursor: object) -> bool:
        return self._has(hash(cursor))

    def add(self, cursor: str) -> bool:
        """Add a cursor; False when it was there."""
        number = hash(cursor)
        if self._has(number):
            return False
        self._recent.add(number)
        if len(self._recent) >= RECENT:
            self._sort()
        return True

    def add_all(self, cursors: Sequence[str]) -> list[bool]:
        """Add cursors; of each, whether it was new. As a page mostly brings nothing but new ones, that is quick."""
        numbers = list(map(hash, cursors))
        unique = set(numbers)
        if len(unique) < len(numbers) or not self._has_none_of(unique):
            return [self.add(cursor) for cursor in cursors]
        self._recent |= unique
        if len(self._recent) >= RECENT:
            self._sort()
        return [True] * len(numbers)

    def _has_none_of(self, unique: set[int]) -> bool:
        if not self._recent.isdisjoint(unique):
            return False
        for numbers in self._sorted:
            count = len(numbers)
            for number in unique:
                at = bisect_left(numbers, number)
                if at < count and numbers[at] == number:
                    return False
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
"""Consecutive pages with only known events and more to come, after which a read fails."""


class Guard:
    """Checks the pages of one read, up to one without more.

    With `has_more`, a page must advance: to a cursor that was not used before, and, where only new events can follow,
    to new ones. A few pages of known events are allowed, as pages may overlap.
    """

    def __init__(self) -> None:
        self._continued: set[str | None] = set()
        self._stale = 0

    def check(self, asked: str | None, page: EventPage, fresh: int) -> None:
        """Check the page after the cursor `asked`, of which `fresh` events were new; raises `FeedStuck`."""
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

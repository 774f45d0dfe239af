"""Walking to a row that may not have been read yet: the next hit, the next deletion, a time, the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from gumnut_tui.app.event_list import Browser, ScreenRows
from gumnut_tui.feed.event_feed import GrowingFeed
from gumnut_tui.store.event_store import View


class Walk(Protocol):
    """Something one is on the way to."""

    @property
    def words(self) -> str:
        """What is looked for, as the status line says it."""
        ...

    def arrived(self, browser: Browser) -> int | None:
        """The index on the screen to stop at; None while it is not there."""
        ...

    def may_come(self, browser: Browser) -> bool:
        """Whether reading on can still bring it."""
        ...


def more_to_read(feed: GrowingFeed) -> bool:
    """Whether the end that grows on demand has not come to an end."""
    return not feed.reaches_start if feed.newest_first else not (feed.caught_up or feed.closed)


def grows_below(browser: Browser) -> bool:
    """Whether what is read on demand appears at the bottom of the screen."""
    return browser.feed.newest_first == browser.newest_first


@dataclass(frozen=True, slots=True)
class HitWalk:
    """To the next row of `hits` that is shown, from `origin` down (+1) or up (-1) the screen."""

    words: str
    hits: View
    origin: int | None
    step: int

    def arrived(self, browser: Browser) -> int | None:
        """The first hit beyond the origin that is shown."""
        self.hits.refresh()
        rows, at = browser.rows, self.origin
        while True:
            at = self._next(at, rows)
            if at is None:
                return None
            if (index := rows.index_of(at)) is not None:
                return index

    def may_come(self, browser: Browser) -> bool:
        """Only on the side on which rows are still to be read."""
        return grows_below(browser) == (self.step > 0) and more_to_read(browser.feed)

    def _next(self, origin: int | None, rows: ScreenRows) -> int | None:
        forward = (self.step > 0) != rows.newest_first
        if origin is None:
            index = (0 if forward else len(self.hits) - 1) if len(self.hits) else None
        else:
            index = self.hits.after(origin) if forward else self.hits.before(origin)
        return None if index is None else self.hits[index]


@dataclass(frozen=True, slots=True)
class TimeWalk:
    """To the row nearest to a time."""

    words: str
    us: int

    def arrived(self, browser: Browser) -> int | None:
        """The first row on the screen at or past the time, once everything up to it was read."""
        if self._is_unread(browser.feed) and more_to_read(browser.feed):
            return None
        return _nearest_in_time(browser, self.us)

    def may_come(self, browser: Browser) -> bool:
        """As long as there is more to read."""
        return more_to_read(browser.feed)

    def _is_unread(self, feed: GrowingFeed) -> bool:
        if feed.newest_first:
            return feed.read_from_us is None or feed.read_from_us > self.us
        last = feed.store.last_row
        return last is None or feed.store.created_at_us(last) < self.us


@dataclass(frozen=True, slots=True)
class EndWalk:
    """To the end of the screen at which rows are still to be read."""

    words: str

    def arrived(self, browser: Browser) -> int | None:
        """The outermost row, once everything was read."""
        if more_to_read(browser.feed) or not len(browser.rows):
            return None
        return len(browser.rows) - 1 if grows_below(browser) else 0

    def may_come(self, browser: Browser) -> bool:
        """As long as there is more to read."""
        return more_to_read(browser.feed)


def _nearest_in_time(browser: Browser, us: int) -> int | None:
    """Rows are in feed order, which times follow nearly: a binary search lands beside the time."""
    rows, store = browser.rows, browser.store
    low, high = 0, len(rows)
    while low < high:
        middle = (low + high) // 2
        at = store.created_at_us(rows[middle])
        if (at > us) if rows.newest_first else (at < us):
            low = middle + 1
        else:
            high = middle
    return min(low, len(rows) - 1) if len(rows) else None

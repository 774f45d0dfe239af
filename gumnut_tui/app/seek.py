"""Seeking a row that may not have been read yet: the next hit, the next deletion, a time, the end."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import UTC, datetime
from enum import Enum
from typing import Protocol

import msgspec

from gumnut_tui.app.action_rows import ActionRows
from gumnut_tui.app.event_list import EventList, ScreenRows
from gumnut_tui.feed.poller import EventFeed
from gumnut_tui.store.event_store import View

LATE_ROWS = 200
"""How many rows away from the place its time suggests a late event is searched."""


class Seek(Protocol):
    """A row being sought."""

    @property
    def words(self) -> str:
        """What is sought, as the status line says it."""
        ...

    def arrived(self, event_list: EventList) -> int | None:
        """The index on the screen to stop at; None while the row is not loaded."""
        ...

    def may_come(self, event_list: EventList) -> bool:
        """Whether reading on can still bring it."""
        ...


class SeekHit(msgspec.Struct, frozen=True):
    """To the next line with one of `hits`, from the row `origin` down (+1) or up (-1) the screen."""

    words: str
    hits: View
    origin: int | None
    step: int

    def arrived(self, event_list: EventList) -> int | None:
        """The first line beyond the origin with a hit."""
        self.hits.refresh()
        lines, at = event_list.lines, self.origin
        if not isinstance(lines, ScreenRows):
            return self._among(lines)
        while True:
            at = self._next(at, lines)
            if at is None:
                return None
            if (index := lines.index_of(at)) is not None:
                return index

    def _among(self, lines: ActionRows) -> int | None:
        found, here = lines.lines_with(self.hits), None if self.origin is None else lines.index_of(self.origin)
        if self.step > 0:
            at = 0 if here is None else bisect_right(found, here)
        else:
            at = (len(found) if here is None else bisect_left(found, here)) - 1
        return found[at] if 0 <= at < len(found) else None

    def may_come(self, event_list: EventList) -> bool:
        """Only on the side on which rows are still to be read."""
        return event_list.grows_below == (self.step > 0) and event_list.more_to_read

    def _next(self, origin: int | None, rows: ScreenRows) -> int | None:
        forward = (self.step > 0) != rows.newest_first
        if origin is None:
            index = (0 if forward else len(self.hits) - 1) if len(self.hits) else None
        else:
            index = self.hits.after(origin) if forward else self.hits.before(origin)
        return None if index is None else self.hits[index]


def hit_count(hits: View, event_list: EventList) -> int:
    """How many lines have a hit, or would have if they were shown."""
    lines = event_list.lines
    if isinstance(lines, ScreenRows) or hits.store is not event_list.store:
        return len(hits)
    return len(lines.lines_with(hits))


def place_among(hits: View, row: int, event_list: EventList) -> int | None:
    """Which of the lines with a hit a row is on, counted from the top of the screen; None if on none."""
    lines = event_list.lines
    if hits.store is not event_list.store:
        return None
    if isinstance(lines, ScreenRows):
        index = hits.index_of(row)
        return None if index is None else len(hits) - index if lines.newest_first else index + 1
    found, here = lines.lines_with(hits), lines.index_of(row)
    return found.index(here) + 1 if here in found else None


class SeekTime(msgspec.Struct, frozen=True):
    """To the first event at or after a time; of a day to its first row on the screen."""

    words: str
    us: int
    day_ends_us: int | None = None
    """Where the day that begins at `us` ends; None when a moment is meant."""

    def arrived(self, event_list: EventList) -> int | None:
        """The index of that row, once everything up to the time was read."""
        if self._is_unread(event_list.feed) and event_list.more_to_read:
            return None
        return _first_from(event_list, self.us) if self.day_ends_us is None else self._in_day(event_list)

    def may_come(self, event_list: EventList) -> bool:
        """As long as there is more to read."""
        return event_list.more_to_read

    def is_met(self, event_list: EventList, index: int) -> bool:
        """Whether the row at that index is of the day that was meant; of a moment any is."""
        return self._holds(event_list.lines.created_at_us(index))

    def _holds(self, us: int) -> bool:
        return self.day_ends_us is None or self.us <= us < self.day_ends_us

    def _in_day(self, event_list: EventList) -> int | None:
        assert self.day_ends_us is not None
        rows = event_list.lines
        if not len(rows):
            return None
        edge = self.day_ends_us - 1 if rows.newest_first else self.us
        at = min(_crossing(event_list, edge), len(rows) - 1)
        near = (at, *range(at + 1, min(len(rows), at + LATE_ROWS)), *range(at - 1, max(-1, at - LATE_ROWS), -1))
        return next(
            (index for index in near if self._holds(rows.created_at_us(index))), _first_from(event_list, self.us)
        )

    def _is_unread(self, feed: EventFeed) -> bool:
        if feed.newest_first:
            return feed.read_from_us is None or feed.read_from_us > self.us
        last = feed.store.last_row
        return last is None or feed.store.created_at_us(last) < self.us


class SeekEnd(msgspec.Struct, frozen=True):
    """To the end of the screen at which rows are still to be read."""

    words: str

    def arrived(self, event_list: EventList) -> int | None:
        """The outermost row, once everything was read."""
        if event_list.more_to_read or not len(event_list.lines):
            return None
        return len(event_list.lines) - 1 if event_list.grows_below else 0

    def may_come(self, event_list: EventList) -> bool:
        """As long as there is more to read."""
        return event_list.more_to_read


def _first_from(event_list: EventList, us: int) -> int | None:
    """The row of the first event at or after a time; when there is none, of the last before it."""
    rows = event_list.lines
    if not len(rows):
        return None
    if not rows.newest_first:
        return min(_crossing(event_list, us), len(rows) - 1)
    return max(0, _crossing(event_list, us - 1) - 1)


def _crossing(event_list: EventList, us: int) -> int:
    """How many rows, from the top of the screen on, lie before the first at or beyond a time.

    Rows are in feed order, which times follow nearly: a binary search lands beside the time. Events that are unfolded
    stand where their action does.
    """
    rows = event_list.lines
    if not isinstance(rows, ScreenRows):
        return rows.crossing(us)
    low, high = 0, len(rows)
    while low < high:
        middle = (low + high) // 2
        at = rows.created_at_us(middle)
        if (at > us) if rows.newest_first else (at < us):
            low = middle + 1
        else:
            high = middle
    return low


class Outcome(Enum):
    """The state of a seek, now that more rows were read."""

    NONE = "no seek"
    ON_THE_WAY = "on the way"
    ARRIVED = "arrived"
    IN_VAIN = "in vain"


class Progress(msgspec.Struct, frozen=True):
    """What was read for a seek, and the time it took."""

    pages: int
    rows: int
    seconds: float


class Seeker:
    """Holds the seek in progress."""

    def __init__(self) -> None:
        self.seek: Seek | None = None
        self._pages_before = 0
        self._rows_before = 0
        self._started_at = datetime.min.replace(tzinfo=UTC)

    def start(self, seek: Seek, event_list: EventList, now: datetime) -> None:
        """Start a seek; one already in progress is given up."""
        self.seek = seek
        self._pages_before, self._rows_before = event_list.feed.pages, event_list.loaded
        self._started_at = now

    def stop(self) -> bool:
        """Give up the seek, and keep what was read; False when there was none."""
        was_seeking = self.seek is not None
        self.seek = None
        return was_seeking

    def progress(self, event_list: EventList, now: datetime) -> Progress:
        """What was read for this seek so far."""
        return Progress(
            event_list.feed.pages - self._pages_before,
            event_list.loaded - self._rows_before,
            (now - self._started_at).total_seconds(),
        )

    def look(self, event_list: EventList) -> tuple[Outcome, int]:
        """Whether the seek has ended, and the index to go to if it arrived."""
        seek = self.seek
        if seek is None:
            return Outcome.NONE, 0
        index = seek.arrived(event_list)
        if index is not None:
            self.seek = None
            return Outcome.ARRIVED, index
        if seek.may_come(event_list):
            return Outcome.ON_THE_WAY, 0
        self.seek = None
        return Outcome.IN_VAIN, 0

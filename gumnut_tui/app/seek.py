"""Seeking a row that may not have been read yet: the next hit, the next deletion, a time, the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Protocol

from gumnut_tui.app.event_list import EventList, ScreenRows
from gumnut_tui.feed.event_feed import EventFeed
from gumnut_tui.store.event_store import View


class Seek(Protocol):
    """A row that is looked for."""

    @property
    def words(self) -> str:
        """What is looked for, as the status line says it."""
        ...

    def arrived(self, event_list: EventList) -> int | None:
        """The index on the screen to stop at; None while it is not there."""
        ...

    def may_come(self, event_list: EventList) -> bool:
        """Whether reading on can still bring it."""
        ...


@dataclass(frozen=True, slots=True)
class SeekHit:
    """To the next row of `hits` that is shown, from `origin` down (+1) or up (-1) the screen."""

    words: str
    hits: View
    origin: int | None
    step: int

    def arrived(self, event_list: EventList) -> int | None:
        """The first hit beyond the origin that is shown."""
        self.hits.refresh()
        rows, at = event_list.rows, self.origin
        while True:
            at = self._next(at, rows)
            if at is None:
                return None
            if (index := rows.index_of(at)) is not None:
                return index

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


@dataclass(frozen=True, slots=True)
class SeekTime:
    """To the row nearest to a time."""

    words: str
    us: int

    def arrived(self, event_list: EventList) -> int | None:
        """The first row on the screen at or past the time, once everything up to it was read."""
        if self._is_unread(event_list.feed) and event_list.more_to_read:
            return None
        return _nearest_in_time(event_list, self.us)

    def may_come(self, event_list: EventList) -> bool:
        """As long as there is more to read."""
        return event_list.more_to_read

    def _is_unread(self, feed: EventFeed) -> bool:
        if feed.newest_first:
            return feed.read_from_us is None or feed.read_from_us > self.us
        last = feed.store.last_row
        return last is None or feed.store.created_at_us(last) < self.us


@dataclass(frozen=True, slots=True)
class SeekEnd:
    """To the end of the screen at which rows are still to be read."""

    words: str

    def arrived(self, event_list: EventList) -> int | None:
        """The outermost row, once everything was read."""
        if event_list.more_to_read or not len(event_list.rows):
            return None
        return len(event_list.rows) - 1 if event_list.grows_below else 0

    def may_come(self, event_list: EventList) -> bool:
        """As long as there is more to read."""
        return event_list.more_to_read


def _nearest_in_time(event_list: EventList, us: int) -> int | None:
    """Rows are in feed order, which times follow nearly: a binary search lands beside the time."""
    rows, store = event_list.rows, event_list.store
    low, high = 0, len(rows)
    while low < high:
        middle = (low + high) // 2
        at = store.created_at_us(rows[middle])
        if (at > us) if rows.newest_first else (at < us):
            low = middle + 1
        else:
            high = middle
    return min(low, len(rows) - 1) if len(rows) else None


class Outcome(Enum):
    """What became of a seek, now that rows have come."""

    NONE = "no seek"
    ON_THE_WAY = "on the way"
    ARRIVED = "arrived"
    IN_VAIN = "in vain"


@dataclass(frozen=True, slots=True)
class Progress:
    """What was read for a seek, and the time it took."""

    pages: int
    rows: int
    seconds: float


class Seeker:
    """Holds the seek that is under way."""

    def __init__(self) -> None:
        self.seek: Seek | None = None
        self._pages_before = 0
        self._rows_before = 0
        self._started_at = datetime.min.replace(tzinfo=UTC)

    def start(self, seek: Seek, event_list: EventList, now: datetime) -> None:
        """Begin; a seek already under way is given up."""
        self.seek = seek
        self._pages_before, self._rows_before = event_list.feed.pages, event_list.loaded
        self._started_at = now

    def stop(self) -> bool:
        """Stay where one is, and keep what was read; False when nothing was looked for."""
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
        """Whether the seek has come to its end, and the index to go to when it arrived."""
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

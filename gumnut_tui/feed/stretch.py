"""A stretch of a feed, read forward by cursor from a position; and how dense events are there.

`Reread` is a second read of a stretch, merged with the known rows: each event in its place, once.
`Lateness` notices late events.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, compress
from statistics import median
from typing import NamedTuple

from gumnut_tui.domain.cursors import CursorSet, Guard
from gumnut_tui.domain.models import Event, EventPage
from gumnut_tui.store.event_store import EventStore


class Density(NamedTuple):
    """How dense events are at one place: the time there, and the time that a page of them covers, in µs."""

    us: int
    page_us: int

    @classmethod
    def of(cls, times_us: Sequence[int], page_rows: int, *, at_end: bool = False) -> Density:
        """The density of some events; its time is that of the first, or the last, apart from a few outliers."""
        ordered = sorted(times_us)
        tenth = len(ordered) // 10
        low, high = ordered[tenth], ordered[len(ordered) - 1 - tenth]
        rows = max(1, len(ordered) - 2 * tenth)
        return cls(high if at_end else low, (high - low) * page_rows // rows)

    def pages_to(self, us: int) -> int:
        """About how many pages lie between here and another time, at this density."""
        return abs(us - self.us) // max(1, self.page_us)


@dataclass(slots=True)
class Stretch:
    """One read: the lower bound sent with every page, the cursor reached, and the events read so far.

    Events are held until the stretch meets the known rows, so that no gap shows.
    """

    gte_us: int | None
    """`created_at_gte` of every page, in µs."""
    cursor: str | None = None
    """Where to continue; None at the beginning of the feed."""
    from_us: int | None = None
    """The time from which rows are complete, once it meets the known rows; None for the feed's beginning."""
    at_us: int | None = None
    """The time it has reached, roughly; None before its first page."""
    page_us: int = field(default=0, init=False)
    """The time that its last page covers, in µs."""
    held: list[Event] = field(default_factory=list, init=False)
    pages: int = field(default=0, init=False)
    """Pages read."""
    guard: Guard = field(default_factory=Guard, init=False)
    _cursors: set[str] = field(default_factory=set, init=False)
    _begun: str | None = field(init=False)
    """The event it began with: pages that overlap may repeat it, and those before it."""

    def __post_init__(self) -> None:
        self._begun = self.cursor

    @classmethod
    def at(cls, event: Event, gte_us: int | None, from_us: int) -> Stretch:
        """The stretch that starts at an event: its cursor is a position, whatever read it came from."""
        stretch = cls(gte_us, event.cursor, from_us, event.created_at_us)
        stretch._hold(event)
        return stretch

    def holds(self, cursor: str) -> bool:
        """Whether it has read the event, and holds it."""
        return cursor in self._cursors

    def meets(self, other: Stretch) -> bool:
        """Whether it has read as far as another stretch begins."""
        return bool(other.held) and self.holds(other.held[0].cursor)

    def join(self, other: Stretch) -> None:
        """Take over another stretch that it `meets`, and continue from whichever has read further."""
        if not self.holds(other.held[-1].cursor):
            self.cursor, self.at_us, self.page_us = other.cursor, other.at_us, other.page_us
        for event in other.give():
            self._hold(event)

    def follow(self, page: EventPage, known: CursorSet) -> list[Event]:
        """Continue at the newer end; returns the new events, which are known from now on, and holds none."""
        fresh = unknown((*self.give(), *self.part_of(page)), known)
        self.cursor = page.next_cursor
        self.pages += 1
        return fresh

    def take(self, page: EventPage, known: CursorSet) -> str | None:
        """Hold the page's events up to the first known one; returns the cursor of that one.

        Raises `FeedStuck` for a page that does not advance; its events are held all the same.
        """
        before, met = len(self.held), None
        for event in self.part_of(page):
            if event.cursor in known:
                met = event.cursor
                break
            self._hold(event)
        asked, self.cursor = self.cursor, page.next_cursor
        self.pages += 1
        if page.events:
            times = [event.created_at_us for event in page.events]
            self.at_us, self.page_us = Density.of(times, len(times), at_end=True)
        if met is None:
            self.guard.check(asked, page, len(self.held) - before)
        return met

    def part_of(self, page: EventPage) -> Sequence[Event]:
        """The events of a page, without those before the start of the stretch that overlapping pages repeat."""
        for index, event in enumerate(page.events):
            if event.cursor == self._begun:
                return page.events[index + 1 :]
        return page.events

    def give(self) -> list[Event]:
        """The events held, which it stops holding."""
        held, self.held = self.held, []
        self._cursors.clear()
        return held

    def _hold(self, event: Event) -> None:
        if event.cursor not in self._cursors:
            self._cursors.add(event.cursor)
            self.held.append(event)


def unknown(events: Sequence[Event], known: CursorSet) -> list[Event]:
    """The events that were not known; from now on they are."""
    return list(compress(events, known.add_all([event.cursor for event in events])))


class Reread:
    """Adds to a store the unknown events from the pages of a forward read.

    Unknown events go before the next known event of the read. The read ends with the event `until`, as later ones are
    read elsewhere; without one it ends with the feed, and unknown events there go after all rows.
    """

    def __init__(self, store: EventStore, known: CursorSet, read: Stretch, *, until: str | None = None) -> None:
        self.read = read
        """Where the read continues."""
        self._store = store
        self._known = known
        self._until = until
        self._seen = CursorSet()
        self._waiting: list[Event] = []
        self._parts: list[tuple[Sequence[Event], int | None]] = []
        """Events to insert, and the row before which each group goes."""
        self._rows = chain.from_iterable(tuple(store.runs))
        self._has_order = True
        """Whether the known events of the read came in the order of the rows so far."""

    def take(self, page: EventPage) -> bool:
        """Add the next page; returns whether it is the last. Raises `FeedStuck` for one that does not advance."""
        events = unknown(self.read.part_of(page), self._seen)
        is_last = not page.has_more
        for event in events:
            if event.cursor not in self._known:
                self._waiting.append(event)
            elif self._waiting:
                self._place(self._row_of(event.cursor))
            if event.cursor == self._until:
                is_last = True
                break
        if is_last:
            self._place(None)
        self._put_in(at_least=0 if is_last else len(self._store.runs) // 8)
        asked, self.read.cursor = self.read.cursor, page.next_cursor
        if not is_last:
            # Known events are no reason to stop here: it is meant to meet them.
            self.read.guard.check(asked, page, len(events))
        return is_last

    def _place(self, before: int | None) -> None:
        if self._waiting:
            self._parts.append((self._waiting, before))
            self._waiting = []

    def _row_of(self, cursor: str) -> int | None:
        """The row of a known event: mostly a walk along the rows finds it, as both are in feed order."""
        if self._has_order:
            for row in self._rows:
                if self._store.cursor(row) == cursor:
                    return row
            self._has_order = False
        return self._store.find(cursor)

    def _put_in(self, *, at_least: int) -> None:
        # Putting in takes a walk along all runs, so it waits until there is something for each few of them.
        if len(self._parts) > at_least:
            for events, _ in self._parts:
                for event in events:
                    self._known.add(event.cursor)
            self._store.insert_all(self._parts)
            self._parts = []


LATE_US = 30_000_000
"""How much older than the rows before it an event may be, in µs, without counting as late."""
LOOKED_AT = 9
"""Rows before it that an event is compared with: their median, as one may be far ahead of its time."""


class Lateness:
    """Checks events in feed order; once the feed `is_live`, collects the times of late ones."""

    def __init__(self) -> None:
        self.is_live = False
        self._recent: deque[int] = deque(maxlen=LOOKED_AT)
        self._late: list[int] = []

    def look_at(self, events: Sequence[Event]) -> None:
        """Check the next events."""
        for event in events if self.is_live else events[-LOOKED_AT:]:
            time = event.created_at_us
            if self.is_live and self._recent and time < median(self._recent) - LATE_US:
                self._late.append(time)
            self._recent.append(time)

    def take(self) -> list[int]:
        """The times in µs of late events since the last call."""
        late, self._late = self._late, []
        return late

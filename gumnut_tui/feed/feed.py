"""One unbroken stretch of a library's feed that grows at both ends, a page at a time.

The newer end is read by cursor. The older end is read through windows of time, because the feed only reads forward:
a window asks from an earlier time on, until it meets the rows that are known. `created_at` is when the writing
transaction began, so an event may stand later in the feed than its time says; such stragglers are looked for behind
the seam, over a slack of time, whenever there is leisure (`settle`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from gumnut_tui.domain.defaults import SLACK_SECONDS
from gumnut_tui.domain.errors import CursorRefused
from gumnut_tui.domain.event_query import EventQuery
from gumnut_tui.domain.models import Event, EventPage, from_us, to_us
from gumnut_tui.domain.ports import EventSource
from gumnut_tui.feed.backfill import SECOND, Window, first_window, next_window
from gumnut_tui.feed.merge import Seam
from gumnut_tui.store.event_store import EventStore

SLACK_US = int(SLACK_SECONDS * SECOND)
"""How late an event may appear in the feed after its timestamp and still be found, in µs."""
HELD_PAGES = 3
"""Pages of the first window held back before they show, in case the window proves far too wide."""
MOST_RESTARTS = 3
"""Refused cursors in the life of a feed after which reading again from the start is given up."""


@dataclass(slots=True)
class _Read:
    """A forward read: the bounds repeated on every page, and the cursor reached."""

    gte_us: int | None
    lt_us: int | None
    cursor: str | None = None


@dataclass(slots=True)
class _Reach:
    """A window being read forward; what it brings is held until it meets the known rows, so that no gap shows."""

    window: Window
    read: _Read
    held: list[Event] = field(default_factory=list)
    pages: int = 0

    def narrower(self, page: EventPage) -> _Reach | None:
        """The read to begin instead, when this page shows that the window is far too wide."""
        window = self.window.narrower(page)
        return None if window is None else _Reach(window, _Read(window.start_us, self.read.lt_us))


@dataclass(slots=True)
class _Settling:
    """The read behind the seam that looks for stragglers, up to `end_us`."""

    read: _Read
    seam: Seam
    end_us: int


class Feed:
    """The events of one library between two times, as far as they were asked for.

    `older`, `newer` and `settle` each read one page and return the rows it brought. Each may run while another does,
    but none twice at a time. They raise what the source raises, and then nothing has changed.
    """

    def __init__(
        self,
        source: EventSource,
        library_id: str | None,
        *,
        clock: Callable[[], datetime],
        since_us: int | None = None,
        until_us: int | None = None,
        newest_first: bool = True,
        slack_us: int = SLACK_US,
    ) -> None:
        self.library_id = library_id
        self.since_us = since_us
        self.until_us = until_us
        self.newest_first = newest_first
        self.pages = 0
        """Pages read so far."""
        self.restarts = 0
        """How often a refused cursor made us read again from the start."""
        self.is_exact = False
        """Reads end at the feed's end, for events that appear later than the slack allows."""
        self._source = source
        self._clock = clock
        self._slack_us = slack_us
        self._begin()

    def _begin(self) -> None:
        self.store = EventStore()
        self.caught_up = False
        """The last page at the newer end said that nothing further was ready."""
        self.closed = False
        """Nothing more can come at the newer end: the upper bound lies behind us."""
        self._last_cursors: frozenset[str] = frozenset()
        self._forward = _Read(self.since_us, self._until_with_slack())
        self._opening: _Reach | None = None
        self._reach: _Reach | None = None
        self._reached: Window | None = None
        self._reached_rows = 0
        self._settling: _Settling | None = None
        if self.newest_first:
            window = first_window(self._top_us(), self.since_us)
            self._opening = _Reach(window, _Read(window.start_us, self._until_with_slack()))

    @property
    def is_eager(self) -> bool:
        """What nobody looks at need not be read."""
        return False

    @property
    def is_open(self) -> bool:
        """The first rows are there, or it is known that the first window holds none."""
        return self._opening is None and (self.caught_up or self.closed or len(self.store) > 0)

    @property
    def reaches_start(self) -> bool:
        """Everything from the lower bound on was read, up to stragglers."""
        if not self.newest_first:
            return True
        if self._reached is None:
            return False
        start_us = self._reached.start_us
        return start_us is None or (self.since_us is not None and start_us <= self.since_us)

    @property
    def read_from_us(self) -> int | None:
        """From which time on the feed was read, in µs; None stands for its beginning, once `reaches_start`."""
        return self._reached.start_us if self._reached else self.since_us

    @property
    def is_settled(self) -> bool:
        """No straggler within the slack can be missing from what was read."""
        return self._settling is None

    def serves(self, since_us: int | None, until_us: int | None, *, newest_first: bool) -> bool:
        """Whether another range or order can be shown by growing on, or as it is, without a gap."""
        if newest_first != self.newest_first and not (self.reaches_start and (self.caught_up or self.closed)):
            return False
        if (since_us, until_us) == (self.since_us, self.until_us):
            return True
        if not self.newest_first or self.until_us is not None:
            return False
        return until_us is None or self.read_from_us is None or self.read_from_us <= until_us

    def read_exactly(self) -> None:
        """Read past the upper bound, and past every seam, to the feed's end: nothing late is missed."""
        self.is_exact = True

    async def newer(self) -> int:
        """Read one page at the newer end."""
        try:
            if self._opening:
                return await self._open(self._opening)
            return self._follow(await self._page(self._forward))
        except CursorRefused:
            # Happens after a database restore: the position is void, so everything is read again.
            if self.restarts == MOST_RESTARTS:
                raise
            self.restarts += 1
            self._begin()
            return 0

    async def older(self) -> int:
        """Read one page of the window before the oldest row; its rows come when it has met those that are known."""
        if self._opening or self.reaches_start:
            return 0
        reach = self._reach = self._reach or self._next_reach()
        try:
            page = await self._page(reach.read)
        except CursorRefused:
            self._reach = None
            raise
        if self._reach is not reach:
            return 0
        return self._take_older(reach, page)

    async def settle(self) -> int:
        """Read one page behind the last seam, in search of stragglers."""
        settling = self._settling
        if settling is None:
            return 0
        try:
            page = await self._page(settling.read)
        except CursorRefused:
            self._settling = None
            raise
        if self._settling is not settling:
            # Another window has joined meanwhile, and its search covers this one.
            return 0
        settling.read.cursor = page.next_cursor
        if self._is_over(page, settling.end_us):
            self._settling = None
        return settling.seam.merge(page.events, self._is_not_to_come)

    async def _page(self, read: _Read) -> EventPage:
        page = await self._source.events(
            EventQuery(
                self.library_id,
                after_cursor=read.cursor,
                created_at_gte=None if read.gte_us is None else from_us(read.gte_us),
                created_at_lt=None if read.lt_us is None else from_us(read.lt_us),
            )
        )
        self.pages += 1
        return page

    async def _open(self, opening: _Reach) -> int:
        page = await self._page(opening.read)
        if opening.pages < HELD_PAGES and (narrower := opening.narrower(page)):
            self._opening = narrower
            return 0
        opening.pages += 1
        opening.read.cursor = page.next_cursor
        opening.held.extend(page.events)
        if page.has_more and opening.pages < HELD_PAGES:
            return 0
        self._opening = None
        self._forward = opening.read
        self._reached, self._reached_rows = opening.window, len(opening.held)
        return self._follow(EventPage(tuple(opening.held), page.next_cursor, page.has_more))

    def _follow(self, page: EventPage) -> int:
        # A server that repeats a page must not make us show an event twice.
        fresh = [event for event in page.events if event.cursor not in self._last_cursors]
        gained = len(self.store.append(fresh))
        if page.events:
            self._last_cursors = frozenset(event.cursor for event in page.events)
        self._forward.cursor = page.next_cursor
        self.caught_up = not page.has_more
        end_us = self._until_with_slack()
        if end_us is not None:
            passed = self.caught_up and to_us(self._clock()) > end_us
            self.closed = passed or self._lies_beyond(page, end_us)
        return gained

    def _next_reach(self) -> _Reach:
        if self._reached is None:
            raise RuntimeError("a feed that was not opened has no older end")
        window = next_window(self._reached, self._reached_rows, self.since_us)
        ends = [window.top_us + self._slack_us, self._settling.end_us if self._settling else 0]
        return _Reach(window, _Read(window.start_us, max(ends)))

    def _take_older(self, reach: _Reach, page: EventPage) -> int:
        if narrower := reach.narrower(page):
            self._reach = narrower
            return 0
        reach.held.extend(page.events)
        reach.read.cursor = page.next_cursor
        seam = Seam(self.store)
        if page.has_more and not self._has_met(seam, page.events):
            return 0
        gained = seam.merge(reach.held, self._is_not_to_come)
        self._reach, self._reached, self._reached_rows = None, reach.window, gained
        self._settle_behind(seam, reach.read, page)
        return gained

    def _settle_behind(self, seam: Seam, read: _Read, page: EventPage) -> None:
        end_us = read.lt_us
        if end_us is None:
            raise RuntimeError("a window before known rows has an upper bound")
        self._settling = None if self._is_over(page, end_us) else _Settling(read, seam, end_us)

    def _has_met(self, seam: Seam, events: Sequence[Event]) -> bool:
        return bool(events) and (seam.knows(events[-1].cursor) or not self._is_not_to_come(events[-1]))

    def _is_not_to_come(self, event: Event) -> bool:
        """Whether reading on at the newer end would not bring this event too."""
        return self._forward.gte_us is not None and event.created_at_us < self._forward.gte_us

    def _until_with_slack(self) -> int | None:
        return None if self.until_us is None else self.until_us + self._slack_us

    def _top_us(self) -> int:
        now_us = to_us(self._clock())
        return now_us if self.until_us is None else min(now_us, self.until_us)

    def _is_over(self, page: EventPage, end_us: int) -> bool:
        """Whether a read up to `end_us` ends with this page."""
        return not page.has_more or self._lies_beyond(page, end_us)

    def _lies_beyond(self, page: EventPage, end_us: int) -> bool:
        """Whether the whole page lies at or after `end_us`; to an exact read that means nothing."""
        if self.is_exact or not page.events:
            return False
        return all(event.created_at_us >= end_us for event in page.events)

"""An unbroken stretch of a library's feed that grows at both ends, a page at a time.

What is read is decided by position, never by time. A cursor is a position in the feed: `created_at_gte` only hides
events before a time, and any event's cursor can be used to continue, in another read too. So:

- The newer end is read by cursor alone, with the range's lower bound. Events added later come after that cursor,
  whatever their `created_at`, so none is missed.
- The older end grows by stretches. A probe requests events near an earlier time and finds a position; from there the
  feed is read, with the range's bound, until it meets the first known event. So every position is read, once.
- The last stretch starts where the feed starts with that bound; then everything is there.
- When the bound is lowered, the rows stay, and their positions are read once more with the new bound, when idle.

If a server refuses an event's cursor with another bound, the range is read forward from its bound instead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from gumnut_tui.domain.cursors import CursorSet, is_position
from gumnut_tui.domain.defaults import MOST_BREAKS, SLACK_SECONDS
from gumnut_tui.domain.errors import CursorRefused, FeedStuck, GumnutError
from gumnut_tui.domain.models import SECOND, Event, EventPage, from_us, to_us
from gumnut_tui.domain.ports import EVENTS_REQUEST, EventQuery, EventSource
from gumnut_tui.feed.backfill import Backfill, Opening, first_of
from gumnut_tui.feed.stretch import Density, Lateness, Reread, Stretch, unknown
from gumnut_tui.store.event_store import EventStore

SLACK_US = int(SLACK_SECONDS * SECOND)
"""How far to read past an upper bound for late-arriving events, in µs."""
EDGE_ROWS = 400
"""Rows at the older end from which the density there is estimated."""


class Feed:
    """The events of one library between two times, as far as they were read.

    `newer`, `older` and `settle` each read one page and return how many rows it added; call one at a time. They raise
    what the source raises, and then nothing has changed; `FeedStuck` for pages that do not advance.
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
        self.until_us = until_us
        self.newest_first = newest_first
        self.pages = 0
        """Pages read so far."""
        self.restarts = 0
        """How often the feed was read again because of a refused cursor."""
        self.is_exact = False
        """Whether to read past an upper bound to the feed's end, for events later than the slack."""
        self._ends_early = False
        """Whether the read under way began before the exact end was asked for: it ends where the feed ended then."""
        self._since_us = self._bound_us = since_us
        self._source = source
        self._clock = clock
        self._slack_us = slack_us
        self._asks_newer = False
        self._crosses = newest_first
        """Whether the server accepts an event's cursor with another bound than that of its own read."""
        self._begin()

    def _begin(self) -> None:
        self.store = EventStore()
        self.caught_up = False
        """The last page at the newer end said that no more was ready."""
        self.closed = False
        """Nothing more is read at the newer end: the upper bound was passed."""
        self.lateness = Lateness()
        self._known = CursorSet()
        self._low: str | None = None
        self._low_us = self._since_us
        self._unread = [Stretch(self._since_us, from_us=self._since_us)]
        self._tail: Stretch | None = None
        self._again: Reread | None = None
        """The second read of the rows, after the bound was lowered."""
        self._bound_us = self._since_us
        """The lowest bound under which all rows are complete, once none is read again."""
        self._has_reached = False
        self._reached_us: int | None = None
        """The lower bound from which everything is there, once it `_has_reached` one."""
        self._opening = Opening(self._top_us(), self._since_us)
        self._backfill = Backfill()

    # What is there

    @property
    def is_eager(self) -> bool:
        """Never: rows are read as they are scrolled to."""
        return False

    @property
    def is_open(self) -> bool:
        """Whether the first rows are there, or there are none yet."""
        return self.caught_up or self.closed or len(self.store) > 0

    @property
    def reads_on(self) -> bool:
        """Whether the page being read is part of a longer read at the newer end."""
        return self._tail is not None and not (self.caught_up or self.closed) and self._asks_newer

    @property
    def reaches_start(self) -> bool:
        """Whether everything from the lower bound on is there, as of the last request at the newer end."""
        return self._tail is not None and not self._unread

    @property
    def read_from_us(self) -> int | None:
        """About when the complete part starts, in µs; None for the feed's beginning, once `reaches_start`."""
        return self._since_us if self.reaches_start else self._low_us

    @property
    def is_settled(self) -> bool:
        """Whether the rows were read with the bound they are shown with."""
        return self._again is None

    @property
    def is_final(self) -> bool:
        """Whether no event can be added to the range unseen: it has no upper bound, or was read to the feed's end."""
        return not self.closed or self.is_exact

    @property
    def since_us(self) -> int | None:
        """The lower bound of the range, in µs; it can be changed while the feed is read, if `serves` allows it."""
        return self._since_us

    @since_us.setter
    def since_us(self, since_us: int | None) -> None:
        if since_us == self._since_us:
            return
        self._since_us = since_us
        if self._tail is None:
            self._begin()
            return
        if _is_below(since_us, self._bound_us):
            self._widen(since_us)
        if self._has_reached and not _is_below(since_us, self._reached_us):
            self._unread = []
        else:
            # One page from the new bound on shows whether the range has events before the known ones.
            self._unread = [Stretch(since_us, from_us=since_us)]

    def _widen(self, since_us: int | None) -> None:
        """Read under a lower bound from now on: the rows once more, and what it had hidden behind the last of them."""
        self._bound_us = since_us
        last = self.store.last_row
        if self._low is not None and last is not None:
            last_cursor = self.store.cursor(last)
            if last_cursor != self._low:
                self._again = Reread(self.store, self._known, Stretch(since_us, self._low), until=last_cursor)
            self._tail, self.caught_up = Stretch(since_us, last_cursor), False

    def serves(self, since_us: int | None, until_us: int | None, *, newest_first: bool) -> bool:
        """Whether this feed can show another range or order without a gap, as it is or by growing."""
        if newest_first != self.newest_first and not (self.reaches_start and (self.caught_up or self.closed)):
            return False
        if (since_us, until_us) == (self.since_us, self.until_us):
            return True
        if (
            not self.newest_first
            or self.until_us is not None
            or (_is_below(since_us, self._bound_us) and not self._can_widen)
        ):
            return False
        return until_us is None or self.read_from_us is None or self.read_from_us <= until_us

    @property
    def _can_widen(self) -> bool:
        """Whether events before the rows can be read: there are rows to meet, and cursors survive another bound."""
        last = self.store.last_row
        if not self._crosses or self._low is None or last is None:
            return False
        return is_position(self._low) and is_position(self.store.cursor(last))

    def read_exactly(self) -> None:
        """Read past the upper bound to the feed's end, so that all events until then are found."""
        if not self.is_exact:
            self.is_exact, self._ends_early = True, self.pages > 0
            if self.closed:
                self.closed = self.caught_up = False

    # Reading

    async def newer(self) -> int:
        """Read one page at the newer end, or one that finds where to start."""
        self._asks_newer = True
        try:
            return await (self._open() if self._tail is None else self._read_on(self._tail))
        except CursorRefused as refusal:
            if self._crosses and self._tail is not None and not self._tail.pages:
                # The position is brand new, so the other bound was the reason.
                self._crosses = False
                self._begin()
            else:
                self._restart(refusal)
            return 0
        finally:
            self._asks_newer = False

    async def older(self) -> int:
        """Read one page before the oldest row; its rows are added once it meets the known ones."""
        if self._tail is None or not self._unread:
            return 0
        if self._again is not None and self._hides_lowest():
            # What is met first is then a later row, and before it there may be rows that are not read again yet.
            return await self.settle()
        nearest = self._unread[-1]
        edge = self._edge()
        probe_us = (
            None if edge is None or not self._crosses else self._backfill.probe_us(nearest, len(self._unread), edge)
        )
        if edge is not None and probe_us is not None:
            return await self._probe_older(probe_us, edge)
        try:
            page = await self._ask(nearest)
        except CursorRefused as refusal:
            self._restart(refusal)
            return 0
        if not self._unread or self._unread[-1] is not nearest:
            return 0
        return self._take_older(nearest, page)

    async def settle(self) -> int:
        """Read one page of the rows again, with the lowered bound."""
        again = self._again
        if again is None:
            return 0
        try:
            page = await self._ask(again.read)
        except CursorRefused as refusal:
            self._restart(refusal)
            return 0
        if self._again is not again:
            return 0
        before = len(self.store)
        if again.take(page):
            self._again = None
        return len(self.store) - before

    def _restart(self, reason: GumnutError) -> None:
        """Cursors are void, as after a database restore: read again. Raises the reason once that happens too often."""
        if self.restarts == MOST_BREAKS:
            raise reason
        self.restarts += 1
        # Refused twice: perhaps this server does not accept cursors of events.
        self._crosses = self._crosses and self.restarts < 2
        self._begin()

    async def _ask(self, stretch: Stretch) -> EventPage:
        return await self._page(stretch.cursor, stretch.gte_us)

    async def _page(self, cursor: str | None, gte_us: int | None) -> EventPage:
        page = await self._source.events(
            EventQuery(
                self.library_id,
                after_cursor=cursor,
                created_at_gte=None if gte_us is None else from_us(gte_us),
                created_at_lt=None if self.until_us is None else from_us(self.until_us),
            )
        )
        self.pages += 1
        self._backfill.saw(len(page.events))
        return page

    # The first rows

    async def _open(self) -> int:
        bound, opening = self._unread[0], self._opening
        if not self._crosses:
            return await self._begin_at(self._unread.pop())
        if self._opening.reads_bound_first and not bound.pages:
            page = await self._ask(bound)
            if self._opening is not opening:
                # Begun anew meanwhile, with another bound.
                return 0
            bound.take(page, self._known)
            self._backfill.read()
            if page.has_more and not self._is_beyond(page):
                self._opening.began(bound, self._backfill.page_rows)
                return 0
            return self._adopt(self._unread.pop(), page)
        probe_us = self._opening.probe_us()
        if probe_us is None:
            return await self._begin_at(self._unread.pop())
        page = await self._page(None, probe_us)
        if self._opening is not opening:
            return 0
        self._backfill.probed()
        found = self._wanted(page.events)
        is_crowded = page.has_more and len(found) == len(page.events)
        self._opening.found([event.created_at_us for event in found], self._backfill.page_rows, is_crowded=is_crowded)
        self._note(first_of(found), probe_us)
        return 0

    async def _begin_at(self, stretch: Stretch) -> int:
        self._tail = stretch
        return await self._read_on(stretch) if not stretch.pages else self._adopt(stretch, None)

    def _adopt(self, stretch: Stretch, page: EventPage | None) -> int:
        """Make a started stretch the newer end; `page` is the last it read."""
        self._tail = stretch
        self._note_reached(stretch)
        self._low_us = stretch.from_us
        gained = self._append(unknown(stretch.give(), self._known))
        if page is not None:
            self._look_for_end(page)
        return gained

    def _note(self, event: Event | None, from_us: int) -> bool:
        """Note a position to start a stretch at; False for none, or one that was read already, however odd its time."""
        if event is None or any(stretch.holds(event.cursor) for stretch in self._unread):
            return False
        self._unread.append(Stretch.at(event, self._since_us, from_us))
        return True

    # The newer end

    async def _read_on(self, tail: Stretch) -> int:
        page = await self._ask(tail)
        if self._tail is not tail:
            return 0
        if self._low is None:
            self._low_us = tail.from_us
            self._note_reached(tail)
        self._backfill.read()
        asked, fresh = tail.cursor, tail.follow(page, self._known)
        gained = self._append(fresh)
        self._look_for_end(page)
        tail.guard.check(asked, page, len(fresh))
        return gained

    def _append(self, events: Sequence[Event]) -> int:
        if events and self._low is None:
            self._low = events[0].cursor
        wanted = self._wanted(events)
        self.lateness.look_at(wanted)
        return len(self.store.append(wanted))

    def _look_for_end(self, page: EventPage) -> None:
        self.caught_up = not page.has_more
        self.lateness.is_live = self.lateness.is_live or self.caught_up
        if self.until_us is not None:
            is_at_end = self.caught_up and not self._ends_early
            has_passed = is_at_end and to_us(self._clock()) > self.until_us + self._slack_us
            self.closed = has_passed or (not self.is_exact and self._is_beyond(page))
        self._ends_early = self._ends_early and page.has_more

    # The older end

    async def _probe_older(self, probe_us: int, edge: Density) -> int:
        page = await self._page(None, probe_us)
        self._backfill.probed()
        between = self._before_known(page.events)
        is_crowded = len(between) == len(page.events) and page.has_more
        nearest = self._unread[-1]
        if not self._backfill.found(between, is_crowded=is_crowded, edge=edge, unread=len(self._unread)):
            return 0
        if not self._note(first_of(between), probe_us):
            self._backfill.read_on(nearest.pages)
        return 0

    def _before_known(self, events: Sequence[Event]) -> Sequence[Event]:
        for index, event in enumerate(events):
            if event.cursor in self._known:
                return events[:index]
        return events

    def _take_older(self, stretch: Stretch, page: EventPage) -> int:
        met = stretch.take(page, self._known)
        self._backfill.read()
        if met is None and page.has_more:
            self._join(stretch)
            return 0
        self._unread.pop()
        self._backfill.met()
        # From the start of the range on, the lowest known event is only missed if it is gone.
        if met is not None and (met == self._low or not self._unread):
            return self._prepend(stretch)
        if not self._unread:
            stuck = FeedStuck(EVENTS_REQUEST, "the events that were read before", "data", "none of them")
            self._restart(stuck)
        else:
            # It began behind the lowest known event: those events are read with the newer end, or once more.
            self._backfill.read_on(self._unread[-1].pages)
        return 0

    def _join(self, stretch: Stretch) -> None:
        """Read no position twice: a stretch that begins before another one continues where that one has come to."""
        for other in self._unread[:-1]:
            if stretch.meets(other):
                stretch.join(other)
                self._unread.remove(other)

    def _prepend(self, stretch: Stretch) -> int:
        fresh = unknown(stretch.give(), self._known)
        self._low_us = stretch.from_us
        self._note_reached(stretch)
        if not fresh:
            return 0
        if _is_below(self._bound_us, stretch.gte_us):
            # Among these rows it hid events that the bound of the others shows.
            self._bound_us = stretch.gte_us
        self._low = fresh[0].cursor
        return len(self.store.insert(self._wanted(fresh), before=self.store.first_row))

    def _hides_lowest(self) -> bool:
        """Whether the lower bound, which was raised, hides the oldest row from a read."""
        first = self.store.first_row
        return self._since_us is not None and first is not None and self.store.created_at_us(first) < self._since_us

    def _note_reached(self, stretch: Stretch) -> None:
        if not self._unread:
            self._has_reached, self._reached_us = True, stretch.gte_us

    def _edge(self) -> Density | None:
        """The density at the older end; None without rows."""
        rows = self.store.rows()
        times = [self.store.created_at_us(row) for row, _ in zip(rows, range(EDGE_ROWS), strict=False)]
        return Density.of(times, self._backfill.page_rows) if times else None

    # Bounds

    def _wanted(self, events: Sequence[Event]) -> Sequence[Event]:
        until_us = self.until_us
        return events if until_us is None else [event for event in events if event.created_at_us < until_us]

    def _is_beyond(self, page: EventPage) -> bool:
        """Whether the whole page lies beyond the upper bound plus slack."""
        if self.until_us is None or self.is_exact or not page.events:
            return False
        end_us = self.until_us + self._slack_us
        return all(event.created_at_us >= end_us for event in page.events)

    def _top_us(self) -> int:
        now_us = to_us(self._clock())
        return now_us if self.until_us is None else min(now_us, self.until_us)


def _is_below(bound_us: int | None, other_us: int | None) -> bool:
    """Whether a lower bound includes more than another."""
    return other_us is not None and (bound_us is None or bound_us < other_us)

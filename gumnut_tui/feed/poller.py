"""Keeps a feed reading: one page at a time, the most wanted first, then the tail for as long as it runs.

`EventFeed` is what the screen needs of a feed, whether from the service or the journal. `Prefetch` requests the next
page while the caller still works on the last one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Protocol

import msgspec

from gumnut_tui.domain.defaults import OVERDUE_SECONDS, Pace
from gumnut_tui.domain.errors import (
    ApiProblem,
    FeedStuck,
    GumnutError,
    JournalDamaged,
    KeyMissing,
    KeyRefused,
    NetworkProblem,
    RefusedAddress,
)

if TYPE_CHECKING:
    from gumnut_tui.domain.models import EventPage
    from gumnut_tui.domain.ports import EventQuery, EventSource
    from gumnut_tui.feed.stretch import Lateness
    from gumnut_tui.store.event_store import EventStore

NOBODY_RETRIES = (KeyRefused, KeyMissing, RefusedAddress, JournalDamaged, FeedStuck)
"""Errors that are not retried automatically: the user has to ask."""


class EventFeed(Protocol):
    """An unbroken stretch of a library's feed that grows at its newer end, and on demand at one of its ends.

    `newer`, `older` and `settle` each add some rows and return how many.
    """

    since_us: int | None
    """The lower bound of the range, in µs; None for the feed's beginning."""
    store: EventStore
    caught_up: bool
    """No more was ready at the newer end at the last request."""
    closed: bool
    """Nothing more will come at the newer end."""
    pages: int
    """Pages read so far."""
    lateness: Lateness
    """Checks every event at the newer end."""
    newest_first: bool
    """Whether the older end is the one that grows on demand."""

    @property
    def is_open(self) -> bool:
        """Whether the first rows are there, or there are none."""
        ...

    @property
    def is_eager(self) -> bool:
        """Whether to read the older end to its start without waiting for the user to scroll there."""
        ...

    @property
    def reaches_start(self) -> bool:
        """Whether everything from the lower bound on is there."""
        ...

    @property
    def read_from_us(self) -> int | None:
        """The time from which the rows are complete, in µs; None for the feed's beginning."""
        ...

    @property
    def is_settled(self) -> bool:
        """Whether the rows were read with the bound they are shown with."""
        ...

    @property
    def is_final(self) -> bool:
        """Whether no event can be added to the range any more without being seen."""
        ...

    def read_exactly(self) -> None:
        """Read past an upper bound to the feed's end, to include late-arriving events."""
        ...

    def serves(self, since_us: int | None, until_us: int | None, *, newest_first: bool) -> bool:
        """Whether this feed can show another range or order."""
        ...

    async def newer(self) -> int:
        """Read more at the newer end."""
        ...

    async def older(self) -> int:
        """Read more at the older end."""
        ...

    async def settle(self) -> int:
        """Read the rows once more, after the lower bound was lowered."""
        ...


class PollPhase(Enum):
    """The state of the reading, as the status line shows it."""

    READING = "reading"
    CATCHING_UP = "catching up"
    LIVE = "live"
    RETRYING = "retrying"
    OFFLINE = "offline"
    REFUSED = "refused"
    CLOSED = "closed"


class PollState(msgspec.Struct, frozen=True):
    """The phase, when the service last answered, and the error being retried, if any."""

    phase: PollPhase = PollPhase.READING
    polled_at: datetime | None = None
    """When the newer end last answered."""
    retry_at: datetime | None = None
    error: GumnutError | None = None


class Poller:
    """Drives one feed. Call `want_more` when more may be wanted; rows and states are reported to the callbacks.

    `more_wanted` is called before every page: while it is true, the end that grows on demand is read. `on_rows` gets
    after every page how many rows it added, and whether they are at the newer end.
    """

    def __init__(
        self,
        feed: EventFeed,
        *,
        clock: Callable[[], datetime],
        more_wanted: Callable[[], bool],
        on_rows: Callable[[int, bool], None],
        on_state: Callable[[PollState], None],
        pace: Pace | None = None,
        wait: Callable[[asyncio.Event, float], Awaitable[None]] | None = None,
    ) -> None:
        self.feed = feed
        self.state = PollState()
        self._asked_at: datetime | None = None
        """When the step under way began, or the service last answered in it; None while none is."""
        self._pages = 0
        self._clock = clock
        self._more_wanted = more_wanted
        self._on_rows = on_rows
        self._on_state = on_state
        self._pace = pace or Pace()
        self._wait = wait or wait_for
        self._woken = asyncio.Event()
        self._asked = asyncio.Event()
        self._poll_s = self._pace.poll
        self._retry_s = self._pace.first_retry
        self._older_next = True
        self._is_due = False

    def want_more(self) -> None:
        """Check `more_wanted` again, now."""
        self._woken.set()

    def ask_now(self) -> None:
        """Read at the newer end at once, and poll at full pace again."""
        self._poll_s = self._pace.poll
        self._is_due = True
        self._asked.set()
        self._woken.set()

    def heard(self) -> None:
        """An answer came in the middle of a step that takes several."""
        self._pages = self.feed.pages
        if self._asked_at is not None:
            self._asked_at = self._clock()

    def silence(self) -> float:
        """Seconds for which the service has not answered though it should have; 0 while it is in time."""
        if self.feed.pages != self._pages:
            self.heard()
        asked_at, state = self._asked_at, self.state
        silence = 0.0 if asked_at is None else (self._clock() - asked_at).total_seconds()
        if silence >= OVERDUE_SECONDS:
            return silence
        # The process may have been held up, or the machine asleep.
        is_stale = state.phase is PollPhase.LIVE and self._since_poll() >= self._slowest() + OVERDUE_SECONDS
        return self._since_poll() if is_stale else 0.0

    async def run(self) -> None:
        """Read until cancelled."""
        while True:
            step = self._next_step()
            if step is None:
                await self._rest()
                continue
            before = len(self.feed.store)
            try:
                gained = await self._asking(step)
            except GumnutError as error:
                if len(self.feed.store) > before:
                    self._on_rows(len(self.feed.store) - before, step == self.feed.newer)
                await self._recover(error)
            else:
                self._retry_s = self._pace.first_retry
                self._report(step, gained)

    async def _asking(self, step: Callable[[], Awaitable[int]]) -> int:
        self._asked_at = self._clock()
        try:
            return await step()
        finally:
            self._asked_at = None

    def _next_step(self) -> Callable[[], Awaitable[int]] | None:
        feed = self.feed
        if not feed.is_open or (self._poll_is_due() and not feed.closed):
            return feed.newer
        newer_is_open = not (feed.caught_up or feed.closed)
        if not feed.newest_first:
            return feed.newer if newer_is_open and self._more_wanted() else None
        older_is_open = not feed.reaches_start and (feed.is_eager or self._more_wanted())
        # What is on disk does not wait for a server that may be slow or down.
        if newer_is_open and not (older_is_open and (feed.is_eager or self._older_next)):
            self._older_next = True
            return feed.newer
        if older_is_open:
            self._older_next = False
            return feed.older
        return None if feed.is_settled else feed.settle

    def _report(self, step: Callable[[], Awaitable[int]], gained: int) -> None:
        is_newer = step == self.feed.newer
        if is_newer:
            self._is_due = False
            self._poll_s = self._pace.poll if gained else min(self._poll_s * self._pace.slowdown, self._slowest())
            self._say(PollState(self._phase(), self._clock()))
        else:
            self._say(PollState(self._phase(), self.state.polled_at))
        self._on_rows(gained, is_newer)

    def _slowest(self) -> float:
        return max(self._pace.poll, self._pace.slowest_poll)

    def _phase(self) -> PollPhase:
        if self.feed.closed:
            return PollPhase.CLOSED
        if self.feed.caught_up:
            return PollPhase.LIVE
        return PollPhase.CATCHING_UP if self.feed.is_open and self.feed.newest_first else PollPhase.READING

    async def _rest(self) -> None:
        if self.feed.closed or not self.feed.caught_up:
            await self._woken.wait()
        else:
            await self._wait(self._woken, max(0.0, self._poll_s - self._since_poll()))
            if not self._woken.is_set():
                self._is_due = True
        self._woken.clear()

    def _poll_is_due(self) -> bool:
        """Whether a poll was asked for, or came due, even while older pages were read."""
        return self._is_due or (self.feed.caught_up and self._since_poll() >= self._poll_s)

    def _since_poll(self) -> float:
        """Seconds since the newer end answered; the clock may have been set back meanwhile."""
        polled_at = self.state.polled_at
        return 0.0 if polled_at is None else max(0.0, (self._clock() - polled_at).total_seconds())

    async def _recover(self, error: GumnutError) -> None:
        # Only `ask_now` ends the wait: scrolling must not send a request per row to a server that is down.
        self._asked.clear()
        if isinstance(error, NOBODY_RETRIES):
            self._say(PollState(PollPhase.REFUSED, self.state.polled_at, None, error))
            await self._asked.wait()
        else:
            phase = PollPhase.OFFLINE if isinstance(error, NetworkProblem) else PollPhase.RETRYING
            seconds = max(self._retry_s, _asked_for(error))
            retry_at = self._clock() + timedelta(seconds=seconds)
            self._say(PollState(phase, self.state.polled_at, retry_at, error))
            await self._wait(self._asked, seconds)
            self._retry_s = min(self._retry_s * 2, self._pace.slowest_retry)

    def _say(self, state: PollState) -> None:
        self.state = state
        self._on_state(state)


def _asked_for(error: GumnutError) -> float:
    """Seconds the service asked us to wait."""
    return (error.retry_after or 0.0) if isinstance(error, ApiProblem) else 0.0


async def wait_for(woken: asyncio.Event, seconds: float) -> None:
    """Return when woken, or after these seconds."""
    try:
        async with asyncio.timeout(seconds):
            await woken.wait()
    except TimeoutError:
        return


TURNS = 4
"""Iterations of the event loop after which a request on an open connection has been sent."""


class Prefetch:
    """A source that requests the next page as soon as it has returned one, if it `is_wanted`.

    Only for reads without an upper bound, because those with one may end at any page; and one page only.
    """

    def __init__(self, source: EventSource, is_wanted: Callable[[], bool]) -> None:
        self._source = source
        self._is_wanted = is_wanted
        self._next: tuple[EventQuery, asyncio.Task[EventPage]] | None = None

    async def events(self, query: EventQuery) -> EventPage:
        """The page; raises what the source raises."""
        page = await (self._under_way(query) or self._ask(query))
        if page.has_more and query.created_at_lt is None and self._is_wanted():
            await self._ask_ahead(query.after(page.next_cursor))
        return page

    def _under_way(self, query: EventQuery) -> asyncio.Task[EventPage] | None:
        """The pending answer to this query; None without one, or when it failed."""
        if self._next is None or self._next[0] != query:
            return None
        task, self._next = self._next[1], None
        return None if task.done() and _failed(task) else task

    async def _ask_ahead(self, query: EventQuery) -> None:
        if self._next is not None:
            self._next[1].cancel()
        task = asyncio.ensure_future(self._ask(query))
        # Retrieved, so that asyncio does not log the failure of a prefetched page.
        task.add_done_callback(_failed)
        self._next = query, task
        for _ in range(TURNS):
            await asyncio.sleep(0)

    async def _ask(self, query: EventQuery) -> EventPage:
        return await self._source.events(query)


def _failed(task: asyncio.Task[EventPage]) -> bool:
    return task.cancelled() or task.exception() is not None

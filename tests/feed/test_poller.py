"""Rules for what is read next, how the reading is said to go, and how long it rests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from gumnut_tui.domain.defaults import Pace
from gumnut_tui.domain.errors import (
    ConnectionFailed,
    FeedStuck,
    GumnutError,
    JournalDamaged,
    KeyMissing,
    KeyRefused,
    RateLimited,
    RefusedAddress,
    ServerFailure,
    UnexpectedAnswer,
)
from gumnut_tui.domain.models import Event, EventPage, to_us
from gumnut_tui.domain.ports import EventQuery
from gumnut_tui.feed.feed import Feed
from gumnut_tui.feed.poller import Poller, PollPhase, PollState, wait_for
from tests.factories import NOW, make_event
from tests.feed.sources import ListSource

ASKED = "GET /api/events"
PACE = Pace(poll=2, slowest_poll=5, slowdown=2, first_retry=1, slowest_retry=4)


def recent(count: int, seconds_ago: float = 30, start: int = 1) -> list[Event]:
    """Events of one instant, numbered from `start`."""
    return [make_event(n, created_at=NOW - timedelta(seconds=seconds_ago)) for n in range(start, start + count)]


def hourly(count: int, last: datetime = NOW - timedelta(hours=1), apart: timedelta = timedelta(hours=1)) -> list[Event]:
    """Events at even distances, up to `last`."""
    return [make_event(n, created_at=last - apart * (count - n)) for n in range(1, count + 1)]


class Enough(Exception):
    """The script of a test is over."""


class FaultySource(ListSource):
    """Raises the errors of its list before it answers; one that `leads_back` says there is more, where one was."""

    errors: list[GumnutError]
    leads_back = False

    async def events(self, query: EventQuery) -> EventPage:
        if self.errors:
            self.asked.append((query.after_cursor, None, None))
            raise self.errors.pop(0)
        page = await super().events(query)
        return EventPage(page.events, query.after_cursor, True) if self.leads_back and query.after_cursor else page


@dataclass
class Scene:
    """A follower over a list; each wait takes one step of the script and no time but the clock's."""

    source: FaultySource
    script: list[Callable[[Scene], None]] = field(default_factory=list)
    newest_first: bool = True
    wants: bool = False
    until_us: int | None = None
    page_takes: float = 0
    now: datetime = NOW
    waits: list[float] = field(default_factory=list)
    states: list[PollState] = field(default_factory=list)
    gains: list[tuple[int, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.feed = Feed(
            self.source, "lib_1", clock=lambda: self.now, newest_first=self.newest_first, until_us=self.until_us
        )
        self.poller = Poller(
            self.feed,
            clock=lambda: self.now,
            more_wanted=lambda: self.wants,
            on_rows=self.rows_came,
            on_state=self.states.append,
            pace=PACE,
            wait=self.wait,
        )

    def rows_came(self, gained: int, is_newer: bool) -> None:
        self.gains.append((gained, is_newer))
        self.now += timedelta(seconds=self.page_takes)

    async def wait(self, woken: asyncio.Event, seconds: float) -> None:
        self.waits.append(seconds)
        if not self.script:
            raise Enough
        self.script.pop(0)(self)
        if not woken.is_set():
            self.now += timedelta(seconds=seconds)

    async def play(self) -> None:
        with pytest.raises(Enough):
            await self.poller.run()

    @property
    def phases(self) -> list[PollPhase]:
        """The phases told, each once in a row."""
        told = [state.phase for state in self.states]
        return [phase for phase, before in zip(told, [None, *told], strict=False) if phase is not before]


def scene(*script: Callable[[Scene], None], events: list[Event] | None = None, **changes: Any) -> Scene:
    source = FaultySource(recent(3) if events is None else events)
    source.errors = changes.pop("errors", [])
    return Scene(source, list(script), **changes)


@asynccontextmanager
async def running(stage: Scene) -> AsyncIterator[None]:
    """The follower at work; whatever it raises but the end of its script fails the test."""
    task = asyncio.create_task(stage.poller.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, Enough):
            await task


async def until(fact: Callable[[], bool]) -> None:
    """Let others run until the fact holds."""
    while not fact():
        await asyncio.sleep(0)


def nothing(_stage: Scene) -> None:
    """Let the time pass."""


def arrive(count: int, start: int) -> Callable[[Scene], None]:
    return lambda stage: stage.source.events_held.extend(recent(count, 0, start))


async def test_a_feed_is_read_until_it_is_live() -> None:
    """Pages follow one another without a rest: reading, catching up, live."""
    stage = scene(events=hourly(23, NOW - timedelta(minutes=1), apart=timedelta(minutes=1)))
    await stage.play()
    assert stage.phases == [PollPhase.READING, PollPhase.CATCHING_UP, PollPhase.LIVE]
    assert 0 < sum(gained for gained, _ in stage.gains) == len(stage.feed.store)
    assert stage.poller.state == PollState(PollPhase.LIVE, polled_at=NOW)


async def test_polling_slows_down_while_nothing_comes() -> None:
    """The rest grows by the factor up to the slowest; an event brings the quick pace back."""
    stage = scene(nothing, nothing, nothing, arrive(1, start=50), nothing)
    await stage.play()
    assert stage.waits == [2, 4, 5, 5, 2, 4]
    assert stage.gains[-2:] == [(1, True), (0, True)]


async def test_asking_now_polls_at_once_and_quickly_again() -> None:
    """A key press ends the rest, and the pace is the quick one, slowed by what the answer says."""
    stage = scene(nothing, nothing, lambda stage: stage.poller.ask_now(), nothing)
    await stage.play()
    assert stage.waits[:4] == [2, 4, 5, 4]
    assert stage.states[-1].polled_at == NOW + timedelta(seconds=2 + 4 + 4)


async def test_scrolling_neither_asks_nor_keeps_the_poll_from_coming() -> None:
    """Being woken for nothing goes on with the same rest, by the clock, and then the newer end is asked."""

    def scroll(stage: Scene) -> None:
        stage.now += timedelta(seconds=1.5)
        stage.poller.want_more()

    stage = scene(scroll, scroll)
    await stage.play()
    assert stage.waits == [2, 0.5, 4]


async def test_a_clock_set_back_does_not_lengthen_the_rest() -> None:
    """The next poll is never further away than the pace says."""

    def set_back(stage: Scene) -> None:
        stage.now -= timedelta(days=1)
        stage.poller.want_more()

    stage = scene(set_back)
    await stage.play()
    assert stage.waits == [2, 2]


async def test_older_pages_are_read_while_they_are_wanted() -> None:
    """`more_wanted` decides before every page; without it the older end rests."""
    stage = scene(events=hourly(49))
    await stage.play()
    assert not stage.feed.reaches_start
    stage.wants = True
    await stage.play()
    assert len(stage.feed.store) == 49
    assert stage.feed.reaches_start


async def test_wanting_more_wakes_the_reading() -> None:
    """Oldest first, the next page waits until somebody wants it, however long that takes."""
    stage = scene(events=recent(12), newest_first=False)
    async with running(stage):
        await until(lambda: len(stage.gains) == 1)
        stage.wants = True
        stage.poller.want_more()
        await until(lambda: bool(stage.waits))
    assert [gained for gained, _ in stage.gains] == [5, 5, 2]
    assert stage.phases == [PollPhase.READING, PollPhase.LIVE]


async def test_the_live_edge_is_asked_while_older_pages_are_read() -> None:
    """A long way back does not keep the poll from coming when it is due."""
    stage = scene(events=hourly(399), wants=True, page_takes=1)
    await stage.play()
    edges = [index for index, (_, is_newer) in enumerate(stage.gains) if is_newer]
    assert len(edges) > 3
    assert all(after - before <= 6 for before, after in pairwise(edges))


@pytest.mark.parametrize(
    ("error", "phase"),
    [
        (ConnectionFailed(ASKED, "no route"), PollPhase.OFFLINE),
        (RateLimited(ASKED, 429), PollPhase.RETRYING),
        (ServerFailure(ASKED, 503), PollPhase.RETRYING),
        (UnexpectedAnswer(ASKED, "JSON", "the top", "an HTML page"), PollPhase.RETRYING),
    ],
)
async def test_failures_are_retried_ever_more_slowly(error: GumnutError, phase: PollPhase) -> None:
    """The rest doubles up to the slowest and is told; an answer brings the first rest back."""
    stage = scene(*[nothing] * 5, errors=[error] * 4)
    await stage.play()
    assert stage.waits[:5] == [1, 2, 4, 4, 2]
    assert stage.states[0] == PollState(phase, None, NOW + timedelta(seconds=1), error)
    assert stage.phases == [phase, PollPhase.READING, PollPhase.LIVE]
    stage.source.errors = [error]
    stage.script = [nothing]
    stage.poller.ask_now()
    await stage.play()
    assert stage.waits[6] == 1


async def test_the_service_is_asked_again_when_it_said() -> None:
    """Not before, however soon one would have tried by oneself; and the time is told."""
    stage = scene(nothing, nothing, errors=[RateLimited(ASKED, 429, retry_after=300.0), ServerFailure(ASKED, 503)])
    await stage.play()
    assert stage.waits[:2] == [300, 2]
    assert stage.states[0].retry_at == NOW + timedelta(seconds=300)


async def test_an_answer_that_does_not_come_is_overdue() -> None:
    """After three seconds, whatever is being asked for; once it is there nothing is overdue."""
    stage, gate = scene(), asyncio.Event()

    async def held(query: EventQuery) -> EventPage:
        await gate.wait()
        return await FaultySource.events(stage.source, query)

    stage.source.events = held  # type: ignore[method-assign]
    async with running(stage):
        await until(lambda: stage.poller._asked_at is not None)
        assert stage.poller.silence() == 0
        stage.now += timedelta(seconds=2.9)
        assert stage.poller.silence() == 0
        stage.now += timedelta(seconds=1.1)
        assert stage.poller.silence() == 4
        gate.set()
        await until(lambda: bool(stage.states))
        assert stage.poller.silence() == 0


async def test_what_was_read_long_ago_is_not_current() -> None:
    """A machine that was asleep, or held up, has heard nothing for longer than polls are apart."""
    stage = scene(nothing)
    await stage.play()
    assert stage.phases[-1] is PollPhase.LIVE
    stage.now += timedelta(seconds=PACE.slowest_poll)
    assert stage.poller.silence() == 0
    stage.now += timedelta(seconds=21)
    assert stage.poller.silence() > 20


async def test_a_page_in_the_middle_of_a_long_step_is_an_answer() -> None:
    """A journal reads many pages in one step, and entities between them."""
    stage, gate = scene(), asyncio.Event()

    async def long_step() -> int:
        await gate.wait()
        return 0

    stage.feed.newer = long_step  # type: ignore[method-assign]
    async with running(stage):
        await until(lambda: stage.poller._asked_at is not None)
        stage.now += timedelta(seconds=10)
        assert stage.poller.silence() == 10
        stage.feed.pages += 1
        assert stage.poller.silence() == 0
        stage.now += timedelta(seconds=10)
        stage.poller.heard()
        assert stage.poller.silence() == 0


async def test_a_failure_keeps_what_was_there() -> None:
    """The rows and the time of the last poll stay, and the error is told beside them."""
    stage = scene(lambda stage: stage.source.errors.append(ConnectionFailed(ASKED, "gone")))
    await stage.play()
    assert len(stage.feed.store) == 3
    assert (stage.states[-1].phase, stage.states[-1].polled_at) == (PollPhase.OFFLINE, NOW)


async def test_scrolling_does_not_hurry_a_retry() -> None:
    """Only `ask_now` cuts the rest after a failure short, also when more was wanted during the request."""
    stage = scene(
        lambda stage: stage.poller.want_more(),
        lambda stage: stage.poller.ask_now(),
        errors=[ConnectionFailed(ASKED, "gone")] * 2,
    )
    stage.poller.want_more()
    await stage.play()
    assert stage.states[1].retry_at == NOW + timedelta(seconds=1 + 2)
    assert stage.states[2].polled_at == NOW + timedelta(seconds=1)


@pytest.mark.parametrize(
    "error",
    [
        KeyRefused(ASKED, 401),
        KeyMissing("none"),
        RefusedAddress("http://example.com"),
        JournalDamaged("there is damage in it"),
        FeedStuck(ASKED, "progress", "next_cursor", "the same"),
    ],
)
async def test_what_only_a_person_can_mend_is_not_tried_again_by_itself(error: GumnutError) -> None:
    """Asking again cannot help, so nothing is sent until the person asks."""
    stage = scene(errors=[error, error])
    async with running(stage):
        await until(lambda: len(stage.states) == 1)
        stage.poller.want_more()
        for _ in range(10):
            await asyncio.sleep(0)
        assert len(stage.source.asked) == 1
        stage.poller.ask_now()
        await until(lambda: len(stage.states) == 2)
        stage.poller.ask_now()
        await until(lambda: bool(stage.waits))
    assert stage.waits[0] == 2
    assert stage.phases == [PollPhase.REFUSED, PollPhase.READING, PollPhase.LIVE]
    assert stage.states[0].error is error
    assert stage.states[-1].error is None


async def test_a_closed_feed_is_not_asked_again() -> None:
    """With the upper bound and the slack behind us nothing can come, and asking now asks nothing."""
    stage = scene(until_us=to_us(NOW - timedelta(days=1)), events=recent(3, seconds_ago=2 * 86400))
    async with running(stage):
        await until(lambda: PollPhase.CLOSED in stage.phases)
        asked = len(stage.source.asked)
        stage.poller.ask_now()
        for _ in range(10):
            await asyncio.sleep(0)
    assert len(stage.source.asked) == asked
    assert not stage.waits


async def test_rows_that_came_before_a_failure_are_told() -> None:
    """A page that leads nowhere is an error, and what it brought shows all the same."""
    stage = scene(events=recent(12))
    stage.source.leads_back = True
    async with running(stage):
        await until(lambda: PollPhase.REFUSED in stage.phases)
        assert sum(gained for gained, _ in stage.gains) == len(stage.feed.store) > 0
        asked = len(stage.source.asked)
        stage.poller.want_more()
        for _ in range(10):
            await asyncio.sleep(0)
    assert len(stage.source.asked) == asked


async def test_waiting_ends_when_woken_or_when_the_time_is_over() -> None:
    """The wait returns either way, and raises nothing."""
    woken = asyncio.Event()
    await wait_for(woken, 0)
    woken.set()
    await wait_for(woken, 3600)

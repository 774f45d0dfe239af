"""The feed: every event of the range once, in the server's order, however times, pages and interleavings are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gumnut_tui.domain.cursors import MADE_UP, is_position
from gumnut_tui.domain.defaults import MOST_BREAKS
from gumnut_tui.domain.errors import CursorRefused, FeedStuck
from gumnut_tui.domain.models import Event, EventPage, from_us
from gumnut_tui.domain.ports import EventQuery
from gumnut_tui.feed.feed import Feed
from tests.factories import NOW
from tests.simulation.adapters import SimulatedSource
from tests.simulation.cases import (
    DAY,
    HOUR,
    MINUTE,
    NOW_US,
    RANGES,
    SECOND,
    YEAR_1,
    YEAR_2099,
    YEAR_9999,
    cases,
    disordered,
)
from tests.simulation.service import Answer, Service, ordered, spread


def service_of(times_us: list[int], **changes: Any) -> Service:
    service = Service(NOW_US, **changes)
    spread(service, times_us)
    return service


def feed_over(service: Service, back_us: int | None = None, **changes: Any) -> Feed:
    since_us = None if back_us is None else NOW_US - back_us
    options: dict[str, Any] = {"clock": lambda: NOW, "since_us": since_us} | changes
    return Feed(SimulatedSource(service), "lib_1", **options)


def cursors(feed: Feed) -> list[str]:
    return [feed.store.cursor(row) for row in feed.store.rows()]


def even(count: int, length_us: int, end_us: int = NOW_US) -> list[int]:
    return [end_us - length_us + length_us * number // count for number in range(count)]


async def read_newer(feed: Feed) -> None:
    """Read the newer end until nothing further is ready."""
    while not (feed.caught_up or feed.closed):
        await feed.newer()


async def read_all(feed: Feed) -> None:
    """Read both ends as far as they go."""
    await read_newer(feed)
    while not feed.reaches_start:
        await feed.older()
        await read_newer(feed)
    while not feed.is_settled:
        await feed.settle()


async def poll(feed: Feed, times: int) -> None:
    """Ask at the newer end `times` times, whatever it says."""
    for _ in range(times):
        await feed.newer()


def pages_of(service: Service, back_us: int | None, until_us: int | None = None) -> int:
    """Pages the range fills."""
    wanted = ordered(service, None if back_us is None else NOW_US - back_us, until_us)
    return max(1, -(-len(wanted) // service.page_rows))


# Once, and all


@settings(max_examples=cases(150))
@given(
    disordered(), st.integers(1, 20), st.booleans(), st.booleans(), RANGES, st.booleans(), st.sampled_from([0, 0, 1, 3])
)
async def test_whatever_the_times_each_event_comes_once_in_few_requests(
    times_us: list[int],
    page_rows: int,
    honours_lt: bool,
    binds_cursors: bool,
    back_us: int | None,
    newest_first: bool,
    overlap: int,
) -> None:
    """Any times, pages, bounds and servers: the feed's own rows in its own order, in 1.2 n + 6 requests at most.

    A server whose cursors hold for one set of bounds costs up to two more: it refuses one before that is known.
    """
    service = service_of(
        times_us, page_rows=page_rows, honours_lt=honours_lt, binds_cursors=binds_cursors, overlap=overlap
    )
    feed = feed_over(service, back_us, newest_first=newest_first)
    first_rows = None
    while not ((feed.caught_up or feed.closed) and feed.reaches_start):
        await (feed.older() if feed.caught_up or feed.closed else feed.newer())
        if first_rows is None and len(feed.store):
            first_rows = len(service.asked)
    wanted = ordered(service, feed.since_us)
    assert cursors(feed) == wanted
    assert len(service.asked) <= 1.2 * pages_of(service, back_us) + 6 + 2 * binds_cursors
    assert not wanted or (first_rows is not None and first_rows <= 4 + binds_cursors)


@settings(max_examples=cases(100))
@given(disordered(), st.integers(1, 20), st.booleans(), RANGES, st.integers(0, 30 * 24), st.booleans())
async def test_an_upper_bound_costs_no_event_its_place(
    times_us: list[int], page_rows: int, honours_lt: bool, back_us: int | None, hours: int, newest_first: bool
) -> None:
    """What is read up to a bound is an unbroken part of the range, and read to the feed's end it is the range."""
    service = service_of(times_us, page_rows=page_rows, honours_lt=honours_lt)
    until_us = NOW_US - hours * HOUR
    feed = feed_over(service, back_us, until_us=until_us, newest_first=newest_first)
    await read_all(feed)
    wanted = ordered(service, feed.since_us, until_us)
    assert cursors(feed) == wanted[: len(feed.store)] or feed.is_final
    feed.read_exactly()
    await read_all(feed)
    assert feed.is_final
    assert cursors(feed) == wanted


@pytest.mark.parametrize("back", [1, 5, 9, 90])
async def test_an_event_that_comes_late_while_live_shows_at_its_place(back: int) -> None:
    """Released at the end of the feed, however far back its time lies; and it is told as late."""
    service = service_of(even(3000, 2 * HOUR))
    feed = feed_over(service, DAY)
    await read_newer(feed)
    assert not feed.lateness.take()
    late_us = NOW_US - back * MINUTE
    service.release(NOW_US)
    service.release(late_us)
    service.release(NOW_US)
    assert await feed.newer() == 3
    assert feed.lateness.take() == [late_us]
    assert cursors(feed)[-3:] == [event.cursor for event in service.feed[-3:]]


async def test_a_transaction_that_runs_long_is_late_by_the_service_s_own_rule() -> None:
    """What it wrote, and what began after it, is held back and then stands in the order of writing."""
    service = service_of(even(600, HOUR))
    long = service.begin(NOW_US - 10 * MINUTE)
    service.write(long, 2)
    feed = feed_over(service, DAY)
    await read_newer(feed)
    for _ in range(3):
        service.release(NOW_US)
    assert await feed.newer() == 0
    service.write(long)
    service.end(long)
    assert await feed.newer() == 6
    assert cursors(feed)[-6:] == [event.cursor for event in service.feed[-6:]]


async def test_one_event_far_ahead_hides_nothing() -> None:
    """An event from 2099 stands in the feed; everything is found, also after the position was refused."""
    service = service_of([*even(500, DAY), YEAR_2099, *even(100, MINUTE)])
    feed = feed_over(service)
    await read_all(feed)
    service.restore()
    service.release(NOW_US)
    await feed.newer()
    await read_all(feed)
    assert feed.restarts == 1
    assert cursors(feed) == ordered(service, None)


# Few requests


DENSITIES: dict[str, tuple[list[int], int | None]] = {
    "even, 20 pages in a day": (even(4000, DAY), DAY),
    "even, 100 pages in three years": (even(20_000, 1000 * DAY), None),
    "an import, then one event": ([*even(10_000, 1000 * SECOND, NOW_US - 2 * HOUR), NOW_US - MINUTE], None),
    "bursts of 500 and silence": (
        [NOW_US - (8 - hour) * HOUR + number * SECOND // 20 for hour in range(8) for number in range(500)],
        None,
    ),
    "50,000 in one second": (even(50_000, SECOND, NOW_US - 30 * SECOND), None),
    "20,000 of one time": ([NOW_US - 3 * HOUR] * 20_000, DAY),
    "20,000 of one time between others": (
        [*even(2000, DAY, NOW_US - DAY), *[NOW_US - DAY] * 20_000, *even(600, HOUR)],
        None,
    ),
    "years, nothing in the last month": (even(20_000, 1000 * DAY, NOW_US - 30 * DAY), None),
    "a first import, then years of little": (
        [*even(10_000, HOUR, NOW_US - 900 * DAY), *even(2000, 800 * DAY)],
        None,
    ),
    "the year 1": ([YEAR_1 + number for number in range(4000)], None),
    "the year 9999, backwards": ([YEAR_9999 - number for number in range(4000)], None),
    "one event": ([NOW_US - 5 * DAY], None),
    "nothing": ([], None),
}


@pytest.mark.parametrize("name", DENSITIES)
@pytest.mark.parametrize("honours_lt", [False, True])
async def test_few_requests_for_any_density(name: str, honours_lt: bool) -> None:
    """First rows after four requests at most, and n pages in 1.2 n + 6, whether the upper bound is honoured or not."""
    times_us, back_us = DENSITIES[name]
    service = service_of(times_us, honours_lt=honours_lt)
    feed = feed_over(service, back_us)
    while not feed.is_open:
        await feed.newer()
    assert len(service.asked) <= 4
    await read_all(feed)
    assert cursors(feed) == ordered(service, feed.since_us)
    assert len(service.asked) <= 1.2 * pages_of(service, back_us) + 6


async def test_a_short_range_of_one_page_is_one_request() -> None:
    """A day with fewer events than a page holds is asked for once."""
    service = service_of(even(150, DAY))
    feed = feed_over(service, DAY)
    await read_all(feed)
    assert len(service.asked) == 1


def bursts(days: int) -> list[int]:
    """Photos imported every other day, 600 events within ten minutes each time; the last ended half a day ago."""
    return [at for day in range(days, 0, -2) for at in even(600, 10 * MINUTE, NOW_US - day * DAY + DAY // 2)]


@pytest.mark.parametrize(
    ("times_us", "back_us"),
    [
        (even(20_000, HOUR), None),
        (even(20_000, DAY), None),
        (even(20_000, 1000 * DAY), None),
        (bursts(60), None),
        (bursts(60), 30 * DAY),
    ],
)
async def test_the_newest_rows_come_first_whatever_the_size_of_the_range(
    times_us: list[int], back_us: int | None
) -> None:
    """However much lies in the range, the newest rows are there after a few requests."""
    service = service_of(times_us)
    feed = feed_over(service, back_us)
    await read_newer(feed)
    assert cursors(feed)[-1] == service.feed[-1].cursor
    assert len(service.asked) <= 14


async def test_a_narrower_range_is_shown_with_one_request_more() -> None:
    """From everything to a day: one page tells whether anything of the day stands before what is known."""
    service = service_of(even(4000, 10 * DAY))
    feed = feed_over(service)
    await read_newer(feed)
    while len(feed.store) < 1000:
        await feed.older()
    assert feed.serves(NOW_US - DAY, None, newest_first=True)
    asked = len(service.asked)
    feed.since_us = NOW_US - DAY
    await read_all(feed)
    assert len(service.asked) == asked + 1
    assert [cursor for cursor in cursors(feed) if cursor in ordered(service, feed.since_us)] == ordered(
        service, feed.since_us
    )


@pytest.mark.parametrize("back_us", [HOUR, 30 * DAY, None])
@pytest.mark.parametrize(("earlier", "at"), [(0, 1), (900, 1), (900, 2), (900, 3)])
async def test_another_range_while_the_first_rows_are_asked_for_loses_none(
    back_us: int | None, earlier: int, at: int
) -> None:
    """What is answered then belongs to a read that was begun anew."""
    service = service_of([*even(earlier, 20 * DAY, NOW_US - 3 * DAY), *even(30, HOUR)])
    source = SimulatedSource(service)
    feed = Feed(source, "lib_1", clock=lambda: NOW, since_us=NOW_US - 5 * DAY)
    since_us = None if back_us is None else NOW_US - back_us

    class Turning:
        """Changes the bound while a request is under way."""

        async def events(self, query: EventQuery) -> EventPage:
            page = await source.events(query)
            if len(service.asked) == at:
                feed.since_us = since_us
            return page

    feed._source = Turning()
    await read_all(feed)
    wanted = ordered(service, feed.since_us)
    assert cursors(feed)[-len(wanted) :] == wanted


async def test_a_range_that_was_read_whole_is_served_again_without_a_request() -> None:
    """A day, then an hour of it, then the day again: nothing is asked for."""
    service = service_of(even(1000, DAY))
    feed = feed_over(service, DAY)
    await read_all(feed)
    asked = len(service.asked)
    for back_us in (HOUR, DAY):
        assert feed.serves(NOW_US - back_us, None, newest_first=True)
        feed.since_us = NOW_US - back_us
        assert feed.reaches_start
    assert len(service.asked) == asked


async def test_a_wider_range_keeps_the_rows_and_finds_what_its_bound_had_hidden() -> None:
    """From a day to everything: the rows stay, and events of older times that stand among them come in."""
    times_us = even(1000, DAY)
    late_us = [NOW_US - 3 * DAY, NOW_US - 2 * DAY]
    service = service_of([*even(1000, 5 * DAY, NOW_US - 2 * DAY), *times_us[:500], *late_us, *times_us[500:]])
    feed = feed_over(service, DAY)
    await read_all(feed)
    assert feed.serves(None, None, newest_first=True)
    asked, rows = len(service.asked), len(feed.store)
    feed.since_us = None
    assert len(feed.store) == rows
    assert not feed.is_settled
    service.release(NOW_US - 9 * DAY)
    await feed.newer()
    await read_all(feed)
    assert cursors(feed) == ordered(service, None)
    assert len(service.asked) - asked <= 1.2 * pages_of(service, None) + 6


@given(
    disordered(),
    st.sampled_from([1, 2, 7, 20]),
    st.sampled_from([0, 1, 5, 60]),
    st.sampled_from([HOUR, DAY, 30 * DAY]),
    st.sampled_from([3 * DAY, 90 * DAY, None]),
)
@settings(max_examples=cases(60), deadline=None)
async def test_a_wider_range_shows_each_event_once_where_pages_overlap(
    times_us: list[int], page_rows: int, overlap: int, back_us: int, then_us: int | None
) -> None:
    """Whatever was hidden by the narrower bound, also by several of them, goes to its place in the feed."""
    service = service_of(times_us, page_rows=page_rows)
    # More than a page may be repeated.
    service.overlap = overlap
    feed = feed_over(service, back_us)
    await read_all(feed)
    since_us = None if then_us is None else NOW_US - then_us
    if feed.serves(since_us, None, newest_first=True):
        feed.since_us = since_us
        await read_all(feed)
        assert cursors(feed) == ordered(service, feed._bound_us)
        assert not feed.restarts
    else:
        assert not len(feed.store)


STEPS = st.lists(st.one_of(st.sampled_from(["newer", "older", "older", "settle"]), RANGES), max_size=60)


@given(disordered(), st.sampled_from([1, 2, 7, 20]), st.booleans(), RANGES, STEPS)
@settings(max_examples=cases(150))
async def test_rows_are_in_feed_order_whatever_is_read_and_however_the_range_turns(
    times_us: list[int], page_rows: int, honours_lt: bool, back_us: int | None, steps: list[str | int | None]
) -> None:
    """Also while rows that a narrower bound had hidden are still being looked for; and in the end all are there."""
    service = service_of(times_us, page_rows=page_rows, honours_lt=honours_lt)
    feed = feed_over(service, back_us)
    await read_newer(feed)
    places = {cursor: place for place, cursor in enumerate(ordered(service, None))}
    for step in steps:
        if isinstance(step, str):
            await {"newer": feed.newer, "older": feed.older, "settle": feed.settle}[step]()
        else:
            since_us = None if step is None else NOW_US - step
            if feed.serves(since_us, None, newest_first=True):
                feed.since_us = since_us
        shown = [places[cursor] for cursor in cursors(feed)]
        assert shown == sorted(set(shown))
    await read_all(feed)
    wanted = ordered(service, feed.since_us)
    assert [cursor for cursor in cursors(feed) if cursor in set(wanted)] == wanted


async def test_positions_that_times_point_at_again_are_not_read_again() -> None:
    """A page of one event, an event from 2099 and one far behind its time: this read the same stretch for ever."""
    start = NOW_US - 42 * HOUR
    first = [*range(4), 148_767, *range(5, 12), -7_486_927]
    then = [start + SECOND] * 2 + [start + 24 * SECOND] + [start + SECOND] * 12
    service = service_of([*(start + us for us in first), YEAR_2099, *then], page_rows=1)
    feed = feed_over(service)
    await read_all(feed)
    assert cursors(feed) == ordered(service, None)
    assert len(service.asked) <= 1.2 * pages_of(service, None) + 6


async def test_where_nothing_was_found_a_wider_range_is_read_anew() -> None:
    """There is no known event to meet."""
    feed = feed_over(service_of(even(50, HOUR, NOW_US - 3 * DAY)), HOUR)
    await read_all(feed)
    assert not feed.serves(NOW_US - 30 * DAY, None, newest_first=True)
    assert feed.serves(NOW_US - HOUR // 2, None, newest_first=True)


# Positions that are void, and servers that lead nowhere


@pytest.mark.parametrize("newest_first", [True, False])
async def test_an_exact_read_finds_what_appears_long_after_its_time(newest_first: bool) -> None:
    """However many pages beyond the upper bound an event appears, a read told so beforehand brings it at once."""
    service = service_of([*even(2000, 8 * DAY), NOW_US - 7 * DAY, NOW_US - 8 * DAY], page_rows=50)
    until_us = NOW_US - 6 * DAY
    feed = feed_over(service, 8 * DAY, until_us=until_us, newest_first=newest_first)
    feed.read_exactly()
    await read_all(feed)
    assert feed.closed
    assert cursors(feed) == ordered(service, NOW_US - 8 * DAY, until_us)


async def test_an_exact_end_asked_for_later_is_that_of_a_read_begun_since() -> None:
    """A read ends where the feed ended when it began: what was released meanwhile takes another request."""
    service = service_of([NOW_US] * 2, page_rows=1)
    feed = feed_over(service, until_us=NOW_US - HOUR, newest_first=False)
    await feed.newer()
    assert feed.closed
    service.release(NOW_US - DAY)
    feed.read_exactly()
    while not feed.closed:
        await feed.newer()
    assert cursors(feed) == ordered(service, None, feed.until_us)


async def test_a_refused_cursor_reads_everything_again() -> None:
    """A cursor the server no longer takes costs a new reading, not an event, and no event shows twice."""
    service = service_of(even(3000, DAY), page_rows=50)
    feed = feed_over(service)
    await read_newer(feed)
    service.restore()
    await feed.newer()
    await read_all(feed)
    assert feed.restarts == 1
    assert cursors(feed) == ordered(service, None)


async def refuse(service: Service, feed: Feed, times: int) -> None:
    """Ask at the newer end, and each time every position is void."""
    for _ in range(times):
        service.restore(refuses_events=True)
        await feed.newer()


async def test_cursors_refused_again_and_again_end_in_an_error() -> None:
    """A server that refuses every cursor is reported, not asked for ever."""
    service = service_of(even(300, DAY), page_rows=20)
    feed = feed_over(service)
    with pytest.raises(CursorRefused):
        await refuse(service, feed, times=100)
    assert feed.restarts == MOST_BREAKS
    assert len(service.asked) < 30


def circle(service: Service) -> Callable[[Answer], Answer]:
    """Behind the third page the second one comes again, for ever."""
    tokens: list[str | None] = []

    def twist(answer: Answer) -> Answer:
        if answer.has_more and len(tokens) < 3:
            tokens.append(answer.next_cursor)
            return answer
        return Answer(answer.events, tokens[0] if tokens else answer.next_cursor, True)

    return twist


def stale(service: Service) -> Callable[[Answer], Answer]:
    """From the second page on the same events come, and the cursors are others each time."""
    first: list[Answer] = []

    def twist(answer: Answer) -> Answer:
        if not first:
            first.append(answer)
        return Answer(first[0].events, answer.next_cursor, True)

    return twist


@pytest.mark.parametrize("fault", [circle, stale])
@pytest.mark.parametrize("newest_first", [True, False])
async def test_a_feed_that_leads_nowhere_ends_in_an_error(
    fault: Callable[[Service], Callable[[Answer], Answer]], newest_first: bool
) -> None:
    """After a bounded number of requests, each time one asks; the rows stay, and none shows twice."""
    service = service_of(even(600, DAY), page_rows=50)
    service.twist = fault(service)
    feed = feed_over(service, DAY, newest_first=newest_first)
    for attempt in range(1, 4):
        with pytest.raises(FeedStuck):
            await poll(feed, times=100)
        assert len(service.asked) <= 15 * attempt
    rows = cursors(feed)
    assert rows
    assert len(set(rows)) == len(rows)


async def test_an_empty_library_is_caught_up_and_read_to_its_start() -> None:
    """Nothing at all is an answer: the feed is at its end and at its start; what comes then, comes."""
    service = service_of([])
    feed = feed_over(service)
    await read_all(feed)
    assert feed.caught_up
    assert feed.reaches_start
    service.release(NOW_US - DAY)
    assert await feed.newer() == 1


async def test_a_bound_in_the_past_ends_the_reading_and_says_what_it_cannot_know() -> None:
    """Reading stops once a whole page lies beyond the bound and the slack; until it is read exactly it is not final."""
    service = service_of([*even(5000, 10 * DAY), NOW_US - 7 * DAY], page_rows=50)
    until_us = NOW_US - 6 * DAY
    feed = feed_over(service, 8 * DAY, until_us=until_us)
    await read_all(feed)
    assert feed.closed
    assert not feed.is_final
    assert len(service.asked) <= 1.2 * pages_of(service, 8 * DAY, until_us) + 8
    assert cursors(feed) == ordered(service, NOW_US - 8 * DAY, until_us)[:-1]
    feed.read_exactly()
    assert not feed.closed
    await read_all(feed)
    assert feed.is_final
    assert cursors(feed) == ordered(service, NOW_US - 8 * DAY, until_us)
    assert from_us(feed.store.created_at_us(len(feed.store) - 1)) == from_us(NOW_US - 7 * DAY)


class WithoutCursors(SimulatedSource):
    """Some events come without a cursor that the service knows; the pages have theirs."""

    every = 1
    """Each event with a number divisible by it."""

    async def events(self, query: EventQuery) -> EventPage:
        """A page, asked for with a cursor of the service only."""
        assert query.after_cursor is None or is_position(query.after_cursor)
        page = await super().events(query)
        events = [event if int(event.entity_id[6:]) % self.every else _without(event) for event in page.events]
        return msgspec.structs.replace(page, events=tuple(events))


def _without(event: Event) -> Event:
    return msgspec.structs.replace(event, cursor=f"{MADE_UP}{event.entity_id}")


@pytest.mark.parametrize("every", [1, 2, 3, 10])
@pytest.mark.parametrize("back_us", [None, 30 * DAY, DAY])
async def test_events_without_a_cursor_cost_no_other_its_row(every: int, back_us: int | None) -> None:
    """Reading goes on from those that have one, else by the cursors of pages."""
    service = service_of(even(300, 20 * DAY))
    source = WithoutCursors(service)
    source.every = every
    feed = Feed(source, "lib_1", clock=lambda: NOW, since_us=None if back_us is None else NOW_US - back_us)
    await read_all(feed)
    assert entities(feed) == await entities_from(service, back_us)
    if feed.serves(None, None, newest_first=True):
        feed.since_us = None
        await read_all(feed)
        assert entities(feed) == await entities_from(service, None)


def entities(feed: Feed) -> list[str]:
    return [feed.store.event(row).entity_id for row in feed.store.rows()]


async def entities_from(service: Service, back_us: int | None) -> list[str]:
    """What the service would tell of the range."""
    feed = feed_over(service, back_us, newest_first=False)
    await read_all(feed)
    return entities(feed)

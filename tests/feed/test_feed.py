"""The feed: every event of the range once, in the server's order, however it is split into pages and windows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain.errors import CursorRefused
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Event, to_us
from gumnut_tui.feed.feed import MOST_RESTARTS, Feed
from tests.factories import NOW, make_event
from tests.feed.sources import ListSource

SLACK_S = 600


def at(number: int, seconds_ago: float) -> Event:
    return make_event(number, created_at=NOW - timedelta(seconds=seconds_ago))


def feed_over(source: ListSource, **changes: object) -> Feed:
    options: dict[str, object] = {"clock": lambda: NOW, "slack_us": SLACK_S * 1_000_000} | changes
    return Feed(source, "lib_1", **options)  # type: ignore[arg-type]


def cursors(feed: Feed) -> list[str]:
    return [feed.store.cursor(row) for row in feed.store.rows()]


async def read_newer(feed: Feed) -> None:
    """Read the newer end until nothing further is ready."""
    while not (feed.caught_up or feed.closed):
        await feed.newer()


async def poll(feed: Feed, times: int) -> None:
    """Ask at the newer end `times` times, whatever it says."""
    for _ in range(times):
        await feed.newer()


async def read_all(feed: Feed) -> None:
    """Read both ends as far as they go, and look for stragglers."""
    await read_newer(feed)
    while not feed.reaches_start:
        await feed.older()
    while not feed.is_settled:
        await feed.settle()


@st.composite
def displaced_feeds(draw: st.DrawFn) -> list[Event]:
    """Up to 80 events whose times differ from the feed's order by less than half the slack."""
    gaps = draw(st.lists(st.sampled_from([0.0, 0.5, 7.0, 90.0, 1500.0, 20_000.0]), max_size=80))
    skews = draw(st.lists(st.floats(0, SLACK_S / 2 - 1), min_size=len(gaps), max_size=len(gaps)))
    ago, events = 5.0 + sum(gaps), []
    for number, (gap, skew) in enumerate(zip(gaps, skews, strict=True)):
        ago -= gap
        events.append(at(number, ago + skew))
    return events


@given(displaced_feeds(), st.integers(1, 30), st.booleans(), st.sampled_from([None, 400, 50_000, 10**6]))
async def test_windows_bring_each_event_once_in_feed_order(
    events: list[Event], page_rows: int, honours_lt: bool, since_s: int | None
) -> None:
    """Any split into pages and windows gives the same rows as the feed itself, stragglers at their place."""
    since_us = None if since_s is None else to_us(NOW - timedelta(seconds=since_s))
    feed = feed_over(ListSource(events, page_rows=page_rows, honours_lt=honours_lt), since_us=since_us)
    await read_all(feed)
    assert cursors(feed) == [e.cursor for e in events if since_us is None or e.created_at_us >= since_us]


@given(displaced_feeds(), st.integers(1, 30), st.lists(st.sampled_from("nos"), max_size=60), st.integers(0, 80))
async def test_live_events_fit_in_whatever_is_read_meanwhile(
    events: list[Event], page_rows: int, steps: list[str], arrived: int
) -> None:
    """Reading older pages, newer pages and stragglers in any order, while events arrive, ends in the same rows."""
    source = ListSource(events[:arrived], page_rows=page_rows)
    feed = feed_over(source)
    while not feed.is_open:
        await feed.newer()
    for step in steps:
        await {"n": feed.newer, "o": feed.older, "s": feed.settle}[step]()
        source.events_held = events[: len(source.events_held) + 3]
    source.events_held = events
    feed.caught_up = False
    await read_all(feed)
    late = [e for e in events[arrived:] if e.cursor not in cursors(feed)]
    assert all(e.created_at_us < (feed._forward.gte_us or 0) for e in late)
    assert cursors(feed) == [e.cursor for e in events if e not in late]


@given(displaced_feeds(), st.integers(1, 30))
async def test_oldest_first_reads_by_cursor_alone(events: list[Event], page_rows: int) -> None:
    """Oldest first, pages follow each other by cursor and bring the feed as it is."""
    feed = feed_over(ListSource(events, page_rows=page_rows), newest_first=False)
    await read_newer(feed)
    assert cursors(feed) == [event.cursor for event in events]


async def test_the_newest_rows_come_first_whatever_the_size_of_the_range() -> None:
    """With 20,000 events in the last hour, the newest rows are there after a few requests."""
    events = [at(number, 3600 - number * 0.18) for number in range(20_000)]
    source = ListSource(events, page_rows=200)
    feed = feed_over(source)
    await read_newer(feed)
    assert cursors(feed)[-1] == events[-1].cursor
    assert len(source.asked) <= 6


async def test_a_quiet_library_is_reached_in_few_requests() -> None:
    """When nothing happened for three years, the first rows still come within a dozen requests."""
    source = ListSource([at(number, 3 * 365 * 86400 - number) for number in range(50)], page_rows=200)
    feed = feed_over(source)
    await read_newer(feed)
    while not len(feed.store):
        await feed.older()
    assert len(source.asked) <= 12


async def test_a_dense_older_stretch_is_not_read_whole() -> None:
    """Going back into an import of 10,000 events reads a few pages of it, not the import from its beginning."""
    events = [at(number, 7200 - number * 0.1) for number in range(10_000)]
    source = ListSource([*events, at(10_001, 60)], page_rows=200)
    feed = feed_over(source)
    await read_newer(feed)
    while len(feed.store) < 100:
        await feed.older()
    assert len(source.asked) <= 25


async def test_a_past_upper_bound_ends_the_reading() -> None:
    """With `until` in the past, reading stops once a whole page lies beyond it and the slack."""
    events = [at(number, 100_000 - number * 10) for number in range(5_000)]
    until_us = events[1000].created_at_us
    source = ListSource(events, page_rows=50)
    feed = feed_over(source, until_us=until_us, since_us=events[500].created_at_us)
    await read_all(feed)
    assert feed.closed
    inside = feed.store.view(EventFilter(until_us=until_us))
    assert [feed.store.cursor(row) for row in inside] == [event.cursor for event in events[500:1000]]
    assert len(source.asked) < 40


@pytest.mark.parametrize("newest_first", [True, False])
async def test_an_exact_read_finds_what_appears_long_after_its_time(newest_first: bool) -> None:
    """However many pages beyond the upper bound, or beyond a window, an event appears."""
    events = [at(number, 100_000 - number * 10) for number in range(5_000)]
    late, earlier = make_event(7_000, created_at=events[990].created_at), at(7_001, 95_500)
    until_us = events[1000].created_at_us
    source = ListSource([*events, late, earlier], page_rows=50)
    feed = feed_over(source, until_us=until_us, since_us=events[400].created_at_us, newest_first=newest_first)
    feed.read_exactly()
    await read_all(feed)
    assert feed.closed
    inside = feed.store.view(EventFilter(until_us=until_us))
    assert [feed.store.cursor(row) for row in inside] == [e.cursor for e in (*events[400:1000], late, earlier)]


async def test_a_refused_cursor_reads_everything_again() -> None:
    """A cursor the server no longer takes costs a new reading, not an event, and no event shows twice."""
    events = [at(number, 20 - number) for number in range(20)]
    source = ListSource(events, page_rows=6)
    feed = feed_over(source)
    await read_newer(feed)
    source.refused.add(events[-1].cursor)
    await feed.newer()
    source.refused.clear()
    await read_newer(feed)
    assert feed.restarts == 1
    assert cursors(feed) == [event.cursor for event in events]


async def test_cursors_refused_again_and_again_end_in_an_error() -> None:
    """A server that refuses every cursor is reported, not asked for ever."""
    events = [at(number, 20 - number) for number in range(20)]
    source = ListSource(events, page_rows=6)
    source.refused = {event.cursor for event in events}
    feed = feed_over(source)
    with pytest.raises(CursorRefused):
        await poll(feed, times=100)
    assert feed.restarts == MOST_RESTARTS


async def test_an_empty_library_is_caught_up_and_read_to_its_start() -> None:
    """Nothing at all is an answer: the feed is at its end and at its start."""
    feed = feed_over(ListSource([]))
    await read_all(feed)
    assert feed.caught_up
    assert feed.reaches_start
    assert not len(feed.store)

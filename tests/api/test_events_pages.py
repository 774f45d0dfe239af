"""Reading the feed to its end."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gumnut_tui.api.events import read_pages
from gumnut_tui.domain.errors import FeedStuck, TimedOut
from gumnut_tui.domain.models import Event, EventPage
from gumnut_tui.domain.ports import EventQuery
from tests.api.fakes import ListFeed, client_for
from tests.factories import NOW, make_event, make_events

GENERATIONS = ("current", "seed2", "seed1", "b")


async def read(client: Any, slack: timedelta | None = None, **wishes: Any) -> list[str]:
    """The cursors of all events the feed gives."""
    async with aclosing(client.read_feed(EventQuery("lib_1", **wishes), slack)) as pages:
        return [event.cursor async for page in pages for event in page.events]


def at(seconds: int) -> Any:
    """A time so many seconds after the start of the tests' day."""
    return NOW + timedelta(seconds=seconds)


@settings(deadline=None, max_examples=60)
@given(
    seconds=st.lists(st.integers(0, 40), max_size=30),
    sizes=st.lists(st.integers(1, 7), max_size=12),
    generation=st.sampled_from(GENERATIONS),
    since=st.none() | st.integers(0, 40),
    until=st.none() | st.integers(0, 40),
    raw=st.booleans(),
)
async def test_any_split_into_pages_gives_the_same_events_each_once(
    seconds: list[int],
    sizes: list[int],
    generation: str,
    since: int | None,
    until: int | None,
    raw: bool,
) -> None:
    """Whatever the pages, the generation and the disorder of times: the range's events, in feed order, each once."""
    events = [make_event(number, created_at=at(second)) for number, second in enumerate(seconds)]
    client, _ = client_for(ListFeed(events, generation, page=5, sizes=sizes))
    found = await read(
        client,
        created_at_gte=None if since is None else at(since),
        created_at_lt=None if until is None else at(until),
        raw=raw,
    )
    inside = [
        event.cursor
        for event, second in zip(events, seconds, strict=True)
        if (since is None or second >= since) and (until is None or second < until)
    ]
    assert found == inside


@settings(deadline=None, max_examples=40)
@given(seconds=st.lists(st.integers(0, 100), max_size=40), until=st.integers(0, 100), size=st.integers(1, 9))
async def test_slack_loses_nothing_that_is_late_by_less(seconds: list[int], until: int, size: int) -> None:
    """If no event stands later in the feed than the slack, reading may end early and still gives the whole range."""
    slack = 10
    # Each event stands at most `slack` seconds behind the latest time before it.
    latest, times = 0, []
    for second in seconds:
        latest = max(latest, second)
        times.append(max(second, latest - slack + 1))
    events = [make_event(number, created_at=at(second)) for number, second in enumerate(times)]
    client, _ = client_for(ListFeed(events, page=size))
    found = await read(client, created_at_lt=at(until), slack=timedelta(seconds=slack))
    assert found == [event.cursor for event, second in zip(events, times, strict=True) if second < until]


async def test_slack_ends_the_reading_early() -> None:
    """A feed that goes on long after the range is not read to its end; without slack it is."""
    events = [make_event(number, created_at=at(number * 60)) for number in range(100)]
    for slack, requests in ((timedelta(minutes=5), 2), (None, 10)):
        client, seen = client_for(ListFeed(events, page=10))
        assert len(await read(client, created_at_lt=at(300), slack=slack)) == 5
        assert len(seen.requests) == requests


async def test_every_page_repeats_what_was_asked() -> None:
    """Library, types and lower bound stay the same; only the cursor moves. An older server gets bound plus slack."""
    client, seen = client_for(ListFeed(make_events(6), "seed2", page=2))
    await read(
        client,
        created_at_gte=at(-90_000),
        created_at_lt=at(0),
        slack=timedelta(minutes=10),
        entity_types={"asset"},
        limit=9,
    )
    assert seen.asked("after_cursor") == [None, "cursor-000002", "cursor-000004"]
    for name, value in (
        ("library_id", "lib_1"),
        ("entity_types", "asset"),
        ("created_at_gte", "2026-11-19T11:00:00Z"),
        ("created_at_lt", "2026-11-20T12:10:00Z"),
        ("limit", "9"),
    ):
        assert seen.asked(name) == [value] * 3


class Steps:
    """Pages that come when the test lets them; says what was asked for and what was given up."""

    def __init__(self, pages: dict[str | None, EventPage]) -> None:
        self.pages = pages
        self.asked: list[str | None] = []
        self.given_up: list[str | None] = []
        self.held: set[str | None] = set()
        self.changed = asyncio.Event()

    async def fetch(self, query: EventQuery) -> EventPage:
        cursor = query.after_cursor
        self.asked.append(cursor)
        self.changed.set()
        try:
            if cursor in self.held:
                await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.given_up.append(cursor)
            raise
        return self.pages[cursor]


def chain(count: int) -> dict[str | None, EventPage]:
    """A feed of one-event pages; the cursor of a page is that of its event."""
    pages: dict[str | None, EventPage] = {}
    events: list[Event] = make_events(count)
    before: str | None = None
    for number, event in enumerate(events, 1):
        pages[before] = EventPage((event,), event.cursor, number < count)
        before = event.cursor
    return pages


async def test_the_next_page_is_on_its_way_while_one_is_used() -> None:
    """The request for the second page is out before the first one is asked to make room."""
    steps = Steps(chain(3))
    async with aclosing(read_pages(steps.fetch, EventQuery())) as pages:
        await anext(pages)
        while len(steps.asked) < 2:
            steps.changed.clear()
            await steps.changed.wait()
        assert steps.asked == [None, "cursor-000001"]


async def test_closing_gives_up_the_page_under_way() -> None:
    """Whoever stops after a few rows leaves no request behind."""
    steps = Steps(chain(3))
    steps.held = {"cursor-000001"}
    async with aclosing(read_pages(steps.fetch, EventQuery())) as pages:
        await anext(pages)
        while len(steps.asked) < 2:
            steps.changed.clear()
            await steps.changed.wait()
    assert steps.given_up == ["cursor-000001"]


async def test_cancelling_the_reader_gives_up_the_page_under_way() -> None:
    """The request goes with the task that waits for it."""
    steps = Steps(chain(2))
    steps.held = {None}
    reader = asyncio.ensure_future(anext(read_pages(steps.fetch, EventQuery())))
    await steps.changed.wait()
    reader.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reader
    assert steps.given_up == [None]


async def test_a_failed_prefetch_is_told_after_the_page_before_it_was_given() -> None:
    """No page that arrived is lost to the failure of the next."""
    first = chain(2)[None]

    async def fetch(query: EventQuery) -> EventPage:
        if query.after_cursor is None:
            return first
        raise TimedOut("GET /api/events", "nothing came")

    async with aclosing(read_pages(fetch, EventQuery())) as pages:
        assert await anext(pages) == first
        with pytest.raises(TimedOut):
            await anext(pages)


async def test_cursors_in_a_circle_end_with_an_error() -> None:
    """Each page moves on, but to where one has been: reading would never end."""
    events = make_events(2)
    pages = {
        None: EventPage((events[0],), "a", True),
        "a": EventPage((events[1],), "b", True),
        "b": EventPage((events[0],), "a", True),
    }
    steps = Steps(dict(pages))
    with pytest.raises(FeedStuck):
        async for _ in read_pages(steps.fetch, EventQuery()):
            pass
    assert steps.asked == [None, "a", "b"]


async def test_pages_without_events_in_the_range_are_given_too() -> None:
    """So that progress shows while nothing matches."""
    client, _ = client_for(ListFeed(make_events(6), page=2))
    async with aclosing(client.read_feed(EventQuery("lib_1", created_at_lt=at(-200_000)))) as pages:
        assert [len(page.events) async for page in pages] == [0, 0, 0]

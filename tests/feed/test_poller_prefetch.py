"""Rules for reading ahead: the next page is under way before it is asked for, and nothing else changes."""

from __future__ import annotations

import asyncio

import pytest

from gumnut_tui.domain.errors import CursorRefused
from gumnut_tui.domain.models import EventPage
from gumnut_tui.domain.ports import EventQuery
from gumnut_tui.feed.poller import Prefetch
from tests.factories import NOW, make_events
from tests.feed.sources import ListSource

EVENTS = make_events(12)


async def read_to_the_end(source: Prefetch) -> list[EventPage]:
    pages = [await source.events(EventQuery("lib"))]
    while pages[-1].has_more:
        pages.append(await source.events(EventQuery("lib", after_cursor=pages[-1].next_cursor)))
    return pages


async def test_the_next_page_is_asked_for_before_it_is_wanted() -> None:
    """When a page is given, the request for the one behind it has gone out."""
    held = ListSource(EVENTS)
    page = await Prefetch(held, lambda: True).events(EventQuery("lib", created_at_gte=NOW.replace(year=2025)))
    assert held.asked == [(None, NOW.replace(year=2025), None), (page.next_cursor, NOW.replace(year=2025), None)]


async def test_each_page_is_asked_for_once() -> None:
    """A reading to the end gives every event once, with as many requests as without reading ahead."""
    held = ListSource(EVENTS)
    pages = await read_to_the_end(Prefetch(held, lambda: True))
    assert [event for page in pages for event in page.events] == EVENTS
    assert len(held.asked) == len(pages) == 3


async def test_what_nobody_wants_is_not_asked_for() -> None:
    """Nothing goes out ahead when it is not wanted, nor in a read with an upper bound, which may end at any page."""
    unwanted, bounded = ListSource(EVENTS), ListSource(EVENTS)
    await Prefetch(unwanted, lambda: False).events(EventQuery("lib"))
    await Prefetch(bounded, lambda: True).events(EventQuery("lib", created_at_lt=NOW))
    assert (len(unwanted.asked), len(bounded.asked)) == (1, 1)


async def test_another_question_leaves_the_page_under_way() -> None:
    """A read elsewhere in between neither gets the page nor loses it."""
    held = ListSource(EVENTS)
    source = Prefetch(held, lambda: True)
    first = await source.events(EventQuery("lib"))
    elsewhere = await source.events(EventQuery("lib", created_at_gte=EVENTS[9].created_at, created_at_lt=NOW))
    second = await source.events(EventQuery("lib", after_cursor=first.next_cursor))
    assert [list(page.events) for page in (first, elsewhere, second)] == [EVENTS[:5], EVENTS[9:], EVENTS[5:10]]
    assert [asked[0] for asked in held.asked] == [None, EVENTS[4].cursor, None, EVENTS[9].cursor]


async def test_a_failure_ahead_is_nobodys_until_it_is_asked_for() -> None:
    """A page that failed while nobody waited for it is asked for again, and only then its failure is raised."""
    held = ListSource(EVENTS)
    held.refused.add(EVENTS[4].cursor)
    source = Prefetch(held, lambda: True)
    page = await source.events(EventQuery("lib"))
    with pytest.raises(CursorRefused):
        await source.events(EventQuery("lib", after_cursor=page.next_cursor))
    held.refused.clear()
    assert (await source.events(EventQuery("lib", after_cursor=page.next_cursor))).events == tuple(EVENTS[5:10])


async def test_who_stops_waiting_stops_the_request() -> None:
    """Cancelling the one who waits for a page cancels the request for it."""
    begun, stopped = asyncio.Event(), asyncio.Event()

    class Silent(ListSource):
        async def events(self, query: EventQuery) -> EventPage:
            begun.set()
            try:
                await asyncio.Event().wait()
            finally:
                stopped.set()
            raise AssertionError

    waiting = asyncio.ensure_future(Prefetch(Silent([]), lambda: True).events(EventQuery("lib")))
    await begun.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert stopped.is_set()

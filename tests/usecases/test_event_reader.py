"""EventReader against feed order: every event once, and none before its place is settled."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain.models import Event, to_us
from gumnut_tui.feed.feed import Feed
from gumnut_tui.usecases.event_reader import _final_rows
from tests.factories import NOW, make_event
from tests.feed.sources import ListSource

SLACK = timedelta(minutes=10)
MINUTES = st.integers(0, 3 * 24 * 60)
LATENESS = st.integers(0, 9)
"""Minutes an event stands later in the feed than its `created_at` says; always less than the slack."""


@st.composite
def feeds(draw: st.DrawFn) -> list[Event]:
    """Events in feed order, some of them late."""
    placed = draw(st.lists(st.tuples(MINUTES, LATENESS), max_size=60))
    placed.sort(key=lambda pair: -pair[0])
    return [
        make_event(number, created_at=NOW - timedelta(minutes=ago + late))
        for number, (ago, late) in enumerate(placed, start=1)
    ]


def backwards(events: list[Event], page_rows: int, honours_lt: bool, days: int | None) -> list[list[Event]]:
    source = ListSource(events, page_rows=page_rows, honours_lt=honours_lt)
    since_us = None if days is None else to_us(NOW - timedelta(days=days))
    slack_us = to_us(NOW) - to_us(NOW - SLACK)
    feed = Feed(source, "lib_1", clock=lambda: NOW, since_us=since_us, slack_us=slack_us)

    async def read() -> list[list[Event]]:
        return [[feed.store.event(row) for row in rows] async for rows in _final_rows(feed, slack_us)]

    return asyncio.run(read())


@given(feeds(), st.integers(1, 7), st.booleans(), st.sampled_from([None, 1, 2]))
def test_backwards_is_the_feed_turned_round(
    events: list[Event], page_rows: int, honours_lt: bool, days: int | None
) -> None:
    """Whatever the pages, the windows and the stragglers within the slack, each event comes once, in order."""
    lower = None if days is None else NOW - timedelta(days=days)
    expected = [event for event in reversed(events) if lower is None or event.created_at >= lower]
    found = [event for batch in backwards(events, page_rows, honours_lt, days) for event in batch]
    assert [event.cursor for event in found] == [event.cursor for event in expected]


def test_rows_come_before_the_whole_range_was_read() -> None:
    """The first rows are given out while the feed has still far to go."""
    events = [make_event(number, created_at=NOW - timedelta(minutes=3000 - number)) for number in range(3000)]
    batches = [batch for batch in backwards(events, 200, False, None) if batch]
    assert len(batches) > 3
    assert all(later[0].cursor < earlier[-1].cursor for earlier, later in pairwise(batches))

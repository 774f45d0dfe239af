"""Rules for putting a second reading of a feed together with what is known."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain.cursors import CursorSet
from gumnut_tui.domain.models import EventPage
from gumnut_tui.feed.stretch import Reread, Stretch
from gumnut_tui.store.event_store import EventStore
from tests.factories import make_events


@given(st.lists(st.booleans(), max_size=30), st.integers(1, 7))
def test_a_second_reading_fills_the_gaps_in_feed_order(known: list[bool], page_rows: int) -> None:
    """Whatever was known, each event ends at its place once."""
    feed = make_events(len(known))
    store = EventStore()
    store.append(event for event, is_known in zip(feed, known, strict=True) if is_known)
    reread = Reread(store, CursorSet(store.cursor(row) for row in store.rows()), Stretch(None))
    for start in range(0, len(feed), page_rows):
        page = feed[start : start + page_rows]
        has_more = start + page_rows < len(feed)
        assert reread.take(EventPage(tuple(page), page[-1].cursor, has_more)) is not has_more
    assert [store.cursor(row) for row in store.rows()] == [event.cursor for event in feed]


def test_what_comes_another_way_is_left_to_it() -> None:
    """Behind the event at which the reading ends."""
    feed = make_events(6)
    store = EventStore()
    store.append([feed[1], feed[3]])
    known = CursorSet([feed[1].cursor, feed[3].cursor])
    reread = Reread(store, known, Stretch(None, feed[1].cursor), until=feed[3].cursor)
    assert reread.take(EventPage(tuple(feed), feed[5].cursor, True))
    assert [store.cursor(row) for row in store.rows()] == [event.cursor for event in feed[1:4]]

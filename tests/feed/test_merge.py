"""Rules for putting a second reading of a feed together with what is known."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain.cursor_set import CursorSet
from gumnut_tui.feed.merge import Reread
from gumnut_tui.store.event_store import EventStore
from tests.factories import make_events


@given(st.lists(st.booleans(), max_size=30), st.integers(1, 7))
def test_a_second_reading_fills_the_gaps_in_feed_order(known: list[bool], page_rows: int) -> None:
    """Whatever was known, each event ends at its place once."""
    feed = make_events(len(known))
    store = EventStore()
    store.append(event for event, is_known in zip(feed, known, strict=True) if is_known)
    reread = Reread(store, CursorSet(store.cursor(row) for row in store.rows()))
    for start in range(0, len(feed), page_rows):
        reread.take(feed[start : start + page_rows])
    reread.end()
    assert [store.cursor(row) for row in store.rows()] == [event.cursor for event in feed]

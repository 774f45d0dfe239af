"""Rules for putting a second reading of a feed together with what is known."""

from __future__ import annotations

from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain.models import Event
from gumnut_tui.feed.merge import LOOKAHEAD, Seam
from gumnut_tui.store.event_store import EventStore
from tests.factories import make_events


def everything(_event: Event) -> bool:
    return True


def cursors(store: EventStore) -> list[str]:
    return [store.cursor(row) for row in store.rows()]


@given(st.lists(st.booleans(), max_size=30), st.lists(st.integers(1, 6), min_size=30, max_size=30), st.integers(0, 30))
def test_a_second_reading_fills_the_gaps_in_feed_order(known: list[bool], sizes: list[int], late: int) -> None:
    """Whatever was known, and though the newer end grows between pages, each event ends at its place once."""
    feed = make_events(len(known) + late)
    store = EventStore()
    store.append(event for event, is_known in zip(feed, known, strict=False) if is_known)
    seam, rest, arriving = Seam(store), iter(feed), iter(feed[len(known) :])
    for size in sizes:
        seam.merge(list(islice(rest, size)), lambda event: event not in feed[len(known) :])
        store.append(islice(arriving, 1))
    seam.merge(list(rest), everything)
    store.append(arriving)
    assert cursors(store) == [event.cursor for event in feed]


def test_what_is_not_wanted_stays_out() -> None:
    """Events that will come by another way are not taken in; the count is of those that were."""
    store, events = EventStore(), make_events(6)
    store.append(events[2:4])
    assert Seam(store).merge(events, lambda event: event is not events[5]) == 3
    assert cursors(store) == [event.cursor for event in events[:5]]


def test_it_knows_the_rows_ahead_and_not_those_behind() -> None:
    """`knows` looks at the known rows that were not passed yet."""
    store, events = EventStore(), make_events(4)
    store.append(events[1:])
    seam = Seam(store)
    assert [seam.knows(event.cursor) for event in events] == [False, True, True, True]
    seam.merge(events[:3], everything)
    assert [seam.knows(event.cursor) for event in events] == [False, False, False, True]


def test_a_reading_that_leaves_known_rows_out_still_fits() -> None:
    """Rows may be known that the second reading does not bring: they are passed over, up to the lookahead."""
    store, events = EventStore(), make_events(LOOKAHEAD + 1)
    store.append([*events[:1], *events[2:]])
    Seam(store).merge([events[0], events[1], events[-1]], everything)
    assert cursors(store) == [event.cursor for event in events]

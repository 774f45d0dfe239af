"""Marks: events one has put aside to look at together."""

from __future__ import annotations

from gumnut_tui.app.marks import Marks
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Operation
from gumnut_tui.store.event_store import EventStore
from tests.factories import make_event, make_events


def store_of(count: int) -> EventStore:
    store = EventStore()
    store.append(make_events(count))
    return store


def test_marking_twice_takes_the_mark_away() -> None:
    """The same key marks and unmarks."""
    store, marks = store_of(5), Marks()
    marks.toggle(store, 2)
    marks.toggle(store, 3)
    marks.toggle(store, 2)
    assert marks.rows == {3}
    assert 3 in marks
    assert 2 not in marks


def test_marks_find_their_events_in_a_new_reading() -> None:
    """A row number means nothing in another store; the cursor still does."""
    old, marks = store_of(5), Marks()
    marks.toggle(old, 4)
    fresh = EventStore()
    fresh.append(make_events(1, start=9))
    assert not marks.look_in(fresh)
    assert marks.rows == frozenset()
    fresh.append(make_events(3, start=4))
    assert marks.look_in(fresh)
    assert [fresh.event(row) for row in marks.rows] == [make_event(5)]


def test_a_view_among_marked_rows_still_filters() -> None:
    """Only what is marked and passes the filter is shown, and counted."""
    store = EventStore()
    store.append([make_event(n, event_type="asset_deleted" if n % 2 else "asset_created") for n in range(10)])
    view = store.view(EventFilter(operations=frozenset({Operation.DELETED})), among=frozenset({1, 2, 3}))
    assert list(view) == [1, 3]
    assert view.type_counts() == {("asset", "asset_deleted"): 2, ("asset", "asset_created"): 1}
    store.append(make_events(3, start=20))
    view.refresh()
    assert list(view) == [1, 3]

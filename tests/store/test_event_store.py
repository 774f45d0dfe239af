"""Rules for the store and its views: feed order however events came, and rows just as the filter says."""

from __future__ import annotations

from collections.abc import Collection
from itertools import count

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Event
from gumnut_tui.store.columns import Columns, Rows
from gumnut_tui.store.event_store import EventStore, View
from tests import hostile
from tests.factories import make_event, make_events

Arrivals = list[tuple[float, list[Event]]]
arrivals = st.lists(st.tuples(st.floats(0, 1), st.lists(hostile.events, max_size=4)), max_size=6)
"""Batches, each with the place where it goes: 0 in front of all rows, 1 behind them, else between."""


def take_in(store: EventStore, order: list[int], place: float, batch: list[Event]) -> None:
    """Insert a batch; `order` is the same feed as a plain list of rows."""
    index = round(place * len(order))
    rows = store.insert(batch, before=order[index] if index < len(order) else None)
    order[index:index] = rows


def grown(batches: Arrivals) -> tuple[EventStore, list[int]]:
    store, order = EventStore(), list[int]()
    for place, batch in batches:
        take_in(store, order, place, batch)
    return store, order


@given(arrivals)
def test_rows_stand_in_feed_order_wherever_they_were_put(batches: Arrivals) -> None:
    """Walking, first and last row agree with a plain list into which the same was inserted."""
    store, order = grown(batches)
    assert list(store.rows()) == order
    assert (store.first_row, store.last_row) == ((order[0], order[-1]) if order else (None, None))


@given(arrivals, st.lists(st.tuples(st.floats(0, 1), st.lists(hostile.events, max_size=3)), max_size=6))
def test_several_groups_go_in_as_each_by_itself_would(batches: Arrivals, groups: Arrivals) -> None:
    """In one walk or one after the other: the feed order is the same, and a view takes them in."""
    (one, order), (other, _) = grown(batches), grown(batches)
    view = one.view(EventFilter())
    places = [round(place * len(order)) for place, _ in groups]
    parts = [(events, order[at] if at < len(order) else None) for at, (_, events) in zip(places, groups, strict=True)]
    one.insert_all(parts)
    for events, before in parts:
        other.insert(events, before=before)
    assert list(one.rows()) == list(other.rows())
    view.refresh()
    assert list(view) == list(one.rows())


def test_a_row_that_is_not_there_changes_nothing() -> None:
    """Inserting in front of an unknown row raises, and the store is as it was."""
    store = EventStore()
    store.append(make_events(3))
    with pytest.raises(IndexError):
        store.insert(make_events(2), before=3)
    with pytest.raises(IndexError):
        store.insert_all([(make_events(2), 1), (make_events(2), 3)])
    assert (len(store), list(store.rows())) == (3, [0, 1, 2])


@given(arrivals, hostile.filters)
@settings(max_examples=200)
def test_a_view_holds_the_rows_the_filter_lets_through(batches: Arrivals, wanted: EventFilter) -> None:
    """The view evaluates in columns what `EventFilter.matches` says of each event, in feed order."""
    store, order = grown(batches)
    view = store.view(wanted)
    assert list(view) == [row for row in order if wanted.matches(store.event(row))]
    assert list(view) == [view[i] for i in range(len(view))] == view[:]


@given(arrivals, hostile.filters)
@settings(max_examples=200)
def test_a_refreshed_view_is_a_fresh_view(batches: Arrivals, wanted: EventFilter) -> None:
    """Taking in batch after batch ends in the same rows as looking at all of them anew."""
    store, order = EventStore(), list[int]()
    view, seldom = store.view(wanted), store.view(wanted)
    for number, (place, batch) in enumerate(batches):
        take_in(store, order, place, batch)
        view.refresh()
        assert list(view) == list(store.view(wanted))
        if number % 3 == 2:
            seldom.refresh()
            assert list(seldom) == list(view)


def test_known_rows_are_not_looked_at_again() -> None:
    """A late event in the middle of a long stretch costs only itself."""
    store = EventStore()
    store.columns = columns = CountingColumns()
    store.append(make_events(100))
    view = store.view(EventFilter(text="asset"))
    store.insert(make_events(1, start=500), before=50)
    store.append(make_events(2, start=600))
    columns.looked_at.clear()
    view.refresh()
    assert len(view) == 103
    assert columns.looked_at == [range(100, 103)]


class CountingColumns(Columns):
    """Writes down at which rows was looked for a text or an entity."""

    def __init__(self) -> None:
        super().__init__()
        self.looked_at: list[range] = []

    def found(self, rows: range, wanted: EventFilter, named: Collection[str]) -> Rows:
        self.looked_at.append(rows)
        return super().found(rows, wanted, named)


@given(arrivals, st.frozensets(st.sampled_from(hostile.EVENT_TYPES), max_size=4))
def test_places_agree_with_a_plain_list(batches: Arrivals, event_types: frozenset[str]) -> None:
    """position, index_of, nearest, after and before say what a plain list of the same rows would."""
    store, order = grown(batches)
    view = store.view(EventFilter(event_types=event_types))
    shown = list(view)
    for place, row in enumerate(order):
        ahead = sum(one in shown for one in order[:place])
        behind = ahead + (row in shown)
        assert view.position(row) == ahead
        assert view.index_of(row) == (ahead if row in shown else None)
        assert view.nearest(row) == (min(ahead, len(shown) - 1) if shown else None)
        assert view.after(row) == (behind if behind < len(shown) else None)
        assert view.before(row) == (ahead - 1 if ahead else None)


def test_a_place_outside_a_view_is_an_error() -> None:
    """Indexes count from either end and raise beyond it; a row the view has not taken in has no place."""
    store = EventStore()
    store.append(make_events(3))
    view = store.view(EventFilter())
    assert (view[-1], view[-3], view[1:]) == (2, 0, [1, 2])
    for index in (3, -4):
        with pytest.raises(IndexError):
            view[index]
    with pytest.raises(IndexError):
        view.position(3)


def test_the_history_of_an_entity_is_all_that_names_it() -> None:
    """Events about it, about its metadata, and those whose payload mentions it, in feed order."""
    store, number = EventStore(), count(10)
    own = make_event(next(number), entity_id="asset_1")
    metadata = msgspec.structs.replace(own, entity_type="metadata", event_type="metadata_updated")
    link = make_event(next(number), entity_id="album_asset_1", payload={"asset_id": "asset_1"})
    store.append([own, make_event(next(number), entity_id="asset_11"), link])
    store.insert([metadata], before=2)
    assert store.history("asset_1") == [0, 3, 2]


def test_an_event_is_found_by_its_cursor_wherever_it_stands() -> None:
    """The row that `find` gives holds the cursor asked for."""
    store = EventStore()
    store.append(make_events(3))
    store.insert(make_events(2, start=7), before=0)
    row = store.find("cursor-000008")
    assert row is not None
    assert store.cursor(row) == "cursor-000008"
    assert isinstance(store.view(EventFilter()), View)

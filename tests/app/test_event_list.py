"""Rules for the rows on the screen: their order, their counts, and the row looked at, which stays where it is."""

from __future__ import annotations

import asyncio
from collections import Counter

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.app.action_rows import Grouping
from gumnut_tui.app.event_list import MANY, EventList, Growth, IncidentRows, Marks, about, only_destructive, with_text
from gumnut_tui.domain.actions import ActionRules
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.incidents import IncidentRules
from gumnut_tui.domain.models import Event, Operation
from gumnut_tui.feed.entity_cache import NameCache
from gumnut_tui.feed.feed import Feed
from gumnut_tui.store.event_store import EventStore
from tests import hostile
from tests.factories import NOW, make_event, make_events
from tests.feed.entity_sources import EntityShelf, photo
from tests.feed.sources import ListSource

batches = st.lists(st.tuples(st.floats(0, 1), st.lists(hostile.events, max_size=4)), max_size=4)


def browse(events: list[Event], wanted: EventFilter | None = None, *, newest_first: bool = True) -> EventList:
    feed = Feed(ListSource([]), "lib_1", clock=lambda: NOW)
    feed.store.append(events)
    return EventList(feed, NameCache(EntityShelf(), "lib_1"), wanted or EventFilter(), newest_first=newest_first)


def shown(event_list: EventList) -> list[int]:
    return [event_list.rows[index] for index in range(len(event_list.rows))]


def test_the_order_of_the_screen_is_the_feed_or_its_reverse() -> None:
    """Turning shows the same rows the other way round, and every row knows its place."""
    event_list = browse(make_events(4))
    assert shown(event_list) == [3, 2, 1, 0]
    event_list.turn()
    assert shown(event_list) == [0, 1, 2, 3]
    event_list.turn()
    assert [event_list.rows.index_of(row) for row in (0, 3)] == [3, 0]


@pytest.mark.parametrize("newest_first", [True, False])
def test_there_are_no_rows_beyond_the_last(newest_first: bool) -> None:
    """An index past either end raises, so that a loop over the rows ends."""
    rows = browse(make_events(2), newest_first=newest_first).rows
    for index in (2, -1):
        with pytest.raises(IndexError):
            rows[index]


@given(st.lists(hostile.events, min_size=1, max_size=6), batches, hostile.filters, st.booleans(), st.data())
def test_the_row_looked_at_keeps_its_place(
    events: list[Event], gained: list[tuple[float, list[Event]]], wanted: EventFilter, newest: bool, data: st.DataObject
) -> None:
    """What `refresh` says came above is just how far the anchor moved; all that came is said."""
    event_list = browse(events, wanted, newest_first=newest)
    anchor = data.draw(st.integers(0, len(events) - 1))
    before, at = shown(event_list), event_list.rows.index_of(anchor)
    order = list(range(len(events)))
    for place, batch in gained:
        index = round(place * len(order))
        order[index:index] = event_list.feed.store.insert(batch, before=order[index] if index < len(order) else None)
    growth = event_list.refresh(anchor)
    after = shown(event_list)
    passing = [row for row in order if wanted.matches(event_list.feed.store.event(row))]
    assert after == (passing[::-1] if newest else passing)
    assert growth is not None
    assert len(after) == len(before) + growth.above + growth.below
    assert event_list.rows.index_of(anchor) == (None if at is None else at + growth.above)


def test_without_an_anchor_nothing_is_said_but_all_is_shown() -> None:
    """An empty screen takes in what came."""
    event_list = browse([])
    event_list.feed.store.append(make_events(3))
    assert event_list.refresh(None) is None
    assert shown(event_list) == [2, 1, 0]


def test_a_feed_read_again_shows_its_new_rows() -> None:
    """Row numbers of the old store mean nothing any more, so nothing is said of the anchor."""
    event_list = browse(make_events(3))
    event_list.feed.store = EventStore()
    event_list.feed.store.append(make_events(2))
    assert event_list.refresh(2) is None
    assert shown(event_list) == [1, 0]


def test_a_row_filtered_out_still_anchors() -> None:
    """Rows go on arriving on the screen while the row looked at last is not shown."""
    event_list = browse(make_events(2), EventFilter(entity_id=make_event(3).entity_id))
    event_list.feed.store.append(make_events(1, start=3))
    assert event_list.refresh(0) == Growth(above=1, below=0)
    assert shown(event_list) == [2]


def test_a_suspended_filter_keeps_the_range() -> None:
    """Suspended, all events of the range show; setting a filter takes it into force."""
    events = make_events(4)
    wanted = EventFilter(text="no such", since_us=events[2].created_at_us)
    event_list = browse(events, wanted)
    assert shown(event_list) == []
    event_list.suspend()
    assert shown(event_list) == [3, 2]
    assert event_list.filter == wanted
    event_list.set_filter(EventFilter(text="asset"))
    assert not event_list.suspended
    assert len(shown(event_list)) == 4


async def test_rows_show_once_their_names_are_known() -> None:
    """A text finds rows by the names of their entities, as soon as these were read."""
    event_list = browse(make_events(3), EventFilter(text="img_2031"))
    assert shown(event_list) == []
    event_list.names.learn(photo(make_event(2).entity_id))
    await event_list.rename()
    assert shown(event_list) == [1]
    rows = event_list.rows
    await event_list.rename()
    assert event_list.rows is rows


@given(st.lists(hostile.events, max_size=8), hostile.filters)
def test_each_choice_counts_what_it_would_show(events: list[Event], wanted: EventFilter) -> None:
    """Beside an entity type or operation stands how many rows there are of it under the rest of the filter."""
    event_list = browse(events, wanted)
    any_type = msgspec.structs.replace(wanted, entity_types=None)
    any_operation = msgspec.structs.replace(wanted, operations=None)
    assert event_list.type_counts() == Counter(e.entity_type for e in events if any_type.matches(e))
    assert event_list.operation_counts() == Counter(e.operation for e in events if any_operation.matches(e))


def test_hits_lead_from_one_to_the_next_inside_the_filter() -> None:
    """Destructive events, a text, an entity: each narrows what is shown, and never widens it."""
    events = [make_event(1), make_event(2, event_type="asset_deleted"), make_event(3, event_type="asset_trashed")]
    event_list = browse(events, EventFilter(operations=frozenset({Operation.CREATED, Operation.DELETED})))
    assert list(event_list.hits(only_destructive)) == [1]
    assert list(event_list.hits(with_text("CURSOR-000001"))) == [0]
    assert list(event_list.hits(about(events[2].entity_id))) == []


async def test_a_long_search_is_done_in_a_thread_and_misses_nothing() -> None:
    """With very many rows the text is looked for off the loop, and rows that come meanwhile are in the answer."""
    event_list, store = browser_with_many()
    wanted = EventFilter(text="asset_0000000000000000000777")
    assert event_list.takes_long(wanted)
    assert not event_list.takes_long(EventFilter())
    searching = asyncio.create_task(event_list.prepared(wanted))
    await asyncio.sleep(0)
    store.append([make_event(777)])
    assert [store.event(row).entity_id for row in await searching] == [wanted.text, wanted.text]


def browser_with_many() -> tuple[EventList, EventStore]:
    """A browser over just as many rows as are searched in a thread."""
    feed = Feed(ListSource([]), "lib_1", clock=lambda: NOW)
    feed.store.append(make_event(number) for number in range(MANY))
    return EventList(feed, NameCache(EntityShelf(), "lib_1"), EventFilter(), newest_first=True), feed.store


def store_of(count: int) -> EventStore:
    store = EventStore()
    store.append(make_events(count))
    return store


def test_marking_twice_takes_the_mark_away() -> None:
    """The same key marks and unmarks."""
    store, marks = store_of(5), Marks()
    marks.toggle(store, [2])
    marks.toggle(store, [3])
    marks.toggle(store, [2])
    assert marks.rows == {3}
    assert 3 in marks
    assert 2 not in marks


def test_marks_find_their_events_when_the_feed_is_read_again() -> None:
    """A row number means nothing in another store; the cursor still does."""
    old, marks = store_of(5), Marks()
    marks.toggle(old, [4])
    fresh = EventStore()
    fresh.append(make_events(1, start=9))
    assert not marks.refresh(fresh)
    assert marks.rows == frozenset()
    fresh.append(make_events(3, start=4))
    assert marks.refresh(fresh)
    assert [fresh.event(row) for row in marks.rows] == [make_event(5)]


def grouped(events: list[Event]) -> Grouping:
    """The actions of these events."""
    store = EventStore()
    store.append(events)
    grouping = Grouping(store, ActionRules())
    grouping.actions.refresh()
    return grouping


def work_on_an_album(removed: int) -> list[Event]:
    """Somebody puts a photo into an album and takes others out; beside it, one is uploaded."""
    links = [
        make_event(
            number,
            entity_type="album_asset",
            entity_id=f"link_{number}",
            event_type="album_asset_removed" if number else "album_asset_added",
            payload={"album_id": "album_1"},
        )
        for number in range(removed + 1)
    ]
    return [*links, make_event(removed + 1, event_type="asset_created")]


@pytest.mark.parametrize(("removed", "is_part"), [(10, True), (9, False)])
def test_an_action_is_part_of_an_incident_that_any_of_its_events_belongs_to(removed: int, is_part: bool) -> None:
    """Whether or not that is the event which was read first, and as soon as there are enough."""
    grouping = grouped(work_on_an_album(removed))
    rows = IncidentRows(IncidentRules(), lambda: grouping)
    assert ~0 not in rows
    rows.refresh(grouping.store)
    assert (~0 in rows) == is_part
    assert (1 in rows, 0 in rows, ~(removed + 1) in rows) == (is_part, False, False)
    assert (rows.incident(~0), rows.incident(1), rows.incident(0)) == (rows.incident(1), rows.incident(~0), None)
    assert (rows.incident(~0) is not None) == is_part
    grouping.store.append([make_event(removed + 2, event_type="asset_trashed")])
    rows.refresh(grouping.store)
    assert ~0 in rows


@pytest.mark.parametrize("removed", [3, 30])
def test_an_action_is_marked_when_any_of_its_events_is(removed: int) -> None:
    """So that a mark is seen when the events are folded away."""
    grouping = grouped(work_on_an_album(removed))
    marks = Marks(lambda: grouping)
    assert ~0 not in marks
    marks.toggle(grouping.store, [2])
    assert (~0 in marks, ~1 in marks, ~(removed + 1) in marks) == (True, True, False)
    marks.toggle(grouping.store, [2])
    assert ~0 not in marks


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

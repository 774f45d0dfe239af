"""Rules for the rows on the screen: their order, their counts, and the row looked at, which stays where it is."""

from __future__ import annotations

import asyncio
from collections import Counter

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.app.event_list import MANY, Browser, Growth, about, only_destructive, with_text
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Event, Operation
from gumnut_tui.feed.feed import Feed
from gumnut_tui.feed.names import NameBook
from gumnut_tui.store.event_store import EventStore
from tests import hostile
from tests.factories import NOW, make_event, make_events
from tests.feed.entity_sources import EntityShelf, photo
from tests.feed.sources import ListSource

batches = st.lists(st.tuples(st.floats(0, 1), st.lists(hostile.events, max_size=4)), max_size=4)


def browse(events: list[Event], wanted: EventFilter | None = None, *, newest_first: bool = True) -> Browser:
    feed = Feed(ListSource([]), "lib_1", clock=lambda: NOW)
    feed.store.append(events)
    return Browser(feed, NameBook(EntityShelf(), "lib_1"), wanted or EventFilter(), newest_first=newest_first)


def shown(browser: Browser) -> list[int]:
    return [browser.rows[index] for index in range(len(browser.rows))]


def test_the_order_of_the_screen_is_the_feed_or_its_reverse() -> None:
    """Turning shows the same rows the other way round, and every row knows its place."""
    browser = browse(make_events(4))
    assert shown(browser) == [3, 2, 1, 0]
    browser.turn()
    assert shown(browser) == [0, 1, 2, 3]
    browser.turn()
    assert [browser.rows.index_of(row) for row in (0, 3)] == [3, 0]


@pytest.mark.parametrize("newest_first", [True, False])
def test_there_are_no_rows_beyond_the_last(newest_first: bool) -> None:
    """An index past either end raises, so that walking the rows ends."""
    rows = browse(make_events(2), newest_first=newest_first).rows
    for index in (2, -1):
        with pytest.raises(IndexError):
            rows[index]


@given(st.lists(hostile.events, min_size=1, max_size=6), batches, hostile.filters, st.booleans(), st.data())
def test_the_row_looked_at_keeps_its_place(
    events: list[Event], gained: list[tuple[float, list[Event]]], wanted: EventFilter, newest: bool, data: st.DataObject
) -> None:
    """What `refresh` says came above is just how far the anchor moved; all that came is said."""
    browser = browse(events, wanted, newest_first=newest)
    anchor = data.draw(st.integers(0, len(events) - 1))
    before, at = shown(browser), browser.rows.index_of(anchor)
    order = list(range(len(events)))
    for place, batch in gained:
        index = round(place * len(order))
        order[index:index] = browser.feed.store.insert(batch, before=order[index] if index < len(order) else None)
    growth = browser.refresh(anchor)
    after = shown(browser)
    passing = [row for row in order if wanted.matches(browser.feed.store.event(row))]
    assert after == (passing[::-1] if newest else passing)
    assert growth is not None
    assert len(after) == len(before) + growth.above + growth.below
    assert browser.rows.index_of(anchor) == (None if at is None else at + growth.above)


def test_without_an_anchor_nothing_is_said_but_all_is_shown() -> None:
    """An empty screen takes in what came."""
    browser = browse([])
    browser.feed.store.append(make_events(3))
    assert browser.refresh(None) is None
    assert shown(browser) == [2, 1, 0]


def test_a_feed_read_again_shows_its_new_rows() -> None:
    """Row numbers of the old store mean nothing any more, so nothing is said of the anchor."""
    browser = browse(make_events(3))
    browser.feed.store = EventStore()
    browser.feed.store.append(make_events(2))
    assert browser.refresh(2) is None
    assert shown(browser) == [1, 0]


def test_a_row_filtered_out_still_anchors() -> None:
    """Rows go on arriving on the screen while the row looked at last is not shown."""
    browser = browse(make_events(2), EventFilter(entity_id=make_event(3).entity_id))
    browser.feed.store.append(make_events(1, start=3))
    assert browser.refresh(0) == Growth(above=1, below=0)
    assert shown(browser) == [2]


def test_a_suspended_filter_keeps_the_range() -> None:
    """Suspended, all events of the range show; setting a filter takes it into force."""
    events = make_events(4)
    wanted = EventFilter(text="no such", since_us=events[2].created_at_us)
    browser = browse(events, wanted)
    assert shown(browser) == []
    browser.suspend()
    assert shown(browser) == [3, 2]
    assert browser.filter == wanted
    browser.set_filter(EventFilter(text="asset"))
    assert not browser.suspended
    assert len(shown(browser)) == 4


async def test_rows_show_once_their_names_are_known() -> None:
    """A text finds rows by the names of their entities, as soon as these were read."""
    browser = browse(make_events(3), EventFilter(text="img_2031"))
    assert shown(browser) == []
    browser.names.learn(photo(make_event(2).entity_id))
    await browser.rename()
    assert shown(browser) == [1]
    rows = browser.rows
    await browser.rename()
    assert browser.rows is rows


@given(st.lists(hostile.events, max_size=8), hostile.filters)
def test_each_choice_counts_what_it_would_show(events: list[Event], wanted: EventFilter) -> None:
    """Beside an entity type or operation stands how many rows there are of it under the rest of the filter."""
    browser = browse(events, wanted)
    any_type = msgspec.structs.replace(wanted, entity_types=None)
    any_operation = msgspec.structs.replace(wanted, operations=None)
    assert browser.type_counts() == Counter(e.entity_type for e in events if any_type.matches(e))
    assert browser.operation_counts() == Counter(e.operation for e in events if any_operation.matches(e))


def test_walks_go_from_hit_to_hit_inside_the_filter() -> None:
    """Destructive events, a text, an entity: each narrows what is shown, and never widens it."""
    events = [make_event(1), make_event(2, event_type="asset_deleted"), make_event(3, event_type="asset_trashed")]
    browser = browse(events, EventFilter(operations=frozenset({Operation.CREATED, Operation.DELETED})))
    assert list(browser.hits(only_destructive)) == [1]
    assert list(browser.hits(with_text("CURSOR-000001"))) == [0]
    assert list(browser.hits(about(events[2].entity_id))) == []


async def test_a_long_search_is_done_in_a_thread_and_misses_nothing() -> None:
    """With very many rows the text is looked for off the loop, and rows that come meanwhile are in the answer."""
    browser, store = browser_with_many()
    wanted = EventFilter(text="asset_0000000000000000000777")
    assert browser.takes_long(wanted)
    assert not browser.takes_long(EventFilter())
    searching = asyncio.create_task(browser.prepared(wanted))
    await asyncio.sleep(0)
    store.append([make_event(777)])
    assert [store.event(row).entity_id for row in await searching] == [wanted.text, wanted.text]


def browser_with_many() -> tuple[Browser, EventStore]:
    """A browser over just as many rows as are searched in a thread."""
    feed = Feed(ListSource([]), "lib_1", clock=lambda: NOW)
    feed.store.append(make_event(number) for number in range(MANY))
    return Browser(feed, NameBook(EntityShelf(), "lib_1"), EventFilter(), newest_first=True), feed.store

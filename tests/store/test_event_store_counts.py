"""Events counted by time and by type."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Event, Operation, to_us
from gumnut_tui.store.event_store import EventStore
from tests import hostile
from tests.factories import NOW, make_event

Arrivals = list[tuple[float, list[Event]]]


arrivals = st.lists(st.tuples(st.floats(0, 1), st.lists(hostile.events, max_size=4)), max_size=6)
"""Batches, each with the place where it goes: 0 in front of all rows, 1 behind them, else between."""


def take_in(store: EventStore, order: list[int], place: float, batch: list[Event]) -> None:
    """Insert a batch; `order` is the same feed as a plain list of rows."""
    index = round(place * len(order))
    rows = store.insert(batch, before=order[index] if index < len(order) else None)
    order[index:index] = rows


@given(arrivals, hostile.filters, st.integers(1, 5), st.integers(-4, 4), st.integers(0, 8))
def test_a_histogram_counts_each_event_of_its_span_once(
    batches: Arrivals, wanted: EventFilter, buckets: int, start_s: int, length_s: int
) -> None:
    """Every bar holds the events of its equal part of the half-open span, by operation; asked as they come, too."""
    start_us = to_us(NOW) + start_s * 1_000_000
    end_us = start_us + length_s * 1_000_000
    store = EventStore()
    view = store.view(wanted)
    for place, batch in batches:
        take_in(store, list(store.rows()), place, batch)
        view.refresh()
        view.histogram(start_us, end_us, buckets)
    expected = [Counter[Operation]() for _ in range(buckets)]
    for row in view:
        if start_us <= (us := store.created_at_us(row)) < end_us:
            expected[(us - start_us) * buckets // (end_us - start_us)][store.operation(row)] += 1
    assert view.histogram(start_us, end_us, buckets) == expected


@given(arrivals, hostile.filters)
def test_type_counts_leave_the_types_of_the_filter_aside(batches: Arrivals, wanted: EventFilter) -> None:
    """Counts by the two types of the events that pass all of the filter but its types and operations."""
    store, view = EventStore(), None
    for place, batch in batches:
        take_in(store, list(store.rows()), place, batch)
        view = view or store.view(wanted)
        view.refresh()
        view.type_counts()
    types: dict[str, Any] = dict.fromkeys(("entity_types", "operations", "event_types"))
    rest = msgspec.structs.replace(wanted, **types, not_event_types=frozenset())
    events = map(store.event, store.rows())
    expected = Counter((event.entity_type, event.event_type) for event in events if rest.matches(event))
    assert (view or store.view(wanted)).type_counts() == expected


def test_types_beyond_the_table_of_codes_are_counted_too() -> None:
    """Of more than 255 pairs of types each is counted, by type and in the histogram, under every filter."""
    events = [
        make_event(number, event_type=f"{'été' if number % 2 else 'x'}_{number % 300}_deleted") for number in range(450)
    ]
    store = EventStore()
    store.append(events)
    for wanted in (EventFilter(), EventFilter(text="ÉTÉ"), EventFilter(until_us=events[400].created_at_us)):
        passing = [event for event in events if wanted.matches(event)]
        view = store.view(wanted)
        assert view.type_counts() == Counter((event.entity_type, event.event_type) for event in passing)
        (bar,) = view.histogram(events[0].created_at_us, events[449].created_at_us + 1, 1)
        assert bar == {Operation.DELETED: len(passing)}

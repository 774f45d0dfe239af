"""Row numbers added up by the stretch."""

from __future__ import annotations

from collections import Counter

from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Operation
from gumnut_tui.store.event_store import EventStore
from tests import hostile
from tests.factories import make_event


def test_long_stretches_are_counted_as_short_ones() -> None:
    """Where thousands of rows are summed up together, filters, counts and bars are those of plain counting."""
    events = [
        make_event(number, event_type=f"asset_{'deleted' if number % 7 == 0 else 'created'}", created_at=moment)
        for number, moment in enumerate(hostile.wavering_times(9_000))
    ]
    store = EventStore()
    for start in range(0, len(events), 700):
        store.append(events[start : start + 700])
    start_us, end_us = events[500].created_at_us, events[8_200].created_at_us
    for wanted in (
        EventFilter(),
        EventFilter(operations=frozenset({Operation.DELETED})),
        EventFilter(since_us=events[3_000].created_at_us, until_us=events[7_000].created_at_us),
        EventFilter(text="0"),
    ):
        view, bars = store.view(wanted), [Counter[Operation]() for _ in range(37)]
        passing = [event for event in events if wanted.matches(event)]
        for event in passing:
            if start_us <= event.created_at_us < end_us:
                bars[(event.created_at_us - start_us) * 37 // (end_us - start_us)][event.operation] += 1
        assert [store.event(row) for row in view] == passing
        assert view.histogram(start_us, end_us, 37) == bars

"""What has come behind the rows of a view that was frozen."""

from __future__ import annotations

from gumnut_tui.app.frozen_view import FrozenView
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Operation
from tests.app.test_event_list import browse
from tests.factories import make_event, make_events


def test_what_matches_and_came_behind_the_newest_row_is_new() -> None:
    """Events at the older end are read on demand, and no news."""
    event_list = browse(make_events(5), EventFilter(operations=frozenset({Operation.CREATED})))
    view = FrozenView(event_list)
    assert view.count_new() == 0
    event_list.store.append([make_event(6), make_event(7, event_type="asset_deleted"), make_event(8)])
    assert view.count_new() == 2
    event_list.store.insert(make_events(3, start=101), before=0)
    assert view.count_new() == 2
    event_list.set_filter(EventFilter())
    assert view.count_new() == 0

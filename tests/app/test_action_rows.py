"""Actions as rows of the table: where each stands, folded and unfolded, and what becomes of ids as actions grow."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.app.action_rows import ActionRows, Grouping, event_row
from gumnut_tui.domain.actions import ActionRules
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Event, Operation
from gumnut_tui.store.event_store import EventStore
from tests.factories import NOW, make_event

TRASHED, CREATED = "asset_trashed", "asset_created"


def event(number: int, minutes: float, event_type: str = TRASHED) -> Event:
    """An event about a photo of its own, so many minutes after the first."""
    at = NOW + timedelta(minutes=minutes)
    return make_event(number, entity_type="asset", entity_id=f"asset_{number}", event_type=event_type, created_at=at)


def stored(*events: Event) -> EventStore:
    """A store of these events, in this order."""
    store = EventStore()
    store.append(events)
    return store


def grouped(store: EventStore, wanted: EventFilter | None = None, *, newest_first: bool = True) -> ActionRows:
    """The rows of all actions, folded."""
    return rows_of(Grouping(store, ActionRules()), wanted, newest_first=newest_first)


def rows_of(grouping: Grouping, wanted: EventFilter | None = None, *, newest_first: bool = True) -> ActionRows:
    """The rows of a grouping that has found everything."""
    view = grouping.store.view(wanted or EventFilter())
    for _ in grouping.steps(view):
        pass
    return grouping.rows(view, newest_first=newest_first)


TWO_ACTIONS = (event(1, 0), event(2, 0.1), event(3, 60, CREATED), event(4, 61, CREATED), event(5, 62, CREATED))


def test_the_newest_action_is_first() -> None:
    """In the order of the screen; turned, the oldest is."""
    store = stored(*TWO_ACTIONS)
    assert [row.events for row in map(grouped(store).action_of, grouped(store)) if row] == [3, 2]
    turned = grouped(store, newest_first=False)
    assert [row.events for row in map(turned.action_of, turned) if row] == [2, 3]


def test_unfolding_shows_exactly_the_events_of_the_action() -> None:
    """Below it, in the order of the screen; folding hides them again."""
    grouping = Grouping(stored(*TWO_ACTIONS), ActionRules())
    folded = list(rows_of(grouping))
    grouping.toggle(folded[0], unfold=True)
    rows = rows_of(grouping)
    assert list(rows) == [folded[0], 4, 3, 2, folded[1]]
    assert [rows.index_of(row) for row in rows] == [0, 1, 2, 3, 4]
    assert rows.is_unfolded(folded[0])
    assert not rows.is_unfolded(folded[1])
    grouping.toggle(3, unfold=False)
    assert list(rows_of(grouping)) == folded


def test_an_event_that_is_folded_away_stands_where_its_action_does() -> None:
    """So that a search or a jump has somewhere to go."""
    rows = grouped(stored(*TWO_ACTIONS))
    assert [rows.index_of(row) for row in range(5)] == [1, 1, 0, 0, 0]


def test_the_row_of_an_action_keeps_its_id_while_the_action_grows() -> None:
    """The cursor is on it, and it may be unfolded."""
    store = stored(*TWO_ACTIONS)
    grouping = Grouping(store, ActionRules())
    before = list(rows_of(grouping))
    grouping.toggle(before[0], unfold=True)
    store.append([event(6, 63, CREATED)])
    assert list(rows_of(grouping)) == [before[0], 5, 4, 3, 2, before[1]]


def test_a_filter_keeps_the_actions_that_have_an_event_that_passes() -> None:
    """Whole: unfolded, all of their events are shown."""
    store = stored(*TWO_ACTIONS)
    rows = grouped(store, EventFilter(operations=frozenset({Operation.TRASHED})))
    assert [action.events for action in rows.shown] == [2]
    assert rows.index_of(4) is None
    assert rows.nearest(4) == 0


def test_without_events_there_is_no_row() -> None:
    """Nothing is selected then."""
    rows = grouped(EventStore())
    assert len(rows) == 0
    with pytest.raises(IndexError):
        rows[0]


@given(st.data())
def test_every_line_is_found_again(data: st.DataObject) -> None:
    """Whatever is unfolded, in either order: no line twice, and each where `index_of` says."""
    kinds = st.sampled_from([TRASHED, CREATED, "asset_restored"])
    gaps = data.draw(st.lists(st.tuples(st.sampled_from([0.1, 2, 9]), kinds), min_size=1, max_size=30))
    minutes, events = 0.0, list[Event]()
    for number, (gap, kind) in enumerate(gaps):
        minutes += gap
        events.append(event(number, minutes, kind))
    grouping = Grouping(stored(*events), ActionRules())
    newest_first = data.draw(st.booleans())
    folded = list(rows_of(grouping, newest_first=newest_first))
    opened = data.draw(st.sets(st.sampled_from(folded)))
    for row in opened:
        grouping.toggle(row, unfold=True)
    rows = rows_of(grouping, newest_first=newest_first)
    lines = list(rows)
    assert len(set(lines)) == len(lines) == len(rows)
    assert [rows.index_of(row) for row in lines] == list(range(len(lines)))
    assert {row for row in lines if row < 0} == set(folded)
    inside = [row for row in lines if row >= 0]
    assert all(any(rows.action_of(row) == rows.action_of(each) for each in opened) for row in inside)
    assert len(inside) == sum(action.events for row in opened if (action := rows.action_of(row)))
    assert all(rows.created_at_us(at) <= max(map(rows.created_at_us, range(len(rows)))) for at in range(len(rows)))
    assert event_row(~3) == event_row(3) == 3

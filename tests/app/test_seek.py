"""Rows being sought: among actions, each line that has a hit, in the order of the screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.app.action_rows import ActionRows
from gumnut_tui.app.event_list import EventList
from gumnut_tui.app.seek import SeekHit, hit_count, place_among
from gumnut_tui.domain.actions import ActionRules
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Event
from gumnut_tui.feed.entity_cache import NameCache
from gumnut_tui.feed.feed import Feed
from tests.factories import NOW, make_event
from tests.feed.entity_sources import EntityShelf
from tests.feed.sources import ListSource

WANTED = EventFilter(event_types=frozenset({"asset_trashed", "metadata_updated"}))


@st.composite
def feeds(draw: st.DrawFn) -> list[Event]:
    """Events of actions that overlap in time: what is done to new photos is part of their upload for an hour."""
    minutes = 0.0
    events = list[Event]()
    for number in range(draw(st.integers(1, 30))):
        minutes += draw(st.sampled_from([0.1, 2, 9, 40]))
        name = draw(st.sampled_from(["asset_created", "metadata_updated", "asset_trashed", "asset_restored"]))
        events.append(
            make_event(
                number,
                event_type=name,
                entity_id=f"asset_{draw(st.integers(1, 4))}",
                created_at=NOW + timedelta(minutes=minutes),
            )
        )
    return events


def grouped(events: list[Event], *, newest_first: bool) -> EventList:
    """A list of the actions of these events."""
    feed = Feed(ListSource([]), "lib_1", clock=lambda: NOW)
    feed.store.append(events)
    listed = EventList(feed, NameCache(EntityShelf(), "lib_1"), EventFilter(), newest_first=newest_first)
    listed.group(ActionRules())
    for _ in listed.group_steps():
        pass
    return listed


@given(feeds(), st.booleans(), st.data())
def test_from_end_to_end_each_line_with_a_hit_is_gone_to_once(
    events: list[Event], newest_first: bool, data: st.DataObject
) -> None:
    """Down the screen and up again, whichever of an action's events was read first, and whatever is unfolded."""
    listed = grouped(events, newest_first=newest_first)
    listed.regroup()
    grouping = listed.grouping
    assert grouping is not None
    shown = [listed.lines[index] for index in range(len(listed.lines))]
    for row in data.draw(st.sets(st.sampled_from(shown))):
        grouping.toggle(row, unfold=True)
    listed.regroup()
    lines, hits = listed.lines, listed.store.view(WANTED)
    assert isinstance(lines, ActionRows)
    expected = [
        index
        for index, row in enumerate(lines)
        if (row in hits if row >= 0 else not listed.is_unfolded(row) and set(hits) & set(_rows(listed, row)))
    ]
    for step, each in ((1, expected), (-1, expected[::-1])):
        seek, seen = SeekHit("", hits, None, step), list[int]()
        while (index := seek.arrived(listed)) is not None and len(seen) <= len(lines):
            seen.append(index)
            seek = replace(seek, origin=lines[index])
        assert seen == each
    assert hit_count(hits, listed) == len(expected)
    places = [place_among(hits, row, listed) for row in lines]
    assert [place for place in places if place] == list(range(1, len(expected) + 1))


def _rows(listed: EventList, row: int) -> list[int]:
    action = listed.action_of(row)
    return [] if action is None else list(listed.rows_of(action))

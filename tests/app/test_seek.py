"""Rows being sought: among actions, each line that has a hit, in the order of the screen."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gumnut_tui.app.action_rows import ActionRows
from gumnut_tui.app.event_list import EventList
from gumnut_tui.app.seek import SeekHit, SeekTime, hit_count, place_among
from gumnut_tui.domain.actions import MINUTE, ActionRules
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Event, to_us
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
    feed = Feed(ListSource([]), "lib_1", clock=lambda: NOW, newest_first=False)
    feed.store.append(events)
    feed.caught_up = True
    listed = EventList(feed, NameCache(EntityShelf(), "lib_1"), EventFilter(), newest_first=newest_first)
    listed.group(ActionRules())
    for _ in listed.group_steps():
        pass
    return listed


def unfolded(listed: EventList, data: st.DataObject) -> EventList:
    """The same with some of the actions unfolded."""
    listed.regroup()
    grouping = listed.grouping
    assert grouping is not None
    shown = [listed.lines[index] for index in range(len(listed.lines))]
    for row in data.draw(st.sets(st.sampled_from(shown))):
        grouping.toggle(row, unfold=True)
    listed.regroup()
    return listed


@given(feeds(), st.booleans(), st.data())
def test_from_end_to_end_each_line_with_a_hit_is_gone_to_once(
    events: list[Event], newest_first: bool, data: st.DataObject
) -> None:
    """Down the screen and up again, whichever of an action's events was read first, and whatever is unfolded."""
    listed = unfolded(grouped(events, newest_first=newest_first), data)
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


@given(feeds(), st.booleans(), st.integers(-10, 600), st.data())
def test_a_time_leads_to_the_first_action_that_begins_then_or_later(
    events: list[Event], newest_first: bool, minutes: int, data: st.DataObject
) -> None:
    """Or else to the last before it, whatever is unfolded: events of a long action are newer than the one below it."""
    listed = unfolded(grouped(events, newest_first=newest_first), data)
    us = to_us(NOW) + minutes * MINUTE
    index = SeekTime("", us).arrived(listed)
    firsts = sorted(action.first_us for action in listed.grouping.actions) if listed.grouping else []
    expected = next((first for first in firsts if first >= us), firsts[-1])
    action = None if index is None else listed.action_of(listed.lines[index])
    assert action is not None
    assert action.first_us == expected


def _rows(listed: EventList, row: int) -> list[int]:
    action = listed.action_of(row)
    return [] if action is None else list(listed.rows_of(action))

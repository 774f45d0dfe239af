"""A stretch read forward until it meets what is known, and how close its events lie."""

from __future__ import annotations

import pytest

from gumnut_tui.domain.cursors import CursorSet
from gumnut_tui.domain.errors import FeedStuck
from gumnut_tui.domain.models import Event, EventPage
from gumnut_tui.feed.stretch import Density, Stretch
from tests.factories import make_events

EVENTS = make_events(9)


def page(events: list[Event], *, has_more: bool = True) -> EventPage:
    return EventPage(tuple(events), events[-1].cursor, has_more)


def held(stretch: Stretch) -> list[Event]:
    return stretch.held


def test_it_holds_what_stands_before_the_first_known_event() -> None:
    """And not what stands behind it."""
    known = CursorSet(event.cursor for event in EVENTS[6:])
    stretch = Stretch(None)
    assert stretch.take(page(EVENTS[:4]), known) is None
    assert stretch.take(page(EVENTS[4:8]), known) == EVENTS[6].cursor
    assert held(stretch) == EVENTS[:6]


@pytest.mark.parametrize(("read", "reached"), [(0, 4), (1, 5), (2, 7)])
def test_it_continues_where_a_stretch_that_begins_later_has_come_to(read: int, reached: int) -> None:
    """Whichever of the two has read further."""
    other = Stretch.at(EVENTS[2], None, 0)
    for start in range(3, 3 + 2 * read, 2):
        other.take(page(EVENTS[start : start + 2]), CursorSet())
    stretch = Stretch(None)
    stretch.take(page(EVENTS[:2]), CursorSet())
    assert not stretch.meets(other)
    stretch.take(page(EVENTS[2:4]), CursorSet())
    assert stretch.meets(other)
    stretch.join(other)
    assert held(stretch) == EVENTS[:reached]
    assert stretch.cursor == EVENTS[reached - 1].cursor


def test_pages_that_overlap_repeat_nothing() -> None:
    """Neither what the page before had, nor what stands before the event begun with."""
    stretch = Stretch.at(EVENTS[2], None, 0)
    stretch.take(page(EVENTS[:5]), CursorSet())
    stretch.take(page(EVENTS[3:8]), CursorSet())
    assert held(stretch) == EVENTS[2:8]


def test_a_page_that_repeats_more_than_it_brings_does_not_lead_back_before_the_start() -> None:
    """What stands before the event the stretch began with is for the stretch before it."""
    stretch = Stretch.at(EVENTS[3], None, 0)
    stretch.take(page(EVENTS[:5]), CursorSet())
    stretch.take(EventPage(tuple(EVENTS[:7]), "a token", True), CursorSet())
    stretch.take(EventPage(tuple(EVENTS[:9]), "another token", True), CursorSet())
    assert held(stretch) == EVENTS[3:9]


def test_what_a_page_brought_that_leads_nowhere_is_held() -> None:
    """The error comes all the same."""
    stretch = Stretch(None)
    stretch.take(page(EVENTS[:3]), CursorSet())
    with pytest.raises(FeedStuck):
        stretch.take(EventPage(tuple(EVENTS[3:5]), EVENTS[2].cursor, True), CursorSet())
    assert stretch.give() == EVENTS[:5]
    assert not stretch.held


def test_a_few_odd_times_do_not_matter() -> None:
    """A tenth at either end is left out."""
    times = [0, *range(1000, 1098), 10**12]
    here = Density.of(times, 100)
    assert 1000 <= here.us <= 1010
    assert 80 <= here.page_us <= 120
    assert here.pages_to(here.us + 1000) in range(8, 13)


def test_one_time_lasts_no_time() -> None:
    """Then there is no telling how many pages lie beyond."""
    assert Density.of([5, 5, 5], 200, at_end=True) == (5, 0)

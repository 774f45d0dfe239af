"""Rules for how far back a window of time reaches."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain.models import EventPage, to_us
from gumnut_tui.feed.backfill import DAWN_US, FIRST_WIDTH, HOUR, MOST_PROBES, SECOND, Window, first_window, next_window
from tests.factories import NOW, make_event

NOW_US = to_us(NOW)


def page(*seconds_ago: float, has_more: bool = True) -> EventPage:
    """A page of events that happened so long ago."""
    events = [make_event(n, created_at=NOW - timedelta(seconds=ago)) for n, ago in enumerate(seconds_ago)]
    return EventPage(tuple(events), "next", has_more)


def test_the_first_window_reaches_back_an_hour() -> None:
    """Without a lower bound the first guess is an hour; a nearer bound cuts it short."""
    assert first_window(NOW_US, None) == Window(NOW_US - FIRST_WIDTH, NOW_US)
    assert first_window(NOW_US, NOW_US - 5) == Window(NOW_US - 5, NOW_US)


@given(st.integers(0, 100_000), st.integers(1, 24 * 400), st.none() | st.integers(0, 24 * 500))
def test_the_next_window_ends_where_the_last_began(rows: int, hours: int, floor_hours: int | None) -> None:
    """Windows join without a gap, are at most four times wider, and never reach beyond the lower bound."""
    last = Window(NOW_US - hours * HOUR, NOW_US)
    floor_us = None if floor_hours is None else NOW_US - max(floor_hours, hours) * HOUR
    window = next_window(last, rows, floor_us)
    assert window.top_us == last.start_us
    assert window.start_us is None or window.start_us >= window.top_us - 4 * last.width_us
    if floor_us is not None:
        assert window.start_us is not None
        assert window.start_us >= floor_us


@pytest.mark.parametrize(("rows", "factor"), [(0, 4), (1, 4), (200, 2), (400, 1), (800, 0.5), (10**6, 0.25)])
def test_the_next_width_follows_the_density(rows: int, factor: float) -> None:
    """A window that brought too few rows is followed by a wider one, too many by a narrower one, in bounds."""
    last = Window(NOW_US - HOUR, NOW_US)
    assert next_window(last, rows, None).width_us == HOUR * factor


def test_no_window_is_narrower_than_a_second() -> None:
    """However dense the feed is, going back always makes headway."""
    assert next_window(Window(NOW_US - 4, NOW_US), 10**6, None).width_us == SECOND


def test_before_the_dawn_a_window_has_no_bound() -> None:
    """A window that would begin before any photo service has no lower bound, and nothing comes before it."""
    window = next_window(Window(DAWN_US + HOUR, NOW_US), 0, None)
    assert window == Window(None, DAWN_US + HOUR)
    assert window.width_us == HOUR
    with pytest.raises(ValueError, match="lower bound"):
        next_window(window, 0, None)


def test_a_crowded_window_is_given_up_for_one_of_two_pages() -> None:
    """When a page of the hour covers only its first minute, two minutes before the top are tried instead."""
    window = first_window(NOW_US, None)
    narrower = window.narrower(page(3600, 3570, 3540))
    assert narrower == Window(NOW_US - 120 * SECOND, NOW_US, MOST_PROBES - 1)


@pytest.mark.parametrize(
    "shown",
    [page(3600, 3500, has_more=False), page(), page(3600, 1200)],
    ids=["the last page", "an empty page", "a page that covers much"],
)
def test_a_window_that_suits_is_kept(shown: EventPage) -> None:
    """A window is given up only when far more than this page lies before its top."""
    assert first_window(NOW_US, None).narrower(shown) is None


def test_probing_ends() -> None:
    """A few windows are given up at most; then the one at hand is read, whatever it holds."""
    window, probes = first_window(NOW_US, None), 0
    while narrower := window.narrower(page(3000, 3000)):
        window, probes = narrower, probes + 1
    assert probes == MOST_PROBES

"""Labels of a time axis: round hours, days at midnight, exactly as wide as asked."""

from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain.models import LEAST_US, MOST_US, to_us
from gumnut_tui.formatting.times import axis_text
from tests.factories import NOW

HOUR = 3_600_000_000


END = to_us(NOW)


START = END - 24 * HOUR


def test_a_day_is_labelled_with_round_hours_and_the_midnight_with_its_day() -> None:
    """Times are those of the zone one reads in."""
    axis = axis_text(START, END, ZoneInfo("Europe/Lisbon"), 96)
    assert axis.split() == ["12:00", "15:00", "18:00", "21:00", "20", "Nov", "03:00", "06:00", "09:00"]
    assert axis.index("18:00") == 24
    assert axis_text(START, END, ZoneInfo("Asia/Kolkata"), 48).split() == ["18:00", "20", "Nov", "06:00", "12:00"]


def test_hours_stay_round_when_the_clocks_change() -> None:
    """On the day an hour is repeated, labels still are round local times in their right place."""
    start = to_us(NOW.replace(month=10, day=24, hour=22))
    axis = axis_text(start, start + 12 * HOUR, ZoneInfo("Europe/Lisbon"), 60)
    assert axis.split() == ["25", "Oct", "03:00", "06:00", "09:00"]
    assert axis.index("03:00") == 25


@given(
    start=st.integers(0, 2 * 10**15),
    hours=st.floats(0.001, 24 * 365 * 12),
    width=st.integers(0, 200),
    zone=st.sampled_from([UTC, ZoneInfo("Europe/Lisbon"), ZoneInfo("Pacific/Apia"), ZoneInfo("Asia/Kathmandu")]),
)
def test_an_axis_is_exactly_as_wide_as_asked(start: int, hours: float, width: int, zone: ZoneInfo) -> None:
    """Any range, any zone."""
    assert len(axis_text(start, start + int(hours * HOUR), zone, width)) == width


@given(
    first=st.integers(LEAST_US, MOST_US) | st.sampled_from([LEAST_US, LEAST_US + HOUR, LEAST_US + 24 * HOUR]),
    last=st.integers(LEAST_US, MOST_US) | st.sampled_from([MOST_US, MOST_US - HOUR]),
    zone=st.sampled_from([UTC, ZoneInfo("Europe/Lisbon"), ZoneInfo("Pacific/Apia"), ZoneInfo("America/New_York")]),
)
def test_an_axis_reaches_as_far_as_the_calendar(first: int, last: int, zone: ZoneInfo) -> None:
    """An event may say any year: one of the year 1 ended the screen."""
    start, end = sorted((first, last))
    assert len(axis_text(start, end, zone, 80)) == 80

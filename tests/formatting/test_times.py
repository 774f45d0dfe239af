"""Rules for times, days and ages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain.models import to_us
from gumnut_tui.formatting import times

LISBON = ZoneInfo("Europe/Lisbon")
NOW = datetime(2026, 7, 19, 12, 0, tzinfo=UTC)


def us(*parts: int) -> int:
    """The UTC time as µs."""
    return to_us(datetime(*parts, tzinfo=UTC))  # type: ignore[misc, arg-type]


def test_clock_time_is_in_the_zone() -> None:
    """A row's time is that of the reader's zone, summer time included."""
    assert times.clock_time(us(2026, 7, 19, 11, 3, 22), LISBON) == "12:03:22"
    assert times.clock_time(us(2026, 1, 19, 11, 3, 22), LISBON) == "11:03:22"


def test_row_time_names_the_day_when_it_is_not_today() -> None:
    """Times of other days cannot be mistaken for today's."""
    assert times.row_time(us(2026, 7, 18, 23, 30), LISBON, NOW) == "00:30:00"
    assert times.row_time(us(2026, 7, 18, 22, 30), LISBON, NOW) == "18 Jul 23:30:00"
    assert times.row_time(us(2024, 12, 1, 9), LISBON, NOW) == "2024-12-01 09:00"


@given(st.datetimes(), st.sampled_from([UTC, LISBON, ZoneInfo("Pacific/Apia"), timezone(timedelta(hours=-12))]))
def test_every_time_of_the_calendar_can_be_shown(moment: datetime, zone: ZoneInfo) -> None:
    """Times at either end of the calendar are shown too, and no row is wider than said."""
    stamp = to_us(moment)
    assert len(times.row_time(stamp, zone, NOW)) <= times.ROW_TIME_WIDTH
    assert times.date_time(stamp, zone)
    assert times.exact_time(stamp, zone)
    assert times.day_label(stamp, zone, NOW)


def test_exact_time_keeps_every_digit() -> None:
    """Microseconds and the distance from UTC are kept."""
    stamp = us(2026, 7, 19, 11, 3, 22) + 604_913
    assert times.exact_time(stamp, LISBON) == "2026-07-19 12:03:22.604913 +01:00"
    assert times.exact_time(stamp, UTC) == "2026-07-19 11:03:22.604913 Z"
    assert times.exact_time(stamp, timezone(timedelta(hours=-3, minutes=-30))).endswith("-03:30")


@pytest.mark.parametrize(
    ("moment", "label"),
    [
        (us(2026, 7, 19, 1), "today"),
        (us(2026, 7, 18, 1), "yesterday"),
        (us(2026, 7, 17, 1), "Fri 17 Jul"),
        (us(2026, 7, 20, 1), "Mon 20 Jul"),
        (us(2025, 7, 17, 1), "Thu 17 Jul 2025"),
    ],
)
def test_day_label(moment: int, label: str) -> None:
    """Near days have names, far ones their year."""
    assert times.day_label(moment, UTC, NOW) == label


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.3, "just now"),
        (2, "2s ago"),
        (200, "3 min ago"),
        (5 * 3600, "5 h ago"),
        (12 * 86400, "12 days ago"),
        (3 * 365 * 86400, "3 years ago"),
        (-1, "just now"),
        (-200, "in 3 min"),
    ],
)
def test_age(seconds: float, words: str) -> None:
    """Ages get coarser with time; a clock slightly ahead is no event in the future."""
    assert times.age(seconds) == words


def test_age_of() -> None:
    """The age of a moment is counted from the time handed in."""
    assert times.age_of(us(2026, 7, 19, 11, 57), NOW) == "3 min ago"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (45, "45 s"), (5400, "1 h 30 min"), (30 * 86400, "30 d"), (86400 + 60, "1 d"), (90061, "1 d 1 h")],
)
def test_span_words(seconds: float, words: str) -> None:
    """A span is told in its two largest neighbouring units."""
    assert times.span_words(seconds) == words


def test_zone_name() -> None:
    """A zone is called by its name, or by its distance from UTC."""
    assert times.zone_name(LISBON, NOW) == "Europe/Lisbon"
    assert times.zone_name(UTC, NOW) == "UTC"
    assert times.zone_name(timezone(timedelta(hours=2)), NOW) == "UTC+02:00"


def test_wall_clock_keeps_the_camera_time() -> None:
    """A capture time is not moved to another zone."""
    assert times.wall_clock(datetime(2025, 5, 3, 16, 20, 9)) == "3 May 2025 16:20:09"
    moved = datetime(2025, 5, 3, 16, 20, 9, tzinfo=timezone(timedelta(hours=2)))
    assert times.wall_clock(moved) == "3 May 2025 16:20:09 +02:00"


def test_moment_words() -> None:
    """Inside a sentence a moment reads as one would say it."""
    assert times.moment_words(us(2026, 7, 18, 13), LISBON, NOW) == "yesterday 14:00"

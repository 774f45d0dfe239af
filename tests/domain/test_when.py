"""The WHEN grammar and its ranges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain.errors import UsageProblem
from gumnut_tui.domain.when import TimeRange, day_span, parse_range, parse_when

NOW = datetime(2026, 11, 21, 15, 30, 45, 123456, tzinfo=UTC)
LISBON = ZoneInfo("Europe/Lisbon")
NEW_YORK = ZoneInfo("America/New_York")


def when(text: str, zone: tzinfo = LISBON, now: datetime = NOW) -> datetime | None:
    return parse_when(text, now=now, zone=zone)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90m", NOW - timedelta(minutes=90)),
        ("24h", NOW - timedelta(hours=24)),
        ("7d", NOW - timedelta(days=7)),
        ("2w", NOW - timedelta(weeks=2)),
        ("0m", NOW),
        ("1h30m", NOW - timedelta(hours=1, minutes=30)),
        ("1w2d3h4m", NOW - timedelta(days=9, hours=3, minutes=4)),
        ("1mo", utc(2026, 10, 21, 14, 30, 45, 123456)),
        ("2mo1h", utc(2026, 9, 21, 13, 30, 45, 123456)),
        ("21mo", utc(2025, 2, 21, 15, 30, 45, 123456)),
        ("noon", utc(2026, 11, 21, 12)),
        ("yesterday noon", utc(2026, 11, 20, 12)),
        ("yesterday 14:00", utc(2026, 11, 20, 14)),
        ("today  9:05", utc(2026, 11, 21, 9, 5)),
        ("sat", utc(2026, 11, 21)),
        ("Friday", utc(2026, 11, 20)),
        ("sun", utc(2026, 11, 15)),
        ("mon 10:30", utc(2026, 11, 16, 10, 30)),
        ("19 Nov", utc(2026, 11, 19)),
        ("nov 19", utc(2026, 11, 19)),
        ("19 November 12:03:22", utc(2026, 11, 19, 12, 3, 22)),
        ("Thu 19 Nov 12:03", utc(2026, 11, 19, 12, 3)),
        ("22 Nov", utc(2025, 11, 22)),
        ("29 Feb", utc(2024, 2, 29)),
        ("Wed 19 Nov 2025", utc(2025, 11, 19)),
        ("19 Nov 2025 10:30", utc(2025, 11, 19, 10, 30)),
        ("24H", NOW - timedelta(hours=24)),
        (" now ", NOW),
        ("Today", utc(2026, 11, 21)),
        ("yesterday", utc(2026, 11, 20)),
        ("all", None),
        ("10:30", utc(2026, 11, 21, 10, 30)),
        ("9:05", utc(2026, 11, 21, 9, 5)),
        ("10:30:15", utc(2026, 11, 21, 10, 30, 15)),
        ("2026-11-01", utc(2026, 11, 1)),
        ("2026-07-01", utc(2026, 6, 30, 23)),
        ("2026-11-01T10:00", utc(2026, 11, 1, 10)),
        ("2026-11-01 10:00", utc(2026, 11, 1, 10)),
        ("2026-07-01T10:00:05", utc(2026, 7, 1, 9, 0, 5)),
        ("2026-07-01T10:00:05.25", utc(2026, 7, 1, 9, 0, 5, 250000)),
        ("2026-07-01T10:00Z", utc(2026, 7, 1, 10)),
        ("2026-07-01T10:00+02:00", utc(2026, 7, 1, 8)),
        ("2026-07-01T10:00-0530", utc(2026, 7, 1, 15, 30)),
    ],
)
def test_each_form_of_the_grammar(text: str, expected: datetime | None) -> None:
    """Every documented form means the documented time, in the zone handed in unless it names its own."""
    assert when(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "24",
        "h",
        "-1h",
        "1.5h",
        "24 h",
        "tomorrow",
        "25:00",
        "10:60",
        "1030",
        "2026-13-01",
        "2026-02-30",
        "2026-11-1",
        "2026-11-01T",
        "2026-11-01T10",
        "2026-11-01T10:00+25:00",
        "999999999w",
        "0001-01-01T00:00+10:00",
        "２４h",
        "24h\n1",
        "30m1h",
        "1h1h",
        "99999mo",
        "noon yesterday",
        "32 Nov",
        "30 Feb",
        "Fri 19 Nov 2026",
        "Fri 19 Nov",
        "Thu Nov",
        "Nov 2026",
        "19 Nov 26",
        "19 Nov 25:00",
        "may",
        "last week",
    ],
)
def test_a_wrong_value_is_named_with_examples(text: str) -> None:
    """Anything else is a usage problem that shows the value and what would do."""
    with pytest.raises(UsageProblem, match="24h, 1h30m") as caught:
        when(text)
    assert " ".join(text.split()) in str(caught.value)


def test_a_day_is_24_hours_when_the_clocks_change() -> None:
    """`1d` is elapsed time, while `yesterday` is where the calendar day began."""
    now = datetime(2026, 11, 1, 12, tzinfo=NEW_YORK)
    assert when("1d", NEW_YORK, now) == now.astimezone(UTC) - timedelta(hours=24)
    assert when("yesterday", NEW_YORK, now) == utc(2026, 10, 31, 4)
    assert when("today", NEW_YORK, now) == utc(2026, 11, 1, 4)
    assert when("10:30", NEW_YORK, now) == utc(2026, 11, 1, 15, 30)


def test_a_time_that_occurs_twice_is_the_first() -> None:
    """Where the clocks go back, the earlier of two equal wall clock times is meant."""
    assert when("2026-11-01T01:30", NEW_YORK) == utc(2026, 11, 1, 5, 30)


def test_a_time_the_clocks_jump_over_lies_past_the_gap() -> None:
    """02:30 on the day of the jump is 03:30; a midnight that does not exist is the moment the day began."""
    assert when("2026-03-08T02:30", NEW_YORK) == utc(2026, 3, 8, 7, 30)
    assert when("2018-11-04", ZoneInfo("America/Sao_Paulo")) == utc(2018, 11, 4, 3)


def test_today_is_the_day_of_the_zone() -> None:
    """Late in the evening it is tomorrow further east."""
    assert when("today", ZoneInfo("Asia/Tokyo")) == utc(2026, 11, 21, 15)
    assert when("today", NEW_YORK, utc(2026, 11, 21, 3)) == utc(2026, 11, 20, 5)


def test_a_range_is_read_at_one_now() -> None:
    """Both ends refer to the same moment; without an end there is no upper bound."""
    assert parse_range("2h", "1h", now=NOW, zone=LISBON) == TimeRange(
        NOW - timedelta(hours=2), NOW - timedelta(hours=1)
    )
    assert parse_range("all", None, now=NOW, zone=LISBON) == TimeRange(None, None)


@pytest.mark.parametrize(("since", "until"), [("1h", "2h"), ("now", "now"), ("today", "yesterday")])
def test_an_empty_range_is_refused(since: str, until: str) -> None:
    """A range that ends before or where it begins names both values."""
    with pytest.raises(UsageProblem, match=f"'{since}' to '{until}' is empty"):
        parse_range(since, until, now=NOW, zone=LISBON)


def test_a_month_ago_is_the_same_day_or_the_last_of_a_shorter_month() -> None:
    """`1mo` goes by the calendar and the wall clock, not by thirty days."""
    assert when("1mo", LISBON, utc(2026, 3, 31, 9)) == utc(2026, 2, 28, 10)
    assert when("13mo", LISBON, utc(2025, 3, 29, 9)) == utc(2024, 2, 29, 9)


@pytest.mark.parametrize(
    "text", ["10:30", "24h", "now", "all", "yesterday 10:30", "2026-11-01T10:00", "9999-12-31", "x"]
)
def test_only_a_day_is_a_day(text: str) -> None:
    """What names a moment has no end."""
    assert day_span(text, now=NOW, zone=LISBON) is None


def test_a_day_is_as_long_as_the_clocks_make_it() -> None:
    """From midnight to midnight of the zone: 25 hours where the clocks go back."""
    assert day_span("2026-11-01", now=NOW, zone=NEW_YORK) == (utc(2026, 11, 1, 4), utc(2026, 11, 2, 5))


@given(st.text())
def test_any_text_is_a_time_or_a_usage_problem(text: str) -> None:
    """No text brings anything else than a UTC time, None, or a usage problem."""
    try:
        moment = when(text)
    except UsageProblem:
        return
    assert moment is None or moment.utcoffset() == timedelta(0)


ZONES = st.sampled_from(
    [LISBON, NEW_YORK, ZoneInfo("Asia/Kathmandu"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Africa/Cairo")]
)
TIMES = st.datetimes(datetime(1990, 1, 1), datetime(2037, 1, 1))


@given(TIMES, st.integers(-23 * 60 - 59, 23 * 60 + 59))
def test_a_time_with_an_offset_means_itself_everywhere(moment: datetime, minutes: int) -> None:
    """An ISO time with its own offset does not depend on the zone handed in."""
    aware = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert when(aware.isoformat(), NEW_YORK) == aware


@given(TIMES, ZONES)
def test_a_local_time_reads_back_as_written(moment: datetime, zone: ZoneInfo) -> None:
    """A wall clock time that exists comes back as it was written."""
    result = when(moment.isoformat(), zone)
    assert result is not None
    if moment.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == moment:
        assert result.astimezone(zone).replace(tzinfo=None) == moment


@given(TIMES, ZONES)
def test_days_join_without_gap_or_overlap(moment: datetime, zone: ZoneInfo) -> None:
    """`yesterday` to `today` ends where `today` begins, and is 22 to 26 hours long, whatever the clocks do."""
    now = moment.replace(tzinfo=zone)
    day = parse_range("yesterday", "today", now=now, zone=zone)
    assert day.since is not None
    assert day.until is not None
    assert timedelta(hours=22) <= day.until - day.since <= timedelta(hours=26)
    assert day.until <= now.astimezone(UTC)

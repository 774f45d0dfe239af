"""Ranges as a person writes them, and as the screen itself says them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gumnut_tui.domain.errors import UsageProblem
from gumnut_tui.domain.models import to_us
from gumnut_tui.domain.when import PRESETS, TimeRange, parse_range_words
from gumnut_tui.formatting.times import date_time, day_label, moment_label, moment_words, row_time

NOW = datetime(2026, 11, 21, 15, 30, 45, 123456, tzinfo=UTC)
LISBON = ZoneInfo("Europe/Lisbon")
ZONES = st.sampled_from([LISBON, ZoneInfo("America/New_York"), ZoneInfo("Asia/Kathmandu")])
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2026, 11, 21), timezones=st.just(UTC))


def between(text: str, now: datetime = NOW) -> TimeRange:
    return parse_range_words(text, now=now, zone=LISBON)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("90m", NOW - timedelta(minutes=90), None),
        ("10:30", utc(2026, 11, 21, 10, 30), None),
        ("19 Nov 10:30", utc(2026, 11, 19, 10, 30), None),
        ("all", None, None),
        ("today", utc(2026, 11, 21), None),
        ("yesterday", utc(2026, 11, 20), utc(2026, 11, 21)),
        (" Yesterday ", utc(2026, 11, 20), utc(2026, 11, 21)),
        ("2026-11-19", utc(2026, 11, 19), utc(2026, 11, 20)),
        ("19 Nov", utc(2026, 11, 19), utc(2026, 11, 20)),
        ("thu", utc(2026, 11, 19), utc(2026, 11, 20)),
        ("last week", utc(2026, 11, 9), utc(2026, 11, 16)),
        ("17 Nov .. 19 Nov", utc(2026, 11, 17), utc(2026, 11, 20)),
        ("17 Nov..19 Nov", utc(2026, 11, 17), utc(2026, 11, 20)),
        ("2026-11-17 – 2026-11-19", utc(2026, 11, 17), utc(2026, 11, 20)),
        ("tue to thu", utc(2026, 11, 17), utc(2026, 11, 20)),
        ("17 Nov - today", utc(2026, 11, 17), None),
        ("19 Nov 10:30 .. 19 Nov 11:00", utc(2026, 11, 19, 10, 30), utc(2026, 11, 19, 11)),
        ("2h – 1h", NOW - timedelta(hours=2), NOW - timedelta(hours=1)),
        ("thu ..", utc(2026, 11, 19), None),
        (".. thu", None, utc(2026, 11, 20)),
        ("..", None, None),
    ],
)
def test_each_form_of_a_range(text: str, since: datetime | None, until: datetime | None) -> None:
    """A day means all of it, a moment means from then on, and both may be an end; what is not over has no end."""
    assert between(text) == TimeRange(since, until)


@pytest.mark.parametrize("text", ["", "soon", "soon .. later", "today .. soon", "10:30 ..25:00", "a – b – c"])
def test_other_words_are_named_with_examples(text: str) -> None:
    """A wrong value is answered with the words that cannot be used, and such that can."""
    with pytest.raises(UsageProblem, match="is not a time; write yesterday, last week"):
        between(text)


@pytest.mark.parametrize("text", ["today .. yesterday", "1h – 2h", "now .. now"])
def test_an_empty_range_is_refused(text: str) -> None:
    """A range that ends before or where it begins says where that would be."""
    with pytest.raises(UsageProblem, match="is empty: it would begin"):
        between(text)


@pytest.mark.parametrize("text", PRESETS)
def test_presets_are_ranges(text: str) -> None:
    """What is offered by name can be typed too."""
    assert between(text) == between(text.upper())


@given(st.text())
def test_any_text_is_a_range_or_a_usage_problem(text: str) -> None:
    """No text brings anything else than UTC times or a usage problem."""
    try:
        found = between(text)
    except UsageProblem:
        return
    assert all(end is None or end.utcoffset() == timedelta(0) for end in (found.since, found.until))


@given(MOMENTS, ZONES)
def test_what_the_screen_says_of_a_moment_can_be_typed(moment: datetime, zone: ZoneInfo) -> None:
    """A time copied from a row, a sentence or the histogram means that time, to the minute at least."""
    us = to_us(moment)
    local = moment.astimezone(zone)
    # Where the clocks go back, a wall clock time names the first of two.
    assume(local.replace(fold=0).utcoffset() == local.utcoffset())
    said = [row_time(us, zone, NOW), moment_words(us, zone, NOW), date_time(us, zone)]
    if NOW - moment < timedelta(days=360):
        said.append(moment_label(us, zone))
    for words in said:
        since = parse_range_words(words, now=NOW, zone=zone).since
        assert since is not None
        assert timedelta(0) <= moment - since < timedelta(minutes=1), words


@given(MOMENTS, ZONES)
def test_the_day_a_row_stands_under_can_be_typed(moment: datetime, zone: ZoneInfo) -> None:
    """The words of a day line are a range that holds the moment, and not the day before or after."""
    found = parse_range_words(day_label(to_us(moment), zone, NOW), now=NOW, zone=zone)
    assert found.since is not None
    assert found.since <= moment
    assert found.until is None or moment < found.until
    assert moment - found.since < timedelta(hours=26)

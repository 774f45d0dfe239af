"""Zones as POSIX writes them, held against the C library's own reading."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gumnut_tui.domain.posix_zone import posix_zone

RULES = (
    "JST-9",
    "<+0330>-3:30",
    "<-03>3",
    "UTC0",
    "IST-5:30",
    "XXX23:59:59",
    "LMT-1:23:45",
    "CET-1CEST,M3.5.0,M10.5.0/3",
    "AEST-10AEDT,M10.1.0,M4.1.0/3",
    "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
    "IST-2IDT,M3.4.4/26,M10.5.0",
    "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
    "EET-2EEST,J60/0,J300/23:59:59",
    "EET-2EEST,59,299/1:30",
    "NZST-12NZDT,M9.5.0,M4.1.0/3",
    "PST8PDT7:30,J100,J200",
    "IRST-3:30IRDT,J79/24,J263/24",
)
READ = """
import json, os, sys, time
from datetime import datetime
answers = {}
for rule, moments in json.load(sys.stdin).items():
    os.environ["TZ"] = rule
    time.tzset()
    told = [time.localtime(moment) for moment in moments]
    answers[rule] = [(one.tm_gmtoff, one.tm_zone, time.strftime("%Y-%m-%d %H:%M:%S", one)) for one in told]
json.dump(answers, sys.stdout)
"""


def c_library(moments: dict[str, list[int]]) -> dict[str, list[tuple[int, str, str]]]:
    """Offset, name and wall clock of each moment, as the C library has them in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", READ], input=json.dumps(moments), capture_output=True, text=True, check=True
    )
    return {rule: [(one[0], one[1], one[2]) for one in told] for rule, told in json.loads(done.stdout).items()}


def ours(rule: str, moment: int) -> tuple[int, str, str]:
    """The same by our zone."""
    zone = posix_zone(rule)
    local = datetime.fromtimestamp(moment, UTC).astimezone(zone)
    offset = local.utcoffset()
    assert offset is not None
    assert local.astimezone(UTC).timestamp() == moment, "the wall clock leads back to the moment"
    return int(offset.total_seconds()), str(local.tzname()), f"{local:%Y-%m-%d %H:%M:%S}"


def test_every_rule_agrees_with_the_c_library_over_many_years() -> None:
    """Every 25 days for sixty years, and every five hours of a leap year."""
    leap_year = int(datetime(2028, 1, 1, tzinfo=UTC).timestamp())
    moments = [*range(0, 60 * 366 * 86_400, 601 * 3600 + 17), *range(leap_year, leap_year + 366 * 86_400, 19_001)]
    asked = dict.fromkeys(RULES, moments)
    told = c_library(asked)
    for rule in RULES:
        wrong = [
            (moment, expected, got)
            for moment, expected in zip(moments, told[rule], strict=True)
            if (got := ours(rule, moment)) != expected
        ]
        assert not wrong, (rule, wrong[:3])


weekdays = st.builds("M{}.{}.{}".format, st.integers(1, 12), st.integers(1, 5), st.integers(0, 6))
julian = st.builds("J{}".format, st.integers(1, 365))
counted = st.builds(str, st.integers(0, 365))
clocks = st.builds("{}{}:{:02}".format, st.sampled_from(["", "-", "+"]), st.integers(0, 30), st.integers(0, 59))
days = st.builds("{}{}".format, weekdays | julian | counted, st.just("") | clocks.map("/{}".format))
offsets = st.builds("{}{}:{:02}".format, st.sampled_from(["", "-", "+"]), st.integers(0, 13), st.integers(0, 59))
rules = st.builds("AAA{}BBB,{},{}".format, offsets, days, days)


@settings(deadline=None, max_examples=8)
@given(st.lists(st.tuples(rules, st.lists(st.integers(0, 2_500_000_000), min_size=40, max_size=40)), min_size=12))
def test_any_rule_agrees_with_the_c_library(asked: list[tuple[str, list[int]]]) -> None:
    """Whatever the days and times on which the clocks change, odd ones included."""
    moments = dict(asked)
    for rule, told in c_library(moments).items():
        zone = posix_zone(rule)
        for moment, (offset, name, clock) in zip(moments[rule], told, strict=True):
            local = datetime.fromtimestamp(moment, UTC).astimezone(zone)
            assert f"{local:%Y-%m-%d %H:%M:%S}" == clock, (rule, moment, offset, name)


def test_summer_time_without_a_rule_changes_as_the_c_library_has_it() -> None:
    """On the second Sunday of March and the first of November, at two."""
    assert ours("CET-1CEST", 1_835_000_000) == c_library({"CET-1CEST": [1_835_000_000]})["CET-1CEST"][0]
    assert posix_zone("CET-1CEST")._changes(2028) == posix_zone("CET-1CEST,M3.2.0,M11.1.0")._changes(2028)


@pytest.mark.parametrize(
    ("wall", "fold", "utc"),
    [
        (datetime(2026, 3, 29, 2, 30), 0, "01:30"),
        (datetime(2026, 3, 29, 2, 30), 1, "00:30"),
        (datetime(2026, 10, 25, 2, 30), 0, "00:30"),
        (datetime(2026, 10, 25, 2, 30), 1, "01:30"),
    ],
)
def test_times_that_never_come_and_times_that_come_twice(wall: datetime, fold: int, utc: str) -> None:
    """A skipped time counts as before the gap and then after it, a double one as the first and then the second."""
    moment = wall.replace(tzinfo=posix_zone("CET-1CEST,M3.5.0,M10.5.0/3"), fold=fold)
    assert f"{moment.astimezone(UTC):%H:%M}" == utc


def test_both_ends_of_the_calendar_have_an_offset() -> None:
    """Years 1 and 9999 have no neighbour to look into."""
    zone = posix_zone("AEST-10AEDT,M10.1.0,M4.1.0/3")
    for moment in (datetime.min, datetime.max):
        assert moment.replace(tzinfo=zone).utcoffset() in (timedelta(hours=10), timedelta(hours=11))


@pytest.mark.parametrize(
    "text",
    ["", "JS-9", "JST", "JST-", "JST-24", "JST-25", "AAA-23BBB", "JST-9:60", "CET-1CEST,M3.5.0", "A\x00B-1",
     "CET-1CEST,M13.1.0,M4.1.0", "CET-1CEST,M3.6.0,M4.1.0", "CET-1CEST,J0,J3", "CET-1CEST,366,1", "CET-1CEST,x,y",
     "<+03", "JST-9 ", "J" * 999],
)  # fmt: skip
def test_what_is_no_rule_is_refused(text: str) -> None:
    """Rather than read as something that was not meant."""
    with pytest.raises(ValueError, match=r"^no "):
        posix_zone(text)

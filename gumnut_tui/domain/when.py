"""Times as a person writes them: the WHEN grammar, and ranges that include their start but not their end.

    90m 24h 7d 2w            so long ago; a day is 24 hours, also when the clocks change
    now today yesterday      today and yesterday are where that day begins
    10:30                    today at that time
    2026-11-01               where that day begins
    2026-11-01T10:00         seconds and fractions may follow, and `Z` or an offset like +02:00
    all                      no bound

A time without a zone is meant in the zone handed in. Where the clocks go back and a time occurs twice, the first one
is meant; a time the clocks jump over is as much later as it lies inside the gap.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from gumnut_tui.domain.errors import UsageProblem, clip

PRESETS = ("1h", "24h", "7d", "30d", "all")
"""Ranges offered by name, as `--since` takes them."""

EXAMPLES = "24h, 90m, 7d, 2w, now, today, yesterday, 10:30, 2026-11-01, 2026-11-01T10:00, 2026-11-01T10:00Z or all"

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_AGO = re.compile(r"(\d{1,9})([mhdw])", re.ASCII)
_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2}(\.\d{1,6})?)?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})[Tt ](?P<clock>\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(?P<zone>[Zz]|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class TimeRange:
    """A half-open range `[since, until)` of UTC times; None means no bound on that side."""

    since: datetime | None
    until: datetime | None


def parse_when(text: str, *, now: datetime, zone: tzinfo) -> datetime | None:
    """The UTC time `text` means at `now`, or None for `all`; raises UsageProblem for anything else."""
    word = text.strip()
    if word.lower() == "all":
        return None
    try:
        moment = _moment(word, now, zone)
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        raise UsageProblem(f"'{clip(text, 60)}' is not a time; write {EXAMPLES}.")
    return moment


def parse_range(since: str, until: str | None, *, now: datetime, zone: tzinfo) -> TimeRange:
    """The range between two WHENs, both read at the same `now`; raises UsageProblem, also for an empty range."""
    start = parse_when(since, now=now, zone=zone)
    end = None if until is None else parse_when(until, now=now, zone=zone)
    if start is not None and end is not None and start >= end:
        raise UsageProblem(
            f"the range from '{clip(since, 60)}' to '{clip(until or '', 60)}' is empty: "
            f"it would begin at {_said(start, zone)} and end at {_said(end, zone)}."
        )
    return TimeRange(start, end)


def _moment(word: str, now: datetime, zone: tzinfo) -> datetime | None:
    """The time meant, or None for a form we do not know; ValueError or OverflowError for an impossible one."""
    today = now.astimezone(zone).date()
    match word.lower():
        case "now":
            return now.astimezone(UTC)
        case "today":
            return _at(today, time(), zone)
        case "yesterday":
            return _at(today - timedelta(days=1), time(), zone)
    if ago := _AGO.fullmatch(word.lower()):
        return now.astimezone(UTC) - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    if _CLOCK.fullmatch(word):
        return _at(today, time.fromisoformat(_two_digit_hour(word)), zone)
    if _DAY.fullmatch(word):
        return _at(date.fromisoformat(word), time(), zone)
    if moment := _MOMENT.fullmatch(word):
        return _with_zone(moment["day"], moment["clock"], moment["zone"], zone)
    return None


def _two_digit_hour(clock: str) -> str:
    """`9:05:30` as `09:05:30`."""
    return clock if clock[1] != ":" else f"0{clock}"


def _with_zone(day: str, clock: str, offset: str | None, zone: tzinfo) -> datetime:
    if offset is None:
        return _at(date.fromisoformat(day), time.fromisoformat(clock), zone)
    return datetime.fromisoformat(f"{day}T{clock}{offset.upper()}").astimezone(UTC)


def _at(day: date, clock: time, zone: tzinfo) -> datetime:
    """That wall clock time in UTC; `fold=0` picks the first of two and moves a skipped one past the gap."""
    return datetime.combine(day, clock.replace(fold=0), zone).astimezone(UTC)


def _said(moment: datetime, zone: tzinfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S %Z").strip()

"""Time ranges as a person writes them: where a day means all of it.

    24h 1h30m 10:30         from then on
    yesterday  24 Nov  mon  that day
    last week               Monday to Sunday of the week before this one
    24 Nov .. 26 Nov        from the first day to the end of the last; `–`, ` - ` and ` to ` do the same
    24 Nov 10:30 .. 11:00   from then to then
    24 Nov ..   .. 24 Nov   from that day on; up to its end
    all                     no bound

A range that would end later than now has no end: what comes belongs to it.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo

from gumnut_tui.domain.errors import UsageProblem, clip
from gumnut_tui.domain.when import TimeRange, checked_range, day_span, parse_when

PRESETS = ("1h", "24h", "7d", "30d", "all", "today", "yesterday", "last week")
"""Ranges offered by name."""

RANGE_EXAMPLES = "yesterday, last week, 24 Nov, 24 Nov .. 26 Nov, 24 Nov 10:30 .. 11:00, mon .., 1h30m or all"

_BETWEEN = re.compile(r"\s*(?:\.\.|–|\s-\s|\sto\s)\s*")


def parse_range_words(text: str, *, now: datetime, zone: tzinfo) -> TimeRange:
    """The half-open UTC range `text` means at `now`; raises UsageProblem for other words and for an empty range."""
    words = text.strip()
    if words.lower().split() == ["last", "week"]:
        return _last_week(now, zone)
    first, mark, last = _parted(words)
    if not mark:
        day = day_span(words, now=now, zone=zone)
        since, until = (_time(words, now, zone), None) if day is None else day
        return TimeRange(since, _not_ahead(until, now))
    start, end = (day_span(word, now=now, zone=zone) for word in (first, last))
    since = start[0] if start else _time(first, now, zone) if first else None
    until = _not_ahead(end[1], now) if end else _time(last, now, zone) if last else None
    return checked_range(since, until, f"'{clip(first, 60)}' to '{clip(last, 60)}'", zone)


def _last_week(now: datetime, zone: tzinfo) -> TimeRange:
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    ends = (monday - timedelta(days=7), monday - timedelta(days=1))
    first, last = (day_span(day.isoformat(), now=now, zone=zone) for day in ends)
    assert first, "now is well within the calendar"
    assert last
    return TimeRange(first[0], last[1])


def _parted(words: str) -> tuple[str, str, str]:
    """What stands before, the sign itself, and what stands behind; no sign, no range."""
    found = _BETWEEN.search(f" {words} ")
    if found is None:
        return words, "", ""
    return found.string[: found.start()].strip(), found.group(), found.string[found.end() :].strip()


def _time(word: str, now: datetime, zone: tzinfo) -> datetime | None:
    """A moment, or None for `all`; raises UsageProblem with words on ranges."""
    try:
        return parse_when(word, now=now, zone=zone)
    except UsageProblem:
        raise UsageProblem(f"'{clip(word, 60)}' is not a time; write {RANGE_EXAMPLES}.") from None


def _not_ahead(until: datetime | None, now: datetime) -> datetime | None:
    return None if until is None or until > now else until

"""Times as a person writes them: the WHEN grammar, and ranges that include their start but not their end.

    90m 24h 1h30m 7d 2w      that long ago; a day is 24 hours, even when the clocks change
    1mo                      a calendar month ago, at the same time of day
    now                      this moment
    10:30 noon               today at that time
    today yesterday mon      the start of that day; of a weekday the last one, which may be today
    24 Nov, Thu 19 Nov 2026  the start of that day; without a year the last such date
    2026-11-01               the start of that day
    yesterday 10:30          any day with a time
    2026-11-01T10:00         seconds and fractions may follow, and `Z` or an offset like +02:00
    all                      no bound

A time without a zone is in the zone given. Where the clocks go back and a time occurs twice, the first one is meant; a
time the clocks skip is as much later as it lies inside the gap.

In a range, a day means all of it:

    24h 1h30m 10:30         since then
    yesterday  24 Nov  mon  that day
    last week               Monday to Sunday of the week before this one
    24 Nov .. 26 Nov        from the first day to the end of the last; `–`, ` - ` and ` to ` do the same
    24 Nov 10:30 .. 11:00   from then to then
    24 Nov ..   .. 24 Nov   since that day; up to its end
    all                     no bound

A range that would end in the future has no end: new events belong to it.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

import msgspec

from gumnut_tui.domain.errors import UsageProblem, clip

EXAMPLES = (
    "24h, 1h30m, 7d, 1mo, now, today, yesterday, mon, noon, 10:30, 24 Nov, 24 Nov 10:30, 2026-11-01, "
    "2026-11-01T10:00Z or all"
)

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SEARCHED_YEARS = 9
"""How many years back to look for a date without a year: 29 February may be eight years ago."""

_AGO = re.compile(
    r"(?:(?P<months>\d{1,9})mo)?(?:(?P<weeks>\d{1,9})w)?(?:(?P<days>\d{1,9})d)?(?:(?P<hours>\d{1,9})h)?"
    r"(?:(?P<minutes>\d{1,9})m)?",
    re.ASCII,
)
_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2}(\.\d{1,6})?)?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})[Tt ](?P<clock>\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(?P<zone>[Zz]|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)


class TimeRange(msgspec.Struct, frozen=True):
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
    return checked_range(start, end, f"'{clip(since, 60)}' to '{clip(until or '', 60)}'", zone)


def checked_range(since: datetime | None, until: datetime | None, words: str, zone: tzinfo) -> TimeRange:
    """The range between two times; raises UsageProblem for an empty one."""
    if since is not None and until is not None and since >= until:
        raise UsageProblem(
            f"the range from {words} is empty: it would begin at {_said(since, zone)} and end at {_said(until, zone)}."
        )
    return TimeRange(since, until)


def day_span(text: str, *, now: datetime, zone: tzinfo) -> tuple[datetime, datetime] | None:
    """Start and end in UTC of the calendar day that `text` names; None for anything else.

    None also for a day with a time, and for the last day of the calendar, which has no end.
    """
    try:
        day = _day(text.lower().split(), now.astimezone(zone).date())
        return None if day is None else (_at(day, time(), zone), _at(day + timedelta(days=1), time(), zone))
    except (ValueError, OverflowError):
        return None


def _moment(word: str, now: datetime, zone: tzinfo) -> datetime | None:
    """The time meant, or None for an unknown form; raises ValueError or OverflowError for an impossible one."""
    lower = word.lower()
    if lower == "now":
        return now.astimezone(UTC)
    if lower and (ago := _AGO.fullmatch(lower)):
        return _ago(ago, now, zone)
    if moment := _MOMENT.fullmatch(word):
        return _with_zone(moment["day"], moment["clock"], moment["zone"], zone)
    words, today = lower.split(), now.astimezone(zone).date()
    clock = _clock(words[-1]) if words else None
    if clock is None:
        day = _day(words, today)
        return None if day is None else _at(day, time(), zone)
    day = _day(words[:-1], today) if words[1:] else today
    return None if day is None else _at(day, clock, zone)


def _ago(parts: re.Match[str], now: datetime, zone: tzinfo) -> datetime:
    amounts = {unit: int(amount) for unit, amount in parts.groupdict(default="0").items()}
    months = amounts.pop("months")
    since = now.astimezone(UTC) - timedelta(**amounts)
    return _months_before(since, months, zone) if months else since


def _months_before(moment: datetime, months: int, zone: tzinfo) -> datetime:
    """The same time on the same day that many months before; on the month's last day where it has no such day."""
    here = moment.astimezone(zone)
    year, month = divmod(here.year * 12 + here.month - 1 - months, 12)
    last = (date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return _at(date(year, month + 1, min(here.day, last)), here.time(), zone)


def _clock(word: str) -> time | None:
    """A time of day: `9:05`, `09:05:30.25`, `noon`."""
    if word == "noon":
        return time(12)
    if not _CLOCK.fullmatch(word):
        return None
    return time.fromisoformat(word if word[1] != ":" else f"0{word}")


def _day(words: list[str], today: date) -> date | None:
    """The day that the lower-case words name."""
    match words:
        case ["today"]:
            return today
        case ["yesterday"]:
            return today - timedelta(days=1)
        case [word] if _DAY.fullmatch(word):
            return date.fromisoformat(word)
        case [word] if (weekday := _number(word, _WEEKDAYS)) is not None:
            return today - timedelta(days=(today.weekday() - weekday) % 7)
        case [word, *rest] if len(rest) > 1 and (weekday := _number(word, _WEEKDAYS)) is not None:
            return _date(rest, today, weekday)
    return _date(words, today, None)


def _date(words: list[str], today: date, weekday: int | None) -> date | None:
    """`24 Nov`, `Nov 24`, with a year or without, on that weekday where one is given."""
    if not 2 <= len(words) <= 3:
        return None
    day, name = words[:2] if words[0][:1].isdigit() else (words[1], words[0])
    month = _number(name.rstrip(","), _MONTHS)
    if month is None or not (day.isascii() and day.isdecimal() and len(day) <= 2):
        return None
    if not words[2:]:
        found = _last_of(month + 1, int(day), today)
    elif words[2].isascii() and words[2].isdecimal() and len(words[2]) == 4:
        found = date(int(words[2]), month + 1, int(day))
    else:
        found = None
    return found if found is not None and weekday in (None, found.weekday()) else None


def _last_of(month: int, day: int, today: date) -> date | None:
    """The last such date, including today."""
    for year in range(today.year, today.year - _SEARCHED_YEARS, -1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= today:
            return found
    return None


def _number(word: str, names: tuple[str, ...]) -> int | None:
    """The index of the name that a word is, in full or by its first three letters."""
    return next((number for number, name in enumerate(names) if word in (name, name[:3])), None)


def _with_zone(day: str, clock: str, offset: str | None, zone: tzinfo) -> datetime:
    if offset is None:
        return _at(date.fromisoformat(day), time.fromisoformat(clock), zone)
    return datetime.fromisoformat(f"{day}T{clock}{offset.upper()}").astimezone(UTC)


def _at(day: date, clock: time, zone: tzinfo) -> datetime:
    """That wall-clock time in UTC; `fold=0` picks the first of two and moves a skipped one past the gap."""
    return datetime.combine(day, clock.replace(fold=0), zone).astimezone(UTC)


def _said(moment: datetime, zone: tzinfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S %Z").strip()


PRESETS = ("1h", "24h", "7d", "30d", "all", "today", "yesterday", "last week")
"""Ranges that are offered by name."""

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
    """What is before the range sign, the sign, and what is after it; empty without one."""
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

"""Time zones as POSIX writes them in `TZ`: `JST-9`, `<+0330>-3:30`, `CET-1CEST,M3.5.0,M10.5.0/3`.

    NAME OFFSET [NAME [OFFSET] [,START[/TIME],END[/TIME]]]

A name is three letters or more, or letters, digits and signs in angle brackets. An offset is what has to be added to
local time to get UTC, so it is negative east of Greenwich; summer time is an hour ahead unless its own says otherwise.
START and END are the days the clocks change, at TIME (02:00) of the clock until then: `Mm.w.d` is weekday d (0 is
Sunday) of week w (5 is the last) of month m, `Jn` day n from 1 without 29 February, `n` day n from 0 with it.
"""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache

DAY = 86_400
UNSAID_RULE = "M3.2.0,M11.1.0"
"""When the clocks change if only the name of summer time is given, as in the C library."""
LONGEST = 200
"""Characters; a longer text is no rule."""

_NAME = r"[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>"
_CLOCK = r"[+-]?\d{1,3}(?::\d{1,2}(?::\d{1,2})?)?"
_RULE = re.compile(
    rf"(?P<std>{_NAME})(?P<offset>{_CLOCK})"
    rf"(?:(?P<dst>{_NAME})(?P<ahead>{_CLOCK})?(?:,(?P<start>[^,]+),(?P<end>[^,]+))?)?",
    re.ASCII,
)
_CHANGE = re.compile(
    rf"(?:M(?P<month>\d{{1,2}})\.(?P<week>\d)\.(?P<weekday>\d)|J(?P<julian>\d{{1,3}})|(?P<day>\d{{1,3}}))"
    rf"(?:/(?P<time>{_CLOCK}))?",
    re.ASCII,
)

Day = Callable[[int], int]
"""Year -> the ordinal of a day in it."""


def posix_zone(text: str) -> PosixZone:
    """The zone a rule describes; raises ValueError for an invalid rule."""
    told = _RULE.fullmatch(text) if len(text) <= LONGEST else None
    if told is None:
        raise ValueError("no rule of a time zone")
    standard = _offset(told["offset"])
    if told["dst"] is None:
        return PosixZone(text, told["std"].strip("<>"), standard)
    summer = standard + 3600 if told["ahead"] is None else _offset(told["ahead"])
    if summer >= DAY:
        raise ValueError("no offset that a clock can have")
    start, end = (told["start"], told["end"]) if told["start"] else UNSAID_RULE.split(",")
    names = told["std"].strip("<>"), told["dst"].strip("<>")
    return PosixZone(text, names[0], standard, Summer(names[1], summer, _change(start), _change(end)))


@dataclass(frozen=True)
class Change:
    """When the clocks change: a day of each year, and seconds after its midnight."""

    day: Day
    seconds: int


@dataclass(frozen=True)
class Summer:
    """Summer time: its name, its offset east of UTC in seconds, and when it begins and ends."""

    name: str
    offset: int
    start: Change
    end: Change


class PosixZone(tzinfo):
    """A zone by rule, the same in every year. Offsets are seconds east of UTC."""

    def __init__(self, rule: str, name: str, offset: int, summer: Summer | None = None) -> None:
        self.rule = rule
        self._name = name
        self._offset = offset
        self._summer = summer

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        """The offset at that wall clock time: of two the first with `fold` 0, in a gap the one before it."""
        return None if moment is None else timedelta(seconds=self._offset_of(moment))

    def dst(self, moment: datetime | None) -> timedelta | None:
        """How far summer time is ahead at that wall clock time."""
        return None if moment is None else timedelta(seconds=self._offset_of(moment) - self._offset)

    def tzname(self, moment: datetime | None) -> str | None:
        """The abbreviation at that wall clock time."""
        if moment is None:
            return None
        summer = self._summer
        return self._name if summer is None or self._offset_of(moment) == self._offset else summer.name

    def fromutc(self, moment: datetime) -> datetime:
        """The wall clock time for a UTC time, with `fold` set on the second of two equal ones."""
        offset = self._offset_at(_count(moment))
        local = (moment + timedelta(seconds=offset)).replace(fold=0)
        return local if self._offset_of(local) == offset else local.replace(fold=1)

    def _offset_of(self, local: datetime) -> int:
        if self._summer is None:
            return self._offset
        at = _count(local)
        both = sorted((self._offset, self._summer.offset))
        fitting = [offset for offset in both if self._offset_at(at - offset) == offset]
        if len(fitting) == 1:
            return fitting[0]
        # Twice: the first time is the one with the larger offset. Never: the clocks jumped from the smaller one.
        return both[local.fold] if not fitting else both[1 - local.fold]

    def _offset_at(self, utc: int) -> int:
        """The offset at a count of seconds in UTC; as in the C library, the year in UTC decides which changes apply."""
        if self._summer is None:
            return self._offset
        year = date.fromordinal(min(max(utc // DAY, 1), date.max.toordinal())).year
        start, end = self._changes(year)
        is_summer = start <= utc < end if start <= end else not end <= utc < start
        return self._summer.offset if is_summer else self._offset

    @lru_cache(maxsize=64)  # noqa: B019 - a program has a zone or two
    def _changes(self, year: int) -> tuple[int, int]:
        """When summer time begins and ends in a year, in seconds of UTC."""
        summer = self._summer
        assert summer is not None
        begins = summer.start.day(year) * DAY + summer.start.seconds - self._offset
        return begins, summer.end.day(year) * DAY + summer.end.seconds - summer.offset


def _count(moment: datetime) -> int:
    """Seconds since the day before the calendar's first, from the fields of the moment alone."""
    return moment.toordinal() * DAY + moment.hour * 3600 + moment.minute * 60 + moment.second


def _seconds(clock: str, *, most_hours: int) -> int:
    sign = -1 if clock.startswith("-") else 1
    hours, minutes, seconds = ([int(part) for part in clock.lstrip("+-").split(":")] + [0, 0])[:3]
    if hours > most_hours or minutes > 59 or seconds > 59:
        raise ValueError(f"no time of a clock: {clock}")
    return sign * (hours * 3600 + minutes * 60 + seconds)


def _offset(clock: str) -> int:
    """Seconds east of UTC; a whole day, which POSIX allows, no date can have."""
    return -_seconds(clock, most_hours=23)


def _change(text: str) -> Change:
    told = _CHANGE.fullmatch(text)
    if told is None:
        raise ValueError(f"no day on which clocks change: {text}")
    seconds = 2 * 3600 if told["time"] is None else _seconds(told["time"], most_hours=167)
    if told["month"] is not None:
        return Change(_weekday(int(told["month"]), int(told["week"]), int(told["weekday"])), seconds)
    if told["julian"] is not None:
        return Change(_julian(int(told["julian"])), seconds)
    return Change(_counted(int(told["day"])), seconds)


def _weekday(month: int, week: int, weekday: int) -> Day:
    if not (1 <= month <= 12 and 1 <= week <= 5 and weekday <= 6):
        raise ValueError("no such weekday of a month")

    def day(year: int) -> int:
        first = date(year, month, 1)
        found = first.toordinal() + (weekday - first.isoweekday()) % 7 + 7 * (week - 1)
        return found if found < first.toordinal() + _days_in(year, month) else found - 7

    return day


def _julian(number: int) -> Day:
    if not 1 <= number <= 365:
        raise ValueError("no such day of a year")
    return lambda year: date(year, 1, 1).toordinal() + number - 1 + (isleap(year) and number >= 60)


def _counted(number: int) -> Day:
    if number > 365:
        raise ValueError("no such day of a year")
    return lambda year: date(year, 1, 1).toordinal() + number


def _days_in(year: int, month: int) -> int:
    return 29 if month == 2 and isleap(year) else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]

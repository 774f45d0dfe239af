"""Times, days and ages in the display zone; always English, whatever the machine's locale."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

from gumnut_tui.domain.models import from_us, to_us

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SPANS = ((86400.0, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s"))

CALENDAR_END_US = to_us(datetime.max)
"""The last moment that can be shown."""

ROW_TIME_WIDTH = 16
"""Cells the longest `row_time` takes."""


def local(us: int, zone: tzinfo) -> datetime:
    """The moment in `zone`; in UTC where the calendar ends (years 1 and 9999)."""
    try:
        return datetime.fromtimestamp(us // 1_000_000, zone).replace(microsecond=us % 1_000_000)
    except (OverflowError, ValueError, OSError):
        return from_us(us)


def clock_time(us: int, zone: tzinfo) -> str:
    """`12:03:22`, whatever the day."""
    return _clock(local(us, zone))


def row_time(us: int, zone: tzinfo, now: datetime) -> str:
    """For a table's row: `12:03:22` today, `19 Nov 12:03:22` this year, `2024-11-19 12:03` before."""
    moment = local(us, zone)
    ordinal, year = _today(now, zone)
    if moment.toordinal() == ordinal:
        return _clock(moment)
    if moment.year == year:
        return f"{moment.day} {_MONTHS[moment.month - 1]} {_clock(moment)}"
    return f"{_iso_day(moment)} {moment.hour:02}:{moment.minute:02}"


def date_time(us: int, zone: tzinfo) -> str:
    """`2026-11-19 12:03:22`, to sort and to copy."""
    moment = local(us, zone)
    return f"{_iso_day(moment)} {_clock(moment)}"


def exact_time(us: int, zone: tzinfo) -> str:
    """`2026-11-19 12:03:22.604913 +01:00`: every digit the service gave, with its distance from UTC."""
    moment = local(us, zone)
    return f"{_iso_day(moment)} {_clock(moment)}.{us % 1_000_000:06} {offset_words(moment)}"


def day_label(us: int, zone: tzinfo, now: datetime) -> str:
    """`today`, `yesterday`, `Thu 19 Nov`, `Thu 19 Nov 2024`: the heading of a day's rows."""
    moment = local(us, zone)
    ordinal, year = _today(now, zone)
    days_ago = ordinal - moment.toordinal()
    if days_ago in (0, 1):
        return "yesterday" if days_ago else "today"
    label = f"{_DAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]}"
    return label if moment.year == year else f"{label} {moment.year}"


def moment_words(us: int, zone: tzinfo, now: datetime) -> str:
    """A time inside a sentence: `today 12:03`, `yesterday 14:00`, `Thu 19 Nov 12:03`."""
    moment = local(us, zone)
    return f"{day_label(us, zone, now)} {moment.hour:02}:{moment.minute:02}"


def day_words(moment: datetime) -> str:
    """A calendar day as the moment itself has it: `3 May 2025`."""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def date_words(day: date) -> str:
    """A day with its weekday, to be read later too: `Thu 19 Nov 2026`."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def wall_clock(moment: datetime) -> str:
    """A capture time as the camera's clock had it, with its offset if given: `3 May 2025 16:20:09 +02:00`."""
    words = f"{day_words(moment)} {_clock(moment)}"
    return words if moment.tzinfo is None else f"{words} {offset_words(moment)}"


def age(seconds: float) -> str:
    """How long ago: `2s ago`, `3 min ago`, `5 h ago`, `12 days ago`; ahead of our clock: `in 3 min`."""
    if seconds < 0:
        return "just now" if seconds > -2 else f"in {_about(-seconds)}"
    return "just now" if seconds < 1 else f"{_about(seconds)} ago"


def age_of(us: int, now: datetime) -> str:
    """`age` of a moment seen from `now`."""
    return age((to_us(now) - us) / 1_000_000)


def span_words(seconds: float) -> str:
    """A length of time in its two largest units: `45 s`, `1 h 30 min`, `30 d`."""
    left = max(round(seconds), 0)
    parts: list[str] = []
    for size, unit in _SPANS:
        count, left = divmod(left, int(size))
        if count:
            parts.append(f"{count} {unit}")
        elif parts:
            break
    return " ".join(parts[:2]) or "0 s"


def clock_words(ahead: timedelta) -> str:
    """How far this machine's clock is off: `this machine's clock is 5 min ahead of the service's`."""
    seconds = ahead.total_seconds()
    way = "ahead of" if seconds > 0 else "behind"
    return f"this machine's clock is {span_words(abs(seconds))} {way} the service's"


def zone_name(zone: tzinfo, now: datetime) -> str:
    """What to call the zone: `Europe/Lisbon`, `UTC`, `UTC+02:00`, or the machine's own name for it."""
    if zone is UTC:
        return "UTC"
    key = getattr(zone, "key", None)
    return str(key) if key else zone.tzname(now.astimezone(zone).replace(tzinfo=None)) or "local time"


def offset_words(moment: datetime) -> str:
    """The distance from UTC: `+01:00`; `Z` for UTC itself."""
    offset = moment.utcoffset()
    if not offset:
        return "Z"
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _about(seconds: float) -> str:
    if seconds < 60:
        return f"{int(seconds)}s"
    if seconds < 3600:
        return f"{int(seconds // 60)} min"
    if seconds < 48 * 3600:
        return f"{int(seconds // 3600)} h"
    days = int(seconds // 86400)
    return f"{days} days" if days < 730 else f"{days // 365} years"


def _clock(moment: datetime) -> str:
    return f"{moment.hour:02}:{moment.minute:02}:{moment.second:02}"


def _iso_day(moment: datetime) -> str:
    return f"{moment.year:04}-{moment.month:02}-{moment.day:02}"


@lru_cache(maxsize=16)
def _today(now: datetime, zone: tzinfo) -> tuple[int, int]:
    """Today's ordinal and year, cached: every row drawn needs them."""
    today = local(to_us(now), zone)
    return today.toordinal(), today.year


_MINUTE = 60
_DAY = 86_400
STEPS = tuple(
    timedelta(seconds=seconds)
    for seconds in (
        *(_MINUTE * minutes for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720)),
        *(_DAY * days for days in (1, 2, 7, 14, 30, 90, 180, 365, 730, 1825)),
    )
)
LABEL_ROOM = 12
"""Columns for a label and the gap after it."""


def axis_text(start_us: int, end_us: int, zone: tzinfo, width: int) -> str:
    """The axis under `width` columns that divide the range evenly; each label begins at the column of its time."""
    cells = [" "] * width
    free = 0
    span = end_us - start_us
    if span <= 0:
        return "".join(cells)
    step = _step(span, width)
    for moment in _ticks(start_us, end_us, zone, step):
        x = (to_us(moment) - start_us) * width // span
        label = _label(moment, step)
        if free <= x <= width - len(label):
            cells[x : x + len(label)] = label
            free = x + len(label) + 1
    return "".join(cells)


def moment_label(us: int, zone: tzinfo) -> str:
    """A moment in a few cells: `20 Nov 12:03`."""
    moment = local(us, zone)
    return f"{_day(moment)} {moment:%H:%M}"


def _step(span_us: int, width: int) -> timedelta:
    room = timedelta(microseconds=span_us * LABEL_ROOM // max(width, 1))
    return next((step for step in STEPS if step >= room), STEPS[-1])


def _ticks(start_us: int, end_us: int, zone: tzinfo, step: timedelta) -> Iterator[datetime]:
    """Multiples of the step counted from a local midnight; local time may jump, UTC never goes back."""
    naive = local(start_us, zone).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
    if step > timedelta(days=1):
        naive -= timedelta(days=min(naive.toordinal() - 1, naive.toordinal() % step.days))
    before = start_us - 1
    while True:
        moment = naive.replace(tzinfo=zone)
        us = to_us(moment)
        if us >= end_us:
            return
        if us > before:
            before = us
            yield moment
        try:
            naive += step
        except OverflowError:
            return


def _label(moment: datetime, step: timedelta) -> str:
    if step >= timedelta(days=365):
        return f"{moment.year}"
    if step >= timedelta(days=1) or (moment.hour, moment.minute) == (0, 0):
        return _day(moment)
    return f"{moment:%H:%M}"


def _day(moment: datetime) -> str:
    return f"{moment.day} {_MONTHS[moment.month - 1]}"

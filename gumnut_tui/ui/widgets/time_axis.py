"""Labels of a time axis: round times of the zone one reads in, as many as fit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

from gumnut_tui.domain.models import to_us
from gumnut_tui.formatting.times import local

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
"""Columns a label and the gap behind it should have."""


def axis_text(start_us: int, end_us: int, zone: tzinfo, width: int) -> str:
    """The axis under `width` columns that share the range: each label begins at the column of its time."""
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
        naive -= timedelta(days=naive.toordinal() % step.days)
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


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

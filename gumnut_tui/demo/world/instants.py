"""Instants as the demo counts them, in µs since the epoch, and as datetimes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def instant(us: int) -> datetime:
    """µs since the epoch as a datetime in UTC."""
    return _EPOCH + us * _MICROSECOND


def utc(us: int) -> str:
    """µs since the epoch as the service writes an instant: with microseconds and `Z`."""
    return instant(us).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def wall_us(text: str) -> int:
    """The wall clock of a time as the API writes it, read as if it were UTC, in µs since the epoch."""
    return microseconds(datetime.fromisoformat(text).replace(tzinfo=UTC))


def microseconds(moment: datetime) -> int:
    """A datetime with a zone as µs since the epoch."""
    return (moment - _EPOCH) // _MICROSECOND

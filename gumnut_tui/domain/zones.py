"""Time zones: the machine's own, UTC, or one by its IANA name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from difflib import get_close_matches
from pathlib import Path

from gumnut_tui.domain.errors import UsageProblem, clip

LOCALTIME = Path("/etc/localtime")
_UTC_NAMES = frozenset({"UTC", "ETC/UTC", "Z", "GMT", "ETC/GMT", "UCT", "ZULU"})


def named_zone(name: str) -> tzinfo:
    """The zone of an IANA name such as `Europe/Lisbon`, or UTC; raises UsageProblem for an unknown name."""
    if name.upper() in _UTC_NAMES:
        return UTC
    from zoneinfo import ZoneInfo, available_timezones

    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        near = get_close_matches(name.title(), available_timezones(), n=1)
        hint = f"did you mean {near[0]}?" if near else "write one like Europe/Lisbon, or UTC."
        raise UsageProblem(f"there is no time zone '{clip(name, 60)}'; {hint}") from None


def local_zone(environ: Mapping[str, str], localtime: Path = LOCALTIME) -> tzinfo:
    """The machine's zone: `TZ`, else the link the system keeps, else whatever the C library says."""
    for name in (environ.get("TZ", "").removeprefix(":"), _linked_name(localtime)):
        if name:
            try:
                return named_zone(name)
            except UsageProblem:
                continue
    return SystemZone()


def _linked_name(localtime: Path) -> str:
    """`Europe/Lisbon` for a link to `…/zoneinfo/Europe/Lisbon`; empty when it is no such link."""
    try:
        target = localtime.resolve(strict=True).as_posix()
    except (OSError, RuntimeError):
        return ""
    return target.partition("/zoneinfo/")[2]


class SystemZone(tzinfo):
    """The zone the C library keeps, for machines where it has no name we could find."""

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        """The offset at that wall clock time."""
        return None if moment is None else self._local(moment).utcoffset()

    def dst(self, moment: datetime | None) -> timedelta | None:
        """Not known: the C library tells only the whole offset."""
        return None

    def tzname(self, moment: datetime | None) -> str | None:
        """The abbreviation at that time: `CET`."""
        return None if moment is None else self._local(moment).tzname()

    def fromutc(self, moment: datetime) -> datetime:
        """The wall clock time for a UTC time, with `fold` set on the second of two equal ones."""
        return datetime.fromtimestamp(moment.replace(tzinfo=UTC).timestamp()).replace(tzinfo=self)

    @staticmethod
    def _local(moment: datetime) -> datetime:
        return moment.replace(tzinfo=None).astimezone()

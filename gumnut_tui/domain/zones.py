"""Time zones: the machine's own as `TZ` or the system names it, UTC, or one by its IANA name."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from gumnut_tui.domain.errors import UsageProblem, clip

LOCALTIME = Path("/etc/localtime")
LARGEST_FILE = 1_000_000
"""Bytes; real zone files have a few thousand."""
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


class LocalZone(NamedTuple):
    """The zone, and a message if `TZ` could not be read and another zone is used."""

    zone: tzinfo
    problem: str = ""


def local_zone(environ: Mapping[str, str], localtime: Path = LOCALTIME) -> LocalZone:
    """The machine's zone: `TZ`, else that of the system's link, else that of the C library.

    `TZ` may be a name or the path of a zone's file, with or without a colon before it, or a POSIX rule; if set but
    empty, it means UTC, as usual.
    """
    written = environ.get("TZ")
    if written is None:
        return LocalZone(_machine_zone(localtime))
    zone = _written_zone(written.removeprefix(":"))
    if zone is not None:
        return LocalZone(zone)
    machine = _machine_zone(localtime)
    said = clip(written, 60).encode("unicode_escape").decode("ascii")
    return LocalZone(machine, f"TZ is '{said}', which is not a time zone; times are shown in this machine's own")


def _written_zone(text: str) -> tzinfo | None:
    if not text:
        return UTC
    if text.startswith("/"):
        return _zone_in(Path(text))
    try:
        return named_zone(text)
    except UsageProblem:
        # Rules are rare, and their module is not needed for the first frame.
        from gumnut_tui.domain.posix_zone import posix_zone

        try:
            return posix_zone(text)
        except ValueError:
            return None


def _zone_in(path: Path) -> tzinfo | None:
    """The zone in a file of the system, such as `/usr/share/zoneinfo/Asia/Tokyo`."""
    from zoneinfo import ZoneInfo

    try:
        if not path.is_file() or path.stat().st_size > LARGEST_FILE:
            return None
        with path.open("rb") as file:
            return ZoneInfo.from_file(file, key=_name_in(path) or path.name)
    except (ValueError, OSError, LookupError, struct.error):
        return None


def _machine_zone(localtime: Path) -> tzinfo:
    name = _linked_name(localtime)
    try:
        return named_zone(name) if name else SystemZone()
    except UsageProblem:
        return SystemZone()


def _linked_name(localtime: Path) -> str:
    """`Europe/Lisbon` for a link to `…/zoneinfo/Europe/Lisbon`; empty when it is no such link."""
    try:
        target = localtime.resolve(strict=True).as_posix()
    except (OSError, RuntimeError):
        return ""
    return _name_in(Path(target))


def _name_in(path: Path) -> str:
    return path.as_posix().partition("/zoneinfo/")[2]


class SystemZone(tzinfo):
    """The zone of the C library, for machines where its name cannot be found."""

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        """The offset at that wall clock time."""
        return None if moment is None else self._local(moment).utcoffset()

    def dst(self, moment: datetime | None) -> timedelta | None:
        """Unknown: the C library gives only the total offset."""
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

"""Time zones by name and the machine's own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain.errors import UsageProblem
from gumnut_tui.domain.zones import SystemZone, local_zone, named_zone


def test_utc_by_any_of_its_names() -> None:
    """UTC needs no zone data."""
    assert named_zone("UTC") is UTC
    assert named_zone("etc/utc") is UTC


@pytest.mark.parametrize("name", ["Europe/Lisbn", "../../etc/passwd", "Europe", "/etc/localtime", "x\0y", ""])
def test_an_unknown_zone_is_named(name: str) -> None:
    """A name without zone data is a usage problem, whatever it looks like."""
    with pytest.raises(UsageProblem, match="time zone"):
        named_zone(name)


def test_a_near_miss_gets_a_suggestion() -> None:
    """A small slip is answered with the zone that was probably meant."""
    with pytest.raises(UsageProblem, match="did you mean Europe/Lisbon"):
        named_zone("europe/lisbn")


def test_the_environment_names_the_local_zone(tmp_path: Path) -> None:
    """`TZ` comes first, also in its form with a colon."""
    assert local_zone({"TZ": "Asia/Tokyo"}, tmp_path) == (ZoneInfo("Asia/Tokyo"), "")
    assert local_zone({"TZ": ":Asia/Tokyo"}, tmp_path) == (ZoneInfo("Asia/Tokyo"), "")
    assert local_zone({"TZ": "EST5EDT"}, tmp_path) == (ZoneInfo("EST5EDT"), "")


def test_the_systems_link_names_the_local_zone(tmp_path: Path) -> None:
    """Without `TZ` the link the system keeps tells the name."""
    data = tmp_path / "zoneinfo" / "Europe"
    data.mkdir(parents=True)
    (data / "Lisbon").touch()
    link = tmp_path / "localtime"
    link.symlink_to(data / "Lisbon")
    assert local_zone({}, link) == (ZoneInfo("Europe/Lisbon"), "")


def test_without_a_name_the_c_library_is_asked(tmp_path: Path) -> None:
    """A machine without link and `TZ` still has a local time."""
    assert isinstance(local_zone({}, tmp_path / "nothing").zone, SystemZone)


NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "clock", "name"),
    [
        ("JST-9", "21:00", "JST"),
        (":JST-9", "21:00", "JST"),
        ("<+0330>-3:30", "15:30", "+0330"),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "14:00", "CEST"),
        ("EST5EDT,M3.2.0,M11.1.0", "08:00", "EDT"),
        ("", "12:00", "UTC"),
        (":", "12:00", "UTC"),
    ],
)
def test_the_environment_may_write_a_rule(written: str, clock: str, name: str, tmp_path: Path) -> None:
    """As POSIX has it; empty means UTC, whatever the system's own link says."""
    zone, problem = local_zone({"TZ": written}, tmp_path)
    assert (f"{NOON.astimezone(zone):%H:%M %Z}", problem) == (f"{clock} {name}", "")


def tokyo(folder: Path) -> Path:
    """A zone's file: nine hours ahead of UTC, always."""
    path = folder / "zoneinfo" / "Asia" / "Tokyo"
    path.parent.mkdir(parents=True)
    header = b"TZif2" + b"\0" * 15 + (0).to_bytes(4) * 4 + (1).to_bytes(4) + (4).to_bytes(4)
    body = (9 * 3600).to_bytes(4) + b"\0\0" + b"JST\0"
    path.write_bytes(header + body + header + body + b"\nJST-9\n")
    return path


@pytest.mark.parametrize("colon", ["", ":"])
def test_the_environment_may_name_a_file(colon: str, tmp_path: Path) -> None:
    """By its path, with or without the colon POSIX asks for; the zone is called as below `zoneinfo`."""
    zone, problem = local_zone({"TZ": f"{colon}{tokyo(tmp_path)}"}, tmp_path)
    assert (f"{NOON.astimezone(zone):%H:%M %Z}", problem) == ("21:00 JST", "")
    assert getattr(zone, "key", None) == "Asia/Tokyo"


@pytest.mark.parametrize(
    "written",
    ["Lisbon", "Europe/Lisbn", "JST", "CET-1CEST,M3.5.0", "/dev/null", "/dev/zero", "/etc/passwd", "/no/such", "x\0",
     "/x\0", "JST-9\n", "\udce9", "a" * 5000],
)  # fmt: skip
def test_what_cannot_be_read_is_said(written: str, tmp_path: Path) -> None:
    """The machine's own zone stands in, and in words one learns why; the words can be written anywhere."""
    tokyo(tmp_path)
    (tmp_path / "localtime").symlink_to(tmp_path / "zoneinfo" / "Asia" / "Tokyo")
    zone, problem = local_zone({"TZ": written}, tmp_path / "localtime")
    assert zone == ZoneInfo("Asia/Tokyo")
    assert problem.startswith("TZ is '")
    assert problem.isascii()
    assert len(problem) < 200


@given(st.datetimes(datetime(1990, 1, 1), datetime(2037, 1, 1)))
def test_the_system_zone_agrees_with_the_c_library(moment: datetime) -> None:
    """Its wall clock is that of the C library, there and back."""
    aware = moment.replace(tzinfo=UTC)
    local = aware.astimezone(SystemZone())
    assert local.replace(tzinfo=None) == datetime.fromtimestamp(aware.timestamp())
    assert local.astimezone(UTC) == aware
    assert isinstance(local.utcoffset(), timedelta)

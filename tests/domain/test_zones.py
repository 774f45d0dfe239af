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
    assert local_zone({"TZ": "Asia/Tokyo"}, tmp_path) == ZoneInfo("Asia/Tokyo")
    assert local_zone({"TZ": ":Asia/Tokyo"}, tmp_path) == ZoneInfo("Asia/Tokyo")


def test_the_systems_link_names_the_local_zone(tmp_path: Path) -> None:
    """Without `TZ` the link the system keeps tells the name."""
    data = tmp_path / "zoneinfo" / "Europe"
    data.mkdir(parents=True)
    (data / "Lisbon").touch()
    link = tmp_path / "localtime"
    link.symlink_to(data / "Lisbon")
    assert local_zone({}, link) == ZoneInfo("Europe/Lisbon")


def test_without_a_name_the_c_library_is_asked(tmp_path: Path) -> None:
    """A machine without link and `TZ`, or with a `TZ` that is a rule, still has a local time."""
    assert isinstance(local_zone({"TZ": "CET-1CEST"}, tmp_path / "nothing"), SystemZone)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2037, 1, 1)))
def test_the_system_zone_agrees_with_the_c_library(moment: datetime) -> None:
    """Its wall clock is that of the C library, there and back."""
    aware = moment.replace(tzinfo=UTC)
    local = aware.astimezone(SystemZone())
    assert local.replace(tzinfo=None) == datetime.fromtimestamp(aware.timestamp())
    assert local.astimezone(UTC) == aware
    assert isinstance(local.utcoffset(), timedelta)

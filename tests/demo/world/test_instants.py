"""Instants as the demo counts and writes them."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.demo.world.instants import instant, microseconds, utc


@given(st.datetimes(timezones=st.just(UTC)))
def test_no_microsecond_is_lost(moment: datetime) -> None:
    """Counting and writing lead back to the same instant."""
    assert instant(microseconds(moment)) == moment
    assert datetime.fromisoformat(utc(microseconds(moment)).rjust(27, "0")) == moment

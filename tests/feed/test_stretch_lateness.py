"""Which events are told as late."""

from __future__ import annotations

from datetime import timedelta

from gumnut_tui.domain.models import Event, to_us
from gumnut_tui.feed.stretch import Lateness
from tests.factories import NOW, make_event


def at(*seconds: float) -> list[Event]:
    return [make_event(number, created_at=NOW + timedelta(seconds=each)) for number, each in enumerate(seconds)]


def late(lateness: Lateness) -> list[float]:
    return [(us - to_us(NOW)) / 1e6 for us in lateness.take()]


def test_what_stands_far_behind_newer_rows_is_late_and_told_once() -> None:
    """Seconds of disorder are not worth a word."""
    lateness = Lateness()
    lateness.look_at(at(0, 1, 2))
    lateness.is_live = True
    lateness.look_at(at(3, -20, -60, 4))
    assert late(lateness) == [-60]
    assert late(lateness) == []


def test_nothing_is_late_while_the_past_is_read() -> None:
    """Only what comes while the feed is live."""
    lateness = Lateness()
    lateness.look_at(at(0, 1, -600))
    assert late(lateness) == []


def test_one_event_far_ahead_makes_no_other_late() -> None:
    """It is the middle of the rows before that counts."""
    lateness = Lateness()
    lateness.look_at(at(0, 1, 2, 3))
    lateness.is_live = True
    lateness.look_at(at(10**9, 4, 5, 6))
    assert late(lateness) == []

"""The service's time, learnt from its answers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain.service_clock import ServiceClock
from tests.factories import NOW

SECOND = timedelta(seconds=1)


def learnt(ahead: timedelta, took: timedelta = SECOND / 10) -> ServiceClock:
    """A clock this far ahead of the service's, after one answer."""
    clock = ServiceClock(lambda: NOW + ahead)
    clock.learn((NOW - took / 2).replace(microsecond=0), NOW + ahead - took, NOW + ahead)
    return clock


@pytest.mark.parametrize("minutes", [-2 * 24 * 60, -5, -1, 1, 5, 2 * 24 * 60, 60 * 24 * 365 * 26])
def test_it_goes_by_the_service(minutes: int) -> None:
    """However far, and in whichever direction, this machine's clock is off."""
    clock = learnt(timedelta(minutes=minutes))
    assert abs(clock() - NOW) <= SECOND
    assert abs(clock.ahead - timedelta(minutes=minutes)) <= SECOND
    assert clock.is_set


@given(st.floats(-2.4, 2.4), st.floats(0, 19))
def test_what_the_way_may_explain_is_no_difference(ahead: float, took: float) -> None:
    """A few seconds are within what a whole second and a slow answer leave open."""
    assert learnt(ahead * SECOND, took * SECOND).ahead == timedelta()


def test_before_any_answer_it_is_this_machines_clock() -> None:
    """And after one that took too long, or comes from a year of its own."""
    clock = ServiceClock(lambda: NOW)
    clock.learn(NOW + timedelta(hours=1), NOW - timedelta(minutes=1), NOW)
    clock.learn(NOW + timedelta(hours=1), NOW + SECOND, NOW)
    clock.learn(NOW.replace(year=9999), NOW, NOW)
    clock.learn(NOW.replace(year=1970), NOW, NOW)
    assert (clock(), clock.is_set) == (NOW, False)


def test_the_difference_is_told_once_when_it_is_more_than_a_minute() -> None:
    """Not for every answer."""
    clock = ServiceClock(lambda: NOW)
    told: list[timedelta] = []
    clock.on_difference = told.append
    for told_time in (NOW - 30 * SECOND, NOW - 300 * SECOND, NOW - 301 * SECOND, NOW - 900 * SECOND):
        clock.learn(told_time, NOW, NOW)
    assert [round(each / SECOND) for each in told] == [300]
    assert round(clock.ahead / SECOND) == 900


def test_what_was_counted_before_the_first_answer_is_told_how_far_off_it_is() -> None:
    """Once, and only if there is a difference; a clock that is set later on made nothing wrong before."""
    for ahead, told in ((300, [300]), (-5, [-5]), (1, [])):
        clock, heard = ServiceClock(lambda: NOW), list[timedelta]()
        clock.on_set = heard.append
        clock.learn(NOW - (ahead + 0.5) * SECOND, NOW, NOW)
        clock.learn(NOW - 900 * SECOND, NOW, NOW)
        assert [round(each / SECOND) for each in heard] == told


def test_small_changes_do_not_make_times_shake() -> None:
    """Two answers whose difference the way explains are the same time."""
    clock = ServiceClock(lambda: NOW)
    clock.learn(NOW - 300 * SECOND, NOW, NOW)
    before = clock()
    clock.learn(NOW - 301 * SECOND, NOW - SECOND, NOW)
    assert clock() == before

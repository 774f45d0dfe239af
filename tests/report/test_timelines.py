"""What a thing was between its changes and the times it was seen."""

from __future__ import annotations

import pytest

from gumnut_tui.report.timelines import Change, Known, Sight, Timeline

A, B, NONE = Known[str | None]("a"), Known[str | None]("b"), Known[str | None](None)


def line(*changes: Change[str | None], sights: tuple[Sight[str | None], ...] = ()) -> Timeline[str | None]:
    return Timeline(changes, sights)


def test_a_sight_holds_until_something_happens() -> None:
    """And from the last thing that happened before it."""
    timeline = line(Change(1, 100), Change(2, 300), sights=(Sight(200, 250, "a"),))
    assert timeline.at(timeline.cut_at(99)) is None
    assert timeline.at(timeline.cut_at(100)) == A
    assert timeline.at(timeline.cut_at(299)) == A
    assert timeline.at(timeline.cut_at(300)) is None
    assert timeline.last_sight(timeline.end) == ("a", 250)
    assert timeline.next_sight(0) == ("a", 200)


def test_events_tell_what_was_before_and_after() -> None:
    """Where they say so; the one right behind a cut counts more than what is older."""
    timeline = line(Change(1, 100, before=A, after=B), Change(2, 200, before=B), sights=(Sight(50, 50, "c"),))
    assert timeline.at(timeline.cut_before(1)) == A
    assert timeline.at(timeline.cut_before(2)) == B
    assert timeline.at(timeline.end) is None
    assert timeline.at(timeline.cut_after(1)) == B


@pytest.mark.parametrize(("was", "then"), [("a", None), ("b", "b"), (None, None)])
def test_a_change_that_concerns_one_value_leaves_others(was: str | None, then: str | None) -> None:
    """A person's deletion takes a face from that person, and from nobody else."""
    gone: Change[str | None] = Change(2, 200, after=NONE, unless_other=Known("a"))
    timeline = line(Change(1, 100, after=Known(was)), gone)
    assert timeline.at(timeline.end) == Known(then)
    assert timeline.at(timeline.cut_before(2)) == Known(was)


def test_what_such_a_change_left_says_little_of_before() -> None:
    """Nothing when nothing is left; but another value was there all the time."""
    gone: Change[str | None] = Change(1, 100, after=NONE, unless_other=Known("a"))
    empty = line(gone, sights=(Sight(200, 200, None),))
    assert empty.at(0) is None
    kept = line(gone, sights=(Sight(200, 200, "b"),))
    assert kept.at(0) == B


def test_order_is_the_feeds() -> None:
    """A slow transaction's event stands behind later ones, and a sight behind all that had happened by then."""
    timeline = line(Change(1, 500, after=A), Change(2, 100, after=B), sights=(Sight(600, 600, "c"),))
    assert timeline.at(timeline.cut_after(2)) == B
    assert timeline.at(timeline.end) == Known("c")
    assert [change.place for change in timeline.changes_between(0, timeline.end)] == [1, 2]


def test_what_a_thing_was_at_some_time() -> None:
    """Whatever says so: a sight, or either side of an event."""
    timeline = line(Change(1, 100, before=A, after=B), sights=(Sight(200, 200, "c"),))
    assert all(timeline.mentions(value) for value in "abc")
    assert not timeline.mentions(None)


def test_before_its_first_event_a_thing_is_certain_only_if_none_is_missing() -> None:
    """Where events are covered, or where that event made it; what is known from before counts anyway."""
    timeline = line(Change(1, 100, before=NONE, after=A), Change(2, 200, before=A))
    assert timeline.certain(0, is_covered=True) == NONE
    assert timeline.certain(0, is_covered=False) is None
    assert timeline.certain(0, is_covered=False, is_born=True) == NONE
    assert timeline.certain(1, is_covered=False) == A
    assert timeline.certain(2, is_covered=False, is_born=True) is None

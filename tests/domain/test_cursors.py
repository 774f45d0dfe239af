"""The cursors of one reading: each is new once, and a read that leads nowhere is ended."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain.cursors import MOST_STALE, RECENT, CursorSet, Guard
from gumnut_tui.domain.errors import FeedStuck
from gumnut_tui.domain.models import Event, EventPage
from tests.factories import make_events


@given(st.lists(st.text(max_size=4), max_size=60))
def test_each_cursor_is_new_once(cursors: list[str]) -> None:
    """`add` says whether it was new, as a set of the texts would."""
    known, texts = CursorSet(), set[str]()
    for cursor in cursors:
        assert known.add(cursor) == (cursor not in texts)
        texts.add(cursor)
        assert cursor in known
    assert len(known) == len(texts)
    assert "no such cursor" not in known


@given(st.lists(st.lists(st.text(max_size=3), max_size=12), max_size=12))
def test_many_at_once_are_as_new_as_one_by_one(pages: list[list[str]]) -> None:
    """Also where one comes twice among them, or was there."""
    at_once, one_by_one = CursorSet(), CursorSet()
    for cursors in pages:
        assert at_once.add_all(cursors) == [one_by_one.add(cursor) for cursor in cursors]
    assert len(at_once) == len(one_by_one)


def test_what_lies_in_sorted_arrays_is_known_too() -> None:
    """Of many at once."""
    known = CursorSet(map(str, range(RECENT + 10)))
    assert known.add_all(["3", "new", str(RECENT + 5)]) == [False, True, False]


def test_many_take_little_room() -> None:
    """Most lie in sorted arrays of eight bytes each, of which there are few."""
    count = 5 * RECENT + 7
    known = CursorSet(map(str, range(count)))
    assert len(known) == count
    assert all(str(number) in known for number in range(0, count, 97))
    assert str(count) not in known
    assert len(known._recent) < RECENT
    assert len(known._sorted) <= 3


EVENTS = tuple(make_events(2))


def page(cursor: str, *, has_more: bool = True, events: tuple[Event, ...] = EVENTS) -> EventPage:
    return EventPage(events, cursor, has_more)


@pytest.mark.parametrize("circle", [["a", "a"], ["a", "b", "a"], ["a", "b", "c", "b"]])
def test_a_cursor_that_was_continued_from_before_ends_it(circle: list[str]) -> None:
    """However long the circle is."""
    guard, asked = Guard(), None
    for cursor in circle[:-1]:
        guard.check(asked, page(cursor), 2)
        asked = cursor
    with pytest.raises(FeedStuck):
        guard.check(asked, page(circle[-1]), 2)


def test_pages_of_known_events_end_it_after_a_few() -> None:
    """Not the first: pages may overlap. A new event in between begins the count again."""
    guard = Guard()
    for number in range(MOST_STALE - 1):
        guard.check(f"{number}", page(f"{number + 1}"), 0)
    guard.check("new", page("x"), 1)
    for number in range(MOST_STALE - 1):
        guard.check(f"x{number}", page(f"x{number + 1}"), 0)
    with pytest.raises(FeedStuck):
        guard.check("last", page("y"), 0)


def test_asking_on_at_the_end_is_no_circle() -> None:
    """Where nothing further is ready, the same cursor comes as often as one asks."""
    guard = Guard()
    for _ in range(10):
        guard.check("end", page("end", has_more=False, events=()), 0)


def test_pages_emptied_by_a_filter_lead_on() -> None:
    """A filter applied here may leave nothing of many pages, as long as their cursors lead on."""
    guard = Guard()
    for number in range(100):
        guard.check(f"{number}", page(f"{number + 1}", events=()), 0)

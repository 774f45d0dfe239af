"""The rules of what is in sight and what is selected, as arithmetic."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.ui.widgets.viewport import Edge, Moved, Viewport


def make_view(count: int = 100, height: int = 10, **changes: object) -> Viewport:
    """A window of ten lines over a hundred rows, newest first, the cursor on the first."""
    view = Viewport(count=count, height=height)
    for name, value in changes.items():
        setattr(view, name, value)
    return view


def test_rows_before_a_selected_row_in_the_middle_move_neither_it_nor_the_view() -> None:
    """Rows arriving above: the same row is selected, on the same line of the screen."""
    view = make_view(top=20, cursor=25)
    view.insert(0, 37)
    assert (view.cursor, view.line_of(view.cursor), view.unseen) == (62, 5, 37)


def test_rows_after_the_window_change_nothing_in_sight() -> None:
    """Older rows arriving below move nothing and are not counted as new."""
    view = make_view(top=20, cursor=25)
    view.insert(100, 200)
    assert (view.top, view.cursor, view.unseen, view.count) == (20, 25, 0, 300)


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 90), st.booleans())
def test_rows_that_come_and_go_anywhere_move_neither_what_is_selected_nor_the_view(
    before: int, between: int, cursor: int, is_seen: bool
) -> None:
    """Where the selected row is out of sight, the first in sight keeps its line."""
    view = make_view(top=cursor - 4 if is_seen else 92 - cursor, cursor=cursor)
    view.scroll_to(view.top)
    seen, line, top = view.in_sight(cursor), view.line_of(cursor), view.top
    first = top + before + (between if top > cursor else 0)
    now = cursor + before + (between if cursor >= top else 0)
    view.reset(200, Moved(now, first, before))
    assert view.cursor == now
    assert view.line_of(now) == line if seen else view.line_of(first) == 0
    assert view.unseen == min(before, view.rows_left("top"))


def test_a_row_held_on_to_stays_selected_at_the_live_edge() -> None:
    """Until the cursor moves; what came meanwhile is counted."""
    view = make_view(pinned=True)
    view.insert(0, 3)
    assert (view.cursor, view.line_of(view.cursor), view.unseen) == (3, 0, 3)
    view.move_to(0)
    view.insert(0, 2)
    assert (view.cursor, view.unseen) == (0, 0)


def test_at_the_live_edge_new_rows_push_in() -> None:
    """With the cursor on the newest row and that row in sight, the view follows."""
    view = make_view()
    view.insert(0, 3)
    assert (view.top, view.cursor, view.unseen) == (0, 0, 0)


def test_one_row_off_the_live_edge_the_view_stays() -> None:
    """The selected row keeps its line although the live edge is in sight; the new rows are counted."""
    view = make_view(cursor=1)
    view.insert(0, 3)
    assert (view.cursor, view.line_of(4), view.unseen) == (4, 1, 3)


def test_oldest_first_follows_at_the_bottom() -> None:
    """With the live edge at the bottom, the last row stays selected as rows are added behind it."""
    view = make_view(live="bottom", cursor=99, top=90)
    view.insert(100, 5)
    assert (view.cursor, view.span, view.unseen) == (104, (95, 104), 0)


def test_oldest_first_away_from_the_bottom_counts_new_rows() -> None:
    """Away from the bottom the view stays and the rows are counted."""
    view = make_view(live="bottom", cursor=50, top=45)
    view.insert(100, 5)
    assert (view.top, view.cursor, view.unseen) == (45, 50, 5)


def test_new_rows_count_as_seen_when_scrolled_to() -> None:
    """The count of new rows shrinks to what is still out of sight."""
    view = make_view(top=20, cursor=25)
    view.insert(0, 8)
    view.scroll_to(3)
    assert view.unseen == 3
    view.go_live()
    assert view.unseen == 0


def test_a_late_event_between_the_cursor_and_the_top_keeps_the_cursor_line() -> None:
    """A row inserted above the selected one on the screen pushes the rows above it up, not the selected one down."""
    view = make_view(top=20, cursor=25)
    view.insert(23, 1)
    assert (view.cursor, view.line_of(26)) == (26, 5)


def test_with_the_cursor_out_of_sight_the_first_row_in_sight_keeps_its_line() -> None:
    """After scrolling away by mouse, what the eye sees stays."""
    view = make_view(top=60, cursor=5)
    view.insert(0, 10)
    assert (view.span, view.cursor) == ((70, 79), 15)


def test_other_rows_keep_the_selected_one_on_its_line() -> None:
    """A filter change: the row that is still there is drawn on the line it was on."""
    view = make_view(top=20, cursor=25)
    view.reset(60, 12)
    assert view.line_of(12) == 5


def test_other_rows_too_few_above_put_the_selected_one_as_near_as_possible() -> None:
    """The window cannot start before the first row."""
    view = make_view(top=20, cursor=28)
    view.reset(60, 2)
    assert (view.top, view.cursor) == (0, 2)


def test_a_lower_window_keeps_the_selected_row_in_sight() -> None:
    """Resizing never loses the selection."""
    view = make_view(top=20, cursor=28)
    view.resize(4)
    assert view.in_sight(28)


def test_a_page_moves_cursor_and_window_together() -> None:
    """The cursor keeps its line while paging."""
    view = make_view(top=20, cursor=25)
    view.page(9)
    assert (view.top, view.cursor) == (29, 34)


def test_the_last_row_shows_the_note_behind_it() -> None:
    """Going to the last row brings the words behind it into sight too."""
    view = make_view()
    view.set_notes(head=False, tail=True)
    view.move_to(99)
    assert view.top == 91
    assert view.row_at(9) is None


def test_a_note_at_the_top_does_not_shift_rows_in_sight() -> None:
    """A note coming in above the window leaves every row on its line."""
    view = make_view(top=20, cursor=25)
    view.set_notes(head=True, tail=False)
    assert (view.span, view.line_of(25)) == ((20, 29), 5)


def test_a_jump_far_away_puts_the_row_in_the_middle() -> None:
    """A hit out of sight is shown with what surrounds it."""
    view = make_view()
    view.jump_to(50)
    assert view.line_of(50) == 5


@pytest.mark.parametrize("live", ["top", "bottom", None])
def test_an_empty_window_has_no_span(live: Edge | None) -> None:
    """Without rows nothing is in sight, and the first rows are shown from the live edge."""
    view = make_view(count=0, live=live)
    assert view.span is None
    view.insert(0, 30)
    assert view.cursor == (29 if live == "bottom" else 0)
    assert view.in_sight(view.cursor)


STEPS = st.one_of(
    st.tuples(st.just("insert"), st.integers(0, 1000), st.integers(0, 300)),
    st.tuples(st.just("move"), st.integers(-500, 500)),
    st.tuples(st.just("page"), st.integers(-500, 500)),
    st.tuples(st.just("scroll"), st.integers(-20, 1000)),
    st.tuples(st.just("resize"), st.integers(0, 60)),
    st.tuples(st.just("notes"), st.booleans(), st.booleans()),
    st.tuples(st.just("reset"), st.integers(0, 500), st.integers(0, 600)),
)


def do(view: Viewport, step: tuple[object, ...]) -> None:
    """One step of whatever can happen to a window."""
    match step:
        case ("insert", int(at), int(added)):
            view.insert(min(at, view.count), added)
        case ("move", int(by)):
            view.move_to(view.cursor + by)
        case ("page", int(by)):
            view.page(by)
        case ("scroll", int(top)):
            view.scroll_to(top)
        case ("resize", int(height)):
            view.resize(height)
        case ("notes", bool(head), bool(tail)):
            view.set_notes(head, tail)
        case ("reset", int(count), int(cursor)):
            view.reset(count, min(cursor, max(0, count - 1)))


def every(nth: int) -> Callable[[int], bool]:
    """A divider above every so many rows; 0 for none."""
    return lambda index: bool(nth) and index % nth == 0


@given(
    steps=st.lists(STEPS, max_size=30), live=st.sampled_from(["top", "bottom", None]), nth=st.sampled_from([0, 1, 2, 7])
)
def test_whatever_happens_the_window_stays_inside_the_rows(
    steps: list[tuple[object, ...]], live: Edge | None, nth: int
) -> None:
    """Cursor and window stay within what there is, and no line shows a row that is not there, dividers or not."""
    view = Viewport(live=live, height=10, divided=every(nth))
    for step in steps:
        do(view, step)
        assert 0 <= view.top <= view.max_top
        assert 0 <= view.cursor < max(1, view.count)
        assert 0 <= view.unseen <= view.count
        rows = [row for line in range(view.height) if (row := view.row_at(line)) is not None]
        assert rows == ([] if view.span is None else list(range(view.span[0], view.span[1] + 1)))
        lines = [line for line in range(view.height) if view.row_at(line) is not None]
        assert [view.line_of(row) for row in rows] == lines
        dividers = [row for line in range(view.height) if (row := view.divider_at(line)) is not None]
        assert all(view.divided(row) for row in dividers)
        last = view.row_at(view.height - 1) if view.height else None
        expected = [row for row in rows[1:] if view.divided(row)]
        assert dividers[: len(expected)] == expected
        assert last is None or dividers == expected


@given(count=st.integers(1, 60), nth=st.integers(1, 8), height=st.integers(1, 12), row=st.integers(0, 59))
def test_every_row_can_be_brought_into_sight_among_dividers(count: int, nth: int, height: int, row: int) -> None:
    """By moving, jumping and scrolling; at the end one line at most is left blank."""
    row = min(row, count - 1)
    for go in (Viewport.move_to, Viewport.jump_to):
        view = Viewport(count=count, height=height, divided=every(nth))
        go(view, row)
        assert view.in_sight(row)
        view.scroll_to(10_000)
        assert view.in_sight(count - 1)
        assert view.span is not None
        assert view.span[0] == 0 or view.line_of(count - 1) >= height - 2


@given(count=st.integers(1, 200), nth=st.integers(1, 8), height=st.integers(2, 12), down=st.booleans())
def test_paging_passes_every_row(count: int, nth: int, height: int, down: bool) -> None:
    """Among dividers a page is less than a window of rows: none goes by unseen, and the other end is reached."""
    view = Viewport(count=count, height=height, live=None, divided=every(nth))
    if not down:
        view.move_to(count - 1)
    seen: set[int] = set()
    for _ in range(count + 1):
        assert view.span is not None
        seen.update(range(view.span[0], view.span[1] + 1))
        view.page(height - 1 if down else 1 - height)
    assert seen == set(range(count))
    assert view.cursor == (count - 1 if down else 0)


def test_dividers_elsewhere_leave_the_selected_row_on_its_line() -> None:
    """Another zone has other midnights."""
    nth = [3]
    view = make_view(top=20, cursor=25)
    view.divided = lambda index: index % nth[0] == 0
    view.redivide()
    line = view.line_of(25)
    nth[0] = 4
    view.redivide()
    assert abs(view.line_of(25) - line) <= 1


@given(
    top=st.integers(0, 90),
    line=st.integers(0, 9),
    at=st.integers(0, 100),
    added=st.integers(1, 500),
    live=st.sampled_from(["top", "bottom", None]),
)
def test_inserted_rows_never_move_the_selected_one(top: int, line: int, at: int, added: int, live: Edge | None) -> None:
    """Wherever rows are inserted, the selected row stays selected and on its line unless the view follows."""
    view = make_view(top=top, cursor=top + line, live=live)
    if view.following:
        return
    row = view.cursor
    view.insert(at, added)
    assert view.cursor == (row + added if at <= row else row)
    assert view.line_of(view.cursor) == line

"""What each line of the table's window shows, and which lines change."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.ui.widgets.table_columns import CURSOR, FOCUSED, IN_INCIDENT, MARKED, WITH_DAY
from gumnut_tui.ui.widgets.table_plan import BLANK, RowLine, TablePlan, TextLine, plan_empty
from gumnut_tui.ui.widgets.viewport import Viewport


def planned(count: int = 100, height: int = 5, *, focused: bool = True) -> tuple[TablePlan, Viewport]:
    """A window over rows whose ids are ten times their index; ten rows share a day."""
    plan, view = TablePlan(), Viewport(count=count, height=height)
    plan.rows = range(0, count * 10, 10)
    plan.update(view, day, focused=focused, width=40)
    return plan, view


def day(row: int) -> str:
    """The day of a row id."""
    return f"day {row // 100}"


def test_the_first_row_in_sight_and_each_first_of_a_day_carry_their_day() -> None:
    """Whichever row the window begins with."""
    plan, view = planned(height=12)
    days = [y for y in range(12) if isinstance(line := plan.line(y), RowLine) and line.flags & WITH_DAY]
    assert days == [0, 10]
    view.scroll_to(3)
    plan.update(view, day, focused=True, width=40)
    assert plan.first_row == 30
    assert plan.lines_of([30, 100, 2000]) == [0, 7]


def test_marks_incidents_and_the_cursor_are_told_apart() -> None:
    """A row can be all of it at once; without the focus the cursor is another one."""
    plan, view = planned()
    plan.marks, plan.incidents = {0, 10}, {0}
    plan.update(view, day, focused=False, width=40)
    assert plan.line(0) == RowLine(0, CURSOR | MARKED | IN_INCIDENT | WITH_DAY)
    assert plan.line(1) == RowLine(10, MARKED)
    plan.update(view, day, focused=True, width=40)
    assert plan.line(0) == RowLine(0, CURSOR | FOCUSED | MARKED | IN_INCIDENT | WITH_DAY)


def test_only_lines_that_show_something_else_are_told() -> None:
    """A move of the cursor changes two lines; another height changes all of them."""
    plan, view = planned()
    view.move_to(3)
    assert plan.update(view, day, focused=True, width=40) == [0, 3]
    assert plan.update(view, day, focused=True, width=40) == []
    view.resize(7)
    assert plan.update(view, day, focused=True, width=40) == list(range(7))


def test_notes_stand_beyond_the_rows_and_nothing_beyond_the_notes() -> None:
    """A window higher than its rows ends blank, and so does every line outside it."""
    plan, view = planned(count=2, height=5)
    plan.notes["bottom"] = "reading…"
    view.set_notes(False, True)
    plan.update(view, day, focused=True, width=40)
    assert [plan.line(y) for y in range(2, 6)] == [TextLine("reading…", True), BLANK, BLANK, BLANK]


@given(st.text(max_size=200), st.integers(1, 60), st.integers(0, 12))
def test_words_of_an_empty_table_fit_the_window(words: str, width: int, height: int) -> None:
    """As many lines as the window has, whatever there is to say."""
    assert len(plan_empty(words, width, height)) == height

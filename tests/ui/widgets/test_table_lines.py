"""What each line of the table's window shows, and which lines change."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.ui.widgets.table_columns import CURSOR, FOCUSED, IN_INCIDENT, MARKED
from gumnut_tui.ui.widgets.table_lines import BLANK, DayLine, RowLine, TablePlan, TextLine, plan_empty
from gumnut_tui.ui.widgets.viewport import Viewport


def planned(count: int = 100, height: int = 5, *, focused: bool = True) -> tuple[TablePlan, Viewport]:
    """A window over rows whose ids are ten times their index; ten rows share a day."""
    plan, view = TablePlan(), Viewport(count=count, height=height)
    plan.rows = range(0, count * 10, 10)
    plan.read_days_from(day)
    view.divided = plan.begins_day
    plan.update(view, focused=focused, width=40)
    return plan, view


def day(row: int) -> str:
    """The day of a row id."""
    return f"day {row // 100}"


def test_a_day_stands_between_rows_of_different_days() -> None:
    """Above the first row of the later one, never at the top of the window: there the header tells it."""
    plan, view = planned(height=14)
    assert [y for y in range(14) if isinstance(plan.line(y), DayLine)] == [10]
    assert plan.line(10) == DayLine("day 1")
    assert plan.line(11) == RowLine(100, 0)
    view.scroll_to(3)
    plan.update(view, focused=True, width=40)
    assert plan.first_row == 30
    assert plan.lines_of([30, 100, 2000]) == [0, 8]
    view.scroll_to(10)
    plan.update(view, focused=True, width=40)
    assert plan.line(0) == RowLine(100, 0)
    assert plan.line(10) == DayLine("day 2")


def test_rows_that_go_back_a_day_get_lines_too() -> None:
    """Rows are in feed order: an event that came late stands under its own day, and the next one under its own."""
    plan, view = planned(count=3, height=6)
    plan.rows = [100, 0, 110]
    plan.forget_days()
    view.redivide()
    plan.update(view, focused=True, width=40)
    assert [plan.line(y) for y in (1, 3)] == [DayLine("day 0"), DayLine("day 1")]


def test_days_are_asked_for_a_window_at_a_time() -> None:
    """A million rows, and no more days asked for than those of the rows at hand and at the end."""
    asked: set[int] = set()

    def day_told(row: int) -> str:
        asked.add(row)
        return day(row)

    plan, view = TablePlan(), Viewport(count=1_000_000, height=20)
    plan.rows = range(1_000_000)
    plan.read_days_from(day_told)
    view.divided = plan.begins_day
    plan.update(view, focused=True, width=40)
    view.jump_to(500_000)
    plan.update(view, focused=True, width=40)
    assert len(asked) < 100


def test_marks_incidents_and_the_cursor_are_told_apart() -> None:
    """A row can be all of it at once; without the focus the cursor is another one."""
    plan, view = planned()
    plan.marks, plan.incidents = {0, 10}, {0}
    plan.update(view, focused=False, width=40)
    assert plan.line(0) == RowLine(0, CURSOR | MARKED | IN_INCIDENT)
    assert plan.line(1) == RowLine(10, MARKED)
    plan.update(view, focused=True, width=40)
    assert plan.line(0) == RowLine(0, CURSOR | FOCUSED | MARKED | IN_INCIDENT)


def test_only_lines_that_show_something_else_are_told() -> None:
    """A move of the cursor changes two lines; another height changes all of them."""
    plan, view = planned()
    view.move_to(3)
    assert plan.update(view, focused=True, width=40) == [0, 3]
    assert plan.update(view, focused=True, width=40) == []
    view.resize(7)
    assert plan.update(view, focused=True, width=40) == list(range(7))


def test_notes_stand_beyond_the_rows_and_nothing_beyond_the_notes() -> None:
    """A window higher than its rows ends blank, and so does every line outside it."""
    plan, view = planned(count=2, height=5)
    plan.notes["bottom"] = "reading…"
    view.set_notes(False, True)
    plan.update(view, focused=True, width=40)
    assert [plan.line(y) for y in range(2, 6)] == [TextLine("reading…", True), BLANK, BLANK, BLANK]


@given(st.text(max_size=200), st.integers(1, 60), st.integers(0, 12))
def test_words_of_an_empty_table_fit_the_window(words: str, width: int, height: int) -> None:
    """As many lines as the window has, whatever there is to say."""
    assert len(plan_empty(words, width, height)) == height

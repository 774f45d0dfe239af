"""The table draws the rows in sight, never jumps, and says what happened."""

from __future__ import annotations

from array import array
from typing import Any

import pytest
from textual.geometry import Region

from gumnut_tui.ui.widgets.event_table import EventTable
from gumnut_tui.ui.widgets.viewport import Edge
from tests.ui.widgets.table_app import TableApp, make_cells, screen_lines, settle

SIZE = (100, 21)
"""Twenty lines of rows below the header."""
PAGE = 200


class Growing:
    """Rows of a feed, newest first: rows can be put in front and behind without moving any."""

    def __init__(self, count: int) -> None:
        self.rows = array("I", range(count))

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> int:
        return self.rows[index]

    def push(self, added: int) -> None:
        """New rows in front."""
        start = len(self.rows)
        self.rows = array("I", range(start, start + added)) + self.rows

    def append(self, added: int) -> None:
        """Older rows behind."""
        start = len(self.rows)
        self.rows.extend(range(start, start + added))


def rows_on(app: TableApp) -> list[str]:
    """The lines of rows on the screen, without header and scrollbar."""
    return [line[:-1] for line in screen_lines(app)[1:]]


async def test_a_million_rows_ask_for_those_in_sight_only() -> None:
    """The texts of a row are asked for when it is drawn, and not before."""
    asked: list[int] = []

    def cells(row: int) -> Any:
        asked.append(row)
        return make_cells(row)

    app = TableApp(range(1_000_000), cells)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert sorted(asked) == list(range(20))
        await pilot.press("G")
        await settle(pilot)
        assert app.table.cursor_row == 999_999
        assert sorted(asked)[20:] == list(range(999_980, 1_000_000))


async def test_rows_behind_the_window_draw_nothing() -> None:
    """A page appended out of sight costs no line, at any number of rows."""
    rows = Growing(1000)
    app = TableApp(rows)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        app.table.refreshed.clear()
        rows.append(PAGE)
        app.table.rows_changed(added_after=PAGE)
        assert app.table.refreshed == []
        assert app.table.row_count == 1000 + PAGE


async def test_rows_before_the_window_draw_nothing_and_are_counted() -> None:
    """Away from the live edge the view does not move and the header says how many are new."""
    rows = Growing(1000)
    app = TableApp(rows)
    async with app.run_test(size=SIZE) as pilot:
        app.table.move_to(100)
        await settle(pilot)
        shown, drawn = rows_on(app), app.table.painter.drawn
        rows.push(37)
        app.table.refreshed.clear()
        app.table.rows_changed(added_before=37)
        assert app.table.refreshed == [Region(0, 0, 100, 1)]
        await settle(pilot)
        assert rows_on(app) == shown
        assert app.table.painter.drawn == drawn
        assert (app.table.new_count, app.table.cursor, app.table.cursor_row) == (37, 137, 100)
        assert "37 new" in screen_lines(app)[0]


async def test_a_click_on_the_new_count_goes_to_the_live_edge() -> None:
    """The count is a way there."""
    rows = Growing(1000)
    app = TableApp(rows)
    async with app.run_test(size=SIZE) as pilot:
        app.table.move_to(100)
        rows.push(37)
        app.table.rows_changed(added_before=37)
        await settle(pilot)
        await pilot.click(EventTable, offset=(95, 0))
        await settle(pilot)
        assert (app.table.cursor, app.table.new_count, app.table.following) == (0, 0, True)
        assert "new" not in screen_lines(app)[0]


async def test_new_rows_push_in_at_the_live_edge_and_only_they_are_laid_out() -> None:
    """Following: the newest row is selected, the others come from the cache, and only changed lines are drawn."""
    rows = Growing(1000)
    app = TableApp(rows)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        drawn = app.table.painter.drawn
        rows.push(2)
        app.table.rows_changed(added_before=2)
        await settle(pilot)
        assert app.table.cursor_row == 1000
        # Two new ones, and the two that were first: they lose the cursor and the day.
        assert app.table.painter.drawn - drawn <= 4
        assert app.table.new_count == 0


@pytest.mark.parametrize(
    ("keys", "cursor"),
    [
        (("j", "j", "k"), 1),
        (("down", "down", "up"), 1),
        (("ctrl+d",), 10),
        (("ctrl+d", "ctrl+u"), 0),
        (("pagedown",), 19),
        (("pagedown", "pageup"), 0),
        (("G",), 999),
        (("end", "home"), 0),
        (("G", "g"), 0),
    ],
)
async def test_keys_move_the_cursor(keys: tuple[str, ...], cursor: int) -> None:
    """Each key of the table moves as far as it says."""
    app = TableApp(range(1000))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(*keys)
        await settle(pilot)
        assert app.table.cursor == cursor
        assert app.heard(EventTable.Highlighted)[-1].row == cursor


@pytest.mark.parametrize(("key", "edge"), [("g", "top"), ("G", "bottom")])
async def test_an_end_is_asked_for_by_its_key(key: str, edge: Edge) -> None:
    """The app may have to read on to get to the real end."""
    app = TableApp(range(1000))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(key)
        await settle(pilot)
        assert app.heard(EventTable.EndAsked) == [EventTable.EndAsked(edge)]


async def test_the_wheel_moves_the_window_and_not_the_cursor() -> None:
    """Looking around does not select."""
    app = TableApp(range(1000))
    async with app.run_test(size=SIZE) as pilot:
        app.table.scroll_to(y=300)
        await settle(pilot)
        assert (app.table.span, app.table.cursor, app.table.cursor_line) == ((300, 319), 0, None)
        assert app.heard(EventTable.InSight)[-1] == EventTable.InSight(300, 319)


async def test_rows_that_come_in_at_the_live_edge_are_said_to_be_in_sight() -> None:
    """The same places may hold other rows than before, whose names have yet to be read."""
    rows = Growing(100)
    app = TableApp(rows)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        said = len(app.heard(EventTable.InSight))
        rows.push(3)
        app.table.rows_changed(added_before=3)
        await settle(pilot)
        assert app.heard(EventTable.InSight)[said:] == [EventTable.InSight(0, 19)]


async def test_a_click_selects_and_a_double_click_opens() -> None:
    """The mouse does what the keys do."""
    app = TableApp(range(1000))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.click(EventTable, offset=(20, 6))
        await settle(pilot)
        assert app.table.cursor == 5
        assert not app.heard(EventTable.Opened)
        await pilot.double_click(EventTable, offset=(20, 8))
        await settle(pilot)
        assert [message.row for message in app.heard(EventTable.Opened)] == [7]


async def test_enter_opens_the_selected_row() -> None:
    """The row id is told, not the index."""
    app = TableApp(range(500, 600))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("j", "enter")
        await settle(pilot)
        assert [message.row for message in app.heard(EventTable.Opened)] == [501]


async def test_near_an_end_is_said_once_per_number_of_rows() -> None:
    """It is said when fewer than two screens remain, and again only when rows came or one went away and back."""
    rows = Growing(1000)
    app = TableApp(rows)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert [message.edge for message in app.heard(EventTable.NearEnd)] == ["top"]
        app.said.clear()
        app.table.move_to(950)
        await settle(pilot)
        app.table.move_to(955)
        await settle(pilot)
        assert app.heard(EventTable.NearEnd) == []
        app.table.move_to(975)
        await settle(pilot)
        app.table.move_to(976)
        await settle(pilot)
        assert app.heard(EventTable.NearEnd) == [EventTable.NearEnd("bottom")]
        rows.append(5)
        app.table.rows_changed(added_after=5)
        await settle(pilot)
        assert len(app.heard(EventTable.NearEnd)) == 2


async def test_other_rows_keep_the_selection_on_its_line() -> None:
    """A filter: the app tells where the selected row is now, the table leaves it where it was on the screen."""
    app = TableApp(range(1000))
    async with app.run_test(size=SIZE) as pilot:
        app.table.scroll_to(y=100)
        app.table.move_to(110)
        await settle(pilot)
        app.table.show(range(0, 1000, 2), make_cells, cursor=55)
        await settle(pilot)
        assert (app.table.cursor_row, app.table.cursor_line) == (110, 10)
        assert len({message.row for message in app.heard(EventTable.Highlighted)}) == 2


@pytest.mark.parametrize("size", [(100, 21), (80, 10), (30, 5)])
async def test_a_resize_keeps_the_selection_in_sight(size: tuple[int, int]) -> None:
    """Whatever the new size, the selected row stays selected and visible."""
    app = TableApp(range(1000))
    async with app.run_test(size=(100, 40)) as pilot:
        app.table.move_to(538)
        await settle(pilot)
        await pilot.resize_terminal(*size)
        await settle(pilot)
        assert app.table.cursor == 538
        assert app.table.cursor_line is not None
        assert all(len(line) == size[0] for line in screen_lines(app))


async def test_oldest_first_follows_at_the_bottom() -> None:
    """With the live edge at the bottom new rows come in there."""
    rows = Growing(100)
    app = TableApp(rows, live="bottom")
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert app.table.cursor == 99
        rows.append(3)
        app.table.rows_changed(added_after=3)
        await settle(pilot)
        assert (app.table.cursor, app.table.span) == (102, (83, 102))


async def test_days_stand_between_rows_and_cannot_be_selected() -> None:
    """The cursor passes them by, a click on one does nothing, and the header tells the day of the top row."""
    app = TableApp(range(100), days=lambda row: f"day {row // 5}")
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        lines = screen_lines(app)
        assert lines[0].startswith("day 0 ")
        assert lines[6].startswith("  day 1 ─")
        await pilot.press(*"jjjjj")
        await settle(pilot)
        assert (app.table.cursor, app.table.cursor_line) == (5, 6)
        await pilot.click(EventTable, offset=(20, 6))
        await settle(pilot)
        assert app.table.cursor == 5
        await pilot.press("G")
        await settle(pilot)
        assert screen_lines(app)[0].startswith("day 16 ")
        assert app.table.cursor_line == 19


async def test_days_are_worked_out_anew_when_told() -> None:
    """After midnight, and in another zone."""
    size = [5]
    app = TableApp(range(100), days=lambda row: f"day {row // size[0]}")
    async with app.run_test(size=SIZE) as pilot:
        size[0] = 3
        app.table.refresh_days()
        await settle(pilot)
        assert screen_lines(app)[4].startswith("  day 1 ─")


async def test_words_stand_in_the_middle_while_there_are_no_rows_and_never_hide_any() -> None:
    """An empty table says why; with rows the words are gone."""
    rows = Growing(0)
    app = TableApp(rows)
    async with app.run_test(size=SIZE) as pilot:
        app.table.empty = "Nothing happened in the last 24 h."
        await settle(pilot)
        assert "Nothing happened in the last 24 h." in screen_lines(app)[10]
        rows.append(1)
        app.table.rows_changed(added_after=1)
        await settle(pilot)
        assert "Nothing" not in "\n".join(screen_lines(app))
        assert "IMG_0000000" in screen_lines(app)[1]


async def test_a_note_stands_behind_the_last_row_and_cannot_be_selected() -> None:
    """It is seen with the last row; the cursor passes it by."""
    app = TableApp(range(100))
    async with app.run_test(size=SIZE) as pilot:
        app.table.set_note("bottom", "reading older events… back to 14:00")
        await pilot.press("G", "j")
        await settle(pilot)
        assert app.table.cursor == 99
        assert "reading older events" in screen_lines(app)[20]


async def test_marked_rows_carry_a_sign() -> None:
    """Marks are drawn before the row, and together with the cursor."""
    app = TableApp(range(100))
    async with app.run_test(size=SIZE) as pilot:
        app.table.marks = {0, 2}
        await settle(pilot)
        assert [line[0] for line in screen_lines(app)[1:4]] == ["◉", " ", "●"]


async def test_markup_in_a_name_is_text() -> None:
    """Nothing in a cell is obeyed as markup."""
    app = TableApp(range(3), lambda row: make_cells(row, entity="[red]x[/red] [@click=quit]"))
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert "[red]x[/red] [@click=quit]" in screen_lines(app)[1]


async def test_a_theme_change_redraws_in_its_colours() -> None:
    """Drawn strips are dropped when a colour differs."""
    app = TableApp(range(100))
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        before = [segment.style for segment in app.table.render_line(3)]
        app.theme = "textual-light"
        await settle(pilot)
        assert [segment.style for segment in app.table.render_line(3)] != before

"""Rules for the list of lines that is redrawn: only where it says something else."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.strip import Strip

from gumnut_tui.ui.widgets.line_list import LineList
from gumnut_tui.ui.widgets.styled_lines import Page, Row, Span


class CountingList(LineList):
    """Remembers which lines were drawn."""

    drawn_lines: list[int]

    def render_line(self, y: int) -> Strip:
        self.drawn_lines.append(y)
        return super().render_line(y)


class ListApp(App[None]):
    def compose(self) -> ComposeResult:
        lines = CountingList()
        lines.drawn_lines = []
        yield lines


def page_of(*texts: str) -> Page:
    return Page(tuple(Row((Span(text),)) for text in texts))


def text_at(lines: LineList, y: int) -> str:
    return lines.render_line(y).text.rstrip()


async def test_only_lines_that_changed_are_drawn_again() -> None:
    """Another event with the same labels costs the lines that differ, and those that came or went."""
    app = ListApp()
    async with app.run_test(size=(40, 10)) as pilot:
        lines = app.query_one(CountingList)
        lines.show(lambda _width: page_of("kind", "asset", "at", "10:00"), anew=True)
        await pilot.pause()
        lines.drawn_lines.clear()
        lines.show(lambda _width: page_of("kind", "face", "at", "10:00", "more"), anew=True)
        await pilot.pause()
        assert lines.drawn_lines == [1, 4]
        assert [text_at(lines, y) for y in range(6)] == ["kind", "face", "at", "10:00", "more", ""]


async def test_a_scrolled_list_draws_what_came_into_sight() -> None:
    """What stood on a line before the list moved does not count as drawn there."""
    app = ListApp()
    async with app.run_test(size=(40, 5)) as pilot:
        lines = app.query_one(CountingList)
        lines.show(lambda _width: page_of(*map(str, range(20))), anew=True)
        await pilot.pause()
        lines.action_last()
        await pilot.pause()
        lines.show(lambda _width: page_of(*map(str, range(20))), anew=True)
        await pilot.pause()
        assert [text_at(lines, y) for y in range(5)] == ["0", "1", "2", "3", "4"]
        assert sorted(set(lines.drawn_lines[-5:])) == [0, 1, 2, 3, 4]

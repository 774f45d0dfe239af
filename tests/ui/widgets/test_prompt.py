"""The prompt asks one question at a time and says the answer together with what was asked."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Input

from gumnut_tui.ui.widgets.prompt import Prompt
from tests.ui.widgets.recorded import Recorded
from tests.ui.widgets.table_app import screen_lines, settle


class PromptApp(App[None]):
    """The prompt alone, and what it said."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[Recorded] = []

    def compose(self) -> ComposeResult:
        """The prompt."""
        yield Prompt()

    @property
    def prompt(self) -> Prompt:
        """The prompt under test."""
        return self.query_one(Prompt)

    def on_prompt_submitted(self, message: Prompt.Submitted) -> None:
        """Keep it."""
        self.said.append(Recorded(message))

    def on_prompt_cancelled(self, message: Prompt.Cancelled) -> None:
        """Keep it."""
        self.said.append(Recorded(message))


async def test_nothing_is_there_before_the_first_question() -> None:
    """Not even the field exists."""
    app = PromptApp()
    async with app.run_test(size=(60, 5)) as pilot:
        await settle(pilot)
        assert not app.prompt.display
        assert not app.query(Input)


async def test_the_answer_is_said_with_the_purpose() -> None:
    """Enter says what was typed and for what; the line stays until it is closed."""
    app = PromptApp()
    async with app.run_test(size=(60, 5)) as pilot:
        await app.prompt.ask("search", "Search", placeholder="text")
        await pilot.press("a", "b", "enter")
        await settle(pilot)
        assert app.said == [Prompt.Submitted("search", "ab", again=False)]
        assert screen_lines(app)[0].startswith(" Search ab")
        app.prompt.close()
        assert app.prompt.purpose == ""
        assert not app.prompt.display


async def test_escape_cancels() -> None:
    """The line goes away and says so."""
    app = PromptApp()
    async with app.run_test(size=(60, 5)) as pilot:
        await app.prompt.ask("goto", "Go to")
        await pilot.press("escape")
        await settle(pilot)
        assert app.said == [Prompt.Cancelled()]
        assert not app.prompt.display


async def test_a_text_to_start_with_is_selected() -> None:
    """Typing replaces it."""
    app = PromptApp()
    async with app.run_test(size=(60, 5)) as pilot:
        await app.prompt.ask("search", "Search", "old")
        await settle(pilot)
        assert app.query_one(Input).value == "old"
        await pilot.press("n")
        await settle(pilot)
        assert app.query_one(Input).value == "n"
        assert app.said == []


async def test_a_problem_stands_above_the_field_until_the_text_changes() -> None:
    """A wrong value can be mended; the words about it are text, not markup, and none is cut."""
    app = PromptApp()
    async with app.run_test(size=(30, 5)) as pilot:
        await app.prompt.ask("range", "Range", "lately")
        app.prompt.fail("[lately] is no time: try 24h or 2026-11-01")
        await settle(pilot)
        lines = screen_lines(app)
        assert "[lately] is no time: try 24h" in lines[0]
        assert "or 2026-11-01" in lines[1]
        assert "Range lately" in lines[2]
        await pilot.press("2")
        await settle(pilot)
        assert "Range 2" in screen_lines(app)[0]


async def test_a_second_question_reuses_the_field() -> None:
    """There is one field, whatever is asked."""
    app = PromptApp()
    async with app.run_test(size=(60, 5)) as pilot:
        await app.prompt.ask("search", "Search", "one")
        await app.prompt.ask("goto", "Go to", "two")
        await pilot.press("enter")
        await settle(pilot)
        assert app.said == [Prompt.Submitted("goto", "two", again=False)]
        assert len(app.query(Input)) == 1

"""A chooser gives the value of what one chose, or nothing."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from textual.app import App

from gumnut_tui.ui.screens.chooser import Chooser, Item
from gumnut_tui.ui.widgets.line_list import LineList
from tests.ui.screens.screen_text import screen_text

ITEMS = [Item("Italy", "album, 214 photos", 1), Item("Ana", "person", 2), Item("Italian food", "album", 3)]


class ChooserApp(App[None]):
    """Opens a chooser, and remembers its answer."""

    def __init__(self, items: list[Item[int]] = ITEMS, *, filterable: bool = False) -> None:
        super().__init__()
        self.results: list[int | None] = []
        self._chooser: Chooser[int] = Chooser("Jump [b]to", items, filterable=filterable)

    def on_mount(self) -> None:
        """Opens the screen."""
        self.push_screen(self._chooser, self.results.append)


@pytest.mark.parametrize(
    ("keys", "result"),
    [
        (("enter",), 1),
        (("j", "enter"), 2),
        (("G", "k", "enter"), 2),
        (("down", "down", "enter"), 3),
        (("escape",), None),
    ],
)
async def test_keys_choose(keys: tuple[str, ...], result: int | None) -> None:
    """`j k`, arrows and enter choose; escape goes away without."""
    app = ChooserApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        assert app.results == [result]


async def test_typing_filters() -> None:
    """Words are looked for in label and note, in any order; the arrows move among what is left."""
    app = ChooserApp(filterable=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"alb ital")
        await pilot.pause()
        assert "Ana" not in screen_text(app)
        await pilot.press("down", "enter")
        await pilot.pause()
        assert app.results == [3]


async def test_escape_clears_the_filter_first() -> None:
    """Escape goes back one layer: the filter, then the chooser."""
    app = ChooserApp(filterable=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"zzz", "enter")
        await pilot.pause()
        assert "Nothing matches." in screen_text(app)
        await pilot.press("escape")
        await pilot.pause()
        assert "Ana" in screen_text(app)
        await pilot.press("escape")
        await pilot.pause()
        assert app.results == [None]


async def test_the_mouse_chooses_and_leaves() -> None:
    """A click on a line chooses it."""
    app = ChooserApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.click(LineList, offset=(2, 1))
        await pilot.pause()
        assert app.results == [2]


async def test_a_click_beside_the_box_closes_it() -> None:
    """Clicking away means none of it."""
    app = ChooserApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.click(offset=(0, 0))
        await pilot.pause()
        assert app.results == [None]


async def test_an_empty_chooser_says_so() -> None:
    """No items: words, and nothing to choose."""
    app = ChooserApp([])
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        await pilot.pause()
        assert "Nothing here." in screen_text(app)
        assert app.results == []


@pytest.mark.parametrize("text", ["[bold]x[/]", "a\x1b[31mb", "\u202egpj", "写真" * 500, "x" * 5000, "👩‍👩‍👧" * 50])
async def test_hostile_labels_are_plain_text(text: str) -> None:
    """Labels and notes are drawn escaped, never as markup, and never wider than the box."""
    app = ChooserApp([Item(text, text, 1)], filterable=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        lines = screen_text(app).split("\n")
        assert all(cell_len(line) == 80 for line in lines)
        assert all(line.isprintable() for line in lines)
        if text.startswith("[bold"):
            assert "[bold]x[/]" in screen_text(app)
        assert "Jump [b]to" in screen_text(app)

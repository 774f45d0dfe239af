"""A box with a text: shown in full, copied as it is, left to be saved."""

from __future__ import annotations

import pytest
from textual.app import App

from gumnut_tui.ui.screens.text_screen import Form, TextScreen
from tests.ui.screens.screen_text import screen_text

LONG = "curl " + " ".join(f"asset_{number:03}" for number in range(60))
FORMS = (Form("cURL", f"{LONG}\n  -H 'x: \x1b[31m'\n", "sh"), Form("Python", "import gumnut\n", "py"))


class TextApp(App[None]):
    """Shows the box and keeps what it gave."""

    def __init__(self) -> None:
        super().__init__()
        self.results: list[Form | None] = []
        self.copied: list[tuple[str, str]] = []

    def on_mount(self) -> None:
        """Opens the box."""
        box = TextScreen("A command", "What to know.", FORMS, lambda *copied: self.copied.append(copied))
        self.push_screen(box, self.results.append)


@pytest.mark.parametrize("size", [(100, 40), (60, 24)])
async def test_all_of_the_text_is_shown(size: tuple[int, int]) -> None:
    """Long lines go on in the next one; what a terminal would obey is a mark."""
    app = TextApp()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        text = screen_text(app)
        await pilot.press("G")
        await pilot.pause()
        text += screen_text(app)
    for words in ("A command", "What to know.", "curl asset_000", "asset_059", "-H 'x: ␛[31m'", "tab as Python"):
        assert words in text, words


async def test_the_form_that_is_shown_is_copied_as_it_is() -> None:
    """Not as it is drawn; tab shows the next one."""
    app = TextApp()
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.press("y", "tab", "y", "tab", "y")
        await pilot.pause()
    assert [text for text, _ in app.copied] == [FORMS[0].text, FORMS[1].text, FORMS[0].text]
    assert app.copied[1][1] == "A command (Python)"


@pytest.mark.parametrize(("keys", "result"), [(("escape",), None), (("w",), FORMS[0]), (("tab", "w"), FORMS[1])])
async def test_keys_give_back(keys: tuple[str, ...], result: Form | None) -> None:
    """`w` the form that is to be saved, `esc` nothing."""
    app = TextApp()
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
    assert app.results == [result]

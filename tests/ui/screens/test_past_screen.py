"""The box that shows an entity then and now."""

from __future__ import annotations

import pytest
from textual.app import App

from gumnut_tui.formatting.facts import Fact
from gumnut_tui.report.then_and_now import Pair, ThenAndNow
from gumnut_tui.ui.screens.past_screen import PastScreen, pair_rows
from gumnut_tui.ui.widgets.styled_lines import Ink

PAIRS = (Pair("name", "Lisboa", "Lisbon", differs=True), Pair("cover", "IMG_1 " * 12, "IMG_1"))
COMPARED = ThenAndNow((Fact("", "As of today: known"),), "then", PAIRS, (Fact("", "1 photo only since"),))


def drawn(width: int) -> list[str]:
    return ["".join(span.text for span in row.spans).rstrip() for row in pair_rows("then", PAIRS, width)]


def test_then_and_now_stand_beside_each_other() -> None:
    """Under a heading; what differs has a mark, and a long value goes on below itself."""
    assert drawn(80) == [
        "                  then                            now",
        "≠ name            Lisboa                          Lisbon",
        "  cover           IMG_1 IMG_1 IMG_1 IMG_1 IMG_1   IMG_1",
        "                  IMG_1 IMG_1 IMG_1 IMG_1 IMG_1",
        "                  IMG_1 IMG_1",
    ]
    changed = list(pair_rows("then", PAIRS, 80))[1]
    assert {span.ink for span in changed.spans} == {Ink.WARNING, Ink.LABEL}


def test_on_a_narrow_screen_they_stand_below_each_other() -> None:
    """What is the same is told once."""
    assert drawn(40) == ["≠ name", "    then: Lisboa", "    now: Lisbon", "  cover", "    IMG_1"]


@pytest.mark.parametrize(("key", "goes"), [("enter", True), ("escape", False), ("q", False)])
async def test_enter_goes_to_the_event_and_escape_back(key: str, goes: bool) -> None:
    """Either closes the box."""
    app: App[None] = App()
    answers: list[bool | None] = []
    async with app.run_test() as pilot:
        await app.push_screen(PastScreen("Lisbon as of today", COMPARED), answers.append)
        await pilot.press(key)
        assert answers == [goes]


async def test_a_click_beside_the_box_closes_it() -> None:
    """As with every box."""
    app: App[None] = App()
    answers: list[bool | None] = []
    async with app.run_test() as pilot:
        await app.push_screen(PastScreen("Lisbon as of today", COMPARED), answers.append)
        await pilot.click(offset=(0, 0))
        assert answers == [False]

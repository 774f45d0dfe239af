"""What is to happen later happens, however busy the machine is."""

from __future__ import annotations

import re
import time
from pathlib import Path

from textual.app import App

import gumnut_tui
from gumnut_tui.ui import later


async def test_what_is_due_already_happens_all_the_same() -> None:
    """A process that was held up longer than the timer was to last loses nothing."""
    told: list[str] = []
    app: App[None] = App()
    async with app.run_test() as pilot:
        later(app, 0.001, lambda: told.append("after a moment"))
        later(app, 0, lambda: told.append("at once"))
        time.sleep(0.01)
        while len(told) < 2:
            await pilot.pause(0.001)
    assert sorted(told) == ["after a moment", "at once"]


def test_no_timer_of_textuals_is_set_for_once() -> None:
    """It forgets what it was set for when it begins late."""
    package = Path(gumnut_tui.__path__[0])
    found = [path.name for path in package.rglob("*.py") if re.search(r"\bset_timer\b", path.read_text("utf-8"))]
    assert found == []

"""The restore command: for one photo, for marked rows, for all rows shown; shown, copied and saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from gumnut_tui.app import restore_controller
from tests.app.missing_photos import DELETION, TRASH, TRASHED, cursors, listed, make_missing
from tests.app.stage import SECRET
from tests.app.waiting import answer, line_with, press, running, screen_text, shown, wait_for_text, wait_until


async def test_capital_r_asks_which_photos_are_meant() -> None:
    """The photo under the cursor, or all that the rows shown moved to the trash; only those that are still in it."""
    app = make_missing()
    async with running(app) as pilot:
        await press(pilot, "i", "j", "enter")
        await wait_until(pilot, lambda: shown(app) == cursors(TRASH))
        await press(pilot, "R")
        await wait_for_text(pilot, "this photo", f"{TRASHED} photos of all rows shown")
        await press(pilot, "j", "enter")
        await wait_for_text(pilot, f"Restore command for {TRASHED} photos", "curl -sS", "This program only reads")
        assert app.clipboard.count('"asset_1') == TRASHED
        assert "$GUMNUT_API_KEY" in app.clipboard
        assert SECRET not in app.clipboard + screen_text(app)


async def test_marked_rows_are_meant_rather_than_the_selected_one() -> None:
    """And tab shows the same for the SDK."""
    app = make_missing()
    async with running(app) as pilot:
        await press(pilot, "i", "j", "enter")
        await wait_until(pilot, lambda: shown(app) == cursors(TRASH))
        await press(pilot, "m", "m", "m", "R")
        await wait_for_text(pilot, "3 photos marked", f"{TRASHED} photos of all rows shown")
        await press(pilot, "enter")
        await wait_for_text(pilot, "Restore command for 3 photos")
        await press(pilot, "tab", "y")
        await wait_for_text(pilot, "client.assets.restore")
        await wait_until(pilot, lambda: "client.assets.restore" in app.clipboard)
        assert app.clipboard.count("asset_1") == 3


async def test_of_an_action_all_its_photos_are_meant() -> None:
    """Not the one whose event happened to be read first."""
    app = make_missing()
    async with running(app) as pilot:
        await press(pilot, "a")
        await wait_for_text(pilot, f"{TRASHED} photos to the trash")
        await press(pilot, "e", "e", "e", "e", "e", "e")
        await wait_until(pilot, lambda: "▽ trash" in line_with(app, "▸▎"))
        await press(pilot, "R")
        await wait_for_text(pilot, f"{TRASHED} photos of this action", f"{TRASHED} photos of all rows shown")
        await press(pilot, "enter")
        await wait_for_text(pilot, f"Restore command for {TRASHED} photos")


async def test_photos_that_are_gone_cannot_be_restored() -> None:
    """It says so, and nothing is copied."""
    app = make_missing()
    async with running(app) as pilot:
        await listed(pilot)
        await press(pilot, "enter")
        await wait_until(pilot, lambda: shown(app) == cursors(DELETION))
        await press(pilot, "R")
        await wait_for_text(pilot, "no photo of these rows is known to be in the trash")
        assert app.clipboard == ""


async def test_the_command_can_be_saved(tmp_path: Path) -> None:
    """As a script for the shell; a name that says neither form is refused."""
    app = make_missing()
    async with running(app) as pilot:
        await listed(pilot)
        await press(pilot, "j", "R")
        await wait_for_text(pilot, "Restore command for")
        await press(pilot, "w")
        await wait_for_text(pilot, "gumnut-restore-2026-11-20.sh")
        await answer(pilot, str(tmp_path / "restore.txt"))
        await wait_for_text(pilot, "the name must end in .sh, .py")
        await answer(pilot, str(tmp_path / "restore.sh"))
        await wait_for_text(pilot, "Saved in")
    assert (tmp_path / "restore.sh").read_text() == app.clipboard


async def test_of_very_many_rows_it_says_which_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking what became of photos has an end."""
    monkeypatch.setattr(restore_controller, "MOST_ROWS", 5)
    app = make_missing()
    async with running(app) as pilot:
        await press(pilot, "i", "j", "enter")
        await wait_until(pilot, lambda: shown(app) == cursors(TRASH))
        await press(pilot, "R")
        await wait_for_text(pilot, "5 photos of the first 5 rows shown")

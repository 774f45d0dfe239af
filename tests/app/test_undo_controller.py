"""The undo plan on the screen: for an event, marked rows, an incident, all rows shown; looked at, copied, saved."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.app.missing_photos import DELETED, TRASH, TRASHED, cursors, listed, make_missing
from tests.app.waiting import answer, press, running, shown, wait_for_text, wait_until


async def test_capital_u_asks_what_is_meant_and_shows_the_plan() -> None:
    """What each step brings back; nothing is sent."""
    app = make_missing()
    async with running(app) as pilot:
        await press(pilot, "i", "j", "enter")
        await wait_until(pilot, lambda: shown(app) == cursors(TRASH))
        await press(pilot, "U")
        await wait_for_text(pilot, "this event", f"its incident, {TRASHED} events", "all rows shown")
        await press(pilot, "j", "enter")
        await wait_for_text(
            pilot,
            f"undo of {TRASHED} events of 2026-11-20",
            f"Brings back {TRASHED} photos.",
            f"Restore {TRASHED} photos from the trash",
        )


async def test_marked_rows_are_meant_first() -> None:
    """And what is copied is the form that is shown."""
    app = make_missing()
    async with running(app) as pilot:
        await press(pilot, "i", "j", "enter")
        await wait_until(pilot, lambda: shown(app) == cursors(TRASH))
        await press(pilot, "m", "m", "m", "U")
        await wait_for_text(pilot, "3 marked events")
        await press(pilot, "enter")
        await wait_for_text(pilot, "Restore 3 photos from the trash")
        await press(pilot, "tab", "y")
        await wait_until(pilot, lambda: "def restore(step" in app.clipboard)


async def test_what_is_gone_for_good_is_said_to_be() -> None:
    """With its reason, and where a copy may be looked for."""
    app = make_missing()
    async with running(app) as pilot:
        await listed(pilot)
        await press(pilot, "U")
        await wait_for_text(pilot, "There is nothing to bring back.", f"{DELETED} photos: deleted for good")
        await wait_for_text(pilot, "gumnut-tui undo --copies FOLDER")
        await press(pilot, "escape")
        await wait_for_text(pilot, "U undo")


async def test_the_plan_is_saved_as_a_script(tmp_path: Path) -> None:
    """Its name proposes that; another ending saves another form."""
    app = make_missing()
    async with running(app) as pilot:
        await listed(pilot)
        await press(pilot, "j", "U")
        await wait_for_text(pilot, f"Restore {TRASHED} photos")
        await press(pilot, "w")
        await wait_for_text(pilot, "gumnut-undo-2026-11-20.py")
        await answer(pilot, str(tmp_path / "undo.py"))
        await wait_for_text(pilot, "Saved in")
    text = (tmp_path / "undo.py").read_text()
    ast.parse(text)
    assert text.count('"asset_1') + text.count("'asset_1") == TRASHED

"""An event of the history opened: what the entity was as of it, from the journal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gumnut_tui.domain.errors import JournalDamaged
from gumnut_tui.journal import past
from tests.app.scripted import cursor
from tests.app.stage import make_app
from tests.app.test_journal_access import keep, make_journal_app
from tests.app.waiting import press, running, screen_text, selected_cursor, wait_for_text, wait_until

AS_OF = "IMG_0000.JPG as of today"


async def open_first(pilot: Any) -> None:
    """Open the first event of the history of the selected photo: the twentieth of the feed."""
    await press(pilot, "right_square_bracket", "right_square_bracket", "enter", "g", "enter")


async def test_enter_shows_it_then_beside_now_and_escape_goes_back(tmp_path: Path) -> None:
    """The history is as it was then; enter once more goes to the event in the table."""
    app = make_journal_app(tmp_path / "j.db")
    async with running(app) as pilot:
        await keep(pilot)
        await open_first(pilot)
        await wait_for_text(pilot, AS_OF, "known, in the trash", "then", "now")
        await press(pilot, "escape")
        await wait_until(pilot, lambda: AS_OF not in screen_text(app))
        assert selected_cursor(app) == cursor(60)
        await press(pilot, "enter")
        await wait_for_text(pilot, AS_OF)
        await press(pilot, "enter")
        await wait_until(pilot, lambda: selected_cursor(app) == cursor(20))


async def test_without_a_journal_enter_goes_to_the_event(tmp_path: Path) -> None:
    """What it was is not known then."""
    app = make_app()
    async with running(app) as pilot:
        await open_first(pilot)
        await wait_until(pilot, lambda: selected_cursor(app) == cursor(20))
        assert AS_OF not in screen_text(app)


async def test_a_journal_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: Any) -> None:
    """And nothing is shown."""

    def damaged(*_: object) -> None:
        raise JournalDamaged("there is damage in the journal")

    app = make_journal_app(tmp_path / "j.db")
    async with running(app) as pilot:
        await keep(pilot)
        monkeypatch.setattr(past, "about", damaged)
        await open_first(pilot)
        await wait_for_text(pilot, "there is damage in the journal")

"""Moving over the rows."""

from __future__ import annotations

import asyncio

import pytest
from textual.events import MouseScrollDown

from gumnut_tui.app.main_screen import MainScreen
from gumnut_tui.config.values import Order
from gumnut_tui.domain.models import Library
from tests.app.scripted import ScriptedClient, cursor, long_activity
from tests.app.stage import make_app
from tests.app.waiting import is_read, main_screen, press, running, selected_cursor, shown, wait_until


async def test_the_newest_event_is_on_top_and_selected() -> None:
    """The screen opens on the newest event of the last 24 hours, newest first."""
    app = make_app()
    async with running(app):
        assert shown(app) == [cursor(number) for number in range(60, 0, -1)]
        assert selected_cursor(app) == cursor(60)


async def test_oldest_first_opens_on_the_oldest() -> None:
    """With the order oldest the screen begins where the range begins, and its live end is the bottom."""
    app = make_app(order=Order.OLDEST)
    async with running(app):
        assert shown(app) == [cursor(number) for number in range(1, 61)]


@pytest.mark.parametrize(
    ("keys", "index"),
    [
        (("j",), 1),
        (("down", "j"), 2),
        (("j", "j", "k"), 1),
        (("j", "j", "up"), 1),
        (("G",), 59),
        (("end",), 59),
        (("G", "g"), 0),
        (("G", "home"), 0),
        (("k",), 0),
    ],
)
async def test_keys_move_the_cursor(keys: tuple[str, ...], index: int) -> None:
    """j k and the arrows move by a row, g G home end to the ends; nothing moves beyond them."""
    app = make_app()
    async with running(app) as pilot:
        await press(pilot, *keys)
        assert main_screen(app).table.cursor == index


@pytest.mark.parametrize(("down", "up", "part"), [("ctrl+d", "ctrl+u", 0.5), ("pagedown", "pageup", 1)])
async def test_pages_move_by_the_window(down: str, up: str, part: float) -> None:
    """Half a page is half the window; a page leaves one line to keep one's place; back leads back."""
    app = make_app()
    async with running(app) as pilot:
        table = main_screen(app).table
        rows = table.size.height - 1
        await press(pilot, down)
        assert table.cursor == (rows // 2 if part < 1 else rows - 1)
        await press(pilot, up)
        assert table.cursor == 0


async def test_the_last_row_is_that_of_the_range() -> None:
    """G reads on to the beginning of the range, however far that is, and lands on its last row."""
    client = ScriptedClient(long_activity(), page_rows=100)
    app = make_app(client)
    async with running(app) as pilot:
        assert len(shown(app)) < 2000
        await press(pilot, "G")
        await wait_until(pilot, lambda: selected_cursor(app) == cursor(1))
        assert len(shown(app)) == 2000


async def test_scrolling_reads_on() -> None:
    """Rows come while one scrolls towards the end of what was read, each once and in order."""
    app = make_app(ScriptedClient(long_activity(), page_rows=100))
    async with running(app) as pilot:
        before = len(shown(app))
        while len(shown(app)) == before:
            await press(pilot, "pagedown")
        rows = shown(app)
        assert rows == [cursor(number) for number in range(2000, 2000 - len(rows), -1)]


async def test_the_wheel_scrolls() -> None:
    """The wheel moves the window over the rows."""
    app = make_app()
    async with running(app) as pilot:
        table = main_screen(app).table
        for _ in range(3):
            table.post_message(MouseScrollDown(table, 5, 5, 0, 1, 0, False, False, False))
        await wait_until(pilot, lambda: table.span is not None and table.span[0] > 0)


async def test_a_click_selects_and_a_double_click_opens() -> None:
    """The mouse selects rows; clicked twice, the row opens in the detail."""
    app = make_app()
    async with running(app) as pilot:
        screen = main_screen(app)
        await pilot.click(screen.table, offset=(12, 6))
        await pilot.pause()
        assert screen.table.cursor == 5
        await pilot.click(screen.table, offset=(12, 8), times=2)
        await pilot.pause()
        assert screen.table.cursor == 7
        assert screen.panes.detail.has_focus_within


class SlowAccount(ScriptedClient):
    """Does not say which libraries there are until it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.answers = asyncio.Event()

    async def libraries(self, state: str = "live") -> list[Library]:
        await self.answers.wait()
        return await super().libraries(state)


async def test_keys_about_events_wait_for_a_library() -> None:
    """Before there is a library nothing is saved, searched or listed; a range chosen then is the one that is read."""
    client = SlowAccount()
    app = make_app(client, services={"patience": 3600.0})
    async with running(app, until=lambda app: isinstance(app.screen, MainScreen)) as pilot:
        for key in ("w", "i", "slash", "t", "d", "m", "y", "n"):
            await press(pilot, key)
            assert app.screen is main_screen(app)
            assert main_screen(app).panes.prompt.purpose == ""
        main_screen(app).filters.set_range("1h")
        client.answers.set()
        await wait_until(pilot, lambda: is_read(app))
        assert len(shown(app)) == 12

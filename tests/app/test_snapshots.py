"""What the screen looks like in each state one meets: the demo library with a fixed clock, zone and theme.

What stands where is kept as text; two pictures keep what text cannot: colours, and the photo drawn in half blocks.
"""

from __future__ import annotations

from typing import Any

import pytest
from textual.widgets import Input

from gumnut_tui.domain.errors import ConnectionFailed
from gumnut_tui.domain.models import Presence
from gumnut_tui.picture.pixels import Pixels
from tests.app.scripted import ScriptedClient
from tests.app.snapshots import browsing, grid, picture, still
from tests.app.stage import make_app, make_demo_app
from tests.app.waiting import is_read, main_screen, press, running, screen_text, wait_until

LARGE, SMALL = (140, 45), (80, 24)


@pytest.mark.parametrize("size", [LARGE, SMALL], ids=["large", "small"])
async def test_main(text: Any, size: tuple[int, int]) -> None:
    """The screen as it opens."""
    app = make_demo_app()
    async with browsing(app, size) as pilot:
        assert await still(pilot, grid) == text


@pytest.mark.parametrize("size", [LARGE, SMALL], ids=["large", "small"])
async def test_destructive_only(text: Any, size: tuple[int, int]) -> None:
    """What was deleted."""
    app = make_demo_app()
    async with browsing(app, size) as pilot:
        await press(pilot, "d")
        await wait_until(pilot, lambda: is_read(app))
        assert await still(pilot, grid) == text


async def test_colours(svg: Any) -> None:
    """Operations, selection, span and status in their colours."""
    app = make_demo_app()
    async with browsing(app, SMALL) as pilot:
        assert await still(pilot, picture) == svg


async def test_photo_over_rows(svg: Any) -> None:
    """A photo in half blocks, in the detail pane over the rows of a small terminal."""
    app = make_demo_app()
    async with browsing(app, SMALL) as pilot:
        await press(pilot, "enter")
        await wait_until(pilot, lambda: isinstance(main_screen(app).panes.detail.state.picture, Pixels))
        assert await still(pilot, picture) == svg


async def test_gone_photo(text: Any) -> None:
    """A photo that was deleted for good: gone is an answer, with its time and its history."""
    app = make_demo_app()
    async with browsing(app, LARGE) as pilot:
        screen = main_screen(app)
        await press(pilot, "slash", *"asset_deleted", "enter")
        await wait_until(pilot, lambda: is_read(app) and screen.panes.detail.state.entity is not None)
        await wait_until(pilot, lambda: screen.panes.detail.state.entity.presence is Presence.GONE)  # type: ignore[union-attr]
        await press(pilot, "right_square_bracket", "right_square_bracket")
        assert await still(pilot, grid) == text


async def test_empty_range(text: Any) -> None:
    """Nothing happened."""
    app = make_app(ScriptedClient([]))
    async with running(app, SMALL, until=lambda app: "Nothing happened" in screen_text(app)) as pilot:
        assert await still(pilot, grid) == text


async def test_error(text: Any) -> None:
    """No network at the start."""
    app = make_app(ScriptedClient(failure=ConnectionFailed("GET /api/events", "no route to host")))
    async with running(app, SMALL, until=lambda app: "OFFLINE" in screen_text(app)) as pilot:
        assert await still(pilot, grid) == text


@pytest.mark.parametrize(("key", "name"), [("f", "sidebar"), ("enter", "detail")], ids=["sidebar", "detail"])
async def test_overlay(text: Any, key: str, name: str) -> None:
    """The outer panes over the rows of a small terminal."""
    app = make_demo_app()
    async with browsing(app, SMALL) as pilot:
        await press(pilot, key)
        assert main_screen(app).query_one(f"#{name}").display
        await wait_until(pilot, lambda: isinstance(main_screen(app).panes.detail.state.picture, Pixels))
        assert await still(pilot, grid) == text


async def test_help(text: Any) -> None:
    """All keys."""
    app = make_demo_app()
    async with browsing(app, LARGE) as pilot:
        await press(pilot, "question_mark")
        assert await still(pilot, grid) == text


async def test_welcome(text: Any) -> None:
    """The first start."""
    app = make_app(key=None)
    async with running(app, SMALL, until=lambda app: "Gumnut dashboard" in screen_text(app)) as pilot:
        app.screen.query_one(Input).cursor_blink = False
        assert await still(pilot, grid) == text

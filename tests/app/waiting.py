"""Waiting for facts on a running screen, and reading what stands on it."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input, Static

from gumnut_tui.app.gumnut_app import GumnutApp
from gumnut_tui.app.main_screen import MainScreen

PATIENCE = 30.0
"""Seconds after which a fact is taken never to come."""


async def wait_until(pilot: Pilot[Any], fact: Callable[[], object]) -> None:
    """Let the app go on until `fact` holds; fails with the screen as it stands when it never does."""
    deadline = time.monotonic() + PATIENCE
    while not fact():
        if time.monotonic() > deadline:
            raise AssertionError("what was waited for did not come; the screen:\n" + screen_text(pilot.app))
        await pilot.pause(0.005)


async def wait_for_text(pilot: Pilot[Any], *texts: str) -> None:
    """Let the app go on until all the texts are on the screen; in toasts and questions also across their lines."""

    def is_shown() -> bool:
        shown = screen_text(pilot.app) + unwrapped(pilot.app)
        return all(text in shown for text in texts)

    await wait_until(pilot, is_shown)


def unwrapped(app: App[Any]) -> str:
    """What toasts and the question on top say, unwrapped: where a line ends depends on paths and process ids."""
    asked = [str(widget.content) for widget in app.screen.query(".chooser--words, #text-words").results(Static)]
    return "\n".join([*(notice.message for notice in app._notifications), *asked])


def screen_text(app: App[Any]) -> str:
    """The lines of the screen as the terminal gets them."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


def line_with(app: App[Any], text: str) -> str:
    """The first line of the screen that holds the text; empty when none does."""
    return next((line for line in screen_text(app).splitlines() if text in line), "")


def main_screen(app: App[Any]) -> MainScreen:
    """The main screen, also when another one lies over it."""
    screen = app.screen_stack[0]
    assert isinstance(screen, MainScreen)
    return screen


def is_read(app: App[Any]) -> bool:
    """Whether the range was read, names and entity included, and nothing but the poll is under way."""
    if not isinstance(app.screen_stack[0], MainScreen):
        return False
    screen = main_screen(app)
    if not screen.library.opened.feed.is_open:
        return False
    busy = [worker for worker in app.workers if worker.group != "feed" and worker.is_running]
    return not busy and screen.library.is_current and screen.table.row_count > 0


@asynccontextmanager
async def running(
    app: GumnutApp, size: tuple[int, int] = (120, 34), *, until: Callable[[App[Any]], object] = is_read
) -> AsyncIterator[Pilot[Any]]:
    """The app on a screen of columns and lines, once the range was read."""
    # A toast may not be over before a machine under load comes to look for it.
    app.NOTIFICATION_TIMEOUT = 600.0  # type: ignore[misc]
    async with app.run_test(size=size, notifications=True) as pilot:
        await wait_until(pilot, lambda: until(app))
        yield pilot


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys, and let what they cause happen."""
    await pilot.press(*keys)
    await pilot.pause()


def selected_cursor(app: App[Any]) -> str:
    """The `cursor` of the selected event; empty when there is none."""
    screen = main_screen(app)
    row = screen.table.cursor_row
    return "" if row is None else screen.library.store.event(row).cursor


def shown(app: App[Any]) -> list[str]:
    """The cursors of the events shown, in the order of the screen."""
    screen = main_screen(app)
    rows = screen.library.event_list.rows
    return [screen.library.store.event(rows[index]).cursor for index in range(len(rows))]


async def click_text(pilot: Pilot[Any], text: str, *, at: int = 0, times: int = 1) -> None:
    """Click the first place where the text stands on the screen, `at` cells behind its beginning."""
    lines = screen_text(pilot.app).splitlines()
    y = next(index for index, line in enumerate(lines) if text in line)
    await pilot.click(offset=(lines[y].index(text) + at, y), times=times)
    await pilot.pause()


async def answer(pilot: Pilot[Any], text: str) -> None:
    """Write over what stands in the question line, and enter it."""
    pilot.app.screen.query_one(Input).value = text
    await pilot.press("enter")
    await pilot.pause()

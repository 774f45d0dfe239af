"""The screen as text or as a picture, the same from run to run."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from textual.app import App
from textual.pilot import Pilot

from gumnut_tui.app.gumnut_app import GumnutApp
from tests.app.waiting import is_read, main_screen, press, running, screen_text, wait_until

_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
ENDLESS = ("feed", "connect")
"""Workers that follow the feed, or wait for an answer of the person."""
SAME = 4
"""Looks at the screen that must not differ before it counts as still."""
_PREFIX = re.compile(r"terminal-\d+")


def grid(app: App[Any]) -> str:
    """The screen as lines of text: what stands where, without colour."""
    return "\n".join(line.rstrip() for line in screen_text(app).splitlines()) + "\n"


def picture(app: App[Any]) -> str:
    """The screen as SVG, without the fonts' addresses and with Textual's number of the picture taken out."""
    return _PREFIX.sub("terminal", _FONTS.sub("", app.export_screenshot(title="")))


@asynccontextmanager
async def browsing(app: GumnutApp, size: tuple[int, int]) -> AsyncIterator[Pilot[Any]]:
    """The app once its whole range was read: how much is read before that is a matter of timing."""
    async with running(app, size) as pilot:
        await press(pilot, "G")
        library = main_screen(app).library
        await wait_until(pilot, lambda: not library.event_list.more_to_read and is_read(app))
        await press(pilot, "g")
        await wait_until(pilot, lambda: is_read(app))
        yield pilot


async def still(pilot: Pilot[Any], draw: Callable[[App[Any]], str]) -> str:
    """What is drawn once everything under way has come to its end."""
    seen = [""] * SAME

    def is_still() -> bool:
        seen.append(draw(pilot.app))
        busy = [worker for worker in pilot.app.workers if worker.group not in ENDLESS and worker.is_running]
        is_scrolling = not main_screen(pilot.app).panes.table.window_scroll.is_settled
        return not busy and not is_scrolling and len(set(seen[-SAME:])) == 1

    await wait_until(pilot, is_still)
    return seen[-1]

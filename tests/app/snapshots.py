"""Pictures of the screen that are the same from run to run."""

from __future__ import annotations

import re
from typing import Any

from textual.app import App
from textual.pilot import Pilot

from tests.app.waiting import main_screen, wait_until

_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
ENDLESS = ("feed", "connect")
"""Workers that follow the feed, or wait for an answer of the person."""
SAME = 4
"""Looks at the screen that must not differ before it counts as still."""
_PREFIX = re.compile(r"terminal-\d+")


def picture(app: App[Any]) -> str:
    """The screen as SVG, without the fonts' addresses and with Textual's number of the picture taken out."""
    return _PREFIX.sub("terminal", _FONTS.sub("", app.export_screenshot(title="")))


async def still_picture(pilot: Pilot[Any]) -> str:
    """The picture once everything under way has come to its end."""
    seen = [""] * SAME

    def is_still() -> bool:
        seen.append(picture(pilot.app))
        busy = [worker for worker in pilot.app.workers if worker.group not in ENDLESS and worker.is_running]
        is_scrolling = main_screen(pilot.app).panes.table._scrollbar_timer is not None
        return not busy and not is_scrolling and len(set(seen[-SAME:])) == 1

    await wait_until(pilot, is_still)
    return seen[-1]

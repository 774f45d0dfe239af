"""Draws the screen: starts it without a terminal, presses keys, and waits until everything is there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input

from gumnut_tui.app import ScreenOptions
from gumnut_tui.app.gumnut_app import GumnutApp
from gumnut_tui.app.main_screen import MainScreen
from gumnut_tui.config.settings import Settings
from gumnut_tui.config.values import Order
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.key import Key
from screenshots.stage import ZONE, connection, services

ENOUGH_LOOKS = 1500
"""Looks at the screen, some hundredths of a second apart, before a picture is given up."""
REPEATED_LOOKS = 5
"""Looks that have to show the same before the screen counts as finished."""
READ_ALL = ("G", "g")
"""Goes to the last row and back: with the whole range read, nothing on the screen depends on how far reading came."""
EVERYTHING = EventFilter()


@dataclass(frozen=True)
class Picture:
    """The screen at a size, after some keys."""

    size: tuple[int, int]
    keys: tuple[str, ...] = ()
    wanted: EventFilter = EVERYTHING
    demo: bool = True
    """Without it, the program starts as it does where no key is known."""
    journal: bool = False
    """Open the library from a journal, as an account's."""
    shows: str = ""
    """Words that stand on the screen when the last key has done its work."""


async def draw(picture: Picture, journal: Path) -> str:
    """The SVG of a picture; `journal` is the file of the journal to be read, or of the one not begun yet."""
    app = GumnutApp(_options(picture, journal), services(journal))
    async with app.run_test(size=picture.size) as pilot:
        await _settle(pilot, lambda: _has_begun(app, picture))
        for field in app.screen.query(Input):
            field.cursor_blink = False
        keys = (*READ_ALL, *picture.keys) if picture.demo else picture.keys
        for key in keys:
            await pilot.press(key)
            await _settle(pilot, lambda: _has_come(app))
        if picture.shows:
            await _settle(pilot, lambda: picture.shows in _words_on(app))
        return plain(app.export_screenshot(title="gumnut-tui"))


def plain(svg: str) -> str:
    """An SVG without the fonts of a foreign host and without the number that tells one export from another."""
    svg = re.sub(r"\s*@font-face \{[^}]*\}", "", svg)
    return re.sub(r"terminal-\d+", "terminal", svg)


def _options(picture: Picture, journal: Path) -> ScreenOptions:
    settings = Settings(config_path=Path("~/.config/gumnut-tui/config.toml"), base_url=connection().base_url)
    return ScreenOptions(
        settings=settings,
        key=Key(connection().key) if picture.journal else None,
        demo=picture.demo and not picture.journal,
        order=Order.NEWEST,
        since="24h",
        until=None,
        library=None,
        filter=picture.wanted,
        exact=False,
        zone=ZONE,
        journal=journal,
    )


def _has_begun(app: GumnutApp, picture: Picture) -> bool:
    """Whether the screen that keys are for is there, with rows if it shows any."""
    screen = app.screen
    return screen.table.cursor_row is not None if isinstance(screen, MainScreen) else not picture.demo


def _has_come(app: GumnutApp) -> bool:
    """Whether the whole range was read, and the entity under the cursor."""
    screen = app.screen
    if not isinstance(screen, MainScreen):
        return True
    feed, state = screen.library.opened.feed, screen.details.state
    busy = [worker for worker in app.workers if worker.group not in ("feed", "dialogue") and not worker.is_finished]
    is_read = feed.caught_up and feed.reaches_start
    return is_read and state.row == screen.table.cursor_row and not state.reading and not busy


def _words_on(app: GumnutApp) -> str:
    return unescape(app.export_screenshot()).replace("\N{NO-BREAK SPACE}", " ")


async def _settle(pilot: Pilot[None], has_come: Callable[[], bool]) -> None:
    """Wait until everything is there, and until nothing on the screen changes any more."""
    before, same = "", 0
    for _ in range(ENOUGH_LOOKS):
        await pilot.pause()
        now = pilot.app.export_screenshot() if has_come() else ""
        same = same + 1 if now and now == before else 0
        if same == REPEATED_LOOKS:
            return
        before = now
    raise TimeoutError("the screen did not come to rest")

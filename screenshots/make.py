"""Makes the pictures of the README from the demo library: `python screenshots/make.py [NAME…]`.

Clock, zone and library are fixed and nothing is read from a network, so that the same program always makes the same
files. Pillow, which the test extra brings, is needed for the photos.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from textual.pilot import Pilot

from gumnut_tui.api.client import Client
from gumnut_tui.app.main import GumnutApp
from gumnut_tui.app.main_screen import MainScreen
from gumnut_tui.app.services import Services
from gumnut_tui.config import Settings
from gumnut_tui.demo.inprocess import connect
from gumnut_tui.demo.world import World
from gumnut_tui.feed.pace import Pace
from gumnut_tui.filters import EventFilter
from gumnut_tui.models import Operation
from gumnut_tui.options import ScreenOptions
from gumnut_tui.setting_values import Order

NOW = datetime(2026, 5, 16, 11, 4, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Lisbon")
FOLDER = Path(__file__).parent
ENOUGH_LOOKS = 1500
"""Looks at the screen, some hundredths of a second apart, before a picture is given up."""
REPEATED_LOOKS = 5
"""Looks that have to show the same before the screen counts as finished."""

READ_ALL = ("G", "g")
"""Goes to the last row and back: with the whole range read, nothing on the screen depends on how far reading came."""
EVERYTHING = EventFilter()
DELETED = EventFilter(operations=frozenset({Operation.DELETED}))


@dataclass(frozen=True)
class Picture:
    """One file: the screen at a size, after some keys."""

    size: tuple[int, int]
    keys: tuple[str, ...] = ()
    wanted: EventFilter = EVERYTHING
    demo: bool = True
    """Without it, the program starts as it does where no key is known."""


PICTURES = {
    "main": Picture((140, 45), ("down", "down", "down")),
    "deletions": Picture((140, 45), ("d",)),
    "gone-photo": Picture((140, 45), ("down", "down", "right_square_bracket", "right_square_bracket"), DELETED),
    "narrow": Picture((80, 24), ("d", "down", "down")),
    "first-start": Picture((100, 30), demo=False),
}


def make(name: str) -> str:
    """The SVG of a picture."""
    return plain(asyncio.run(_draw(PICTURES[name])))


def plain(svg: str) -> str:
    """An SVG without the fonts of a foreign host and without the number that tells one export from another."""
    svg = re.sub(r"\s*@font-face \{[^}]*\}", "", svg)
    return re.sub(r"terminal-\d+", "terminal", svg)


async def _draw(picture: Picture) -> str:
    app = GumnutApp(_options(picture), _services())
    async with app.run_test(size=picture.size) as pilot:
        await _settle(pilot, lambda: _has_begun(app, picture))
        for key in (*READ_ALL, *picture.keys) if picture.demo else picture.keys:
            await pilot.press(key)
            await _settle(pilot, lambda: _has_come(app))
        return app.export_screenshot(title="gumnut-tui")


def _options(picture: Picture) -> ScreenOptions:
    return ScreenOptions(
        settings=Settings(config_path=Path("~/.config/gumnut-tui/config.toml")),
        key=None,
        demo=picture.demo,
        order=Order.NEWEST,
        since="24h",
        until=None,
        library=None,
        filter=picture.wanted,
        exact=False,
        zone=ZONE,
    )


def _services() -> Services:
    return Services(
        demo=lambda on_wait: _client(),
        account=lambda key, on_wait: _client(),
        keep_key=lambda key, place: "nowhere",
        has_keyring=lambda: True,
        clock=lambda: NOW,
        pace=Pace(poll=3600, slowest_poll=3600),
        debounce=0.01,
        settle=0.01,
        tick=None,
    )


def _client() -> Client:
    demo = connect(_world(), clock=lambda: NOW)
    return Client(base_url=demo.base_url, key=demo.key, transport=demo.transport, clock=lambda: NOW)


@cache
def _world() -> World:
    return World(now=NOW)


def _has_begun(app: GumnutApp, picture: Picture) -> bool:
    """Whether the screen that keys are for is there, with rows if it shows any."""
    screen = app.screen
    return screen.table.cursor_row is not None if isinstance(screen, MainScreen) else not picture.demo


def _has_come(app: GumnutApp) -> bool:
    """Whether the whole range was read, and the entity under the cursor."""
    screen = app.screen
    if not isinstance(screen, MainScreen):
        return True
    assert screen.reading is not None
    assert screen.inspector is not None
    feed, state = screen.reading.feed, screen.inspector.state
    busy = [worker for worker in app.workers if worker.group != "feed" and not worker.is_finished]
    is_read = feed.caught_up and feed.reaches_start and feed.is_settled
    return is_read and state.row == screen.table.cursor_row and not state.reading and not busy


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


if __name__ == "__main__":
    for each in sys.argv[1:] or PICTURES:
        (FOLDER / f"{each}.svg").write_text(make(each), encoding="utf-8")
        print(f"{each}.svg")

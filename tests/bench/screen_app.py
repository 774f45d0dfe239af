"""The whole program on a server or on a million made-up events, watching itself.

`python -m tests.bench.screen_app stream|idle|end URL REPORT` or `python -m tests.bench.screen_app rows COUNT REPORT`.
"""

from __future__ import annotations

import asyncio
import inspect
import sys
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from time import perf_counter, process_time, thread_time
from typing import Any, cast

from msgspec.structs import replace
from textual import events, work

from gumnut_tui.api.client import Client
from gumnut_tui.app import ScreenOptions
from gumnut_tui.app.gumnut_app import GumnutApp
from gumnut_tui.app.main_screen import MainScreen
from gumnut_tui.app.open_library import OpenLibrary
from gumnut_tui.app.services import Services, real_services
from gumnut_tui.config.settings import load
from gumnut_tui.config.values import Order
from gumnut_tui.demo.http.auth import KEY
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.key import Key
from gumnut_tui.domain.models import EntityState, Event, EventPage, Library, Presence
from gumnut_tui.domain.ports import EventQuery
from tests.bench.data import NOW, make_feed
from tests.bench.terminal import leave_report

LOOK = 0.001
"""Seconds between two looks at how late the event loop is."""
OPENED = 1_000
"""Rows from which on the screen has been drawn once: how long that takes is what the benchmarks of the start say."""
SETTLE_SECONDS, IDLE_SECONDS = 6, 20


class BulkClient:
    """A library that gives its feed in pages of ten thousand, and has no entities any more."""

    def __init__(self, count: int) -> None:
        self._batches: Iterator[list[Event]] = make_feed(count)
        self._count = count

    async def events(self, query: EventQuery) -> EventPage:
        """Pages are numbered by the cursor, and made when they are asked for."""
        await asyncio.sleep(0)
        number = int(query.after_cursor or 0)
        batch = next(self._batches, [])
        has_more = bool(batch) and (number + 1) * len(batch) < self._count
        return EventPage(tuple(batch), str(number + 1), has_more)

    async def libraries(self, state: str = "live") -> list[Library]:
        """One."""
        return [Library("lib_bulk", "Bulk")]

    async def entities(self, *_asked: object) -> dict[str, Any]:
        """None is there."""
        return {}

    async def entity(self, kind: str, entity_id: str, _library: str | None) -> EntityState:
        """Each is gone."""
        return EntityState(kind, entity_id, Presence.GONE, NOW)

    async def aclose(self) -> None:
        """Nothing is open."""


class WatchedApp(GumnutApp):
    """Reads to the end of the feed, then leaves a report."""

    CSS_PATH = str(Path(inspect.getfile(GumnutApp)).with_name("app.tcss"))

    def __init__(self, options: ScreenOptions, services: Services, kind: str, report: str) -> None:
        super().__init__(options, services)
        self._kind = kind
        self._report = report

    def on_ready(self) -> None:
        """Watch."""
        self._watch()

    @work
    async def _watch(self) -> None:
        lags = list[tuple[float, float]]()
        reading = await self._opened()
        looking = asyncio.ensure_future(_look(lags)) if self._kind == "stream" else None
        begun, had = perf_counter(), len(reading.feed.store)
        if self._kind != "idle":
            self.post_message(events.Key("G", "G"))
        while not reading.feed.caught_up:
            await asyncio.sleep(0.01)
        if looking is not None:
            looking.cancel()
        match self._kind:
            case "end":
                count = len(reading.feed.store)
                while len(reading.event_list.rows) < count:
                    await asyncio.sleep(0.01)
                leave_report(self._report, (perf_counter() - begun, count - had))
            case "stream":
                leave_report(self._report, lags)
            case "idle":
                leave_report(self._report, await _idle_percent())
            case _:
                leave_report(self._report, len(reading.feed.store))

    async def _opened(self) -> OpenLibrary:
        while True:
            await asyncio.sleep(0.05)
            library = self.screen.library if isinstance(self.screen, MainScreen) else None
            if library is not None and len(library.store) >= (OPENED if self._kind == "stream" else 1):
                return library.opened


async def _look(lags: list[tuple[float, float]]) -> None:
    """Take how many ms later than asked for the event loop comes back, and how many of them its thread worked."""
    while True:
        begun, worked = perf_counter(), thread_time()
        await asyncio.sleep(LOOK)
        lags.append(((perf_counter() - begun - LOOK) * 1e3, (thread_time() - worked) * 1e3))


async def _idle_percent() -> float:
    await asyncio.sleep(SETTLE_SECONDS)
    begun = process_time()
    await asyncio.sleep(IDLE_SECONDS)
    return (process_time() - begun) / IDLE_SECONDS * 100


def main(kind: str, source: str, report: str) -> None:
    """Run the program until it is ended."""
    flags = {} if kind == "rows" else {"base_url": source}
    settings = load(flags, {}, Path("none.toml"))
    options = ScreenOptions(
        settings=settings,
        key=Key(KEY),
        demo=False,
        order=Order.NEWEST if kind == "idle" else Order.OLDEST,
        since="24h" if kind == "idle" else "all",
        until=None,
        library=None,
        filter=EventFilter(),
        exact=False,
        zone=UTC,
    )
    services = real_services(options)
    if kind == "rows":
        client = cast(Client, BulkClient(int(source)))
        services = replace(services, account=lambda _key, _wait: client)
    WatchedApp(options, services, kind, report).run()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Names are read for rows that rest in sight, and what the journal knows is shown without being asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from gumnut_tui.config.values import Order
from gumnut_tui.domain.errors import GumnutError, ServerFailure
from gumnut_tui.domain.models import Entity, EntityState, Event
from tests.app.scripted import ScriptedClient, later, make_asset
from tests.app.stage import HandClock, make_app
from tests.app.test_journal_access import is_kept, kept_before, make_journal_app
from tests.app.waiting import main_screen, press, running, screen_text, wait_for_text, wait_until
from tests.factories import NOW, make_event

PAGES = 100
ROWS = 2_000


def uploads() -> list[Event]:
    """A photo each, one every half minute, the last half a minute ago."""
    return [
        make_event(number, entity_id=f"asset_{number}", created_at=NOW - timedelta(seconds=30) * (ROWS + 1 - number))
        for number in range(1, ROWS + 1)
    ]


class Counting(ScriptedClient):
    """Knows a photo by each id, and counts the requests for entities; with `down` it fails or hangs."""

    def __init__(self, events: Iterable[Event] | None = None, **changes: Any) -> None:
        super().__init__(events, **changes)
        self.entity_requests = 0
        self.down: GumnutError | None = None
        self.hangs = False

    async def entities(self, kind: str, ids: Collection[str], library_id: str | None) -> dict[str, Entity]:
        await self._counted()
        known = await super().entities(kind, ids, library_id)
        new = {each: Entity("asset", each, {"id": each, "original_file_name": f"{each}.JPG"}, NOW) for each in ids}
        return (new if kind == "asset" else {}) | known

    async def entity(self, kind: str, entity_id: str, library_id: str | None) -> EntityState:
        await self._counted()
        return await super().entity(kind, entity_id, library_id)

    async def _counted(self) -> None:
        self.entity_requests += 1
        if self.down is not None:
            raise self.down
        if self.hangs:
            await asyncio.Event().wait()


async def test_rows_that_go_by_are_not_named() -> None:
    """Reading to the end costs at most a request for entities every five pages; what is in sight then has its names."""
    client = Counting(uploads(), page_rows=ROWS // PAGES)
    app = make_app(client, order=Order.OLDEST)
    async with running(app) as pilot:
        await wait_until(pilot, lambda: main_screen(app).library.opened.feed.caught_up)
        assert client.requests >= PAGES
        assert client.entity_requests <= client.requests / 5
        await wait_for_text(pilot, *(f"asset_{number}.JPG" for number in range(ROWS - 15, ROWS)))


async def test_rows_are_named_where_reading_on_halts() -> None:
    """While an answer does not come, the rows before it are looked at."""
    client, clock = Counting(uploads(), page_rows=ROWS // PAGES), HandClock()
    client.pages_left = PAGES // 2
    app = make_app(client, order=Order.OLDEST, services={"clock": clock.now})
    async with running(app, until=lambda _: not client.gate.is_set()) as pilot:
        await wait_for_text(pilot, f"{ROWS // 2:,} loaded")
        assert "asset_990.JPG" not in screen_text(app)
        clock.add(4)
        await wait_for_text(pilot, "asset_990.JPG")


async def test_names_of_the_journal_do_not_wait_for_the_service(tmp_path: Path) -> None:
    """One that hangs is asked for what is new, and meanwhile the rows have the names that are known."""
    client = Counting()
    await kept_before(tmp_path / "j.db", client)
    client.hangs, client.entity_requests = True, 0
    client.held.append(later(61))
    client.held.append(make_event(62, entity_id="asset_new", created_at=NOW))
    app = make_journal_app(tmp_path / "j.db", client)
    async with running(app, until=lambda app: "IMG_0019.JPG" in screen_text(app)) as pilot:
        await wait_for_text(pilot, "62 loaded")
        await wait_for_text(pilot, make_asset(1).fields["original_file_name"])


async def test_names_of_the_journal_are_not_asked_for(tmp_path: Path) -> None:
    """Nor does a service that refuses take them away."""
    client = Counting()
    await kept_before(tmp_path / "j.db", client)
    client.down, client.entity_requests = ServerFailure("GET /api/assets", 503), 0
    app = make_journal_app(tmp_path / "j.db", client)
    async with running(app, until=is_kept) as pilot:
        await wait_for_text(pilot, "IMG_0019.JPG")
        # The one is for what the selected photo is now.
        assert client.entity_requests == 1
        assert "names could not be read" not in screen_text(app)


async def test_what_is_selected_is_read_again_once_the_service_is_back() -> None:
    """What could not be read of it is not left standing there."""
    client = Counting()
    client.down = ServerFailure("GET /api/assets", 503)
    app = make_app(client)
    async with running(app) as pilot:
        await wait_until(pilot, lambda: bool(main_screen(app).details.state.error))
        client.failure = client.down
        await press(pilot, "r")
        await wait_until(pilot, lambda: main_screen(app).library.opened.poller.state.error is not None)
        client.failure = client.down = None
        await press(pilot, "r")
        await wait_for_text(pilot, "IN TRASH")
        await wait_until(pilot, lambda: "could not be read" not in screen_text(app))

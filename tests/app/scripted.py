"""An account written out by hand: a feed in a list, and entities by kind and id."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from gumnut_tui.domain.errors import CursorRefused, GumnutError, NotFound
from gumnut_tui.domain.models import Entity, EntityState, Event, EventPage, Library, Presence, User
from gumnut_tui.domain.ports import EventQuery
from tests.factories import NOW, make_event

HOME = Library("lib_home", "Home")
WORK = Library("lib_work", "Work")
STEP = timedelta(minutes=5)
"""Between two events of `activity`."""
LATENCY = 0.004
"""Seconds a page takes: a source that answers within one turn of the event loop would leave the screen no turn."""


def cursor(number: int) -> str:
    """The cursor of event `number`."""
    return f"cursor-{number:06}"


def activity(count: int = 60, step: timedelta = STEP) -> list[Event]:
    """Events 1 to `count`, one every `step`, the last one a step ago.

    Every tenth trashes a photo, every seventh changes an album, the others upload photos; twenty photos take turns.
    """
    return [_activity_event(number, NOW - step * (count + 1 - number)) for number in range(1, count + 1)]


def long_activity() -> list[Event]:
    """2,000 events, two a minute: far more than the screen reads by itself."""
    return activity(2000, timedelta(seconds=30))


def later(number: int) -> Event:
    """An event that happened just now, numbered on from those of `activity`."""
    return _activity_event(number, NOW)


def _activity_event(number: int, at: datetime) -> Event:
    if number % 10 == 0:
        return make_event(number, entity_id=f"asset_{number % 20:02}", event_type="asset_trashed", created_at=at)
    if number % 7 == 0:
        album = {"entity_type": "album", "entity_id": "album_1", "event_type": "album_updated"}
        return make_event(number, **album, created_at=at)
    return make_event(number, entity_id=f"asset_{number % 20:02}", created_at=at)


def make_asset(number: int, **changes: Any) -> Entity:
    """Photo `number` of twenty."""
    fields: dict[str, Any] = {
        "id": f"asset_{number:02}",
        "original_file_name": f"IMG_{number:04}.JPG",
        "width": 4032,
        "height": 3024,
        "trashed_at": NOW.isoformat() if number % 10 == 0 else None,
    }
    return Entity("asset", f"asset_{number:02}", fields | changes, NOW)


ALBUM = Entity("album", "album_1", {"id": "album_1", "name": "Italy", "asset_count": 20}, NOW)


class ScriptedClient:
    """Stands in for the API client. `failure`, while set, is what every request for events meets."""

    def __init__(
        self,
        events: Iterable[Event] | None = None,
        *,
        entities: Iterable[Entity] | None = None,
        libraries: Iterable[Library] = (HOME, WORK),
        page_rows: int = 200,
        failure: GumnutError | None = None,
    ) -> None:
        self.base_url = "https://api.example.org"
        self.account = "user_ana"
        self.held = activity() if events is None else list(events)
        everything = (*map(make_asset, range(20)), ALBUM) if entities is None else entities
        self.known = {(entity.kind, entity.id): entity for entity in everything}
        self.all_libraries = list(libraries)
        self.page_rows = page_rows
        self.failure = failure
        self.gate = asyncio.Event()
        """Requests for events wait while it is closed."""
        self.gate.set()
        self.pages_left: int | None = None
        """Requests for events that are answered before the gate closes by itself; None: it does not."""
        self.asked: list[tuple[str | None, str | None]] = []
        """Library and cursor of each request for events."""
        self.read: list[str] = []
        """Ids of the entities read one by one."""
        self.is_closed = False

    async def __aenter__(self) -> ScriptedClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def hurry(self) -> None:
        """Nothing is waited for."""

    async def aclose(self) -> None:
        self.is_closed = True

    async def libraries(self, state: str = "live") -> list[Library]:
        if self.failure is not None:
            raise self.failure
        return self.all_libraries

    async def events(self, query: EventQuery) -> EventPage:
        library_id, after_cursor, created_at_gte = query.library_id, query.after_cursor, query.created_at_gte
        self.asked.append((library_id, after_cursor))
        await asyncio.sleep(LATENCY)
        if self.pages_left == 0:
            self.pages_left = None
            self.gate.clear()
        elif self.pages_left is not None:
            self.pages_left -= 1
        await self.gate.wait()
        if self.failure is not None:
            raise self.failure
        start = 0
        if after_cursor is not None:
            places = [index for index, event in enumerate(self.held) if event.cursor == after_cursor]
            if not places:
                raise CursorRefused("GET /api/events", 400, "cursor is ahead of the database")
            start = 1 + places[0]
        found = [e for e in self.held[start:] if created_at_gte is None or e.created_at >= created_at_gte]
        page = tuple(found[: self.page_rows])
        return EventPage(page, page[-1].cursor if page else after_cursor, len(found) > len(page))

    async def read_feed(self, query: EventQuery, slack: object = None) -> AsyncGenerator[EventPage, None]:
        has_more = True
        while has_more:
            page = await self.events(query)
            query, has_more = query.after(page.next_cursor), page.has_more
            yield page

    @property
    def requests(self) -> int:
        return len(self.asked)

    async def me(self) -> User:
        if self.failure is not None:
            raise self.failure
        return User(self.account)

    async def entities(self, kind: str, ids: Collection[str], library_id: str | None) -> dict[str, Entity]:
        return {each: self.known[kind, each] for each in ids if (kind, each) in self.known}

    async def entity(self, kind: str, entity_id: str, library_id: str | None) -> EntityState:
        self.read.append(entity_id)
        known = self.known.get((kind, entity_id))
        if known is None:
            return EntityState(kind, entity_id, Presence.GONE, NOW)
        presence = Presence.TRASHED if known.fields.get("trashed_at") else Presence.LIVE
        return EntityState(kind, entity_id, presence, NOW, known)

    async def albums_of(self, asset_id: str, library_id: str | None) -> list[Entity]:
        return [entity for entity in self.known.values() if entity.kind == "album"]

    async def assets_of(self, kind: str, entity_id: str, library_id: str | None, *, limit: int) -> list[Entity]:
        return [entity for entity in self.known.values() if entity.kind == "asset"][:limit]

    async def picture(self, url: str) -> bytes:
        raise NotFound("GET picture", 404)

"""What is asked of a client and what it answers: the API, one that connects later, the journal offline, a stand-in."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from gumnut_tui.domain.models import Entity, EntityState, EventPage

EVENTS_PATH = "/api/events"
EVENTS_REQUEST = f"GET {EVENTS_PATH}"
"""How errors name a read of the feed."""


@dataclass(frozen=True, slots=True)
class EventQuery:
    """One read of the feed; from page to page only the cursor changes, as cursors hold for one set of filters."""

    library_id: str | None = None
    """None leaves the choice to the service, which makes it where there is a single library."""
    after_cursor: str | None = None
    """None reads from the beginning, or from `created_at_gte` on."""
    entity_types: Collection[str] | None = None
    """None, empty, or all known ones asks for everything, types not yet known included."""
    created_at_gte: datetime | None = None
    created_at_lt: datetime | None = None
    """A hint: today's servers ignore it, so whoever counts on it has to look at each event."""
    limit: int | None = None
    """Events a page holds at most; None for as many as the client asks for by itself."""
    raw: bool = False
    """Keep each event's JSON as received."""

    def after(self, cursor: str | None) -> EventQuery:
        """The same read, from behind this cursor on."""
        return replace(self, after_cursor=cursor)


class EventSource(Protocol):
    """Answers one page of the feed at a time."""

    async def events(self, query: EventQuery, /) -> EventPage:
        """The page the query asks for; the upper bound may be ignored by the server."""
        ...


class EntitySource(Protocol):
    """Reads entities as they are now, in batches or one by one."""

    async def entities(self, kind: str, ids: Collection[str], library_id: str | None, /) -> dict[str, Entity]:
        """The entities of a kind that are there, by id; an id left out is not there."""
        ...

    async def entity(self, kind: str, entity_id: str, library_id: str | None, /) -> EntityState:
        """What an entity is now: live, trashed, moved or gone."""
        ...


class RelationSource(Protocol):
    """Reads what entities have to do with each other, and pictures."""

    async def albums_of(self, asset_id: str, library_id: str | None, /) -> list[Entity]:
        """The albums a photo is in."""
        ...

    async def assets_of(self, kind: str, entity_id: str, library_id: str | None, /, *, limit: int) -> list[Entity]:
        """The first photos of an album, a person or a stack."""
        ...

    async def picture(self, url: str, /) -> bytes:
        """A picture's bytes."""
        ...


class SyncSource(EntitySource, Protocol):
    """Everything a journal is brought up to date from: the feed, page after page, and the entities it names."""

    @property
    def requests(self) -> int:
        """Requests sent so far."""
        ...

    def read_feed(self, query: EventQuery, /) -> AsyncGenerator[EventPage, None]:
        """The feed's pages until nothing further is ready."""
        ...


class LibraryClient(EventSource, SyncSource, RelationSource, Protocol):
    """All the screen asks of a service."""

    @property
    def base_url(self) -> str:
        """Where the service is."""
        ...

    def hurry(self) -> None:
        """End every wait, also one the service asked for: what was to be asked is asked now."""
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...

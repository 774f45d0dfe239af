"""What a client has to answer: the API, a client that connects later, the journal offline, or a test's stand-in."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection
from typing import Protocol

from gumnut_tui.domain.event_query import EventQuery
from gumnut_tui.domain.models import Entity, EntityState, EventPage


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

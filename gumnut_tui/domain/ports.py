"""What a client must answer: the API's, one that connects lazily, the offline journal, or one for tests."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Sequence
from datetime import datetime
from typing import Protocol

import msgspec
from msgspec.structs import replace

from gumnut_tui.domain.models import Entity, EntityState, EventPage, Library

EVENTS_PATH = "/api/events"
EVENTS_REQUEST = f"GET {EVENTS_PATH}"
"""How errors name a read of the feed."""


class EventQuery(msgspec.Struct, frozen=True):
    """One read of the feed; from page to page only the cursor changes, as a cursor is valid for one set of filters."""

    library_id: str | None = None
    """None leaves the choice to the service, which works where there is a single library."""
    after_cursor: str | None = None
    """None reads from the beginning, or from `created_at_gte`."""
    entity_types: Collection[str] | None = None
    """None, empty, or all known types: everything, including unknown types."""
    created_at_gte: datetime | None = None
    created_at_lt: datetime | None = None
    """A hint: today's servers ignore it, so whoever needs it must check each event."""
    limit: int | None = None
    """The most events in a page; None for the client's default."""
    raw: bool = False
    """Keep each event's JSON as received."""

    def after(self, cursor: str | None) -> EventQuery:
        """The same read, continued after this cursor."""
        return replace(self, after_cursor=cursor)


Others = Callable[[], Awaitable[Sequence[Library]]]
"""Lists the account's other libraries, as far as the key may."""


async def no_others() -> Sequence[Library]:
    """Knows of no other library."""
    return ()


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
    """Reads relations between entities, and pictures."""

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
    """What a sync needs: the feed page by page, and the entities it mentions."""

    @property
    def requests(self) -> int:
        """Requests sent so far."""
        ...

    def read_feed(self, query: EventQuery, /) -> AsyncGenerator[EventPage, None]:
        """The feed's pages until no more are ready."""
        ...


class LibraryClient(EventSource, SyncSource, RelationSource, Protocol):
    """All that the screen needs of a service."""

    @property
    def base_url(self) -> str:
        """The address of the service."""
        ...

    def hurry(self) -> None:
        """End every wait, even one the service asked for, and send the waiting requests now."""
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...

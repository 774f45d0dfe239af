"""What the screen asks of a service: the API client, one that connects later, or the journal alone."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection
from datetime import datetime
from typing import Protocol

from gumnut_tui.domain.models import Entity, EntityState, EventPage


class LibraryClient(Protocol):
    """Reads events, entities and pictures."""

    @property
    def base_url(self) -> str:
        """Where the service is."""
        ...

    @property
    def requests(self) -> int:
        """Requests sent so far."""
        ...

    async def events(
        self,
        library_id: str | None,
        *,
        after_cursor: str | None = None,
        created_at_gte: datetime | None = None,
        created_at_lt: datetime | None = None,
    ) -> EventPage:
        """One page of the feed."""
        ...

    def read_feed(
        self, library_id: str | None, *, after_cursor: str | None = None, since: datetime | None = None
    ) -> AsyncGenerator[EventPage, None]:
        """The feed's pages until nothing further is ready."""
        ...

    async def entities(self, kind: str, ids: Collection[str], library_id: str | None) -> dict[str, Entity]:
        """Entities by id."""
        ...

    async def entity(self, kind: str, entity_id: str, library_id: str | None) -> EntityState:
        """What an entity is now."""
        ...

    async def albums_of(self, asset_id: str, library_id: str | None) -> list[Entity]:
        """The albums a photo is in."""
        ...

    async def assets_of(self, kind: str, entity_id: str, library_id: str | None, *, limit: int) -> list[Entity]:
        """Photos of an album, a person or a stack."""
        ...

    async def picture(self, url: str) -> bytes:
        """A picture's bytes."""
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...

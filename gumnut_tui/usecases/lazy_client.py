"""A client that connects when it is first asked for something: the screen shows its journal before that."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection
from contextlib import aclosing
from typing import TYPE_CHECKING

from gumnut_tui.domain.models import Entity, EntityState, EventPage, Library
from gumnut_tui.domain.ports import EventQuery

if TYPE_CHECKING:
    from gumnut_tui.api.client import Client


class LazyClient:
    """Asks for its client until it gets one; every call raises what stood in the way, and the next tries again."""

    def __init__(self, base_url: str, connect: Callable[[], Awaitable[Client]]) -> None:
        self.base_url = base_url
        self._connect = connect
        self._client: Client | None = None
        self._connecting = asyncio.Lock()

    @property
    def requests(self) -> int:
        """Requests sent so far."""
        return self._client.requests if self._client else 0

    def hurry(self) -> None:
        """End every wait of the client."""
        if self._client is not None:
            self._client.hurry()

    async def client(self) -> Client:
        """The client itself."""
        async with self._connecting:
            if self._client is None:
                self._client = await self._connect()
            return self._client

    async def events(self, query: EventQuery) -> EventPage:
        """One page of the feed."""
        return await (await self.client()).events(query)

    async def read_feed(self, query: EventQuery) -> AsyncGenerator[EventPage, None]:
        """The feed's pages until nothing further is ready."""
        client = await self.client()
        async with aclosing(client.read_feed(query)) as pages:
            async for page in pages:
                yield page

    async def libraries(self, state: str = "live") -> list[Library]:
        """The account's libraries."""
        return await (await self.client()).libraries(state)

    async def entities(self, kind: str, ids: Collection[str], library_id: str | None) -> dict[str, Entity]:
        """Entities by id."""
        return await (await self.client()).entities(kind, ids, library_id)

    async def entity(self, kind: str, entity_id: str, library_id: str | None) -> EntityState:
        """What an entity is now."""
        return await (await self.client()).entity(kind, entity_id, library_id)

    async def albums_of(self, asset_id: str, library_id: str | None) -> list[Entity]:
        """The albums a photo is in."""
        return await (await self.client()).albums_of(asset_id, library_id)

    async def assets_of(self, kind: str, entity_id: str, library_id: str | None, *, limit: int) -> list[Entity]:
        """Photos of an album, a person or a stack."""
        return await (await self.client()).assets_of(kind, entity_id, library_id, limit=limit)

    async def picture(self, url: str) -> bytes:
        """A picture's bytes."""
        return await (await self.client()).picture(url)

    async def aclose(self) -> None:
        """Close the connections, if there are any."""
        if self._client is not None:
            await self._client.aclose()

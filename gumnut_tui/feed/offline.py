"""A client that makes no requests and uses only the journal."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection

from gumnut_tui.domain.errors import ConnectionFailed, SnapshotsDamaged
from gumnut_tui.domain.models import Entity, EntityState, EventPage, Presence, presence_in
from gumnut_tui.domain.ports import EventQuery
from gumnut_tui.feed.entity_history import JournalHistory
from gumnut_tui.journal.journal import Journal
from gumnut_tui.journal.records import LibraryRecord

WHY = "offline: only the journal is read"


class OfflineService:
    """Answers from snapshots, each as of the time it was read; raises `ConnectionFailed` for what was never read."""

    requests = 0

    def __init__(self, journal: Journal, record: LibraryRecord) -> None:
        self.base_url = record.key.base_url
        self._journal = journal
        self._record = record
        self._memory = JournalHistory(journal, record)

    def hurry(self) -> None:
        """Nothing is waited for."""

    async def events(self, query: EventQuery) -> EventPage:
        """Never answered."""
        raise ConnectionFailed("GET /api/events", WHY)

    def read_feed(self, query: EventQuery) -> AsyncGenerator[EventPage, None]:
        """Never answered."""
        raise ConnectionFailed("GET /api/events", WHY)

    async def entities(self, kind: str, ids: Collection[str], library_id: str | None) -> dict[str, Entity]:
        """The entities that were there when last read, as they were then."""
        try:
            latest = await self._journal.latest(self._record, [(kind, entity_id) for entity_id in ids])
        except SnapshotsDamaged:
            return {}
        return {snapshot.id: entity for snapshot in latest.values() if (entity := snapshot.entity) is not None}

    async def entity(self, kind: str, entity_id: str, library_id: str | None) -> EntityState:
        """What the entity was when last read."""
        latest = await self._journal.latest(self._record, [(kind, entity_id)])
        snapshot = latest.get((kind, entity_id))
        if snapshot is None:
            raise ConnectionFailed(f"{kind} {entity_id}", "offline, and the journal never read it")
        presence = Presence.GONE if snapshot.fields is None else presence_in(snapshot.fields)
        return EntityState(kind, entity_id, presence, snapshot.seen_at, snapshot.entity)

    async def albums_of(self, asset_id: str, library_id: str | None) -> list[Entity]:
        """The albums a photo was in when it was last seen."""
        album_ids = (await self._memory.albums_of([asset_id]))[asset_id]
        return list((await self._memory.entities([("album", album_id) for album_id in album_ids])).values())

    async def assets_of(self, kind: str, entity_id: str, library_id: str | None, *, limit: int) -> list[Entity]:
        """Not kept: snapshots are not indexed by album, person or stack."""
        return []

    async def picture(self, url: str) -> bytes:
        """Never answered."""
        raise ConnectionFailed("GET picture", WHY)

    async def aclose(self) -> None:
        """There is nothing to close."""

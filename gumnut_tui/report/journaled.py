"""A journal as the memory of a report."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Generic, Protocol, TypeVar

from gumnut_tui.formatting import fields as field
from gumnut_tui.formatting.names import Reference
from gumnut_tui.models import Entity

LibraryT = TypeVar("LibraryT", contravariant=True)


class Snapshot(Protocol):
    """What an entity was when it was read."""

    @property
    def entity(self) -> Entity | None:
        """The entity; None when it was not there."""
        ...


class Snapshots(Protocol[LibraryT]):
    """Where snapshots are kept."""

    async def last_known(self, library: LibraryT, references: Collection[Reference]) -> Mapping[Reference, Snapshot]:
        """Of each entity the last snapshot in which it was there."""
        ...

    async def on_asset(self, library: LibraryT, asset_id: str, kind: str) -> Sequence[Snapshot]:
        """The last snapshot of each entity of a kind that was ever known to belong to a photo."""
        ...


class JournalMemory(Generic[LibraryT]):
    """Entities of one library of a journal as they were last seen."""

    def __init__(self, snapshots: Snapshots[LibraryT], library: LibraryT) -> None:
        self._snapshots = snapshots
        self._library = library

    async def entities(self, references: Collection[Reference]) -> dict[Reference, Entity]:
        """These entities as last seen."""
        found = await self._snapshots.last_known(self._library, references)
        return {reference: entity for reference, one in found.items() if (entity := one.entity) is not None}

    async def albums_of(self, asset_ids: Collection[str]) -> dict[str, list[str]]:
        """Ids of the albums each photo was in when last seen."""
        return {asset_id: await self._albums_of(asset_id) for asset_id in asset_ids}

    async def _albums_of(self, asset_id: str) -> list[str]:
        links = await self._snapshots.on_asset(self._library, asset_id, "album_asset")
        albums = (field.raw_id(link.entity.fields, "album_id") for link in links if link.entity is not None)
        return [album for album in albums if album]

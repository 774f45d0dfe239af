"""Earlier versions of entities, from the journal: for what is deleted or has changed since."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol

import msgspec

from gumnut_tui.domain import fields as field
from gumnut_tui.domain.errors import SnapshotsDamaged
from gumnut_tui.domain.fields import Reference
from gumnut_tui.domain.models import Entity, Presence, presence_in
from gumnut_tui.journal.records import LibraryRecord, Snapshot

if TYPE_CHECKING:
    from gumnut_tui.journal.journal import Journal
    from gumnut_tui.store.name_index import NameIndex

TOGETHER = timedelta(minutes=1)
"""Reads this close together count as one: a sync reads one kind after another."""


class Belongings(msgspec.Struct, frozen=True):
    """Ids of the albums, people and faces of a photo when it was last seen."""

    albums: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    faces: tuple[str, ...] = ()


class LastSeen(NamedTuple):
    """An entity as last seen."""

    entity: Entity | None
    """Its last copy, as of `read_at`; None when it never existed."""
    is_there: bool | None
    """Whether it existed at the last read; None when an event has mentioned it since."""


class NameMemory(Protocol):
    """The names of entities of one library; every call raises `JournalProblem` when the journal cannot be read.

    If only its snapshots are damaged, no entities are found.
    """

    async def latest(self, references: Collection[Reference]) -> Mapping[Reference, LastSeen]:
        """These entities as last seen; those never read are left out."""
        ...

    async def names(self) -> NameIndex:
        """Every name that entities have had so far."""
        ...


class EntityHistory(Protocol):
    """Entities of one library as they were, with the same errors."""

    async def snapshots(self, kind: str, entity_id: str) -> Sequence[Snapshot]:
        """Every recorded version of an entity, oldest first."""
        ...

    async def belongings(self, asset_id: str) -> Belongings:
        """The albums, people and faces of a photo when it was last seen."""
        ...


class JournalHistory:
    """The history of one library in a journal, for the screen and the deletion report."""

    def __init__(self, journal: Journal, library: LibraryRecord) -> None:
        self._journal = journal
        self._library = library

    async def entities(self, references: Collection[Reference]) -> dict[Reference, Entity]:
        """These entities as last seen, in one call to the journal."""
        try:
            found = await self._journal.last_known(self._library, references)
        except SnapshotsDamaged:
            return {}
        return {reference: entity for reference, one in found.items() if (entity := one.entity) is not None}

    async def latest(self, references: Collection[Reference]) -> dict[Reference, LastSeen]:
        """These entities as last seen; those never read are left out."""
        try:
            latest = await self._journal.latest(self._library, references)
            outdated = await self._journal.outdated(self._library, latest)
        except SnapshotsDamaged:
            return {}
        gone = await self.entities([reference for reference, one in latest.items() if one.fields is None])
        return {
            reference: LastSeen(
                one.entity or gone.get(reference), None if reference in outdated else one.fields is not None
            )
            for reference, one in latest.items()
        }

    async def names(self) -> NameIndex:
        """Every name that entities have had so far."""
        try:
            return await self._journal.names(self._library)
        except SnapshotsDamaged:
            from gumnut_tui.store.name_index import NameIndex

            return NameIndex()

    async def snapshots(self, kind: str, entity_id: str) -> Sequence[Snapshot]:
        """Every recorded version of an entity, oldest first."""
        try:
            return await self._journal.snapshots(self._library, kind, entity_id)
        except SnapshotsDamaged:
            return ()

    async def last_mentioned(self, ids: Collection[str], from_us: int, to_us: int) -> Mapping[str, int]:
        """When events after the first time and before the second were last about these entities, or named them."""
        # It loads sqlite3, which those who only name entities do not wait for.
        from gumnut_tui.journal import past

        return await self._journal.read(past.last_mentioned, self._library.row, ids, from_us, to_us)

    async def belongings(self, asset_id: str) -> Belongings:
        """The albums, people and faces of a photo when it was last seen."""
        history = await self.snapshots("asset", asset_id)
        links = await self._seen_on(asset_id, "album_asset", history)
        faces = await self._seen_on(asset_id, "face", history)
        return Belongings(
            albums=_unique(field.raw_id(link.fields, "album_id") for link in links),
            people=_people_of(history) or _unique(field.raw_id(face.fields, "person_id") for face in faces),
            faces=_unique(face.id for face in faces),
        )

    async def albums_of(self, asset_ids: Collection[str]) -> dict[str, Sequence[str]]:
        """Ids of the albums each photo was in when last seen."""
        return {asset_id: await self._albums_of(asset_id) for asset_id in asset_ids}

    async def _albums_of(self, asset_id: str) -> Sequence[str]:
        links = await self._seen_on(asset_id, "album_asset", await self.snapshots("asset", asset_id))
        return _unique(field.raw_id(link.fields, "album_id") for link in links)

    async def _seen_on(self, asset_id: str, kind: str, history: Sequence[Snapshot]) -> list[Entity]:
        """The faces or album memberships that still existed when the photo was last seen."""
        try:
            seen = await self._journal.on_asset(self._library, asset_id, kind)
            ever = [one for one in seen if one.fields is not None]
            latest = await self._journal.latest(self._library, [(one.kind, one.id) for one in ever])
        except SnapshotsDamaged:
            return []
        return [
            entity
            for one in ever
            if (entity := one.entity) is not None and _was_there(latest.get((one.kind, one.id)), history)
        ]


def _was_there(latest: Snapshot | None, photo: Sequence[Snapshot]) -> bool:
    """Whether a face or membership existed when its photo was last seen outside the trash, which hides it."""
    if latest is None or latest.fields is not None:
        return True
    seen_at = _last_seen_live(photo)
    went_with_it = bool(photo) and photo[-1].fields is None and _is_together(photo[-1].read_at, latest.read_at)
    return seen_at is None or went_with_it or latest.read_at > seen_at + TOGETHER


def _last_seen_live(photo: Sequence[Snapshot]) -> datetime | None:
    live = (one for one in reversed(photo) if one.fields is not None and presence_in(one.fields) is Presence.LIVE)
    return next((one.seen_at for one in live), None)


def _is_together(one: datetime, other: datetime) -> bool:
    return abs(one - other) <= TOGETHER


def _people_of(photo: Sequence[Snapshot]) -> tuple[str, ...]:
    """The people in the last snapshot of a photo."""
    last = next((one.fields for one in reversed(photo) if one.fields is not None), {})
    return _unique(field.raw_id(person, "id") for person in field.groups(last, "people"))


def _unique(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in ids if one))

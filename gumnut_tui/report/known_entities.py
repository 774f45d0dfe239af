"""The entities of a report: from later events, from the service now, from the journal's last snapshots."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from gumnut_tui.domain import fields as field
from gumnut_tui.domain.defaults import PAGE_LIMIT
from gumnut_tui.domain.fields import Reference, concerned, mentioned, naming_links
from gumnut_tui.domain.kinds import KINDS
from gumnut_tui.domain.models import Entity, EntityState, Event, Operation, Presence, presence_in
from gumnut_tui.domain.ports import EntitySource
from gumnut_tui.formatting.entity_names import display_name, short_id

_PRESENCES = {
    Operation.DELETED: Presence.GONE,
    Operation.TRASHED: Presence.TRASHED,
    Operation.RESTORED: Presence.LIVE,
    Operation.MOVED_IN: Presence.LIVE,
    Operation.MOVED_OUT: Presence.MOVED,
}


class Aftermath:
    """Follows events in feed order: the latest state of each photo, and memberships removed and added again."""

    def __init__(self) -> None:
        self._presences: dict[str, Presence] = {}
        self._trashed: dict[str, datetime] = {}
        self._links: dict[str, bool] = {}
        self._albums: dict[str, dict[str, None]] = {}

    def take(self, events: Iterable[Event]) -> None:
        """Add events, in feed order."""
        for event in events:
            if event.entity_type == "asset":
                self._take_photo(event)
            elif event.entity_type == "album_asset":
                self._take_link(event)

    def presence(self, asset_id: str) -> Presence | None:
        """The state of the photo after the last event about it; None without one."""
        return self._presences.get(asset_id)

    def trashed_at(self, asset_id: str) -> datetime | None:
        """When an event last moved the photo to the trash."""
        return self._trashed.get(asset_id)

    def is_put_back(self, event: Event) -> bool:
        """Whether the photo that this event removed from an album was added to that album again."""
        return any(self._links.get(key, False) for key in _keys(event))

    def albums(self, asset_id: str) -> list[str]:
        """Ids of the albums that events removed the photo from."""
        return list(self._albums.get(asset_id, ()))

    def _take_photo(self, event: Event) -> None:
        operation = event.operation
        if operation in _PRESENCES:
            self._presences[event.entity_id] = _PRESENCES[operation]
        if operation is Operation.TRASHED:
            self._trashed[event.entity_id] = event.created_at

    def _take_link(self, event: Event) -> None:
        operation = event.operation
        if operation not in (Operation.ADDED, Operation.REMOVED):
            return
        for key in _keys(event):
            if operation is Operation.REMOVED:
                self._links[key] = False
            elif key in self._links:
                self._links[key] = True
        asset, album = link_ends(event)
        if operation is Operation.REMOVED and asset and album:
            self._albums.setdefault(asset, {})[album] = None


def link_ends(event: Event) -> tuple[str, str]:
    """Ids of the photo and the album in a membership event's payload; empty where missing."""
    details = event.details
    return field.raw_id(details, "asset_id"), field.raw_id(details, "album_id")


def _keys(event: Event) -> list[str]:
    asset, album = link_ends(event)
    return [event.entity_id, f"{album} {asset}"] if asset and album else [event.entity_id]


BATCH = PAGE_LIMIT
"""Entities read by one request."""
MOST_SINGLE_READS = 40
"""The most single reads, to distinguish photos that were moved from those that were deleted."""


class LastKnown(Protocol):
    """Entities of the library as last seen, from disk."""

    async def entities(self, references: Collection[Reference]) -> Mapping[Reference, Entity]:
        """These entities as last seen, at `read_at`."""
        ...

    async def albums_of(self, asset_ids: Collection[str]) -> Mapping[str, Sequence[str]]:
        """Ids of the albums each photo was in when last seen."""
        ...


Tell = Callable[[int], None]
"""Called with the number of requests made."""


class Known:
    """All that a report needs to know about entities, after `read` or `recall`."""

    def __init__(self, fates: Aftermath) -> None:
        self.fates = fates
        self._now: dict[Reference, Entity] = {}
        self._last: dict[Reference, Entity] = {}
        self._asked: set[Reference] = set()
        self._apart: dict[Reference, Presence] = {}
        """Answers of single reads."""
        self._people: dict[str, Mapping[str, Any]] = {}
        """People as named by photos that were just read."""
        self._albums: dict[str, Sequence[str]] = {}

    def fields(self, kind: str, entity_id: str) -> Mapping[str, Any] | None:
        """The fields of an entity as it is now, else as last seen."""
        entity = self._now.get((kind, entity_id)) or self._last.get((kind, entity_id))
        if entity is not None:
            return entity.fields
        return self._people.get(entity_id) if kind == "person" else None

    def name(self, kind: str, entity_id: str) -> str | None:
        """The escaped display name."""
        fields = self.fields(kind, entity_id)
        return None if fields is None else display_name(kind, fields, self.fields)

    def title(self, kind: str, entity_id: str) -> str:
        """The name, or the shortened id."""
        return self.name(kind, entity_id) or short_id(kind, entity_id)

    def presence(self, kind: str, entity_id: str) -> Presence | None:
        """Whether an entity is still there; None when unknown."""
        reference = (kind, entity_id)
        if reference in self._apart:
            return self._apart[reference]
        if (entity := self._now.get(reference)) is not None:
            return presence_in(entity.fields)
        if kind == "asset":
            return self._presence_of_photo(reference)
        return Presence.GONE if reference in self._asked else None

    def albums(self, asset_id: str) -> list[str]:
        """Ids of the albums a photo is known to have been in."""
        return list(dict.fromkeys((*self._albums.get(asset_id, ()), *self.fates.albums(asset_id))))

    def photo_of(self, event: Event) -> str | None:
        """The id of the photo that an event is about or affects; None when there is none, or it is unknown."""
        match event.kind:
            case "asset":
                return event.entity_id or None
            case "album_asset":
                return link_ends(event)[0] or self._id_in(event, "asset_id")
            case "face":
                return self._id_in(event, "asset_id")
            case _:
                return None

    def touched(self, event: Event) -> list[Reference]:
        """The entities that an event is about, mentions or affects, including those of the photo affected."""
        touched = concerned(event)
        photo = self.photo_of(event) if event.kind == "asset" else None
        if photo is not None:
            touched += [("album", album) for album in self.albums(photo)]
            touched += [("person", person) for person in _people_on(self.fields("asset", photo) or {})]
        return touched

    async def read(
        self,
        events: Sequence[Event],
        source: EntitySource,
        library_id: str | None,
        last_known: LastKnown | None = None,
        tell: Tell = lambda _: None,
    ) -> None:
        """Read from the service what these events are about, in batches; raises what the source raises."""
        if last_known is not None:
            await self.recall(events, last_known)
        reader = _Reader(source, library_id, self, tell)
        await reader.batches(_wanted(events))
        photos = self._photos_of(events)
        await reader.batches([*self._hops(self._now), *_as_photos(photos), *self._albums_of(photos)])
        if last_known is not None:
            # What exists now may refer to what does not.
            await self._recall(self._hops(self._now), last_known)
        await reader.single([photo for photo in _as_photos(photos) if self.presence(*photo) is None])
        await reader.single([(event.kind, event.entity_id) for event in events if event.kind == "library"])

    async def recall(self, events: Sequence[Event], last_known: LastKnown) -> None:
        """Load what these events are about, as last seen."""
        await self._recall([*_wanted(events), *((event.kind, event.entity_id) for event in events)], last_known)
        photos = self._photos_of(events)
        self._albums.update(await last_known.albums_of(photos))
        await self._recall([*self._hops(self._last), *_as_photos(photos), *self._albums_of(photos)], last_known)

    def found(self, asked: Iterable[Reference], entities: Mapping[str, Entity]) -> None:
        """Add the answer to a batch."""
        self._asked.update(asked)
        for entity in entities.values():
            self._now[entity.kind, entity.id] = entity
            self._people.update(_people_on(entity.fields))

    def answered(self, state: EntityState) -> None:
        """Add the answer to a single read."""
        reference = (state.kind, state.id)
        self._apart[reference] = state.presence
        if state.entity is not None:
            self._now[reference] = state.entity

    def was_asked(self, reference: Reference) -> bool:
        """Whether the service was asked for this entity."""
        return reference in self._asked

    def _presence_of_photo(self, reference: Reference) -> Presence | None:
        told = self.fates.presence(reference[1])
        if reference not in self._asked:
            last = self._last.get(reference)
            return told or (None if last is None else presence_in(last.fields))
        # It is not in the library: only these two states explain that.
        return told if told in (Presence.GONE, Presence.MOVED) else None

    def _id_in(self, event: Event, key: str) -> str | None:
        return field.raw_id(self.fields(event.kind, event.entity_id) or {}, key) or None

    def _photos_of(self, events: Iterable[Event]) -> list[str]:
        return list(dict.fromkeys(photo for event in events if (photo := self.photo_of(event))))

    def _albums_of(self, photos: Iterable[str]) -> list[Reference]:
        return [("album", album) for photo in photos for album in self.albums(photo)]

    @staticmethod
    def _hops(entities: Mapping[Reference, Entity]) -> list[Reference]:
        """The entities needed to name these."""
        return [hop for entity in entities.values() for hop in naming_links(entity.kind, entity.fields)]

    async def _recall(self, references: Iterable[Reference], last_known: LastKnown) -> None:
        new = [reference for reference in dict.fromkeys(references) if reference not in self._last]
        self._last.update(await last_known.entities(new))


class _Reader:
    """Reads in batches, each entity once."""

    def __init__(self, source: EntitySource, library_id: str | None, known: Known, tell: Tell) -> None:
        self._source = source
        self._library_id = library_id
        self._known = known
        self._tell = tell
        self._requests = 0

    async def batches(self, references: Iterable[Reference]) -> None:
        """Read those entities that were not requested yet."""
        new = (reference for reference in references if not self._known.was_asked(reference))
        for kind, ids in _by_kind(new).items():
            for start in range(0, len(ids), BATCH):
                chunk = ids[start : start + BATCH]
                self._count()
                entities = await self._source.entities(kind, chunk, self._library_id)
                self._known.found([(kind, entity_id) for entity_id in chunk], entities)

    async def single(self, references: Iterable[Reference]) -> None:
        """Read these one by one, up to `MOST_SINGLE_READS`."""
        for kind, entity_id in list(dict.fromkeys(references))[:MOST_SINGLE_READS]:
            self._count()
            self._known.answered(await self._source.entity(kind, entity_id, self._library_id))

    def _count(self) -> None:
        self._requests += 1
        self._tell(self._requests)


def _people_on(fields: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The people on a photo, by id."""
    return {entity_id: one for one in field.groups(fields, "people") if (entity_id := field.raw_id(one, "id"))}


def _as_photos(ids: Iterable[str]) -> list[Reference]:
    return [("asset", asset_id) for asset_id in ids]


def _wanted(events: Iterable[Event]) -> list[Reference]:
    """The entities to read. Not removed faces: they are gone in any case, and there are many."""
    own = [(event.kind, event.entity_id) for event in events if event.kind != "face"]
    return [*own, *(reference for event in events for reference in mentioned(event))]


def _by_kind(references: Iterable[Reference]) -> dict[str, list[str]]:
    ids = defaultdict[str, dict[str, None]](dict)
    for kind, entity_id in references:
        if kind in KINDS and entity_id:
            ids[kind][entity_id] = None
    return {kind: list(of_kind) for kind, of_kind in ids.items()}

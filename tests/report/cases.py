"""Libraries after something happened to them, and the reports on it."""

from __future__ import annotations

from collections.abc import Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from gumnut_tui.domain.fields import Reference
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.incidents import IncidentRules
from gumnut_tui.domain.models import Entity, EntityState, Event, Presence
from gumnut_tui.report.build import Material, choose, compose
from gumnut_tui.report.known_entities import Known
from gumnut_tui.report.model import Finding, Heading, Report
from tests.factories import NOW, make_event

LIBRARY = "lib_family"
RETENTION = timedelta(days=90)
TRASHED_AT = NOW - timedelta(days=1)
UNTIL = TRASHED_AT + RETENTION
THUMBHASH = "1QcSHQRnh493V4dIh4eXh1h4kJUI"


def entity(kind: str, entity_id: str, **fields: Any) -> Entity:
    """An entity read just now."""
    return Entity(kind, entity_id, {"id": entity_id, **fields}, NOW)


def photo(entity_id: str = "asset_1", name: str = "IMG_1.HEIC", **fields: Any) -> Entity:
    """A photo that is there, unless its fields say otherwise."""
    return entity("asset", entity_id, original_file_name=name, **fields)


def trashed(entity_id: str = "asset_1", name: str = "IMG_1.HEIC", **fields: Any) -> Entity:
    """A photo in the trash since `TRASHED_AT`."""
    return photo(entity_id, name, trashed_at=TRASHED_AT.isoformat(), **fields)


def happened(event_type: str, entity_id: str = "asset_1", number: int = 1, **changes: Any) -> Event:
    """Event `number`; its entity type follows from the event type."""
    entity_type = event_type.rsplit("_", 2 if event_type.endswith(("_in", "_out")) else 1)[0]
    return make_event(
        number, **{"event_type": event_type, "entity_type": entity_type, "entity_id": entity_id, **changes}
    )


def taken_out(asset: str | None = "asset_1", album: str = "album_1", number: int = 1) -> Event:
    """A photo was taken out of an album; None: the event does not say which."""
    payload = None if asset is None else {"asset_id": asset, "album_id": album}
    return happened("album_asset_removed", f"album_asset_{number}", number, payload=payload)


@dataclass
class Service:
    """Answers from a list of entities, and remembers what it was asked."""

    there: Sequence[Entity] = ()
    elsewhere: frozenset[str] = frozenset()
    """Ids of photos that are in another library."""
    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    singles: list[str] = field(default_factory=list)

    async def entities(self, kind: str, ids: Collection[str], library_id: str | None) -> dict[str, Entity]:
        """Those of the library."""
        assert library_id == LIBRARY
        self.asked.append((kind, tuple(ids)))
        return {one.id: one for one in self.there if one.kind == kind and one.id in ids}

    async def entity(self, kind: str, entity_id: str, library_id: str | None) -> EntityState:
        """One of them, or of another library."""
        self.singles.append(entity_id)
        for one in self.there:
            if (one.kind, one.id) == (kind, entity_id):
                presence = Presence.TRASHED if one.fields.get("trashed_at") else Presence.LIVE
                return EntityState(kind, entity_id, presence, NOW, one)
        presence = Presence.MOVED if entity_id in self.elsewhere else Presence.GONE
        return EntityState(kind, entity_id, presence, NOW)


@dataclass
class Memory:
    """What was last seen of entities."""

    seen: Sequence[Entity] = ()
    albums: Mapping[str, Sequence[str]] = field(default_factory=dict)

    async def entities(self, references: Collection[Reference]) -> dict[Reference, Entity]:
        """Those that were seen."""
        return {(one.kind, one.id): one for one in self.seen if (one.kind, one.id) in references}

    async def albums_of(self, asset_ids: Collection[str]) -> dict[str, Sequence[str]]:
        """The albums photos were in."""
        return {asset_id: self.albums.get(asset_id, ()) for asset_id in asset_ids}


def report_on(
    events: Sequence[Event],
    service: Service | None,
    memory: Memory | None = None,
    *,
    wanted: EventFilter | None = None,
    rules: IncidentRules | None = None,
    library: str = "Family Photos",
    retention: timedelta = RETENTION,
    scope: str = "Events of today",
) -> Report:
    """The report on these events; without a service, as last known."""
    wanted = wanted or EventFilter()
    material = Material(rules or IncidentRules())
    material.take(events)
    choice, known = choose(material, wanted), Known(material.fates)
    if service is not None:
        _finish(known.read(choice.judged, service, LIBRARY, memory))
    elif memory is not None:
        _finish(known.recall(choice.judged, memory))
    heading = Heading(LIBRARY, library, scope, NOW, service is None, retention, "https://api.gumnut.ai")
    return compose(choice, wanted, known, heading)


def _finish(reading: Coroutine[Any, Any, None]) -> None:
    """Run what never waits, also where a loop runs already."""
    try:
        reading.send(None)
    except StopIteration:
        return
    raise AssertionError("these sources answer at once")


def finding_on(events: Sequence[Event], service: Service | None, memory: Memory | None = None) -> Finding:
    """What the first of these events means now."""
    return report_on(events, service, memory).findings[0]


def burst(count: int = 12, *, there: bool = True) -> tuple[list[Event], Service]:
    """Photos trashed one a second, and the service that still has them in the trash, or has nothing."""
    events = [happened("asset_trashed", f"asset_{number}", number) for number in range(1, count + 1)]
    photos = [
        trashed(
            f"asset_{number}",
            f"IMG_{number}.HEIC",
            thumbhash=THUMBHASH,
            people=[{"id": "person_ana", "name": "Ana"}],
            local_datetime="2025-06-14T16:20:09",
        )
        for number in range(1, count + 1)
    ]
    return events, Service(photos if there else ())


TRASHED, DELETED, MOVED_OUT = (happened(f"asset_{word}") for word in ("trashed", "deleted", "moved_out"))
RESTORED, MOVED_IN, DELETED_LATER = (
    happened(f"asset_{word}", number=2) for word in ("restored", "moved_in", "deleted")
)
ITALY = entity("album", "album_1", name="Italy")

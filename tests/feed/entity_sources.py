"""Entities held in a dict, served as the client serves them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from gumnut_tui.domain.errors import GumnutError
from gumnut_tui.domain.models import Entity, EntityState, Presence
from tests.factories import NOW


def make_entity(kind: str, entity_id: str, **fields: Any) -> Entity:
    """An entity as read at `NOW`."""
    return Entity(kind, entity_id, {"id": entity_id} | fields, NOW)


def photo(entity_id: str = "asset_1", name: str = "IMG_2031.HEIC", **fields: Any) -> Entity:
    """A photo with a file name."""
    return make_entity("asset", entity_id, original_file_name=name, **fields)


class EntityShelf:
    """Serves what it holds and writes down what it was asked; `meanwhile` happens before each answer arrives."""

    def __init__(self, *entities: Entity) -> None:
        self.held = {(entity.kind, entity.id): entity for entity in entities}
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self.meanwhile: Callable[[], None] = lambda: None
        self.error: GumnutError | None = None

    def put(self, entity: Entity) -> None:
        """Hold another state of an entity."""
        self.held[entity.kind, entity.id] = entity

    async def entities(self, kind: str, ids: Collection[str], library_id: str | None) -> dict[str, Entity]:
        """Those held, by id."""
        found = {one: self.held[kind, one] for one in ids if (kind, one) in self.held}
        self._was_asked(kind, ids)
        return found

    async def entity(self, kind: str, entity_id: str, library_id: str | None) -> EntityState:
        """Live when held, in the trash when its fields say so, else gone."""
        entity = self.held.get((kind, entity_id))
        self._was_asked(kind, [entity_id])
        if entity is None:
            return EntityState(kind, entity_id, Presence.GONE, NOW)
        presence = Presence.TRASHED if entity.fields.get("trashed_at") else Presence.LIVE
        return EntityState(kind, entity_id, presence, NOW, entity)

    def _was_asked(self, kind: str, ids: Collection[str]) -> None:
        self.asked.append((kind, tuple(sorted(ids))))
        if self.error is not None:
            raise self.error
        self.meanwhile()

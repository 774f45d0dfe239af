"""What entities are now, as last asked: an answer holds until a newer event names the entity."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Protocol

from gumnut_tui.models import EntityState, Event

MOST_KEPT = 500
"""Answers remembered."""


class StateSource(Protocol):
    """Tells what one entity is now."""

    async def entity(self, kind: str, entity_id: str, library_id: str | None) -> EntityState:
        """Live, trashed, moved or gone."""
        ...


class EntityDesk:
    """Asks for entities and remembers the answers."""

    def __init__(self, source: StateSource, library_id: str | None) -> None:
        self._source = source
        self._library_id = library_id
        self._states: OrderedDict[tuple[str, str], EntityState] = OrderedDict()
        self._asked: set[tuple[str, str]] = set()

    def known(self, kind: str, entity_id: str) -> EntityState | None:
        """The answer at hand, if it still holds."""
        return self._states.get((kind, entity_id))

    async def state(self, kind: str, entity_id: str) -> EntityState:
        """The answer at hand, else a new one."""
        known = self.known(kind, entity_id)
        if known is not None:
            return known
        self._asked.add((kind, entity_id))
        answer = await self._source.entity(kind, entity_id, self._library_id)
        if (kind, entity_id) in self._asked:
            self._keep(answer)
        return answer

    def _keep(self, answer: EntityState) -> None:
        self._states[answer.kind, answer.id] = answer
        if len(self._states) > MOST_KEPT:
            self._states.popitem(last=False)

    def changed(self, events: Iterable[Event]) -> None:
        """These events have just happened: answers about their entities no longer hold."""
        for event in events:
            self._states.pop((event.kind, event.entity_id), None)
            # An answer under way may be older than the event.
            self._asked.discard((event.kind, event.entity_id))

"""A cache of the current state of single entities; an event that mentions one invalidates it."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable

from gumnut_tui.domain.links import concerned
from gumnut_tui.domain.models import EntityState, Event
from gumnut_tui.domain.ports import EntitySource

MOST_KEPT = 500
"""Entities cached."""


class EntityCache:
    """Reads the state of entities and caches it."""

    def __init__(self, source: EntitySource, library_id: str | None) -> None:
        self._source = source
        self._library_id = library_id
        self._states: OrderedDict[tuple[str, str], EntityState] = OrderedDict()
        self._outdated: set[tuple[str, str]] = set()
        """Entities an event mentioned while they were being read."""
        self._asking = Counter[tuple[str, str]]()

    def known(self, kind: str, entity_id: str) -> EntityState | None:
        """The cached state, if it is still valid."""
        return self._states.get((kind, entity_id))

    async def state(self, kind: str, entity_id: str) -> EntityState:
        """The cached state, else one that is read now; raises what the source raises."""
        known = self.known(kind, entity_id)
        if known is not None:
            return known
        reference = (kind, entity_id)
        self._asking[reference] += 1
        try:
            answer = await self._source.entity(kind, entity_id, self._library_id)
            # An answer under way may be older than the event; so may one asked for beside it.
            if reference not in self._outdated:
                self._keep(answer)
            return answer
        finally:
            self._done(reference)

    def _done(self, reference: tuple[str, str]) -> None:
        self._asking[reference] -= 1
        if not self._asking[reference]:
            del self._asking[reference]
            self._outdated.discard(reference)

    def _keep(self, answer: EntityState) -> None:
        self._states[answer.kind, answer.id] = answer
        if len(self._states) > MOST_KEPT:
            self._states.popitem(last=False)

    def changed(self, events: Iterable[Event]) -> None:
        """Invalidate what these new events mention."""
        for event in events:
            for reference in concerned(event):
                self._states.pop(reference, None)
                if reference in self._asking:
                    self._outdated.add(reference)

"""Caches of entities: display names, read in batches for the rows on screen, and the state of single entities."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import islice
from typing import Any

from gumnut_tui.domain.errors import GumnutError
from gumnut_tui.domain.fields import Reference, concerned, naming_links, naming_parts, row_links
from gumnut_tui.domain.kinds import KINDS
from gumnut_tui.domain.models import Entity, EntityState, Event, Presence, presence_in
from gumnut_tui.domain.ports import EntitySource
from gumnut_tui.domain.search_text import folded
from gumnut_tui.feed.entity_history import EntityHistory
from gumnut_tui.formatting.entity_names import display_name

MOST_KNOWN = 5_000
"""Entities cached with all their fields; about a hundred screens."""
MOST_NAMED = 300_000
"""Entities cached with only the fields of a name, so that a whole library can be searched by name."""
NAME_FIELDS = tuple(dict.fromkeys(kind.name_field for kind in KINDS.values() if kind.name_field))
NAMING = ("id", *NAME_FIELDS, "trashed_at", "asset_count")
"""Fields a name is composed from, or that say whether the entity is still there."""
PARTS = tuple(dict.fromkeys(keys[0] for kind in KINDS.values() for keys in kind.named_by))
"""Fields that refer to the entities a name is composed from."""
HOPS = 3
"""Rounds of requests at most: a membership, its photo, and what that refers to."""


class NameCache:
    """Caches the entities that rows mention. A deleted entity keeps its last known name.

    With `memory`, entities that were deleted before this session, or cannot be read now, have names as well.
    """

    def __init__(
        self,
        source: EntitySource,
        library_id: str | None,
        *,
        departed: Callable[[str], Presence | None] = lambda _id: None,
        memory: EntityHistory | None = None,
        most_known: int = MOST_KNOWN,
        most_named: int = MOST_NAMED,
    ) -> None:
        self.revision = 0
        """Another number whenever something was learnt."""
        self._source = source
        self._library_id = library_id
        self._departed = departed
        self._memory = memory
        self._most_known = most_known
        self._most_named = most_named
        self._entities: dict[Reference, Entity] = {}
        self._absent: dict[Reference, Presence | None] = {}
        self._reading: set[Reference] = set()
        self._stale: set[Reference] = set()
        self._naming: dict[Reference, Mapping[str, Any]] = {}
        self._unconfirmed: set[Reference] = set()
        """Entities known from memory alone, because they could not be asked for."""

    def name(self, kind: str, entity_id: str) -> str | None:
        """The escaped display name; None when the entity was never read, as far as one remembers."""
        naming = self._naming.get((kind, entity_id))
        return None if naming is None else display_name(kind, naming, self._naming_of)

    def fields(self, kind: str, entity_id: str) -> Mapping[str, Any] | None:
        """The fields last read, as long as they are remembered whole."""
        entity = self.last_read(kind, entity_id)
        return None if entity is None else entity.fields

    def last_read(self, kind: str, entity_id: str) -> Entity | None:
        """The entity as last read, by us or by those who remember; one that is gone as it was then."""
        return self._entities.get((kind, entity_id))

    def presence(self, kind: str, entity_id: str) -> Presence | None:
        """Whether the entity is still there; None while that is not known."""
        reference = (kind, entity_id)
        if reference in self._absent:
            return self._absent[reference]
        naming = self._naming.get(reference)
        if naming is None or reference in self._unconfirmed:
            return None
        return presence_in(naming)

    def ids_named(self, text: str) -> frozenset[str]:
        """Ids of the entities whose name, or whose photo's, album's or person's name, holds the text, folded."""
        wanted = folded(text)
        named = {entity_id for (_, entity_id), naming in self._naming.items() if wanted in _own_name(naming)}
        made_of = {
            entity_id
            for (_, entity_id), naming in self._naming.items()
            if any(naming.get(part) in named for part in PARTS)
        }
        return frozenset(named | made_of)

    def changed(self, events: Iterable[Event]) -> None:
        """These events have just happened: what they name is read again when it next comes in sight."""
        for event in events:
            named = concerned(event)
            self._stale.update(reference for reference in named if self._is_of_concern(reference))

    def learn(self, entity: Entity) -> None:
        """Remember an entity that was read for another reason."""
        self._remember(entity)
        self._forget_oldest()

    def recall(self, ghost: Entity) -> None:
        """Remember what an entity was that is no longer there, unless more is known of it."""
        reference = (ghost.kind, ghost.id)
        if reference not in self._naming:
            self._absent[reference] = self._departed(ghost.id)
            self._keep(ghost)
            self._forget_oldest()

    async def resolve(self, events: Iterable[Event]) -> bool:
        """Read what naming these events needs and is not known; returns whether anything was learnt."""
        return await self.resolve_references(reference for event in events for reference in row_links(event))

    async def resolve_references(self, references: Iterable[Reference]) -> bool:
        """Read what naming these entities needs and is not known; returns whether anything was learnt."""
        wanted = set(references)
        learnt = False
        for _ in range(HOPS):
            unread = {reference for reference in wanted if self._is_unread(reference)}
            if unread:
                await self._read(unread)
                learnt = True
            wanted = {next_one for reference in wanted for next_one in self._hops_of(reference)}
        return learnt

    def _naming_of(self, kind: str, entity_id: str) -> Mapping[str, Any] | None:
        return self._naming.get((kind, entity_id))

    def _is_known(self, reference: Reference) -> bool:
        return reference in self._naming or reference in self._absent

    def _is_of_concern(self, reference: Reference) -> bool:
        return reference in self._reading or self._is_known(reference)

    def _is_unread(self, reference: Reference) -> bool:
        is_to_be_read = not self._is_known(reference) or reference in self._stale or reference in self._unconfirmed
        return reference[0] in KINDS and is_to_be_read

    def _hops_of(self, reference: Reference) -> list[Reference]:
        naming = self._naming.get(reference)
        return [] if naming is None else naming_links(reference[0], naming)

    async def _read(self, references: Collection[Reference]) -> None:
        # Taken off before asking: an event that arrives meanwhile puts its entity back.
        stale = self._stale.intersection(references)
        self._stale -= stale
        self._reading.update(references)
        try:
            entities = await self._ask(references)
            # Before they count as absent: a read that is cancelled here must be begun again.
            await self._recall(reference for reference in references if reference not in entities)
        except GumnutError:
            self._stale |= stale
            self._unconfirmed.update(await self._recall(references))
            raise
        except BaseException:
            # Cancelled: they are as stale as before.
            self._stale |= stale
            raise
        finally:
            self._reading.difference_update(references)
        for reference in references:
            if reference in entities:
                self._remember(entities[reference])
            else:
                self._absent[reference] = self._departed(reference[1])
                self._unconfirmed.discard(reference)
        self.revision += 1
        self._forget_oldest()

    async def _ask(self, references: Iterable[Reference]) -> dict[Reference, Entity]:
        """Read these entities, a batch for each kind; those not there are left out."""
        ids = defaultdict[str, list[str]](list)
        for kind, entity_id in references:
            ids[kind].append(entity_id)
        batches = [self._source.entities(kind, of_kind, self._library_id) for kind, of_kind in ids.items()]
        found = await asyncio.gather(*batches)
        return {(entity.kind, entity.id): entity for batch in found for entity in batch.values()}

    async def _recall(self, references: Iterable[Reference]) -> Collection[Reference]:
        """Take what is remembered of entities we do not know; returns of which something was."""
        unknown = [reference for reference in references if reference not in self._naming]
        if self._memory is None or not unknown:
            return ()
        ghosts = await self._memory.entities(unknown)
        for ghost in ghosts.values():
            self._keep(ghost)
        return ghosts

    def _remember(self, entity: Entity) -> None:
        self._keep(entity)
        self._absent.pop((entity.kind, entity.id), None)
        self._unconfirmed.discard((entity.kind, entity.id))

    def _keep(self, entity: Entity) -> None:
        self.revision += 1
        reference = (entity.kind, entity.id)
        self._entities.pop(reference, None)
        self._entities[reference] = entity
        self._naming.pop(reference, None)
        self._naming[reference] = _naming(entity)

    def _forget_oldest(self) -> None:
        _forget(self._entities, self._most_known)
        _forget(self._naming, self._most_named)
        _forget(self._absent, self._most_named)
        self._stale = {reference for reference in self._stale if self._is_of_concern(reference)}
        self._unconfirmed.intersection_update(self._naming)


def _naming(entity: Entity) -> Mapping[str, Any]:
    kept = {key: value for key in NAMING if (value := entity.fields.get(key)) is not None}
    return kept | {key: entity_id for key, (_, entity_id) in naming_parts(entity.kind, entity.fields).items()}


def _own_name(naming: Mapping[str, Any]) -> str:
    for key in NAME_FIELDS:
        if isinstance(name := naming.get(key), str) and name:
            return folded(name)
    return ""


def _forget(known: dict[Reference, Any], most: int) -> None:
    for reference in list(islice(known, max(0, len(known) - most))):
        del known[reference]


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

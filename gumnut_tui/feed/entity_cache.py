"""Caches of entities: display names, read in batches for the rows on screen, and the state of single entities."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Set
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from gumnut_tui.domain.errors import Forbidden, NotFound
from gumnut_tui.domain.fields import Naming, Reference, concerned, naming_links, naming_of, naming_parts, row_links
from gumnut_tui.domain.kinds import KINDS
from gumnut_tui.domain.models import Entity, EntityState, Event, Presence, presence_in
from gumnut_tui.domain.ports import EntitySource, Others, no_others
from gumnut_tui.feed.entity_history import NameMemory
from gumnut_tui.formatting.entity_names import display_name

if TYPE_CHECKING:
    from gumnut_tui.store.name_index import NameIndex

NAME_FIELDS = tuple(dict.fromkeys(kind.name_field for kind in KINDS.values() if kind.name_field))
NAMING = ("id", *NAME_FIELDS, "trashed_at", "asset_count")
"""Fields a name is composed from, or that say whether the entity is still there."""
HOPS = 3
"""Rounds of requests at most: a membership, its photo, and what that refers to."""
MOST_SINGLE_READS = 40
"""Photos read one by one at most, to learn whether they are gone or in another library."""


class Capacity(NamedTuple):
    """How many entities are cached at most; those read longest ago are dropped first."""

    whole: int = 5_000
    """With all their fields; about a hundred screens."""
    named: int = 300_000
    """With only the fields of a name, so that a whole library can be searched by name."""


CAPACITY = Capacity()


class NameCache:
    """Caches the entities that rows mention. A deleted entity keeps its last known name.

    With `memory`, a journal, only entities it has never seen are read from the service; or, while the first sync is
    running and memory is not `is_current`, only entities that the service does not have are read from memory.
    """

    def __init__(
        self,
        source: EntitySource,
        library_id: str | None,
        *,
        departed: Callable[[str], Presence | None] = lambda _id: None,
        others: Others = no_others,
        memory: NameMemory | None = None,
        is_current: bool = True,
        capacity: Capacity = CAPACITY,
    ) -> None:
        """Photos that were moved are looked for in the `others`."""
        self.revision = 0
        """Changes whenever something is learnt."""
        self._source = source
        self._library_id = library_id
        self._departed = departed
        self._others = others
        self._memory = memory
        self._is_current = is_current
        self._capacity = capacity
        self._entities: dict[Reference, Entity] = {}
        self._absent: dict[Reference, Presence | None] = {}
        """Those not there, or, with None, those that an event mentioned since memory has read them."""
        self._single_reads = 0
        self._reading: set[Reference] = set()
        self._stale: set[Reference] = set()
        self._naming: dict[Reference, Mapping[str, Any]] = {}
        self._index: NameIndex | None = None
        self._remembered: NameIndex | None = None
        self._unindexed: list[Naming] = []

    def name(self, kind: str, entity_id: str) -> str | None:
        """The escaped display name; None when the entity is not cached."""
        naming = self._naming.get((kind, entity_id))
        return None if naming is None else display_name(kind, naming, self._naming_of)

    def fields(self, kind: str, entity_id: str) -> Mapping[str, Any] | None:
        """The fields last read; None when they are not cached in full."""
        entity = self.last_read(kind, entity_id)
        return None if entity is None else entity.fields

    def last_read(self, kind: str, entity_id: str) -> Entity | None:
        """The entity as last read, by us or from memory; one that is gone as it was then."""
        return self._entities.get((kind, entity_id))

    def presence(self, kind: str, entity_id: str) -> Presence | None:
        """Whether the entity is still there; None when unknown."""
        reference = (kind, entity_id)
        if reference in self._absent:
            known = self._absent[reference]
            if known in (None, Presence.AWAY):
                self._explain(reference, self._departed(entity_id))
            return self._absent[reference]
        naming = self._naming.get(reference)
        return None if naming is None else presence_in(naming)

    def ids_named(self, text: str) -> frozenset[str]:
        """Ids of the entities whose name, or that of their photo, album or person, contains the text, folded.

        Those in memory are found after `load_names`.
        """
        if self._index is None:
            from gumnut_tui.store.name_index import NameIndex

            self._index = NameIndex()
        unindexed, self._unindexed = self._unindexed, []
        self._index.add(unindexed)
        own = self._index.ids(text)
        return own if self._remembered is None else own | self._remembered.ids(text)

    @property
    def remembers_all(self) -> bool:
        """All names there are, are in memory: none has to be read to be found."""
        return self._memory is not None and self._is_current

    async def load_names(self) -> None:
        """Load all names from memory; raises `JournalProblem`."""
        if self._memory is not None:
            self._remembered = await self._memory.names()

    def changed(self, events: Iterable[Event]) -> None:
        """Invalidate what these new events mention; it is read again when next on screen."""
        for event in events:
            named = concerned(event)
            self._stale.update(reference for reference in named if self._is_of_concern(reference))

    def stored(self, references: Iterable[Reference]) -> None:
        """Note that memory has newer copies of these entities."""
        self._stale.update(reference for reference in references if self._is_of_concern(reference))

    def learn(self, entity: Entity) -> None:
        """Cache an entity that was read for another purpose."""
        self._learn((entity.kind, entity.id), entity)
        self._forget_oldest()

    def recall(self, ghost: Entity) -> None:
        """Cache a deleted entity as it was, unless a better copy is cached."""
        reference = (ghost.kind, ghost.id)
        if reference not in self._naming:
            self._absent[reference] = Presence.AWAY
            self._keep(ghost)
            self._forget_oldest()

    async def resolve(self, events: Iterable[Event]) -> bool:
        """Read the entities that naming these events needs; returns whether anything was learnt."""
        return await self.resolve_references(reference for event in events for reference in row_links(event))

    async def resolve_references(self, references: Iterable[Reference]) -> bool:
        """Read the entities that naming these entities needs; returns whether anything was learnt."""
        return await self._follow(references, self._read)

    async def remember(self, events: Iterable[Event]) -> bool:
        """Load from memory what naming these events needs, without a request; returns whether anything was learnt."""
        return await self.remember_references(reference for event in events for reference in row_links(event))

    async def remember_references(self, references: Iterable[Reference]) -> bool:
        """Load from memory what naming these entities needs, without a request; returns whether anything was learnt."""
        return self._memory is not None and await self._follow(references, self._remember)

    async def _follow(self, references: Iterable[Reference], read: Callable[[set[Reference]], Awaitable[bool]]) -> bool:
        """Read these entities, then those that their names refer to; returns whether anything was learnt."""
        wanted = set(references)
        learnt = False
        for _ in range(HOPS):
            unread = {reference for reference in wanted if self._is_unread(reference)}
            if unread:
                learnt |= await read(unread)
            wanted = {next_one for reference in wanted for next_one in self._hops_of(reference)}
        return learnt

    def unexplained(self, events: Iterable[Event]) -> list[Reference]:
        """The photos of these events that are not there, and neither read nor event shows where they are."""
        photos = {link for event in events for link in row_links(event) if link[0] == "asset"}
        return [photo for photo in photos if self.presence(*photo) is Presence.AWAY]

    async def explain(self, events: Iterable[Event]) -> bool:
        """Read single photos of these events to learn whether they are gone or moved; returns whether any was.

        No more than `MOST_SINGLE_READS` in all.
        """
        photos = self.unexplained(events)[: MOST_SINGLE_READS - self._single_reads]
        self._single_reads += len(photos)
        answers = [self._source.entity(kind, photo, self._library_id) for kind, photo in photos]
        for answer in await asyncio.gather(*answers):
            reference = (answer.kind, answer.id)
            self._explain(reference, answer.presence)
            if answer.entity is not None and reference not in self._naming:
                self._keep(answer.entity)
        self.revision += len(photos)
        return bool(photos)

    def _explain(self, reference: Reference, presence: Presence | None) -> None:
        # One that moved may have come back since; one that was deleted has not.
        if presence is Presence.GONE or (presence is Presence.MOVED and self._absent.get(reference) is Presence.AWAY):
            self._absent[reference] = presence

    def _naming_of(self, kind: str, entity_id: str) -> Mapping[str, Any] | None:
        return self._naming.get((kind, entity_id))

    def _is_known(self, reference: Reference) -> bool:
        return reference in self._naming or reference in self._absent

    def _is_of_concern(self, reference: Reference) -> bool:
        return reference in self._reading or self._is_known(reference)

    def _is_unread(self, reference: Reference) -> bool:
        return reference[0] in KINDS and (not self._is_known(reference) or reference in self._stale)

    def _hops_of(self, reference: Reference) -> list[Reference]:
        naming = self._naming.get(reference)
        return [] if naming is None else naming_links(reference[0], naming)

    async def _remember(self, references: Collection[Reference]) -> bool:
        # Removed before memory is asked: an event that arrives meanwhile adds its entity again.
        stale = self._stale.intersection(references)
        self._stale -= stale
        self._reading.update(references)
        found: Set[Reference] = frozenset()
        try:
            found = await self._recall(references)
        finally:
            # What an incomplete memory knows is good until the service has answered.
            self._stale |= stale - found if self._is_current else stale | found
            self._reading.difference_update(references)
            self.revision += len(found)
            self._forget_oldest()
        return bool(found)

    async def _read(self, references: Collection[Reference]) -> bool:
        # Removed before the request: an event that arrives meanwhile adds its entity again.
        stale = self._stale.intersection(references)
        self._stale -= stale
        self._reading.update(references)
        left = set(references)
        try:
            if self._is_current:
                left -= await self._recall(left)
            if left:
                entities = await self._ask(left)
                if not self._is_current:
                    await self._recall({reference for reference in left if reference not in entities})
                for reference in left:
                    self._learn(reference, entities.get(reference))
                await self._find_moved(left)
        except BaseException:
            # They are as stale as before; those learnt already may still be in another library.
            self._stale |= {reference for reference in left if reference in stale or self._is_known(reference)}
            raise
        else:
            return True
        finally:
            self._reading.difference_update(references)
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

    async def _find_moved(self, references: Iterable[Reference]) -> None:
        """Read what was moved to other libraries and has no name, as far as this account may; a batch a library."""
        moved = {
            entity_id
            for kind, entity_id in references
            if kind == "asset" and self.presence(kind, entity_id) is Presence.MOVED
            if (kind, entity_id) not in self._naming
        }
        for library in await self._others() if moved else ():
            with suppress(Forbidden, NotFound):
                for entity in (await self._source.entities("asset", moved, library.id)).values():
                    self._keep(entity)
                    moved.discard(entity.id)
            if not moved:
                return

    async def _recall(self, references: Collection[Reference]) -> Set[Reference]:
        """Load these entities from memory; returns those that were found."""
        if self._memory is None:
            return frozenset()
        remembered = await self._memory.latest(references)
        for reference, seen in remembered.items():
            known = self._entities.get(reference)
            if seen.entity is not None and (known is None or known.read_at <= seen.entity.read_at):
                self._keep(seen.entity)
            if seen.is_there:
                self._absent.pop(reference, None)
            else:
                self._absent[reference] = Presence.AWAY if seen.is_there is False else None
        return remembered.keys()

    def _learn(self, reference: Reference, entity: Entity | None) -> None:
        """Cache the result of a read; None means it does not exist."""
        if entity is None:
            self._absent[reference] = Presence.AWAY
            return
        self._keep(entity)
        self._absent.pop(reference, None)
        naming = naming_of(entity.kind, entity.id, entity.fields)
        if naming is not None:
            self._unindexed.append(naming)

    def _keep(self, entity: Entity) -> None:
        self.revision += 1
        reference = (entity.kind, entity.id)
        self._entities.pop(reference, None)
        self._entities[reference] = entity
        self._naming.pop(reference, None)
        self._naming[reference] = _naming(entity)

    def _forget_oldest(self) -> None:
        _forget(self._entities, self._capacity.whole)
        _forget(self._naming, self._capacity.named)
        _forget(self._absent, self._capacity.named)
        self._stale = {reference for reference in self._stale if self._is_of_concern(reference)}


def _naming(entity: Entity) -> Mapping[str, Any]:
    kept = {key: value for key in NAMING if (value := entity.fields.get(key)) is not None}
    return kept | {key: entity_id for key, (_, entity_id) in naming_parts(entity.kind, entity.fields).items()}


def _forget(known: dict[Reference, Any], most: int) -> None:
    for reference in list(islice(known, max(0, len(known) - most))):
        del known[reference]


MOST_KEPT = 500
"""Entities cached."""


class EntityCache:
    """Reads and caches the state of entities."""

    def __init__(self, source: EntitySource, library_id: str | None) -> None:
        self._source = source
        self._library_id = library_id
        self._states: OrderedDict[tuple[str, str], EntityState] = OrderedDict()
        self._outdated: set[tuple[str, str]] = set()
        """Entities that an event mentioned while they were being read."""
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
            # The answer may be older than the event; so may that of a concurrent request.
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

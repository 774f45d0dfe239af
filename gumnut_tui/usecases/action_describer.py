"""What actions are called: their facts are read from their events, and names from where names are."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping
from itertools import islice
from typing import NamedTuple

from gumnut_tui.domain import fields as field
from gumnut_tui.domain.action_facts import MOST_LOOKED_AT, TELLING, FactFinder, Facts, What, facts_of, with_origin
from gumnut_tui.domain.actions import AFTERMATH, EARLY, MINUTE, Action, Family
from gumnut_tui.domain.fields import Reference
from gumnut_tui.domain.models import Operation, to_us
from gumnut_tui.feed.entity_cache import NameCache
from gumnut_tui.formatting.action_cells import people_of
from gumnut_tui.formatting.action_sentences import Dress, sentence
from gumnut_tui.store.actions import Actions
from gumnut_tui.usecases.action_changes import Change, FieldChanges, compared
from gumnut_tui.usecases.action_sources import EVENTS_ALONE, ActionSources
from gumnut_tui.usecases.origins import Origins

SLICE = 200
"""Events read before keys are handled again."""
MOST_PHOTOS = 200
"""Photos of an action whose fields are read to say what they are: as many as one request takes."""
KEPT = 500
"""Actions whose facts are remembered, those read last."""
SAME_STRETCH = 5 * MINUTE
"""So long after an upload, in µs, photos put into an album count as part of it."""
_SINCE = {
    Operation.RESTORED: "restored since",
    Operation.DELETED: "deleted for good since",
}

Resolve = Callable[[list[Reference]], Awaitable[object]]
"""Reads what naming these entities needs."""


class _Read(NamedTuple):
    """An action whose events were read."""

    action: Action
    facts: Facts
    albums: tuple[str, ...] = ()
    """Those its photos were put into, of an upload."""
    changed: Mapping[Reference, Change] = {}
    elsewhere: str = ""
    """The library its photos went to or came from, of a move."""
    edited: Mapping[str, int] = {}
    """When photos were first edited, in µs."""
    begins_us: int | None = None
    """When the first event was that had been read, in µs, where earlier ones may change what is told."""
    has_newer_copies: bool = False
    """The journal has got newer copies of what the action changed."""


class ActionDescriber:
    """Describes the actions of one store. Until an action is read, only its counts are given.

    With a journal among the `sources` it says what was changed, if copies from before and after are there.
    """

    def __init__(
        self,
        actions: Actions,
        names: NameCache,
        sources: ActionSources = EVENTS_ALONE,
        *,
        resolve: Resolve | None = None,
    ) -> None:
        """`resolve` reads what naming entities needs; `names` does by default."""
        self.actions = actions
        self.names = names
        self._resolve = resolve or names.resolve_references
        self._sources = sources
        self._origins = Origins(actions, names, sources.trash_history)
        self._changes = FieldChanges(actions, sources.history)
        self._read: dict[str, _Read] = {}
        self._lately: tuple[object, Counter[Operation | None]] = (None, Counter())
        """What became of the photos of the action asked about last."""

    def facts(self, action: Action) -> Facts:
        """What is known of the action by now."""
        known = self._read.get(action.id)
        if known is not None and known.action == action:
            return known.facts
        return facts_of(action, self.actions.kinds(action))

    def sentence(self, action: Action) -> str:
        """The action in one line, escaped."""
        facts, known = self.facts(action), self._read.get(action.id)
        changed, became = known.changed if known is not None else {}, self.became(action, facts)
        dress = Dress(
            name=self.names.name,
            fields=self.names.fields,
            changed=lambda kind, entity_id: changed.get((kind, entity_id), {}),
            albums=known.albums if known is not None else (),
            elsewhere=known.elsewhere if known is not None else "",
            fresh=self._fresh(known),
            since={words: became.get(operation, 0) for operation, words in _SINCE.items()},
        )
        return sentence(facts, dress)

    def _fresh(self, known: _Read | None) -> int:
        """How many photos that were edited had just been created: what the service does then is part of an upload.

        Where that was read, it is; at the beginning of a range, only the photo tells (API, sections 4.4 and 6.2).
        """
        fresh = 0
        for photo, us in known.edited.items() if known is not None else ():
            created_at = field.moment(self.names.fields("asset", photo) or {}, "created_at")
            fresh += created_at is not None and -EARLY <= us - to_us(created_at) <= AFTERMATH
        return fresh

    def _edited(self, action: Action, facts: Facts) -> dict[str, int]:
        """When the first photos that were edited were so first, in µs."""
        store, found = self.actions.store, dict[str, int]()
        for row in islice(self.actions.rows(action), MOST_LOOKED_AT if facts.what is What.EDITS else 0):
            photo, us = store.event(row).entity_id, store.created_at_us(row)
            if photo in found or len(found) < MOST_PHOTOS:
                found[photo] = min(us, found.get(photo, us))
        return found

    def is_read(self, action: Action) -> bool:
        """Whether all of its events so far were read, and none came before that tells more of it."""
        known, begins_us = self._read.get(action.id), self._begins_us
        if known is None or known.action != action:
            return False
        return known.begins_us is None or known.begins_us <= begins_us

    @property
    def _begins_us(self) -> int:
        """The time of the first event that was read, in µs."""
        store = self.actions.store
        return 0 if store.first_row is None else store.created_at_us(store.first_row)

    def _is_early(self, action: Action) -> bool:
        """Whether it may be what the service did after an upload of which nothing was read."""
        return action.first_us - self._begins_us <= AFTERMATH

    def stored(self, references: Collection[Reference]) -> None:
        """The journal has newer copies of these entities: actions that changed them are compared again when read."""
        for key, known in self._read.items():
            if not known.has_newer_copies and not set(compared(known.facts)).isdisjoint(references):
                self._read[key] = known._replace(has_newer_copies=True)

    async def read(self, action: Action) -> None:
        """Look at the action's events, and read the names its sentence needs; raises `GumnutError`."""
        if not self.is_read(action):
            facts = with_origin(await self._look(action), *await self._origins.of(action))
            albums = await self._albums(action, facts) if facts.what is What.UPLOAD else ()
            elsewhere = await self._sources.elsewhere(action, facts.photos)
            changed = await self._changes.of(action, facts)
            self._read.pop(action.id, None)
            if len(self._read) >= KEPT:
                del self._read[next(iter(self._read))]
            edited = self._edited(action, facts)
            is_open = facts.untold > 0 or (action.family is Family.PEOPLE and self._is_early(action))
            begins_us = self._begins_us if is_open else None
            self._read[action.id] = _Read(action, facts, albums, changed, elsewhere, edited, begins_us)
        elif self._read[action.id].has_newer_copies:
            # What is stored meanwhile counts again.
            known = self._read[action.id] = self._read[action.id]._replace(has_newer_copies=False)
            changed = await self._changes.of(action, known.facts)
            self._read[action.id] = self._read[action.id]._replace(changed=changed)
        await self._resolve(self.needed(action))

    def needed(self, action: Action) -> list[Reference]:
        """What a sentence about an action that was read names, and the photos whose cameras and fields it mentions."""
        facts, known = self.facts(action), self._read.get(action.id)
        photos = facts.photos[:MOST_PHOTOS] if facts.what in (What.UPLOAD, What.EDITS) else ()
        albums = (*facts.albums, *(known.albums if known is not None else ()))
        return [
            *(("album", album) for album in albums),
            *(("album_asset", link) for link in facts.links[:MOST_PHOTOS]),
            *(("person", person) for person in people_of(facts)),
            *(("asset", photo) for photo in photos),
        ]

    async def _look(self, action: Action) -> Facts:
        store, telling, finder = self.actions.store, TELLING.get(action.family, frozenset()), FactFinder()
        for number, row in enumerate(self.actions.rows(action)):
            if number < MOST_LOOKED_AT or store.columns.kind(row).event_type in telling:
                finder.take(store.event(row))
            if number % SLICE == SLICE - 1:
                await asyncio.sleep(0)
        photos = self.actions.photos(action) if finder.taken < action.events else None
        return finder.facts(action, self.actions.kinds(action), photos, is_early=self._is_early(action))

    async def _albums(self, upload: Action, facts: Facts) -> tuple[str, ...]:
        """The albums that photos of an upload were put into in the same stretch, the one with the most first."""
        photos, counts = set(facts.photos), Counter[str]()
        for other in self.actions.during(upload.first_us, upload.last_us + SAME_STRETCH):
            if other.family is Family.ALBUM and other.subject:
                count = len(photos.intersection((await self._look(other)).photos))
                counts.update({other.subject: count} if count else {})
        return tuple(album for album, _ in counts.most_common())

    def became(self, action: Action, facts: Facts) -> Mapping[Operation | None, int]:
        """What became of photos that the action put into the trash, and of how many."""
        if facts.what is not What.TRASH:
            return {}
        key = action, len(facts.photos), self.actions.version
        if self._lately[0] != key:
            self._lately = key, Counter(self.actions.became(photo, action.first_us) for photo in facts.photos)
        return self._lately[1]

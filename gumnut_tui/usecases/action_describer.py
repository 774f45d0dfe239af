"""What actions are called: their facts are read from their events, and names from where names are."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from gumnut_tui.domain.action_facts import MOST_LOOKED_AT, TELLING, FactFinder, Facts, What, facts_of, with_origin
from gumnut_tui.domain.actions import MINUTE, Action, Family
from gumnut_tui.domain.fields import Reference
from gumnut_tui.domain.models import Operation, to_us
from gumnut_tui.feed.entity_cache import NameCache
from gumnut_tui.formatting.action_cells import people_of
from gumnut_tui.formatting.action_sentences import Dress, sentence
from gumnut_tui.journal.records import Snapshot
from gumnut_tui.store.actions import Actions
from gumnut_tui.usecases.action_sources import EVENTS_ALONE, ActionSources
from gumnut_tui.usecases.origins import Origins

SLICE = 200
"""Events read before keys are handled again."""
MOST_PHOTOS = 200
"""Photos of an action whose fields are read to say what they are: as many as one request takes."""
MOST_COMPARED = 40
"""Entities of an action of which earlier copies are compared with later ones."""
KEPT = 500
"""Actions whose facts are remembered, those read last."""
SAME_STRETCH = 5 * MINUTE
"""So long after an upload, in µs, photos put into an album count as part of it."""
_COMPARED = {What.EDITS: "asset", What.ALBUM: "album", What.PEOPLE: "person", What.CHANGES: "person"}
"""The kind of entity whose changed fields are named."""
_SINCE = {
    Operation.RESTORED: "restored since",
    Operation.DELETED: "deleted for good since",
}

Change = Mapping[str, tuple[Any, Any]]
"""Fields of an entity, each with its value before and after."""
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
        self._origins = Origins(actions, names, sources.past)
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
        changed = known.changed if known is not None else {}
        dress = Dress(
            name=self.names.name,
            fields=self.names.fields,
            changed=lambda kind, entity_id: changed.get((kind, entity_id), {}),
            albums=known.albums if known is not None else (),
            elsewhere=known.elsewhere if known is not None else "",
            since=self._since(action, facts),
        )
        return sentence(facts, dress)

    def is_read(self, action: Action) -> bool:
        """Whether all of its events so far were read."""
        known = self._read.get(action.id)
        return known is not None and known.action == action

    async def read(self, action: Action) -> None:
        """Look at the action's events, and read the names its sentence needs; raises `GumnutError`."""
        if not self.is_read(action):
            facts = with_origin(await self._look(action), *await self._origins.of(action))
            albums = await self._albums(action, facts) if facts.what is What.UPLOAD else ()
            elsewhere = await self._sources.elsewhere(action, facts.photos)
            changed = await self._changes(action, facts)
            self._read.pop(action.id, None)
            if len(self._read) >= KEPT:
                del self._read[next(iter(self._read))]
            self._read[action.id] = _Read(action, facts, albums, changed, elsewhere)
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
        return finder.facts(action, self.actions.kinds(action), photos)

    async def _albums(self, upload: Action, facts: Facts) -> tuple[str, ...]:
        """The albums that photos of an upload were put into in the same stretch, the one with the most first."""
        photos, counts = set(facts.photos), Counter[str]()
        for other in self.actions.during(upload.first_us, upload.last_us + SAME_STRETCH):
            if other.family is Family.ALBUM and other.subject:
                count = len(photos.intersection((await self._look(other)).photos))
                counts.update({other.subject: count} if count else {})
        return tuple(album for album, _ in counts.most_common())

    def _since(self, action: Action, facts: Facts) -> dict[str, int]:
        """What became of photos that were put into the trash, in words, and of how many."""
        if facts.what is not What.TRASH:
            return {}
        key = action, len(facts.photos), self.actions.version
        if self._lately[0] != key:
            self._lately = key, Counter(self.actions.became(photo, action.first_us) for photo in facts.photos)
        return {words: self._lately[1][operation] for operation, words in _SINCE.items()}

    async def _changes(self, action: Action, facts: Facts) -> dict[Reference, Change]:
        """The fields that the action changed, where copies from before and after it tell, and only it came between."""
        history, kind = self._sources.history, _COMPARED.get(facts.what)
        if history is None or kind is None:
            return {}
        ids = {"asset": facts.photos, "album": tuple(facts.albums), "person": tuple(facts.hands.updated)}[kind]
        found = dict[Reference, Change]()
        for entity_id in ids[:MOST_COMPARED]:
            if change := self._change(action, entity_id, await history.snapshots(kind, entity_id)):
                found[kind, entity_id] = change
        return found

    def _change(self, action: Action, entity_id: str, copies: Sequence[Snapshot]) -> Change:
        for before, after in pairwise(copies):
            since, until = to_us(before.seen_at), to_us(after.read_at)
            is_between = since <= action.first_us and action.last_us <= until
            if is_between and self._is_only_one(action, entity_id, since, until):
                return _differing(before.fields or {}, after.fields or {})
        return {}

    def _is_only_one(self, action: Action, entity_id: str, since: int, until: int) -> bool:
        """Whether all events about an entity between two times belong to the action."""
        store = self.actions.store
        rows = [row for row in store.history(entity_id) if since < store.created_at_us(row) <= until]
        return all(self.actions.of_row(row) == action for row in rows)


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> Change:
    """The fields that differ, those of a photo's metadata among them; times and addresses do not count."""
    found = dict[str, tuple[Any, Any]]()
    for key in dict.fromkeys((*before, *after)):
        one, other = before.get(key), after.get(key)
        if key == "metadata" and isinstance(one, Mapping) and isinstance(other, Mapping):
            found.update(_differing(one, other))
        elif one != other and key not in ("updated_at", "created_at", "asset_count") and not key.endswith("_urls"):
            found[key] = (one, other)
    return found

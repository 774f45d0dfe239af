"""Actions as entries of a file or a report: described, with the incidents they are part of and their pictures."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterable, Sequence
from itertools import islice

from gumnut_tui.domain.action_facts import What
from gumnut_tui.domain.actions import Action, destroyed
from gumnut_tui.domain.fields import Reference, thumbhash_of
from gumnut_tui.domain.incidents import Incident, StoreIncidents, largest_share
from gumnut_tui.feed.entity_cache import NameCache
from gumnut_tui.report.digest import Entry
from gumnut_tui.report.html import STRIP
from gumnut_tui.store.actions import Actions
from gumnut_tui.usecases.action_describer import KEPT, ActionDescriber, Resolve
from gumnut_tui.usecases.action_sources import EVENTS_ALONE, ActionSources

SLICE = 2_000
"""Events looked at before keys are handled again."""
TOGETHER = 2_000
"""Entities whose names are read together, for as many actions as have so many."""
_PICTURED = frozenset(
    {
        What.UPLOAD, What.EDITS, What.ALBUM, What.TRASH, What.RESTORE, What.MOVED_IN, What.MOVED_OUT, What.DELETE,
        What.PURGE,
    }
)  # fmt: skip


class ActionEntries:
    """Makes entries of the actions of one store; names are read by `look_up`, as few times as can be."""

    def __init__(
        self,
        actions: Actions,
        names: NameCache,
        look_up: Resolve,
        sources: ActionSources = EVENTS_ALONE,
    ) -> None:
        self._actions = actions
        self._names = names
        self._look_up = look_up
        self._needed: list[Reference] = []
        self._incidents = StoreIncidents(actions.store, actions.rules.incidents)
        self._describer = ActionDescriber(actions, names, sources, resolve=self._note)

    async def described(
        self, actions: Iterable[tuple[Action, int]], *, pictures: bool = False
    ) -> AsyncGenerator[Entry, None]:
        """These actions, each with how many of its events pass the filter; with `pictures` as far as they are known.

        Raises what `look_up` raises.
        """
        waiting = list[tuple[Action, int]]()
        for action, matching in actions:
            await self._describer.read(action)
            if pictures:
                self._needed += [("asset", photo) for photo in self._pictured(action)]
            waiting.append((action, matching))
            if len(self._needed) >= TOGETHER or len(waiting) == KEPT:
                async for entry in self._entries(waiting, pictures):
                    yield entry
                waiting = []
        async for entry in self._entries(waiting, pictures):
            yield entry

    async def _note(self, references: list[Reference]) -> None:
        self._needed += references

    async def _entries(self, actions: Sequence[tuple[Action, int]], pictures: bool) -> AsyncGenerator[Entry, None]:
        needed, self._needed = self._needed, []
        await self._look_up(needed)
        for action, matching in actions:
            yield Entry(
                action,
                self._describer.facts(action),
                self._describer.sentence(action),
                matching,
                await self._incident(action),
                self._pictures(action) if pictures else (),
            )

    async def _incident(self, action: Action) -> str | None:
        """The id of the incident most of it belongs to, as reports of deletions over the same range call it."""
        if not destroyed(self._actions.kinds(action)):
            return None
        self._incidents.refresh()
        found, rows = Counter[Incident](), self._actions.rows(action)
        while part := list(islice(rows, SLICE)):
            found.update(self._incidents.counts(part))
            await asyncio.sleep(0)
        most = largest_share(found)
        return None if most is None else most.id

    def _pictured(self, action: Action) -> tuple[str, ...]:
        facts = self._describer.facts(action)
        return facts.photos[:STRIP] if facts.what in _PICTURED else ()

    def _pictures(self, action: Action) -> tuple[tuple[str, str | None], ...]:
        fields = self._names.fields
        return tuple((photo, thumbhash_of(fields("asset", photo) or {})) for photo in self._pictured(action))

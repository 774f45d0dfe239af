"""The actions of a range, one by one, from the service or the journal: for commands, reports and scripts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from itertools import islice

from gumnut_tui.domain.actions import Action, ActionRules
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Event
from gumnut_tui.store.actions import Actions
from gumnut_tui.store.event_store import EventStore
from gumnut_tui.usecases.action_entries import ActionEntries
from gumnut_tui.usecases.action_sources import EVENTS_ALONE, ActionSources
from gumnut_tui.usecases.event_reader import Names

EVENTS_TOGETHER = 10_000
"""Events whose names are read together, to be searched for a text."""


class ActionReader:
    """Takes in events, and gives the actions that have an event which passes the filter."""

    def __init__(
        self,
        rules: ActionRules,
        wanted: EventFilter,
        names: Names,
        sources: ActionSources = EVENTS_ALONE,
    ) -> None:
        self.store = EventStore()
        self.actions = Actions(self.store, rules)
        self._wanted = wanted
        self._names = names
        # A library that cannot be read keeps nobody from what else is known.
        trying = replace(sources, elsewhere=self._name)
        self.entries = ActionEntries(self.actions, names.cache, names.look_up, trying)
        """Describes them."""
        self._elsewhere = sources.elsewhere

    def take(self, events: Iterable[Event]) -> None:
        """Take in events, in feed order; those outside the filter's range are left out."""
        self.store.append(event for event in events if self._wanted.accepts_time(event.created_at_us))

    async def matching(self) -> dict[Action, int]:
        """The actions with an event that passes the filter, the oldest first, and how many of theirs do."""
        self.actions.refresh()
        if self._wanted.is_open:
            return {action: action.events for action in self.actions}
        view = self.store.view(self._wanted, await self._named())
        found = self.actions.counts(sorted(view))
        return {action: found[action] for action in self.actions if action in found}

    async def _name(self, action: Action, photos: Collection[str]) -> str:
        return await self._names.attempt(lambda: self._elsewhere(action, photos)) or ""

    async def _named(self) -> frozenset[str]:
        """Ids of what is called like the filter's text; the names of all events are read for it."""
        if not self._wanted.text:
            return frozenset()
        if self._names.cache.remembers_all:
            await self._names.cache.load_names()
            return self._names.cache.ids_named(self._wanted.text)
        rows = iter(self.store.rows())
        while events := [self.store.event(row) for row in islice(rows, EVENTS_TOGETHER)]:
            await self._names.learn(events)
        return self._names.cache.ids_named(self._wanted.text)


class Ended:
    """Which actions have ended and were not given out yet, or have grown since, while events keep coming."""

    def __init__(self, rules: ActionRules) -> None:
        self._rules = rules
        self._given: dict[str, int] = {}

    def among(self, actions: Iterable[tuple[Action, int]], now_us: int) -> list[tuple[Action, int]]:
        """Those to be given out now: nothing can follow them without a long pause. Each is given once for each size."""
        found = [
            (action, matching)
            for action, matching in actions
            if now_us - action.last_us > self._rules.pause_us(action.family)
            and self._given.get(action.id) != action.events
        ]
        self._given.update((action.id, action.events) for action, _ in found)
        return found

"""The actions of a range, one by one, from the service or the journal: for commands, reports and scripts."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Sequence
from itertools import islice

from gumnut_tui.domain.action_facts import What
from gumnut_tui.domain.actions import Action, ActionRules, destroyed
from gumnut_tui.domain.fields import Reference, thumbhash_of
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.incidents import StoreIncidents
from gumnut_tui.domain.models import Event
from gumnut_tui.feed.entity_history import EntityHistory
from gumnut_tui.report.digest import Entry
from gumnut_tui.report.html import STRIP
from gumnut_tui.store.actions import Actions
from gumnut_tui.store.event_store import EventStore
from gumnut_tui.usecases.action_describer import ActionDescriber
from gumnut_tui.usecases.event_reader import Names

TOGETHER = 2_000
"""Entities whose names are read together, for as many actions as have so many."""
EVENTS_TOGETHER = 10_000
"""Events whose names are read together, to be searched for a text."""
_PICTURED = frozenset(
    {What.UPLOAD, What.EDITS, What.ALBUM, What.TRASH, What.RESTORE, What.MOVED_IN, What.MOVED_OUT, What.DELETE}
)


class ActionReader:
    """Takes in events, and gives the actions that have an event which passes the filter."""

    def __init__(
        self, rules: ActionRules, wanted: EventFilter, names: Names, history: EntityHistory | None = None
    ) -> None:
        self.store = EventStore()
        self.actions = Actions(self.store, rules)
        self._wanted = wanted
        self._names = names
        self._needed: list[Reference] = []
        self._incidents = StoreIncidents(self.store, rules.incidents)
        self._describer = ActionDescriber(self.actions, names.cache, resolve=self._note, history=history)

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

    async def described(
        self, actions: Iterable[tuple[Action, int]], *, pictures: bool = False
    ) -> AsyncGenerator[Entry, None]:
        """These actions, each with how many of its events pass the filter; with `pictures` as far as they are known."""
        waiting = list[tuple[Action, int]]()
        for action, matching in actions:
            await self._describer.read(action)
            if pictures:
                self._needed += [("asset", photo) for photo in self._pictured(action)]
            waiting.append((action, matching))
            if len(self._needed) >= TOGETHER:
                async for entry in self._entries(waiting, pictures):
                    yield entry
                waiting = []
        async for entry in self._entries(waiting, pictures):
            yield entry

    async def _note(self, references: list[Reference]) -> None:
        self._needed += references

    async def _entries(self, actions: Sequence[tuple[Action, int]], pictures: bool) -> AsyncGenerator[Entry, None]:
        needed, self._needed = self._needed, []
        await self._names.look_up(needed)
        for action, matching in actions:
            yield Entry(
                action,
                self._describer.facts(action),
                self._describer.sentence(action),
                matching,
                self._incident(action),
                self._pictures(action) if pictures else (),
            )

    def _incident(self, action: Action) -> str | None:
        """The id of the incident it is part of, as reports of deletions over the same range call it."""
        if not destroyed(self.actions.kinds(action)):
            return None
        self._incidents.refresh()
        incident = self._incidents.of_rows(self.actions.rows(action))
        return None if incident is None else incident.id

    def _pictured(self, action: Action) -> tuple[str, ...]:
        facts = self._describer.facts(action)
        return facts.photos[:STRIP] if facts.what in _PICTURED else ()

    def _pictures(self, action: Action) -> tuple[tuple[str, str | None], ...]:
        fields = self._names.cache.fields
        return tuple((photo, thumbhash_of(fields("asset", photo) or {})) for photo in self._pictured(action))

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

"""The rows of one feed under a filter, in the screen's order, and which of them are marked or in an incident."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from gumnut_tui.app.action_rows import ActionRows, Grouping, OfActions, event_row
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.incidents import Incident, IncidentRules, StoreIncidents, largest_share
from gumnut_tui.domain.kinds import kind_of_id
from gumnut_tui.domain.models import DESTRUCTIVE, Operation, operation_of
from gumnut_tui.feed.entity_cache import NameCache
from gumnut_tui.feed.poller import EventFeed
from gumnut_tui.formatting.entity_names import short_id
from gumnut_tui.store.event_store import EventStore, View

if TYPE_CHECKING:
    from gumnut_tui.domain.actions import Action, ActionRules
    from gumnut_tui.store.actions import Actions

MANY = 100_000
"""Rows from which a text search takes longer than a key may wait, so that it runs in a thread."""
SEVERAL = "this action is about several things: {} shows its events"
"""Said with the key that does."""
"""Said where one entity is asked for and none is meant."""
ROWS_A_STEP = 400
"""Rows whose names are read in one step: a few requests, as many as two pages need."""


class ScreenRows:
    """The rows of a view in the order of the screen."""

    def __init__(self, view: View, *, newest_first: bool) -> None:
        self.view = view
        self.newest_first = newest_first

    def __len__(self) -> int:
        return len(self.view)

    def __getitem__(self, index: int, /) -> int:
        if not 0 <= index < len(self.view):
            raise IndexError(index)
        return self.view[self._turned(index)]

    def created_at_us(self, index: int) -> int:
        """When the event in a line was created, in µs."""
        return self.view.store.created_at_us(self[index])

    def index_of(self, row: int) -> int | None:
        """The row's index on the screen; None when it is filtered out."""
        return self._maybe_turned(self.view.index_of(row))

    def nearest(self, row: int) -> int | None:
        """The index of the row, or of the nearest one that is shown."""
        return self._maybe_turned(self.view.nearest(row))

    def _turned(self, index: int) -> int:
        return len(self.view) - 1 - index if self.newest_first else index

    def _maybe_turned(self, index: int | None) -> int | None:
        return None if index is None else self._turned(index)


class Growth(msgspec.Struct, frozen=True):
    """Rows gained above and below the anchor row."""

    above: int = 0
    below: int = 0


class EventList:
    """A feed seen through a filter. The filter may be suspended; the time range still applies then."""

    def __init__(self, feed: EventFeed, names: NameCache, wanted: EventFilter, *, newest_first: bool) -> None:
        self.feed = feed
        self.names = names
        self.filter = wanted
        self.grouping: Grouping | None = None
        """How events are grouped into actions; None while they are shown one by one."""
        self._lines: ActionRows | None = None
        self._kinds: dict[str, str] = {}
        """Kinds of the entities that a filter names."""
        self.suspended = False
        self.newest_first = newest_first
        self.marked: frozenset[int] | None = None
        """The only rows to show, because they are marked; None shows all."""
        self.rows = self._rows_of(feed.store)

    @property
    def store(self) -> EventStore:
        """The store the rows are in: the feed's, until the feed is read again and `refresh` is called."""
        return self.rows.view.store

    @property
    def lines(self) -> ScreenRows | ActionRows:
        """What the lines of the table show: events, or actions and the events of those that are unfolded."""
        return self.rows if self._lines is None else self._lines

    @property
    def acting(self) -> EventFilter:
        """The filter in force."""
        if not self.suspended:
            return self.filter
        return EventFilter(since_us=self.filter.since_us, until_us=self.filter.until_us)

    @property
    def has_filter(self) -> bool:
        """More is asked for than a time range."""
        return self.filter != EventFilter(since_us=self.filter.since_us, until_us=self.filter.until_us)

    def name_of(self, entity_id: str) -> str:
        """The name of an entity the events are about, or its shortened id."""
        kind = self._kinds.get(entity_id)
        if kind is None:
            store = self.store
            events = (store.event(row) for row in reversed(store.history(entity_id)))
            own = next((event for event in events if event.entity_id == entity_id), None)
            kind = self._kinds[entity_id] = (own.kind if own else kind_of_id(entity_id)) or "entity"
        return self.names.name(kind, entity_id) or short_id(kind, entity_id)

    @property
    def is_current(self) -> bool:
        """The rows are of the feed's present store: it was not read again since."""
        return self.store is self.feed.store

    @property
    def loaded(self) -> int:
        """Events read so far."""
        return len(self.feed.store)

    @property
    def more_to_read(self) -> bool:
        """Whether there is more to read at the end that grows on demand."""
        feed = self.feed
        return not feed.reaches_start if feed.newest_first else not (feed.caught_up or feed.closed)

    @property
    def grows_below(self) -> bool:
        """Whether what is read on demand appears at the bottom of the screen."""
        return self.feed.newest_first == self.newest_first

    def index_of(self, cursor: str | None) -> int | None:
        """Where on the screen the event with this cursor is, or else one beside it; None when it was not read."""
        row = None if cursor is None else self.store.find(cursor)
        return None if row is None else self.lines.nearest(row)

    def takes_long(self, wanted: EventFilter) -> bool:
        """Whether finding what passes would block the keys: `prepared` is for that."""
        return bool(wanted.text) and self.loaded >= MANY

    async def prepared(self, wanted: EventFilter) -> View:
        """What passes a filter, found in a thread if that takes long; complete either way.

        A text is searched in all names the journal knows. Raises `JournalProblem`.
        """
        if wanted.text:
            await self.names.load_names()
        if not self.takes_long(wanted):
            return self._view(wanted, self.store)
        view = await asyncio.to_thread(self._view, wanted, self.store)
        view.refresh()
        return view

    def set_filter(self, wanted: EventFilter, view: View | None = None) -> None:
        """Show what passes another filter, `view` if that is known; a filter that is set acts."""
        self.filter = wanted
        self.suspended = False
        self.rows = self._rows() if view is None else ScreenRows(view, newest_first=self.newest_first)

    def show_only(self, marked: frozenset[int] | None) -> None:
        """Show only marked rows, or all again."""
        self.marked = marked
        self.rows = self._rows()

    def suspend(self) -> None:
        """Suspend the filter, or resume it."""
        self.suspended = not self.suspended
        self.rows = self._rows()

    def turn(self) -> None:
        """Reverse the order of the rows."""
        self.newest_first = not self.newest_first
        self.rows = ScreenRows(self.rows.view, newest_first=self.newest_first)

    def group(self, rules: ActionRules | None) -> None:
        """Show actions from now on, of which none is known before `group_steps`; None shows events again."""
        self.grouping = None if rules is None else Grouping(self.store, rules)
        self._lines = None
        self.regroup()

    def group_steps(self) -> Iterator[None]:
        """Find the actions, a few milliseconds at a time; `regroup` shows those known by then."""
        if self.grouping is not None:
            if self.grouping.store is not self.store:
                self.grouping = Grouping(self.store, self.grouping.actions.rules)
            yield from self.grouping.steps(self.rows.view)

    def action_of(self, row: int) -> Action | None:
        """The action a row id is of, if actions are shown."""
        return None if self.grouping is None else self.grouping.actions.of_row(event_row(row))

    def rows_of(self, action: Action) -> Sequence[int]:
        """The rows of an action's events."""
        return () if self.grouping is None else list(self.grouping.actions.rows(action))

    def is_unfolded(self, row: int) -> bool:
        """Whether the events of an action are shown."""
        return self._lines is not None and self._lines.is_unfolded(row)

    def regroup(self) -> None:
        """Let the lines be the actions known by now, if actions are shown."""
        if self.grouping is not None:
            self._lines = self.grouping.rows(self.rows.view, newest_first=self.newest_first)

    def refresh(self, anchor: int | None) -> Growth | None:
        """Take in what was read since. Says what came above and below the row `anchor`; None: nothing can be said.

        Nothing can be said when there is no anchor, or when the feed was read again from its start.
        """
        view = self.rows.view
        if anchor is None or not self.is_current:
            self.rows = self._rows_of(self.feed.store)
            return None
        # Positions are the same whether the anchor is in the view or filtered out.
        position, count = view.position(anchor), len(view)
        view.refresh()
        earlier = view.position(anchor) - position
        later = len(view) - count - earlier
        return Growth(later, earlier) if self.newest_first else Growth(earlier, later)

    async def rename(self) -> bool:
        """Names were learnt, so a text filter may let other rows pass. Returns whether the rows changed."""
        acting = self.acting
        if not acting.text or self._named(acting.text) == frozenset(self.rows.view.named):
            return False
        view = await self.prepared(acting)
        if acting != self.acting:
            return False
        self.rows = ScreenRows(view, newest_first=self.newest_first)
        return True

    def without_text(self) -> ScreenRows:
        """The rows as they would be without the text of the filter, in the screen's order."""
        return ScreenRows(self.hits(with_text("")), newest_first=self.newest_first)

    def hits(self, change: Callable[[EventFilter], EventFilter]) -> View:
        """The rows under a changed filter, to step through."""
        wanted = change(self.acting)
        return self.store.view(wanted, self._named(wanted.text))

    def type_counts(self) -> Counter[str]:
        """Loaded events by entity type, under the other parts of the filter."""
        counts = Counter[str]()
        for (entity_type, event_type), count in self.rows.view.type_counts().items():
            if self._accepts(event_type, by_operation=True):
                counts[entity_type] += count
        return counts

    def operation_counts(self) -> Counter[Operation]:
        """Loaded events by operation, under the other parts of the filter."""
        counts = Counter[Operation]()
        types = self.acting.entity_types
        for (entity_type, event_type), count in self.rows.view.type_counts().items():
            if (types is None or entity_type in types) and self._accepts(event_type, by_operation=False):
                counts[operation_of(event_type)] += count
        return counts

    def _accepts(self, event_type: str, *, by_operation: bool) -> bool:
        acting = self.acting
        if event_type in acting.not_event_types:
            return False
        if acting.event_types is not None and event_type not in acting.event_types:
            return False
        return not by_operation or acting.operations is None or operation_of(event_type) in acting.operations

    def _rows(self) -> ScreenRows:
        return self._rows_of(self.store)

    def _rows_of(self, store: EventStore) -> ScreenRows:
        return ScreenRows(self._view(self.acting, store), newest_first=self.newest_first)

    def _view(self, wanted: EventFilter, store: EventStore) -> View:
        return store.view(wanted, self._named(wanted.text), self.marked)

    def _named(self, text: str) -> frozenset[str]:
        return self.names.ids_named(text) if text else frozenset()


GroupingNow = Callable[[], "Grouping | None"]
"""How events are grouped at the moment."""


def _no_grouping() -> None:
    return None


class Marks:
    """Marked events of one library. They outlast a new read of the feed, because an event is known by its cursor."""

    def __init__(self, grouping: GroupingNow = _no_grouping) -> None:
        self._cursors: dict[str, int | None] = {}
        self._store: EventStore | None = None
        self._actions = OfActions(grouping, self._has_any)

    def __len__(self) -> int:
        return len(self._cursors)

    def __contains__(self, row: object) -> bool:
        """Whether an event is marked, or any event of an action."""
        if isinstance(row, int) and row < 0:
            return bool(self._cursors) and bool(self._actions.of(row))
        return row in self._cursors.values()

    def _has_any(self, actions: Actions, action: Action) -> bool:
        marked = self.rows
        if len(marked) < action.events // 8:
            # Finding the action of a row takes as long as going through some of an action's rows.
            return any(actions.of_row(row) == action for row in marked)
        return not marked.isdisjoint(actions.rows(action))

    @property
    def rows(self) -> frozenset[int]:
        """Rows of the marked events that have been read."""
        return frozenset(row for row in self._cursors.values() if row is not None)

    def toggle(self, store: EventStore, rows: Sequence[int]) -> None:
        """Mark the events in these rows, or take their marks away if all have one."""
        self._store = store
        self._actions.forget()
        cursors = {store.cursor(row): row for row in rows}
        if cursors.keys() <= self._cursors.keys():
            for cursor in cursors:
                del self._cursors[cursor]
        else:
            self._cursors.update(cursors)

    def refresh(self, store: EventStore) -> bool:
        """Find the marked events again in what was read; returns whether any was found."""
        if store is not self._store:
            self._store = store
            self._cursors = dict.fromkeys(self._cursors)
            self._actions.forget()
        missing = [cursor for cursor, row in self._cursors.items() if row is None]
        found = {cursor: row for cursor in missing if (row := store.find(cursor)) is not None}
        self._cursors.update(found)
        if found:
            self._actions.forget()
        return bool(found)


class IncidentRows:
    """The rows of a store that belong to an incident, kept current as it grows."""

    def __init__(self, rules: IncidentRules, grouping: GroupingNow = _no_grouping) -> None:
        self._rules = rules
        self._store: EventStore | None = None
        self._incidents: StoreIncidents | None = None
        self._grouping = grouping
        self._actions = OfActions(grouping, self._is_part)

    def __contains__(self, row: object) -> bool:
        """Whether an event is part of an incident, or any event of an action."""
        if not isinstance(row, int) or self._incidents is None:
            return False
        return bool(self._actions.of(row)) if row < 0 else self._incidents.of_row(row) is not None

    def incident(self, row: int) -> Incident | None:
        """The incident of the event in a row; of an action the one that most of its events belong to."""
        incidents, grouping = self._incidents, self._grouping()
        if incidents is None or (row < 0 and row not in self):
            return None
        if row >= 0 or grouping is None:
            return incidents.of_row(event_row(row))
        action = grouping.actions.of_row(event_row(row))
        return None if action is None else largest_share(incidents.counts(grouping.actions.rows(action)))

    def _is_part(self, actions: Actions, action: Action) -> bool:
        incidents = self._incidents
        if incidents is None or not incidents.overlap(action.first_us, action.last_us):
            return False
        if all(operation_of(event_type) not in DESTRUCTIVE for _, event_type in actions.kinds(action)):
            return False
        return any(incidents.of_row(row) is not None for row in actions.rows(action))

    def refresh(self, store: EventStore) -> bool:
        """Take in what the store gained; returns whether rows may belong to other incidents now."""
        if self._incidents is None or store is not self._store:
            self._store, self._incidents = store, StoreIncidents(store, self._rules)
            self._actions.forget()
        is_new = self._incidents.refresh()
        if is_new:
            self._actions.forget()
        return is_new


async def read_names(rows: Sequence[int], store: EventStore, names: NameCache) -> AsyncIterator[int]:
    """Read the names of these rows in their order, a step at a time; yields how many rows are done."""
    for start in range(0, len(rows), ROWS_A_STEP):
        step = rows[start : start + ROWS_A_STEP]
        await names.resolve(store.event(row) for row in step)
        yield start + len(step)


def only_destructive(wanted: EventFilter) -> EventFilter:
    """The filter narrowed to destructive events."""
    kept = DESTRUCTIVE if wanted.operations is None else DESTRUCTIVE & wanted.operations
    return msgspec.structs.replace(wanted, operations=kept)


def with_text(text: str) -> Callable[[EventFilter], EventFilter]:
    """A change that sets the text of the filter."""
    return lambda wanted: msgspec.structs.replace(wanted, text=text)


def about(entity_id: str) -> Callable[[EventFilter], EventFilter]:
    """A change that narrows to one entity."""
    return lambda wanted: msgspec.structs.replace(wanted, entity_id=entity_id)

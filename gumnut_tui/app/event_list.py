"""What is looked at: the rows of one feed under a filter, in the screen's order."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import DESTRUCTIVE, Operation, operation_of
from gumnut_tui.feed.event_feed import EventFeed
from gumnut_tui.feed.names import NameCache
from gumnut_tui.store.event_store import EventStore, View

MANY = 100_000
"""Rows from which searching them for a text takes longer than a key may wait, so that it is done in a thread."""


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

    def index_of(self, row: int) -> int | None:
        """Where the row stands on the screen; None when it is filtered out."""
        return self._maybe_turned(self.view.index_of(row))

    def nearest(self, row: int) -> int | None:
        """Where the row stands, or else one beside it."""
        return self._maybe_turned(self.view.nearest(row))

    def _turned(self, index: int) -> int:
        return len(self.view) - 1 - index if self.newest_first else index

    def _maybe_turned(self, index: int | None) -> int | None:
        return None if index is None else self._turned(index)


@dataclass(frozen=True, slots=True)
class Growth:
    """Rows gained above and below a row that was looked at."""

    above: int = 0
    below: int = 0


class EventList:
    """A feed seen through a filter. The filter may be suspended; the time range then still holds."""

    def __init__(self, feed: EventFeed, names: NameCache, wanted: EventFilter, *, newest_first: bool) -> None:
        self.feed = feed
        self.names = names
        self.filter = wanted
        self.suspended = False
        self.newest_first = newest_first
        self.marked: frozenset[int] | None = None
        """The only rows to show, because they are marked; None shows all."""
        self.rows = self._rows_of(feed.store)

    @property
    def store(self) -> EventStore:
        """What the rows are rows of: the feed's store, until the feed is read again and `refresh` is called."""
        return self.rows.view.store

    @property
    def acting(self) -> EventFilter:
        """The filter that holds now."""
        if not self.suspended:
            return self.filter
        return EventFilter(since_us=self.filter.since_us, until_us=self.filter.until_us)

    @property
    def is_current(self) -> bool:
        """The feed was not read again since the rows were looked for."""
        return self.store is self.feed.store

    @property
    def loaded(self) -> int:
        """Events read so far."""
        return len(self.feed.store)

    def takes_long(self, wanted: EventFilter) -> bool:
        """Whether looking for what passes would hold up the keys: `prepared` is for that."""
        return bool(wanted.text) and self.loaded >= MANY

    async def prepared(self, wanted: EventFilter) -> View:
        """What passes a filter, looked for in a thread when that takes long; complete either way."""
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
        """Let everything in the range pass, or take the filter back into force."""
        self.suspended = not self.suspended
        self.rows = self._rows()

    def turn(self) -> None:
        """Turn the order of the screen."""
        self.newest_first = not self.newest_first
        self.rows = ScreenRows(self.rows.view, newest_first=self.newest_first)

    def refresh(self, anchor: int | None) -> Growth | None:
        """Take in what was read since. Says what came above and below the row `anchor`; None: nothing can be said.

        Nothing can be said when there is no anchor, or when the feed was read again from its start.
        """
        view = self.rows.view
        if anchor is None or not self.is_current:
            self.rows = self._rows_of(self.feed.store)
            return None
        # Positions count the same whether the anchor is in the view or filtered out.
        position, count = view.position(anchor), len(view)
        view.refresh()
        earlier = view.position(anchor) - position
        later = len(view) - count - earlier
        return Growth(later, earlier) if self.newest_first else Growth(earlier, later)

    async def rename(self) -> bool:
        """Names were learnt: a text filter may let other rows pass. Returns whether the rows are others now."""
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
        """The rows under a changed filter, for walking from one to the next."""
        wanted = change(self.acting)
        return self.store.view(wanted, self._named(wanted.text))

    def type_counts(self) -> Counter[str]:
        """Loaded events by entity type, under all the rest of the filter."""
        counts = Counter[str]()
        for (entity_type, event_type), count in self.rows.view.type_counts().items():
            if self._accepts(event_type, by_operation=True):
                counts[entity_type] += count
        return counts

    def operation_counts(self) -> Counter[Operation]:
        """Loaded events by operation, under all the rest of the filter."""
        counts = Counter[Operation]()
        types = self.acting.entity_types
        for (entity_type, event_type), count in self.rows.view.type_counts().items():
            if (types is None or entity_type in types) and self._accepts(event_type, by_operation=False):
                counts[operation_of(event_type)] += count
        return counts

    def _accepts(self, event_type: str, *, by_operation: bool) -> bool:
        acting = self.acting
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


def only_destructive(wanted: EventFilter) -> EventFilter:
    """The filter narrowed to events after which something was gone."""
    kept = DESTRUCTIVE if wanted.operations is None else DESTRUCTIVE & wanted.operations
    return msgspec.structs.replace(wanted, operations=kept)


def with_text(text: str) -> Callable[[EventFilter], EventFilter]:
    """A change that sets the text looked for."""
    return lambda wanted: msgspec.structs.replace(wanted, text=text)


def about(entity_id: str) -> Callable[[EventFilter], EventFilter]:
    """A change that narrows to one entity."""
    return lambda wanted: msgspec.structs.replace(wanted, entity_id=entity_id)

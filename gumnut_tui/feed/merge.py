"""A second reading of a feed, put together with the rows that are known: each event at its place once."""

from __future__ import annotations

from collections.abc import Iterable

from gumnut_tui.domain.cursor_set import CursorSet
from gumnut_tui.domain.models import Event
from gumnut_tui.store.event_store import EventStore


class Reread:
    """Takes the events of a forward reading, from the feed's beginning on, and keeps those a store has not.

    What is unknown stands before the next known event of the reading, and behind all rows at its end.
    """

    def __init__(self, store: EventStore, known: CursorSet) -> None:
        self._store = store
        self._known = known
        self._waiting: list[Event] = []

    def take(self, events: Iterable[Event]) -> None:
        """The next events of the reading."""
        for event in events:
            if event.cursor not in self._known:
                self._waiting.append(event)
            elif self._waiting:
                self._place(self._store.find(event.cursor))

    def end(self) -> None:
        """The reading has come to its end."""
        self._place(None)

    def _place(self, before: int | None) -> None:
        for event in self._waiting:
            self._known.add(event.cursor)
        self._store.insert(self._waiting, before=before)
        self._waiting = []

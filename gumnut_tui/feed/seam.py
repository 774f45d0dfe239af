"""Where a stretch just read meets rows that are known: each event is put in its place once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gumnut_tui.models import Event
from gumnut_tui.store import EventStore

LOOKAHEAD = 1000
"""Known rows that are kept at hand, by cursor, in front of the place reached: five pages."""


class Seam:
    """Walks the known rows in feed order beside a second reading of the same feed, and takes in what is new to it.

    Both readings are in feed order, so an event that is unknown stands before the next known one.
    """

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._next = store.first_row
        """The known row expected next; None behind the last."""
        self._ahead: dict[str, int] = {}
        self._frontier = self._next

    def knows(self, cursor: str) -> bool:
        """Whether the event is among the known rows ahead."""
        self._look_ahead()
        return cursor in self._ahead

    def merge(self, events: Iterable[Event], wanted: Callable[[Event], bool]) -> int:
        """Insert the unknown events that are `wanted` at their place in the feed; returns how many."""
        gained, batch = 0, list[Event]()
        for event in events:
            if self.knows(event.cursor):
                gained += self._insert(batch)
                batch = []
                self._step_past(event.cursor)
            elif wanted(event):
                batch.append(event)
        return gained + self._insert(batch)

    def _insert(self, batch: list[Event]) -> int:
        return len(self._store.insert(batch, before=self._next)) if batch else 0

    def _step_past(self, cursor: str) -> None:
        row = self._ahead[cursor]
        for passed in list(self._ahead):
            del self._ahead[passed]
            if passed == cursor:
                break
        self._next = self._store.next_row(row)

    def _look_ahead(self) -> None:
        while self._frontier is not None and len(self._ahead) < LOOKAHEAD:
            self._ahead[self._store.cursor(self._frontier)] = self._frontier
            self._frontier = self._store.next_row(self._frontier)

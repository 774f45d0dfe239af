"""Merges a second read of the feed into the rows already held, each event once and in feed order."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gumnut_tui.domain.models import Event
from gumnut_tui.store.event_store import EventStore

LOOKAHEAD = 1000
"""Rows ahead of the current position whose cursors are kept in memory: five pages."""


class Seam:
    """The seam between held rows and an overlapping read: both are in feed order, so they merge like sorted lists.

    An event that is not held belongs directly before the next one that is.
    """

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._passed: int | None = None
        """The next new event is inserted after this row; None: before the first."""
        self._ahead: dict[str, int] = {}
        self._frontier: int | None = None
        """The last row in `_ahead`."""

    def knows(self, cursor: str) -> bool:
        """Whether one of the rows ahead holds this event."""
        self._look_ahead()
        return cursor in self._ahead

    def merge(self, events: Iterable[Event], wanted: Callable[[Event], bool]) -> int:
        """Insert the new events that are `wanted`, in feed order; returns how many."""
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
        if not batch:
            return 0
        # Asked for only now: the newer end may have grown since the last page.
        rows = self._store.insert(batch, before=self._behind(self._passed))
        if not self._ahead:
            self._frontier = rows[-1]
        self._passed = rows[-1]
        return len(rows)

    def _step_past(self, cursor: str) -> None:
        row = self._ahead[cursor]
        for passed in list(self._ahead):
            del self._ahead[passed]
            if passed == cursor:
                break
        self._passed = row

    def _look_ahead(self) -> None:
        while len(self._ahead) < LOOKAHEAD and (row := self._behind(self._frontier)) is not None:
            self._ahead[self._store.cursor(row)] = row
            self._frontier = row

    def _behind(self, row: int | None) -> int | None:
        return self._store.first_row if row is None else self._store.next_row(row)

"""A second reading of a feed, put together with the rows that are known: each event at its place once."""

from __future__ import annotations

from gumnut_tui.domain.cursors import CursorSet
from gumnut_tui.domain.models import Event, EventPage
from gumnut_tui.feed.stretch import Stretch, behind
from gumnut_tui.store.event_store import EventStore


class Reread:
    """Takes the pages of a forward reading and puts those events into a store that it has not.

    What is unknown stands before the next known event of the reading. The reading ends with the event `until`, as what
    is behind it comes another way; without one it ends with the feed, and what is unknown there stands behind all rows.
    """

    def __init__(self, store: EventStore, known: CursorSet, read: Stretch, *, until: str | None = None) -> None:
        self.read = read
        """Where the reading goes on."""
        self._store = store
        self._known = known
        self._until = until
        self._waiting: list[Event] = []

    def take(self, page: EventPage) -> bool:
        """The next page; returns whether it is the last. Raises `FeedStuck` for one that leads nowhere."""
        for event in behind(page.events, self.read.cursor):
            if event.cursor not in self._known:
                self._waiting.append(event)
            elif self._waiting:
                self._place(self._store.find(event.cursor))
            if event.cursor == self._until:
                return True
        if not page.has_more and self._until is None:
            self._place(None)
        asked, self.read.cursor = self.read.cursor, page.next_cursor
        # Known events are what it is there to find again.
        self.read.guard.check(asked, page, len(page.events))
        return not page.has_more

    def _place(self, before: int | None) -> None:
        for event in self._waiting:
            self._known.add(event.cursor)
        self._store.insert(self._waiting, before=before)
        self._waiting = []

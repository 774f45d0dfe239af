"""The rows one has marked; they outlast a new reading of the feed, because an event is known by its cursor."""

from __future__ import annotations

from gumnut_tui.store.event_store import EventStore


class Marks:
    """Marked events of one library."""

    def __init__(self) -> None:
        self._cursors: dict[str, int | None] = {}
        self._store: EventStore | None = None

    def __len__(self) -> int:
        return len(self._cursors)

    def __contains__(self, row: object) -> bool:
        return row in self._cursors.values()

    @property
    def rows(self) -> frozenset[int]:
        """Rows of the marked events that have been read."""
        return frozenset(row for row in self._cursors.values() if row is not None)

    def toggle(self, store: EventStore, row: int) -> None:
        """Mark the event in a row, or take its mark away."""
        self._store = store
        cursor = store.cursor(row)
        if cursor in self._cursors:
            del self._cursors[cursor]
        else:
            self._cursors[cursor] = row

    def look_in(self, store: EventStore) -> bool:
        """Find the marked events again in what was read; returns whether any was found."""
        if store is not self._store:
            self._store = store
            self._cursors = dict.fromkeys(self._cursors)
        missing = [cursor for cursor, row in self._cursors.items() if row is None]
        found = {cursor: row for cursor in missing if (row := store.find(cursor)) is not None}
        self._cursors.update(found)
        return bool(found)

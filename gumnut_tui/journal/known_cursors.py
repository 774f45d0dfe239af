"""Which events a stretch of the journal holds, told by looking into each of its pages once."""

from __future__ import annotations

from collections.abc import Iterable

from gumnut_tui.domain.cursor_set import CursorSet


class KnownCursors:
    """Cursors of the pages looked into, of the stretch written last.

    Only what is on disk goes in: a page that was rolled back must not make its events known.
    """

    def __init__(self) -> None:
        self._stretch: int | None = None
        self._cursors = CursorSet()
        self._counts: dict[int, int] = {}
        """How many events a page held when it was looked into, by the number of its first."""

    def turn_to(self, stretch: int, events: int) -> None:
        """A stretch that holds so many events is meant from now on; numbers may be given again to an empty one."""
        if stretch != self._stretch or not events:
            self._stretch, self._cursors, self._counts = stretch, CursorSet(), {}

    def has(self, first: int, count: int) -> bool:
        """Whether the page was looked into as it is."""
        return self._counts.get(first) == count

    def add(self, first: int, count: int, cursors: Iterable[str]) -> None:
        """A page was looked into."""
        self._counts[first] = count
        for cursor in cursors:
            self._cursors.add(cursor)

    def __contains__(self, cursor: str) -> bool:
        return cursor in self._cursors

"""Ends a read that leads nowhere: a server that says there is more and gives nothing new is not asked for ever."""

from __future__ import annotations

from gumnut_tui.domain.errors import FeedStuck
from gumnut_tui.domain.models import EventPage

ASKED = "GET /api/events"
MOST_STALE = 3
"""Pages of nothing but known events, one behind the other with more to come, that end a read."""


class Guard:
    """Watches the pages of one read, up to the page behind which nothing further was ready.

    `has_more` true promises something further, so a page must lead on: to a cursor that was not continued from before,
    and, where only new events can stand, to new ones. A few pages of known ones may come from pages that overlap.
    """

    def __init__(self) -> None:
        self._continued: set[str | None] = set()
        self._stale = 0

    def check(self, asked: str | None, page: EventPage, fresh: int) -> None:
        """Look at the page behind the cursor `asked`, of which `fresh` events were new; raises `FeedStuck`."""
        if not page.has_more:
            self._continued.clear()
            self._stale = 0
            return
        self._continued.add(asked)
        if page.next_cursor in self._continued:
            self._continued.clear()
            raise FeedStuck(ASKED, "a new cursor", "next_cursor", "one that was used before")
        self._stale = 0 if fresh or not page.events else self._stale + 1
        if self._stale == MOST_STALE:
            self._stale = 0
            raise FeedStuck(ASKED, "new events, as has_more is true", "data", "only known ones")

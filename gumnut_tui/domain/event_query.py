"""What is asked of the event feed: one value from the flag or the screen down to the request."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class EventQuery:
    """One read of the feed; from page to page only the cursor changes, as cursors hold for one set of filters."""

    library_id: str | None = None
    """None leaves the choice to the service, which makes it where there is a single library."""
    after_cursor: str | None = None
    """None reads from the beginning, or from `created_at_gte` on."""
    entity_types: Collection[str] | None = None
    """None, empty, or all known ones asks for everything, types not yet known included."""
    created_at_gte: datetime | None = None
    created_at_lt: datetime | None = None
    """A hint: today's servers ignore it, so whoever counts on it has to look at each event."""
    limit: int | None = None
    """Events a page holds at most; None for as many as the client asks for by itself."""
    raw: bool = False
    """Keep each event's JSON as received."""

    def after(self, cursor: str | None) -> EventQuery:
        """The same read, from behind this cursor on."""
        return replace(self, after_cursor=cursor)

"""What the feed reads from: anything that answers pages of events."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from gumnut_tui.domain.models import EventPage


class EventSource(Protocol):
    """A library's events, page by page, forward only: the API client, or a list in a test."""

    async def events(
        self,
        library_id: str | None,
        *,
        after_cursor: str | None = None,
        created_at_gte: datetime | None = None,
        created_at_lt: datetime | None = None,
    ) -> EventPage:
        """One page behind `after_cursor`; the upper bound may be ignored by the server."""
        ...

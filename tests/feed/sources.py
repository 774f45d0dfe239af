"""A feed held in a list, served as the service serves it: forward only, page by page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from gumnut_tui.domain.errors import CursorRefused
from gumnut_tui.domain.models import Event, EventPage
from gumnut_tui.domain.ports import EventQuery


class ListSource:
    """Serves `events` in the order given; `honours_lt` as older servers do, `refused` are cursors answered 400."""

    def __init__(self, events: Iterable[Event], *, page_rows: int = 5, honours_lt: bool = False) -> None:
        self.events_held = list(events)
        self.page_rows = page_rows
        self.honours_lt = honours_lt
        self.refused: set[str] = set()
        self.asked: list[tuple[str | None, datetime | None, datetime | None]] = []

    async def events(self, query: EventQuery) -> EventPage:
        after_cursor, created_at_gte, created_at_lt = query.after_cursor, query.created_at_gte, query.created_at_lt
        self.asked.append((after_cursor, created_at_gte, created_at_lt))
        if after_cursor in self.refused:
            raise CursorRefused("GET /api/events", 400, "cursor is ahead of the database")
        start = 0
        if after_cursor is not None:
            start = 1 + next(i for i, event in enumerate(self.events_held) if event.cursor == after_cursor)
        found = [
            event
            for event in self.events_held[start:]
            if (created_at_gte is None or event.created_at >= created_at_gte)
            and (not self.honours_lt or created_at_lt is None or event.created_at < created_at_lt)
        ]
        page = tuple(found[: self.page_rows])
        return EventPage(page, page[-1].cursor if page else after_cursor, len(found) > len(page))

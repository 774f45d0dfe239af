"""A library for tests of the journal: a feed kept in a list, read page by page, and entities that can be asked for."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Sequence
from datetime import datetime
from typing import Any

from gumnut_tui.domain.errors import CursorRefused, GumnutError
from gumnut_tui.domain.models import Entity, EntityState, Event, EventPage, Presence, presence_in
from gumnut_tui.domain.ports import EventQuery
from gumnut_tui.journal.records import LibraryKey
from tests.factories import NOW

KEY = LibraryKey("https://api.example.com", "user_1", "lib_1")


def page_of(events: Sequence[Event], *, has_more: bool = True, after: str | None = None) -> EventPage:
    """A page whose position is that of its last event."""
    return EventPage(tuple(events), events[-1].cursor if events else after, has_more)


class Service:
    """Serves `feed`, `page_rows` at a time, and the entities in `fields`; `failure` meets whoever asks for entities.

    A cursor in `refused` is answered 400.
    """

    def __init__(self, feed: Sequence[Event] = (), *, page_rows: int = 5) -> None:
        self.feed = list(feed)
        self.page_rows = page_rows
        self.refused: set[str] = set()
        self.fields: dict[tuple[str, str], dict[str, Any]] = {}
        self.read_at = NOW
        self.failure: GumnutError | None = None
        self.asked: list[tuple[str, list[str]]] = []
        self.requests = 0
        self.problem_at: tuple[int, GumnutError] | None = None
        """The request, counted from 1, that fails, and how."""

    def has(self, kind: str, entity_id: str, **fields: Any) -> None:
        """Let an entity be there with these fields."""
        self.fields[kind, entity_id] = {"id": entity_id, **fields}

    async def read_feed(self, query: EventQuery) -> AsyncGenerator[EventPage, None]:
        cursor, since, has_more = query.after_cursor, query.created_at_gte, True
        while has_more:
            page = self._page(cursor, since)
            cursor, has_more = page.next_cursor, page.has_more
            yield page

    def _page(self, cursor: str | None, since: datetime | None) -> EventPage:
        self.requests += 1
        if self.problem_at is not None and self.problem_at[0] == self.requests:
            raise self.problem_at[1]
        if cursor in self.refused:
            raise CursorRefused("GET /api/events", 400, "cursor is ahead of the database")
        start = 0
        if cursor is not None:
            start = 1 + next(at for at, event in enumerate(self.feed) if event.cursor == cursor)
        events = self.feed[start : start + self.page_rows]
        has_more = start + self.page_rows < len(self.feed)
        shown = [event for event in events if since is None or event.created_at >= since]
        return EventPage(tuple(shown), events[-1].cursor if events else cursor, has_more)

    async def entities(self, kind: str, ids: Collection[str], library_id: str | None) -> dict[str, Entity]:
        self.requests += 1
        self.asked.append((kind, sorted(ids)))
        if self.failure is not None:
            raise self.failure
        return {
            each: Entity(kind, each, self.fields[kind, each], self.read_at)
            for each in ids
            if (kind, each) in self.fields
        }

    async def entity(self, kind: str, entity_id: str, library_id: str | None) -> EntityState:
        """What one entity is: there, or gone."""
        found = (await self.entities(kind, [entity_id], library_id)).get(entity_id)
        presence = Presence.GONE if found is None else presence_in(found.fields)
        return EntityState(kind, entity_id, presence, self.read_at, found)

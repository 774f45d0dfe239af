"""Requests the next page while the caller still works on the last one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from gumnut_tui.domain.models import EventPage
from gumnut_tui.domain.ports import EventQuery, EventSource

TURNS = 4
"""Turns of the event loop after which a request on an open connection has been sent."""


class Prefetch:
    """A source before another: the page behind the one just given is under way already, when it `is_wanted`.

    Only reads without an upper bound are read ahead, because those with one may end at any page; and one page only.
    """

    def __init__(self, source: EventSource, is_wanted: Callable[[], bool]) -> None:
        self._source = source
        self._is_wanted = is_wanted
        self._next: tuple[EventQuery, asyncio.Task[EventPage]] | None = None

    async def events(self, query: EventQuery) -> EventPage:
        """The page asked for; raises what the source raises."""
        page = await (self._under_way(query) or self._ask(query))
        if page.has_more and query.created_at_lt is None and self._is_wanted():
            await self._ask_ahead(query.after(page.next_cursor))
        return page

    def _under_way(self, query: EventQuery) -> asyncio.Task[EventPage] | None:
        """The answer already asked for; one that failed meanwhile is as good as none."""
        if self._next is None or self._next[0] != query:
            return None
        task, self._next = self._next[1], None
        return None if task.done() and _failed(task) else task

    async def _ask_ahead(self, query: EventQuery) -> None:
        if self._next is not None:
            self._next[1].cancel()
        task = asyncio.ensure_future(self._ask(query))
        # Looked at, so that nobody complains about a failure of what was never asked for.
        task.add_done_callback(_failed)
        self._next = query, task
        for _ in range(TURNS):
            await asyncio.sleep(0)

    async def _ask(self, query: EventQuery) -> EventPage:
        return await self._source.events(query)


def _failed(task: asyncio.Task[EventPage]) -> bool:
    return task.cancelled() or task.exception() is not None

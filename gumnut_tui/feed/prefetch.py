"""Asks for the next page while the last one is put in its place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from gumnut_tui.domain.models import EventPage
from gumnut_tui.feed.source import EventSource


class _Question(NamedTuple):
    """What is asked of the source."""

    library_id: str | None
    after_cursor: str | None
    created_at_gte: datetime | None
    created_at_lt: datetime | None


TURNS = 4
"""Turns of the event loop after which a request on an open connection has been sent."""


class Prefetch:
    """A source before another: the page behind the one just given is under way already, when it `is_wanted`.

    Only reads without an upper bound are read ahead, because those with one may end at any page; and one page only.
    """

    def __init__(self, source: EventSource, is_wanted: Callable[[], bool]) -> None:
        self._source = source
        self._is_wanted = is_wanted
        self._next: tuple[_Question, asyncio.Task[EventPage]] | None = None

    async def events(
        self,
        library_id: str | None,
        *,
        after_cursor: str | None = None,
        created_at_gte: datetime | None = None,
        created_at_lt: datetime | None = None,
    ) -> EventPage:
        """The page asked for; raises what the source raises."""
        question = _Question(library_id, after_cursor, created_at_gte, created_at_lt)
        page = await (self._under_way(question) or self._ask(question))
        if page.has_more and created_at_lt is None and self._is_wanted():
            await self._ask_ahead(question._replace(after_cursor=page.next_cursor))
        return page

    def _under_way(self, question: _Question) -> asyncio.Task[EventPage] | None:
        """The answer already asked for; one that failed meanwhile is as good as none."""
        if self._next is None or self._next[0] != question:
            return None
        task, self._next = self._next[1], None
        return None if task.done() and _failed(task) else task

    async def _ask_ahead(self, question: _Question) -> None:
        if self._next is not None:
            self._next[1].cancel()
        task = asyncio.ensure_future(self._ask(question))
        # Looked at, so that nobody complains about a failure of what was never asked for.
        task.add_done_callback(_failed)
        self._next = question, task
        for _ in range(TURNS):
            await asyncio.sleep(0)

    async def _ask(self, question: _Question) -> EventPage:
        return await self._source.events(
            question.library_id,
            after_cursor=question.after_cursor,
            created_at_gte=question.created_at_gte,
            created_at_lt=question.created_at_lt,
        )


def _failed(task: asyncio.Task[EventPage]) -> bool:
    return task.cancelled() or task.exception() is not None

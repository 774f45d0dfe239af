"""Reading the feed page after page, with the next page on its way while the last one is looked at."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import datetime, timedelta

from gumnut_tui.api.events import ASKED, select
from gumnut_tui.domain.errors import FeedStuck
from gumnut_tui.domain.models import EventPage, to_us

Fetch = Callable[[str | None], Awaitable[EventPage]]
"""Gives the page after a cursor."""


async def read_pages(
    fetch: Fetch,
    *,
    after_cursor: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    slack: timedelta | None = None,
) -> AsyncGenerator[EventPage, None]:
    """The feed's pages until nothing further is ready, cut to `since` <= created_at < `until`.

    Every page is given, even if no event of it is left, so that progress shows. The feed is not in the order of
    `created_at`: with `slack`, reading ends at the first page that lies wholly at or after `until` + slack;
    without, it goes to the end. Close the iterator (`contextlib.aclosing`) to drop the request under way.
    Raises `FeedStuck` for a cursor that was seen before.
    """
    seen = {after_cursor}
    since_us = to_us(since) if since is not None else None
    until_us = to_us(until) if until is not None else None
    enough_us = to_us(until + slack) if until is not None and slack is not None else None
    coming: asyncio.Task[EventPage] | None = _start(fetch, after_cursor)
    try:
        while coming is not None:
            page = await coming
            ends = not page.has_more or _lies_beyond(page, enough_us)
            if not ends and page.next_cursor in seen:
                raise FeedStuck(ASKED, "a cursor that leads on", "next_cursor", "one that was seen before")
            seen.add(page.next_cursor)
            coming = None if ends else _start(fetch, page.next_cursor)
            yield _within(page, since_us, until_us)
    finally:
        if coming is not None:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)


def _start(fetch: Fetch, cursor: str | None) -> asyncio.Task[EventPage]:
    async def fetched() -> EventPage:
        return await fetch(cursor)

    return asyncio.create_task(fetched())


def _lies_beyond(page: EventPage, enough_us: int | None) -> bool:
    if enough_us is None or not page.events:
        return False
    return all(event.created_at_us >= enough_us for event in page.events)


def _within(page: EventPage, since_us: int | None, until_us: int | None) -> EventPage:
    if since_us is None and until_us is None:
        return page
    return select(page, [_is_within(event.created_at_us, since_us, until_us) for event in page.events])


def _is_within(us: int, since_us: int | None, until_us: int | None) -> bool:
    return (since_us is None or us >= since_us) and (until_us is None or us < until_us)

"""Pages of the event feed, correct on every generation of the server, which is detected.

No other module knows how servers differ: how to continue, which entity types a filter may name, what a refusal means.
Time bounds are sent but not enforced here: a caller that needs them checks each event.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection
from datetime import UTC, datetime, timedelta
from functools import partial

import msgspec
from msgspec.structs import replace

from gumnut_tui.api.address import address
from gumnut_tui.api.caller import Caller
from gumnut_tui.api.decode import FeedAnswer, Generation, feed_page
from gumnut_tui.domain.cursors import CursorSet, Guard
from gumnut_tui.domain.errors import AnswerTooLarge, ApiProblem, BadRequest, CursorRefused, FeedStuck, ValidationFailed
from gumnut_tui.domain.kinds import KNOWN_ENTITY_TYPES, UNFILTERED_TYPES
from gumnut_tui.domain.models import EventPage, to_us, utc_now
from gumnut_tui.domain.ports import EVENTS_PATH, EVENTS_REQUEST, EventQuery

USUAL_LIMIT = 20
"""Events in a page when no limit is sent."""
ABOUT_TYPES = re.compile(r"entity[_ ]?types?", re.IGNORECASE)
ABOUT_CURSOR = re.compile(r"cursor|as_of|position", re.IGNORECASE)


def params_of(query: EventQuery) -> list[tuple[str, str]]:
    """The query parameters; types as one comma-joined value, the only form all servers accept."""
    given = {
        "library_id": query.library_id,
        "entity_types": ",".join(sorted(query.entity_types)) if query.entity_types else None,
        "created_at_gte": as_param(query.created_at_gte),
        "created_at_lt": as_param(query.created_at_lt),
        "limit": None if query.limit is None else str(query.limit),
        "after_cursor": query.after_cursor,
    }
    return [(name, value) for name, value in given.items() if value is not None]


def wanted_types(entity_types: Collection[str] | None) -> frozenset[str] | None:
    """The types to keep; None for all, so that types the service adds later are not hidden."""
    if not entity_types or set(entity_types) >= set(KNOWN_ENTITY_TYPES):
        return None
    return frozenset(entity_types)


def as_param(moment: datetime | None) -> str | None:
    """A time as a query parameter, in UTC to the microsecond; one without a zone counts as UTC."""
    if moment is None:
        return None
    utc = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return utc.isoformat().replace("+00:00", "Z")


class EventReader(msgspec.Struct):
    """Reads pages of the feed; remembers what it learns about the server."""

    caller: Caller
    base: str
    clock: Callable[[], datetime] = utc_now
    generation: Generation | None = None
    """None until a page was read."""
    _most: int | None = None
    """The most events in a page that is not too large; None until a page was."""
    _refused: set[frozenset[str]] = msgspec.field(default_factory=set)
    """Type filters this server refuses; they are applied here instead."""

    async def page(self, query: EventQuery) -> EventPage:
        """The page the query asks for.

        It may be empty though there is more, when all its events are of other types.
        Raises `CursorRefused`, `FeedStuck`, `UnsupportedFeed`, and what `Caller.ask` raises.
        """
        wanted = wanted_types(query.entity_types)
        answer = await self._short_enough(replace(query, entity_types=self._sent_types(wanted)))
        self.generation = answer.generation
        cursor = _cursor_after(answer, query.after_cursor)
        if answer.has_more and (not answer.events or cursor == query.after_cursor):
            got = "an empty page" if not answer.events else "the same cursor again"
            raise FeedStuck(EVENTS_REQUEST, "further events, as has_more is true", "the page", got)
        return _kept(answer, cursor, wanted)

    async def _short_enough(self, query: EventQuery) -> FeedAnswer:
        """The page with as many events as the query allows; half as many, and so on, while it is too large."""
        while True:
            limit = query.limit or USUAL_LIMIT
            asked = query if self._most is None else replace(query, limit=min(limit, self._most))
            try:
                return await self._answer(asked)
            except AnswerTooLarge:
                if asked.limit == 1:
                    raise
                self._most = (asked.limit or limit) // 2

    async def accepts(self, entity_type: str, library_id: str | None) -> bool:
        """Whether the server accepts this entity type as a filter; a type it does not know it refuses."""
        try:
            await self._ask(EventQuery(library_id, entity_types=frozenset({entity_type}), limit=1))
        except (BadRequest, ValidationFailed):
            return False
        return True

    def _sent_types(self, wanted: frozenset[str] | None) -> frozenset[str] | None:
        if wanted is None or wanted & UNFILTERED_TYPES or wanted in self._refused:
            return None
        return wanted

    async def _answer(self, query: EventQuery) -> FeedAnswer:
        try:
            return await self._ask(query)
        except (BadRequest, ValidationFailed) as refusal:
            if await self._cursor_is_to_blame(query, refusal):
                raise _cursor_refused(refusal) from refusal
            if query.entity_types is None:
                raise
        return await self._without_types(query)

    async def _without_types(self, query: EventQuery) -> FeedAnswer:
        """The page without the type filter that was just refused; remembers the filter if that helps."""
        try:
            answer = await self._ask(replace(query, entity_types=None))
        except (BadRequest, ValidationFailed) as refusal:
            if query.after_cursor is not None and ABOUT_CURSOR.search(refusal.detail):
                raise _cursor_refused(refusal) from refusal
            raise
        if query.entity_types is not None:
            self._refused.add(frozenset(query.entity_types))
        return answer

    async def _cursor_is_to_blame(self, query: EventQuery, refusal: ApiProblem) -> bool:
        """Whether the cursor was refused, not a filter: by the server's message, else by asking without the cursor."""
        if query.after_cursor is None:
            return False
        about_cursor = bool(ABOUT_CURSOR.search(refusal.detail))
        about_types = bool(ABOUT_TYPES.search(refusal.detail))
        if about_cursor != about_types:
            return about_cursor
        if isinstance(refusal, ValidationFailed) and not about_cursor:
            return False  # a validation names what it refuses, and it named something else
        try:
            await self._ask(replace(query, after_cursor=None, limit=1, raw=False))
        except (BadRequest, ValidationFailed):
            return False
        return True

    async def _ask(self, query: EventQuery) -> FeedAnswer:
        url = address(self.base, EVENTS_PATH, params_of(query))
        # An event without a time gets that of the lower bound, so that no range hides it.
        at = query.created_at_gte or self.clock()
        return await self.caller.ask(EVENTS_REQUEST, url, partial(feed_page, raw=query.raw, at=at))


def _cursor_refused(refusal: ApiProblem) -> CursorRefused:
    return CursorRefused(refusal.asked, refusal.status, refusal.detail, refusal.request_id, refusal.retry_after)


def _cursor_after(answer: FeedAnswer, sent: str | None) -> str | None:
    return answer.next_cursor or answer.last_cursor or sent


def _kept(answer: FeedAnswer, cursor: str | None, wanted: frozenset[str] | None) -> EventPage:
    page = EventPage(tuple(answer.events), cursor, answer.has_more, tuple(answer.raw))
    return page if wanted is None else select(page, [event.entity_type in wanted for event in page.events])


def select(page: EventPage, chosen: list[bool]) -> EventPage:
    """The page with the chosen events, and their raw JSON where the page has it."""
    if all(chosen):
        return page
    events = tuple(event for event, yes in zip(page.events, chosen, strict=True) if yes)
    raw = tuple(text for text, yes in zip(page.raw, chosen, strict=True) if yes) if page.raw else ()
    return EventPage(events, page.next_cursor, page.has_more, raw)


Fetch = Callable[[EventQuery], Awaitable[EventPage]]
"""Returns the page a query asks for."""


async def read_pages(
    fetch: Fetch, query: EventQuery, slack: timedelta | None = None
) -> AsyncGenerator[EventPage, None]:
    """The feed's pages until nothing further is ready, cut to the bounds of the query, each event once.

    Every page is yielded, even with no event left, so that progress shows. The feed is not in the order of
    `created_at`: with `slack`, reading ends at the first page that lies wholly at or after the upper bound + slack;
    without, at the end of the feed. Close the iterator (`contextlib.aclosing`) to drop the request under way.
    Raises `FeedStuck` after a page whose cursor was used before, or after several pages without new events.
    """
    since, until = query.created_at_gte, query.created_at_lt
    enough = until + slack if until is not None and slack is not None else None
    query = replace(query, created_at_lt=enough or until)
    since_us = to_us(since) if since is not None else None
    until_us = to_us(until) if until is not None else None
    enough_us = to_us(enough) if enough is not None else None
    given, guard, stuck = CursorSet(), Guard(), None
    coming: asyncio.Task[EventPage] | None = _start(fetch, query)
    try:
        while coming is not None:
            page, coming = await coming, None
            # Pages may overlap, and a server may repeat one.
            fresh = select(page, given.add_all([event.cursor for event in page.events]))
            if page.has_more and not _lies_beyond(page, enough_us):
                try:
                    guard.check(query.after_cursor, page, len(fresh.events))
                    query = query.after(page.next_cursor)
                    coming = _start(fetch, query)
                except FeedStuck as error:
                    stuck = error
            yield _within(fresh, since_us, until_us)
        if stuck is not None:
            raise stuck
    finally:
        if coming is not None:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)


def _start(fetch: Fetch, query: EventQuery) -> asyncio.Task[EventPage]:
    async def fetched() -> EventPage:
        return await fetch(query)

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

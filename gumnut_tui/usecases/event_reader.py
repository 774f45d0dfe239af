"""Events one page after another, in the order asked for, each with its JSON as received."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from gumnut_tui.domain.errors import CursorRefused, GumnutError, NetworkProblem, RateLimited, ServerFailure
from gumnut_tui.domain.event_query import EventQuery
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Event, EventPage, to_us

if TYPE_CHECKING:
    from gumnut_tui.api.client import Client
    from gumnut_tui.feed.feed import Feed
    from gumnut_tui.store.event_store import View

REMEMBERED = 20_000
"""Cursors remembered while following, in case a position is refused and a stretch is read again."""
LONGEST_PAUSE = 60.0
"""Seconds between two questions while the service cannot be reached."""


class Received(NamedTuple):
    """An event and its JSON as the service sent it."""

    event: Event
    raw: bytes


Batch = list[Received]
"""What one page brought; may be empty."""


@dataclass(frozen=True)
class EventReader:
    """Reads the events a query asks for, between its bounds."""

    client: Client
    query: EventQuery
    slack: timedelta
    exact: bool
    """Read to the feed's end for stragglers, instead of stopping a slack behind the upper bound."""

    async def oldest_first(self) -> AsyncGenerator[Batch, None]:
        """From the lower bound on, in feed order."""
        async with aclosing(self._pages(self.query)) as pages:
            async for page in pages:
                yield _received(page)

    async def newest_first(self, clock: Callable[[], datetime]) -> AsyncGenerator[Batch, None]:
        """Against feed order; an event comes once no straggler can stand behind it any more.

        What waits for that is kept in memory: about a window of the feed, with `exact` the whole range.
        """
        if self.exact:
            batches = [batch async for batch in self.oldest_first()]
            for batch in reversed(batches):
                yield batch[::-1]
            return
        from gumnut_tui.feed.feed import Feed

        source = _RawSource(self.client, self.query.entity_types)
        slack_us = self.slack // timedelta(microseconds=1)
        since, until = self.query.created_at_gte, self.query.created_at_lt
        feed = Feed(
            source,
            self.query.library_id,
            clock=clock,
            since_us=None if since is None else to_us(since),
            until_us=None if until is None else to_us(until),
            slack_us=slack_us,
        )
        async for rows in _final_rows(feed, slack_us):
            events = [feed.store.event(row) for row in rows]
            taken = [(event, source.take(event.cursor)) for event in events]
            yield [Received(event, raw) for event, raw in taken if raw is not None]

    async def follow(
        self, interval: float, sleep: Callable[[float], Awaitable[object]], tell: Callable[[str], None]
    ) -> AsyncGenerator[Batch, None]:
        """From the lower bound on and then without end, asking every `interval` seconds.

        Gives an empty batch before each pause. Once something was read, trouble on the way is told and outlasted.
        """
        query, newest, pause = self.query, self.query.created_at_gte, interval
        known = _Known()
        began = False
        while True:
            try:
                async with aclosing(self._pages(query)) as pages:
                    async for page in pages:
                        query, began, pause = query.after(page.next_cursor), True, interval
                        newest = max([event.created_at for event in page.events], default=newest)
                        yield known.only_new(_received(page))
            except CursorRefused:
                if not began:
                    raise
                tell(
                    "The server rejected our cursor, as it does after a restore of its database; "
                    "reading the latest part again."
                )
                since = None if newest is None else newest - self.slack
                query = replace(self.query, created_at_gte=since)
            except (NetworkProblem, RateLimited, ServerFailure) as problem:
                if not began:
                    raise
                tell(_trouble(problem))
                pause = min(pause * 2, LONGEST_PAUSE)
            yield []
            await sleep(pause)

    def _pages(self, query: EventQuery) -> AsyncGenerator[EventPage, None]:
        return self.client.read_feed(replace(query, raw=True), slack=None if self.exact else self.slack)


def _received(page: EventPage) -> Batch:
    return [Received(event, raw) for event, raw in zip(page.events, page.raw, strict=True)]


def _trouble(problem: GumnutError) -> str:
    from gumnut_tui.formatting.error_lines import in_words

    return f"{in_words(problem)[0]}; trying again."


class _Known:
    """The cursors seen last, to tell what is new when a stretch is read again."""

    def __init__(self) -> None:
        self._cursors: OrderedDict[str, None] = OrderedDict()

    def only_new(self, batch: Batch) -> Batch:
        """The events not seen before; from now on they are."""
        new = [one for one in batch if one.event.cursor not in self._cursors]
        self._cursors.update((one.event.cursor, None) for one in new)
        while len(self._cursors) > REMEMBERED:
            self._cursors.popitem(last=False)
        return new


@dataclass
class _RawSource:
    """Feeds a `Feed` from the client and keeps each event's JSON until it is taken."""

    client: Client
    entity_types: Collection[str] | None

    def __post_init__(self) -> None:
        self._raw: dict[str, bytes] = {}

    async def events(self, query: EventQuery) -> EventPage:
        """One page, with the types asked for."""
        page = await self.client.events(replace(query, entity_types=self.entity_types, raw=True))
        self._raw.update((event.cursor, raw) for event, raw in zip(page.events, page.raw, strict=True))
        return page

    def take(self, cursor: str) -> bytes | None:
        """The JSON of an event, once; None of one that a server repeated within a page."""
        return self._raw.pop(cursor, None)


async def _final_rows(feed: Feed, slack_us: int) -> AsyncGenerator[list[int], None]:
    """The rows of a feed from its newest on, each once its place is settled, while the feed grows backwards."""
    while not (feed.caught_up or feed.closed):
        await feed.newer()
    view, given = feed.store.view(EventFilter()), 0
    settled_us = feed.read_from_us
    while True:
        if feed.is_settled:
            settled_us = feed.read_from_us
        done = feed.reaches_start and feed.is_settled
        view.refresh()
        final = len(view) if done else _final_count(feed, view, given, settled_us, slack_us)
        yield [view[-1 - number] for number in range(given, final)]
        given = final
        if done:
            return
        if not feed.is_settled and _is_far_behind(feed, settled_us, slack_us):
            await feed.settle()
        else:
            await feed.older()


def _final_count(feed: Feed, view: View, given: int, settled_us: int | None, slack_us: int) -> int:
    """How many rows, counted from the newest, lie so late that no straggler can come to stand among them."""
    if settled_us is None:
        return given
    while given < len(view) and feed.store.created_at_us(view[-1 - given]) >= settled_us + slack_us:
        given += 1
    return given


def _is_far_behind(feed: Feed, settled_us: int | None, slack_us: int) -> bool:
    """Whether enough was read since the last search for stragglers: one search then covers many windows."""
    if feed.reaches_start or settled_us is None or feed.read_from_us is None:
        return True
    return settled_us - feed.read_from_us >= slack_us

"""Events one page after another, in the order asked for, each once and with its JSON as received."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import compress
from typing import TYPE_CHECKING, NamedTuple, TypeVar, overload

import msgspec
from msgspec.structs import replace

from gumnut_tui.domain.cursors import CursorSet
from gumnut_tui.domain.defaults import MOST_BREAKS
from gumnut_tui.domain.errors import (
    ApiProblem,
    BadRequest,
    CursorRefused,
    FeedStuck,
    GumnutError,
    KeyRefused,
    NetworkProblem,
    UnexpectedAnswer,
    UnsupportedFeed,
    ValidationFailed,
)
from gumnut_tui.domain.fields import Reference, concerned, row_links
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import DEPARTURES, Event, EventPage, Presence, operation_of, to_us
from gumnut_tui.domain.ports import EntitySource, EventQuery, Others, no_others
from gumnut_tui.feed.entity_cache import NameCache
from gumnut_tui.feed.entity_history import NameMemory
from gumnut_tui.formatting.facts import in_words
from gumnut_tui.formatting.interchange import json_line
from gumnut_tui.formatting.quantities import plural

if TYPE_CHECKING:
    from gumnut_tui.api.client import Client
    from gumnut_tui.feed.feed import Feed


T = TypeVar("T")

LONGEST_PAUSE = 60.0
"""The longest pause in seconds between two requests while the service cannot be reached, unless it asks for more."""
PATIENCE = 60.0
"""Seconds of trouble after which following ends: before anything was read, or while a working key is refused."""
READ_AGAIN = (
    "The server rejected our cursor, as it does after a restore of its database; reading the whole range again."
)


class Received(NamedTuple):
    """An event and its JSON as the service sent it."""

    event: Event
    raw: bytes


@dataclass(frozen=True)
class Batch(Sequence[Received]):
    """Some events with their JSON; may be empty."""

    events: Sequence[Event] = ()
    raw: Sequence[bytes] = ()
    """The JSON of each, or nothing where it is as the API writes it; empty where all of it is."""

    def __len__(self) -> int:
        return len(self.events)

    @overload
    def __getitem__(self, index: int) -> Received: ...
    @overload
    def __getitem__(self, index: slice) -> Batch: ...
    def __getitem__(self, index: int | slice) -> Received | Batch:
        if isinstance(index, slice):
            return Batch(self.events[index], self.raw[index])
        event = self.events[index]
        return Received(event, (self.raw[index] if self.raw else b"") or msgspec.json.encode(event))

    def chosen(self, choice: Sequence[bool]) -> Batch:
        """Those events for which it holds."""
        if all(choice):
            return self
        return Batch(list(compress(self.events, choice)), list(compress(self.raw, choice)))

    def json_lines(self) -> bytes:
        """The JSON of each on a line, fields and values as received."""
        if not any(self.raw):
            return _ENCODER.encode_lines(self.events)
        return b"".join(json_line(one.raw, for_terminal=False) + b"\n" for one in self)


_ENCODER = msgspec.json.Encoder()


@dataclass(frozen=True)
class EventReader:
    """Reads the events of a query, between its bounds. `tell` is called with problems it recovered from."""

    client: Client
    query: EventQuery
    slack: timedelta
    exact: bool
    """Read to the feed's end for late-arriving events, instead of up to the slack past the upper bound."""
    tell: Callable[[str], None]

    async def oldest_first(self) -> AsyncGenerator[Batch, None]:
        """From the lower bound on, in feed order.

        After a refused cursor the range is read again from its bound, as the API requires; no event is yielded twice.
        """
        given, breaks = CursorSet(), 0
        while True:
            try:
                async with aclosing(self._pages(None)) as pages:
                    async for page in pages:
                        yield _new_in(page, given)
                return
            except CursorRefused:
                breaks += 1
                if breaks > MOST_BREAKS:
                    raise
                self.tell(READ_AGAIN)

    async def newest_first(self, clock: Callable[[], datetime]) -> AsyncGenerator[Batch, None]:
        """In reverse feed order, in complete stretches; a stretch is held in memory until it is complete.

        Events found among those already yielded are yielded late, and `tell` is called with their number: events older
        than this read that appear during it, and any that appear when the range is read again after a refused cursor.
        """
        from gumnut_tui.feed.feed import Feed

        since, until = self.query.created_at_gte, self.query.created_at_lt
        source = _RawSource(self.client, self.query.entity_types, until)
        feed = Feed(
            source,
            self.query.library_id,
            clock=clock,
            since_us=None if since is None else to_us(since),
            until_us=None if until is None else to_us(until),
            slack_us=self.slack // timedelta(microseconds=1),
        )
        if self.exact:
            feed.read_exactly()
        async for events in _backwards(feed, self.tell, to_us(clock())):
            yield Batch(events, [source.take(event.cursor) for event in events])

    async def follow(
        self, outage: Outage, *, cursor: str | None = None, given: CursorSet | None = None
    ) -> AsyncGenerator[Batch, None]:
        """From the lower bound on and then without end, by cursor alone; `outage` says how often, and for how long.

        Yields an empty batch before each pause. With a `cursor` what lies before it was `given` already.
        """
        given = CursorSet() if given is None else given
        while True:
            try:
                async with aclosing(self._pages(cursor)) as pages:
                    async for page in pages:
                        cursor = page.next_cursor
                        outage.passed()
                        yield _new_in(page, given)
                outage.read_to_the_end()
            except CursorRefused as refusal:
                outage.refused(refusal)
                cursor = None
            except (ApiProblem, NetworkProblem, UnexpectedAnswer) as problem:
                outage.met(problem)
            yield Batch()
            await outage.rest()

    def _pages(self, cursor: str | None) -> AsyncGenerator[EventPage, None]:
        query = replace(self.query, after_cursor=cursor, raw=True)
        return self.client.read_feed(query, slack=None if self.exact else self.slack)


def _new_in(page: EventPage, given: CursorSet) -> Batch:
    """The page's events that were not yielded before; adds them to `given`."""
    return Batch(page.events, page.raw).chosen(given.add_all([event.cursor for event in page.events]))


class Outage:
    """Problems while following: reported once, waited out with growing pauses, raised when waiting does not help.

    Waited out are a lost connection, a page that is not the API's, and most statuses; until something was read, for a
    minute only. What ends it at once are 400 and 422, as the query is wrong, a feed that does not advance, cursors
    refused again and again, and a 401: at the start, or when it lasts a minute.
    """

    def __init__(
        self, interval: float, tell: Callable[[str], None], sleep: Callable[[float], Awaitable[object]]
    ) -> None:
        self._interval = self._pause = interval
        """Seconds between two requests, and until the next one."""
        self._tell = tell
        self._sleep = sleep
        self._has_read = False
        self._is_told = False
        self._waited = 0.0
        """Seconds for which nothing was read yet, or for which the key is refused."""
        self._breaks = 0

    async def outlast(self, ask: Callable[[], Awaitable[T]]) -> T:
        """What is answered, which may be asked again and again."""
        while True:
            try:
                return await ask()
            except (ApiProblem, NetworkProblem, UnexpectedAnswer) as problem:
                self.met(problem)
            await self.rest()

    async def rest(self) -> None:
        """Let the time until the next request pass."""
        await self._sleep(self._pause)

    def passed(self) -> None:
        """Note that a page came."""
        self._has_read, self._is_told = True, False
        self._waited, self._pause = 0.0, self._interval

    def read_to_the_end(self) -> None:
        """Note that no more was ready."""
        self._breaks = 0

    def refused(self, refusal: CursorRefused) -> None:
        """Note a refused cursor; raises the refusal when that happens again and again."""
        self._breaks += 1
        if self._breaks > MOST_BREAKS:
            raise refusal
        self._tell(READ_AGAIN)

    def met(self, problem: GumnutError) -> None:
        """Note a failed request; raises the problem when a retry does not help."""
        if self._is_lasting(problem):
            raise problem
        if not self._is_told:
            self._tell(_trouble(problem))
        self._is_told = True
        asked_for = problem.retry_after if isinstance(problem, ApiProblem) else None
        self._pause = max(min(self._pause * 2, LONGEST_PAUSE), asked_for or 0.0)
        if not self._has_read or isinstance(problem, KeyRefused):
            self._waited += self._pause
        else:
            self._waited = 0.0

    def _is_lasting(self, problem: GumnutError) -> bool:
        if isinstance(problem, BadRequest | ValidationFailed | FeedStuck | UnsupportedFeed):
            return True
        if self._has_read:
            return isinstance(problem, KeyRefused) and self._waited >= PATIENCE
        return isinstance(problem, KeyRefused) or self._waited >= PATIENCE


def _trouble(problem: GumnutError) -> str:
    return f"{in_words(problem)[0]}; trying again."


@dataclass
class _RawSource:
    """A source for a `Feed` that keeps each event's JSON until it is taken."""

    client: Client
    entity_types: Collection[str] | None
    until: datetime | None

    def __post_init__(self) -> None:
        self._raw: dict[str, bytes] = {}

    async def events(self, query: EventQuery) -> EventPage:
        """One page, of the types in the query."""
        page = await self.client.events(replace(query, entity_types=self.entity_types, raw=True))
        for event, raw in zip(page.events, page.raw, strict=True):
            if self.until is None or event.created_at < self.until:
                self._raw[event.cursor] = raw
        return page

    def take(self, cursor: str) -> bytes:
        """The JSON of an event, which is then dropped."""
        return self._raw.pop(cursor)


async def _backwards(feed: Feed, tell: Callable[[str], None], began_us: int) -> AsyncGenerator[list[Event], None]:
    """The events of a feed, newest first, while it grows backwards; each once, even when it is read again.

    Then those before `began_us` that appeared meanwhile.
    """
    given, late, waiting = CursorSet(), 0, 0
    store, done = feed.store, 0
    view = store.view(EventFilter())
    is_read = False
    while not is_read:
        await (feed.older() if feed.caught_up or feed.closed else feed.newer())
        if store is not feed.store:
            tell(READ_AGAIN)
            store, done, waiting = feed.store, 0, 0
            view = store.view(EventFilter())
        if not (feed.caught_up or feed.closed):
            continue
        view.refresh()
        events = list[Event]()
        for number in range(done, len(view)):
            event = store.event(view[-1 - number])
            if given.add(event.cursor):
                events.append(event)
                waiting += 1
            else:
                late, waiting = late + waiting, 0
        done = len(view)
        yield events
        if feed.reaches_start:
            came = await _newly_released(feed)
            is_read = store is feed.store
            events = [event for event in came if event.created_at_us < began_us and given.add(event.cursor)]
            late += len(events)
            yield events
    if late:
        tell(f"{plural(late, 'late event')}: printed when found, not in feed order.")


async def _newly_released(feed: Feed) -> list[Event]:
    """The events that appeared at the newer end since it was read; none of a feed that has to be read again."""
    store, known = feed.store, len(feed.store)
    is_read = not feed.is_final
    while not is_read:
        await feed.newer()
        is_read = feed.caught_up or feed.closed or feed.store is not store
    return [store.event(row) for row in range(known, len(store))] if feed.store is store else []


Departures = Callable[[], Awaitable[Mapping[str, Presence]]]
"""Finds, in all events of a journal, which photos left the library, and how."""


@lru_cache(maxsize=100)
def _departure(event_type: str) -> Presence | None:
    """What became of a photo after such an event; None where that left it in the library."""
    return DEPARTURES.get(operation_of(event_type))


class Names:
    """A name cache that gives up, with one warning, when names cannot be read."""

    def __init__(
        self,
        source: EntitySource,
        library_id: str | None,
        warn: Callable[[str], None],
        *,
        memory: NameMemory | None = None,
        is_current: bool = True,
        departures: Departures | None = None,
        others: Others = no_others,
    ) -> None:
        self._departed: dict[str, Presence] = {}
        """What became of photos, by the events seen so far."""
        self.cache = NameCache(
            source,
            library_id,
            departed=self._departed.get,
            others=others,
            memory=memory,
            is_current=is_current,
        )
        self._departures = departures
        self._warn = warn
        self._works = True
        self._is_told = False

    def saw(self, events: Iterable[Event]) -> None:
        """Note what events tell of photos that left the library."""
        for event in events:
            if event.entity_type == "asset" and (presence := _departure(event.event_type)):
                self._departed[event.entity_id] = presence

    def came(self, batch: Batch) -> None:
        """Note events that came while following: they may bring other names, which can perhaps be read by now."""
        self.cache.changed(batch.events)
        self._works = True

    async def learn(self, events: Collection[Event]) -> None:
        """Read the names for these events, in batches, and what became of photos that are not there."""
        await self.attempt(lambda: self.cache.resolve(events))
        if self._departures is not None and self.cache.unexplained(events):
            self._departed.update(await self._departures())
            self._departures = None
        await self.attempt(lambda: self.cache.explain(events))

    async def look_up(self, references: Collection[Reference]) -> None:
        """Read the names of these entities, in batches."""
        await self.attempt(lambda: self.cache.resolve_references(references))

    async def matching(self, batch: Batch, wanted: EventFilter) -> Batch:
        """The events of a batch that match; names are read only for a text search."""
        any_text = msgspec.structs.replace(wanted, text="")
        candidates = batch.chosen([any_text.matches(event) for event in batch.events])
        if not wanted.text:
            return candidates
        await self.look_up([reference for event in candidates.events for reference in row_links(event)])
        return candidates.chosen([wanted.matches(event, self._all_of(event)) for event in candidates.events])

    def _all_of(self, event: Event) -> list[str]:
        """The known names of the entities that an event is about or mentions."""
        references = concerned(event)
        return [name for kind, entity_id in references if (name := self.cache.name(kind, entity_id))]

    async def attempt(self, read: Callable[[], Awaitable[T]]) -> T | None:
        """What `read` gives; None when names cannot be read, of which one warning tells, or could not be before."""
        if not self._works:
            return None
        try:
            found = await read()
        except (ApiProblem, NetworkProblem, UnexpectedAnswer) as problem:
            self._works = False
            if not self._is_told:
                self._is_told = True
                self._warn(f"Names cannot be read, so ids are shown: {in_words(problem)[0]}")
            return None
        self._is_told = False
        return found

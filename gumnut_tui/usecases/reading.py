"""The way into a library for all that reads one: its journal, brought up to date first, else the service."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from gumnut_tui.domain.cursors import CursorSet
from gumnut_tui.domain.errors import CursorRefused, GumnutError, UsageProblem
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import DEPARTURES, Event, Library, Presence, from_us
from gumnut_tui.domain.ports import EventQuery, Others, no_others
from gumnut_tui.formatting.facts import in_words
from gumnut_tui.usecases.account import listed_libraries
from gumnut_tui.usecases.event_reader import Batch, EventReader, Names, Outage
from gumnut_tui.usecases.journals import JournalAccess, JournalLink, find_library, latest_library

if TYPE_CHECKING:
    from gumnut_tui.api.client import Client
    from gumnut_tui.domain.ports import LibraryClient
    from gumnut_tui.feed.entity_history import JournalHistory
    from gumnut_tui.feed.sync import Reads, SyncProgress
    from gumnut_tui.journal.journal import Journal
    from gumnut_tui.journal.pages import Part

NOTHING = Batch()
PAGES_AT_ONCE = 32
"""Pages of the journal read at once: about 8,000 events, some thirty milliseconds."""


@dataclass(frozen=True)
class OpenedLibrary:
    """A library, and what it is read from."""

    service: Client | None
    """None offline."""
    library: Library | None
    """None leaves the choice to the service."""
    link: JournalLink | None = None
    """Its place in the journal, if it has one; offline it has."""

    @property
    def is_offline(self) -> bool:
        """The journal is all there is."""
        return self.service is None

    @property
    def client(self) -> LibraryClient:
        """The service, or offline the journal in its place."""
        if self.service is not None:
            return self.service
        from gumnut_tui.feed.journal_feed import OfflineService

        assert self.link is not None
        return OfflineService(self.link.journal, self.link.record)

    @property
    def library_id(self) -> str | None:
        """None leaves the choice to the service."""
        return (self.library.id or None) if self.library else None

    async def name(self) -> str:
        """The library's name as received; requested when it was chosen by its id, empty when the key may not read it.

        Raises what the service raises.
        """
        library = self.library
        if library is None or library.name or self.service is None:
            return library.name if library else ""
        listed = await listed_libraries(self.service, "all") or ()
        return next((one.name for one in listed if one.id == library.id), "")


async def open_online(access: JournalAccess, service: Client, library: Library | None) -> OpenedLibrary:
    """The library as the service has it, with its place in the journal; raises what the service raises."""
    return OpenedLibrary(service, library, await access.link(service, library))


async def open_offline(
    access: JournalAccess,
    wanted: str | None,
    base_url: str,
    *,
    takes_latest: bool = False,
    account: str | None = None,
) -> OpenedLibrary:
    """The library that is meant, of those in the journal; where several are, the one synced last with `takes_latest`.

    Raises `JournalProblem`, and `GumnutError` when there is none, or it is not clear which.
    """
    journal = await access.journal()
    if journal is None and access.problem is not None:
        raise access.problem
    if takes_latest:
        record = None if journal is None else await latest_library(journal, base_url, wanted)
        if journal is None or record is None:
            raise GumnutError("The journal holds no library to read offline.")
    elif journal is None:
        raise UsageProblem("there is no journal to read offline; `gumnut-tui sync` starts one.")
    else:
        record = await find_library(journal, wanted, base_url, account=account)
    link = JournalLink(journal, record)
    return OpenedLibrary(None, link.library, link)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """How a command reads."""

    clock: Callable[[], datetime]
    slack: timedelta
    """How late an event may appear after its timestamp."""
    entities: Reads
    """Which entities are read into the journal while it is brought up to date."""
    tell: Callable[[str], None]
    """Called with problems it recovered from."""
    on_sync: Callable[[SyncProgress], None] = lambda _progress: None
    on_indexing: Callable[[int, int], None] = lambda _done, _of: None
    """Called while an older journal is searched for names, with how many of how many snapshots are done."""
    on_read: Callable[[int, int | None], None] = lambda _events, _last_us: None
    """Called with the number of events looked at, and the time of the last one, in µs."""


@dataclass(frozen=True)
class LibraryReading:
    """The events and names of one library, in whatever order a command wants them."""

    opened: OpenedLibrary
    terms: Terms
    names: Names
    others: Others
    tail: Batch = NOTHING
    """Events behind those of a journal that may not be written here."""
    _cursor: str | None = None
    """Where to read on behind the journal and the tail."""

    @classmethod
    async def begin(
        cls,
        opened: OpenedLibrary,
        terms: Terms,
        outage: Outage | None = None,
        let_go: Callable[[], Awaitable[Journal | None]] | None = None,
    ) -> LibraryReading:
        """Bring the library's journal up to date, if it has one; an `outage` waits for the service to answer.

        Then `let_go` opens it again in a way that lets other processes write it.
        """
        tail, cursor = NOTHING, None
        if opened.link is not None and not opened.is_offline:
            current = _Current(opened, terms)
            opened, tail, cursor = await (outage.outlast(current.reached) if outage else current.reached())
            if opened.link is not None and let_go is not None and (journal := await let_go()) is not None:
                opened = replace(opened, link=JournalLink(journal, opened.link.record))
        # What is followed is not written into the journal, which gets outdated.
        return cls.of(opened, terms, tail, cursor, is_current=outage is None)

    @classmethod
    def of(
        cls,
        opened: OpenedLibrary,
        terms: Terms,
        tail: Batch = NOTHING,
        cursor: str | None = None,
        *,
        is_current: bool = False,
        others: Others | None = None,
    ) -> LibraryReading:
        """The library with its journal as it is; `current` brings it up to date.

        Without `others` the service lists them when they are wanted.
        """
        from gumnut_tui.usecases.moves import ListedOnce

        link, service = opened.link, opened.service
        if others is None:
            others = no_others if service is None else ListedOnce(service, opened.library_id)
        names = Names(
            opened.client,
            opened.library_id,
            terms.tell,
            memory=None if link is None else link.memory,
            is_current=is_current or opened.is_offline,
            departures=None if link is None else _Departures(link).found,
            others=others,
        )
        return cls(opened, terms, names, others, tail, cursor)

    async def current(self) -> LibraryReading:
        """The same with the journal brought up to date, if there is one."""
        return await LibraryReading.begin(self.opened, self.terms)

    @property
    def memory(self) -> JournalHistory | None:
        """What the journal remembers of entities; None without one."""
        return None if self.opened.link is None else self.opened.link.memory

    def comes_from_journal(self, wanted: EventFilter) -> bool:
        """The journal has all there is of the range, or is all there is."""
        link = self.opened.link
        if link is None or self.opened.is_offline:
            return link is not None
        begins_us = link.record.since_us
        return begins_us is None or (wanted.since_us is not None and wanted.since_us >= begins_us)

    async def events(
        self, wanted: EventFilter, *, exact: bool = False, newest_first: bool = False
    ) -> AsyncGenerator[Batch, None]:
        """The events that match, in feed order or against it.

        `exact` reads past an upper bound to the feed's end; a journal always is.
        """
        if not self.comes_from_journal(wanted):
            reader = self._reader(wanted, exact=exact)
            batches = reader.newest_first(self.terms.clock) if newest_first else reader.oldest_first()
            async with aclosing(batches) as received:
                async for batch in received:
                    yield await self._matching(batch, wanted)
            return
        if newest_first:
            yield await self._matching(self.tail[::-1], wanted)
        async with aclosing(self._journaled(wanted, newest_first=newest_first)) as found:
            async for batch in found:
                yield batch
        if not newest_first:
            yield await self._matching(self.tail, wanted)

    async def read_all(self, wanted: EventFilter, *, exact: bool = False) -> list[Event]:
        """All events that match, in feed order."""
        async with aclosing(self.events(wanted, exact=exact)) as batches:
            return [event async for batch in batches for event in batch.events]

    async def follow(self, wanted: EventFilter, outage: Outage, *, exact: bool = False) -> AsyncGenerator[Batch, None]:
        """The events that match, in feed order, and then without end; an empty batch before each pause."""
        given = CursorSet()
        reader = self._reader(wanted, exact=exact)
        if self.comes_from_journal(wanted):
            assert self.opened.link is not None
            async with aclosing(self.events(wanted)) as found:
                async for batch in found:
                    for event in batch.events:
                        given.add(event.cursor)
                    if batch:
                        yield batch
            since_us = self.opened.link.record.since_us
            # A cursor holds for the bound it was read under.
            query = EventQuery(self.opened.library_id, created_at_gte=None if since_us is None else from_us(since_us))
            reader = replace(reader, query=query)
        async with aclosing(reader.follow(outage, cursor=self._cursor, given=given)) as batches:
            async for batch in batches:
                self.names.came(batch)
                yield await self._matching(batch, wanted)

    def _reader(self, wanted: EventFilter, *, exact: bool) -> EventReader:
        query = EventQuery(
            self.opened.library_id,
            entity_types=wanted.entity_types,
            created_at_gte=None if wanted.since_us is None else from_us(wanted.since_us),
            created_at_lt=None if wanted.until_us is None else from_us(wanted.until_us),
        )
        assert self.opened.service is not None
        return EventReader(self.opened.service, query, self.terms.slack, exact, self.terms.tell)

    async def _matching(self, batch: Batch, wanted: EventFilter) -> Batch:
        if batch:
            self.names.saw(batch.events)
            self.terms.on_read(len(batch), batch.events[-1].created_at_us)
        return await self.names.matching(batch, wanted)

    async def _journaled(self, wanted: EventFilter, *, newest_first: bool) -> AsyncGenerator[Batch, None]:
        link = self.opened.link
        assert link is not None
        named = frozenset[str]()
        if wanted.text:
            await link.journal.index_names(self.terms.on_indexing)
            await self.names.cache.load_names()
            named = self.names.cache.ids_named(wanted.text)
        async for part in parts(link, wanted, named, newest_first=newest_first):
            self.names.saw(part.events)
            self.terms.on_read(part.read, part.last_us)
            yield Batch(part.events, part.raw)


async def parts(
    link: JournalLink, wanted: EventFilter, named: frozenset[str] = frozenset(), *, newest_first: bool = False
) -> AsyncGenerator[Part, None]:
    """The events of a journal that match, part by part; `named` are ids of entities whose name contains the text."""
    from gumnut_tui.journal.pages import Reading
    from gumnut_tui.store.pack_search import PackSearch

    record = link.record
    reading = Reading(record.stretch, record.events, wanted, newest_first=newest_first)
    search, at, is_over = PackSearch(wanted, named), None, False
    while not is_over:
        part = await link.journal.part(reading, search, at, PAGES_AT_ONCE)
        at, is_over = part.at, part.at is None
        yield part


async def holds(link: JournalLink, wanted: EventFilter) -> bool:
    """Whether a journaled library has any event that matches."""
    async with aclosing(parts(link, wanted)) as found:
        async for part in found:
            if part.events:
                return True
    return False


@dataclass
class _Departures:
    """Finds which photos left a journaled library, and how; once."""

    link: JournalLink

    async def found(self) -> Mapping[str, Presence]:
        """Their ids, with what became of them."""
        wanted = EventFilter(entity_types=frozenset({"asset"}), operations=frozenset(DEPARTURES))
        departed = dict[str, Presence]()
        async for part in parts(self.link, wanted):
            departed.update((event.entity_id, DEPARTURES[event.operation]) for event in part.events)
        return departed


@dataclass(frozen=True)
class _Current:
    """Brings a library's journal up to date, or reads what it lacks where another process writes it."""

    opened: OpenedLibrary
    terms: Terms

    async def reached(self) -> tuple[OpenedLibrary, Batch, str | None]:
        """The library with a journal that is current, what lies behind that, and where to read on.

        Without its journal when the service has refused its position, and nothing may be written.
        """
        link = self.opened.link
        assert link is not None
        if not link.is_complete:
            return replace(self.opened, link=None), NOTHING, None
        if link.journal.is_writable:
            return await self._synced(link)
        try:
            tail, cursor = await self._tail(link)
        except CursorRefused:
            return replace(self.opened, link=None), NOTHING, None
        return self.opened, tail, cursor

    async def _synced(self, link: JournalLink) -> tuple[OpenedLibrary, Batch, str | None]:
        from gumnut_tui.feed.sync import Sync

        terms = self.terms
        assert self.opened.service is not None
        sync = Sync(self.opened.service, link.journal, link.record, entities=terms.entities, on_progress=terms.on_sync)
        report = await sync.run()
        if report.problem is not None:
            terms.tell(f"Some names cannot be read: {in_words(report.problem)[0]}")
        current = JournalLink(link.journal, report.library)
        return replace(self.opened, link=current), NOTHING, report.library.cursor

    async def _tail(self, link: JournalLink) -> tuple[Batch, str | None]:
        record = link.record
        since = None if record.since_us is None else from_us(record.since_us)
        # While the feed is read again, that is where the record's cursor stands.
        if record.reread is not None:
            raise CursorRefused("the journal", 400, "it is being read again")
        query = EventQuery(self.opened.library_id, after_cursor=record.cursor, created_at_gte=since, raw=True)
        events, raw, known, cursor = [], [], CursorSet(), record.cursor
        async with aclosing(self.opened.client.read_feed(query)) as pages:
            async for page in pages:
                cursor = page.next_cursor
                for event, line in zip(page.events, page.raw, strict=True):
                    if known.add(event.cursor):
                        events.append(event)
                        raw.append(line)
        return Batch(events, raw), cursor

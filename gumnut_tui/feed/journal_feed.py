"""The journal in place of the service: a feed whose history it holds, and a client that makes no requests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from contextlib import aclosing

from gumnut_tui.domain.cursors import CursorSet
from gumnut_tui.domain.defaults import MOST_BREAKS
from gumnut_tui.domain.errors import ConnectionFailed, CursorRefused, JournalProblem, SnapshotsDamaged
from gumnut_tui.domain.fields import Reference
from gumnut_tui.domain.models import Entity, EntityState, Event, EventPage, Presence, from_us, presence_in
from gumnut_tui.domain.ports import EVENTS_REQUEST, EventQuery, SyncSource
from gumnut_tui.feed.entity_history import JournalHistory
from gumnut_tui.feed.stretch import LOOKED_AT, Lateness, Reread, Stretch, unknown
from gumnut_tui.feed.sync import Sync
from gumnut_tui.journal.journal import Journal
from gumnut_tui.journal.records import LibraryRecord
from gumnut_tui.store.event_store import EventStore

FIRST_ROWS = 400
"""Rows shown before anything else is read: ten screens."""
CHUNK_PAGES = 40
"""Pages read from the journal at once: about 10,000 events."""
LONG = 10_000
"""Rows processed before keys are handled."""
SLICE_PAGES = 6
"""Pages put into the store before keys are handled: about two milliseconds."""


class JournalFeed:
    """One library's journal, and what comes after it; without a source, the journal alone."""

    newest_first = True
    is_eager = True
    is_settled = True
    is_final = True

    def __init__(
        self,
        journal: Journal,
        record: LibraryRecord,
        source: SyncSource | None,
        *,
        since_us: int | None = None,
        on_gained: Callable[[int], None] = lambda _count: None,
        on_kept: Callable[[Sequence[Reference]], None] = lambda _references: None,
    ) -> None:
        self.since_us = since_us
        self.caught_up = False
        self.closed = False
        self.pages = 0
        self.store = EventStore()
        self._journal = journal
        self._record = record
        self._source = source
        self._on_gained = on_gained
        self._on_kept = on_kept
        self._unloaded = record.events
        """How many events of the journal, the oldest ones, are not in the store yet."""
        self._is_open = self._was_open = False
        self.lateness = Lateness()
        self._cursor = record.cursor
        """Where to continue when nothing may be written."""
        self._read_on_known: CursorSet | None = None
        self._breaks = 0

    @property
    def record(self) -> LibraryRecord:
        """The library's state in the journal."""
        return self._record

    @property
    def is_open(self) -> bool:
        """The newest rows of the journal are there."""
        return self._is_open

    @property
    def reaches_start(self) -> bool:
        """The whole journal is in the store."""
        return self._unloaded == 0

    @property
    def read_from_us(self) -> int | None:
        """The time from which the store has the journal's rows; the journal's start, once all are there."""
        first = self.store.first_row
        if self.reaches_start or first is None:
            return self._record.since_us
        return self.store.created_at_us(first)

    def serves(self, since_us: int | None, until_us: int | None, *, newest_first: bool) -> bool:
        """Always: the journal has all ranges."""
        return True

    def read_exactly(self) -> None:
        """Nothing to do: a journal is read to the feed's end anyway."""

    async def settle(self) -> int:
        """Nothing to do: all rows were read with one bound."""
        return 0

    async def newer(self) -> int:
        """Read the journal's newest rows first; then what the journal does not have, from the service."""
        if not self._is_open:
            return await self._open()
        if self._source is None:
            self.caught_up = self.closed = True
            return 0
        before = len(self.store)
        await (self._sync(self._source) if self._journal.is_writable else self._read_on_or_again(self._source))
        self.caught_up = self.lateness.is_live = True
        return len(self.store) - before if self._is_open else await self._open()

    async def older(self) -> int:
        """Read the next part of the journal before the oldest row."""
        if not self._is_open or self.reaches_start:
            return 0
        before = len(self.store)
        pages = await self._journal.before(self._record, self._unloaded, CHUNK_PAGES)
        self.pages += len(pages)
        # Another process may have read the feed again meanwhile; then the journal has another stretch.
        self._is_open = bool(pages)
        # From the newest to the oldest, so that the rows never have a gap.
        for stop in range(len(pages), 0, -SLICE_PAGES):
            part = pages[max(0, stop - SLICE_PAGES) : stop]
            self._unloaded -= len(self.store.insert_packed(part, before=self.store.first_row))
            await asyncio.sleep(0)
        return len(self.store) - before

    async def _open(self) -> int:
        if self._was_open:
            found = await self._journal.find(self._record.key)
            if found is None:
                raise JournalProblem("The journal does not hold this library any more.")
            self._record = found
        end = self._record.events
        newest = await self._journal.window(self._record, max(0, end - FIRST_ROWS), end)
        if self._was_open:
            self.store = EventStore()
        self.store.append(newest)
        self.lateness.look_at(newest[-LOOKED_AT:])
        self._unloaded = end - len(newest)
        self._cursor = self._record.cursor
        self._is_open = self._was_open = True
        return len(newest)

    async def _sync(self, source: SyncSource) -> None:
        sync = Sync(source, self._journal, self._record, on_gained=self._take, on_kept=self._on_kept)
        stretch = self._record.stretch
        try:
            await sync.run()
        finally:
            # Even after an error: what was stored until then is not read again.
            self._record = sync.library
            if self._record.stretch != stretch:
                # Two reads of the feed were merged, in an order that only the journal knows.
                self._is_open = False

    async def _read_on_or_again(self, source: SyncSource) -> None:
        """Read what the journal does not have, without storing it, as another process may."""
        if self._record.reread is not None:
            self._journal.need_writable()
        if self._read_on_known is None:
            self._read_on_known = CursorSet(self.store.cursor(row) for row in self.store.rows())
        try:
            async with aclosing(self._pages(source, self._cursor)) as pages:
                async for page in pages:
                    self._cursor = page.next_cursor
                    self._take(unknown(page.events, self._read_on_known))
            self._breaks = 0
        except CursorRefused:
            self._breaks += 1
            if self._breaks > MOST_BREAKS:
                raise
            await self._read_again(source)

    async def _read_again(self, source: SyncSource) -> None:
        """The cursor is void: read again from the journal's start, and add what is not known."""
        while not self.reaches_start and self._is_open:
            await self.older()
        known = CursorSet()
        for number, row in enumerate(self.store.rows()):
            known.add(self.store.cursor(row))
            if number % LONG == 0:
                await asyncio.sleep(0)
        before, again = len(self.store), Reread(self.store, known, Stretch(self._record.since_us))
        async with aclosing(self._pages(source, None)) as pages:
            async for page in pages:
                self.pages += 1
                self._cursor = page.next_cursor
                again.take(page)
        self._read_on_known = known
        if len(self.store) > before:
            self._on_gained(len(self.store) - before)

    def _pages(self, source: SyncSource, cursor: str | None) -> AsyncGenerator[EventPage, None]:
        since_us = self._record.since_us
        return source.read_feed(
            EventQuery(
                self._record.key.library_id or None,
                after_cursor=cursor,
                created_at_gte=None if since_us is None else from_us(since_us),
            )
        )

    def _take(self, events: Sequence[Event]) -> None:
        self.pages += 1
        self.lateness.look_at(events)
        gained = len(self.store.append(events))
        if gained:
            self._on_gained(gained)


OFFLINE = "offline: only the journal is read"


class OfflineService:
    """Answers from snapshots, each as of the time it was read; raises `ConnectionFailed` for what was never read."""

    requests = 0

    def __init__(self, journal: Journal, record: LibraryRecord) -> None:
        self.base_url = record.key.base_url
        self._journal = journal
        self._record = record
        self._memory = JournalHistory(journal, record)

    def hurry(self) -> None:
        """Nothing to do: there are no waits."""

    async def events(self, query: EventQuery) -> EventPage:
        """Always raises `ConnectionFailed`."""
        raise ConnectionFailed(EVENTS_REQUEST, OFFLINE)

    def read_feed(self, query: EventQuery) -> AsyncGenerator[EventPage, None]:
        """Always raises `ConnectionFailed`."""
        raise ConnectionFailed(EVENTS_REQUEST, OFFLINE)

    async def entities(self, kind: str, ids: Collection[str], library_id: str | None) -> dict[str, Entity]:
        """The entities that existed when last read, as they were then."""
        try:
            latest = await self._journal.latest(self._record, [(kind, entity_id) for entity_id in ids])
        except SnapshotsDamaged:
            return {}
        return {snapshot.id: entity for snapshot in latest.values() if (entity := snapshot.entity) is not None}

    async def entity(self, kind: str, entity_id: str, library_id: str | None) -> EntityState:
        """What the entity was when last read."""
        latest = await self._journal.latest(self._record, [(kind, entity_id)])
        snapshot = latest.get((kind, entity_id))
        if snapshot is None:
            raise ConnectionFailed(f"{kind} {entity_id}", "offline, and the journal never read it")
        presence = Presence.GONE if snapshot.fields is None else presence_in(snapshot.fields)
        return EntityState(kind, entity_id, presence, snapshot.seen_at, snapshot.entity)

    async def albums_of(self, asset_id: str, library_id: str | None) -> list[Entity]:
        """The albums a photo was in when it was last seen."""
        album_ids = (await self._memory.albums_of([asset_id]))[asset_id]
        return list((await self._memory.entities([("album", album_id) for album_id in album_ids])).values())

    async def assets_of(self, kind: str, entity_id: str, library_id: str | None, *, limit: int) -> list[Entity]:
        """Unknown: snapshots are not indexed by album, person or stack."""
        return []

    async def picture(self, url: str) -> bytes:
        """Always raises `ConnectionFailed`."""
        raise ConnectionFailed("GET picture", OFFLINE)

    async def aclose(self) -> None:
        """Nothing to close."""

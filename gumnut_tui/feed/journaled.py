"""A feed whose past is in the journal: its newest rows at once, the rest behind them, and new ones written through."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence

from gumnut_tui.feed.sync import Sync, SyncSource
from gumnut_tui.journal.journal import Journal
from gumnut_tui.journal.records import LibraryRecord
from gumnut_tui.models import Event
from gumnut_tui.packed import Packed
from gumnut_tui.store import EventStore

FIRST_ROWS = 400
"""Rows shown before anything else is looked at: ten screens."""
CHUNK_PAGES = 40
"""Pages read from the journal at once: 8,000 events."""
SLICE_PAGES = 8
"""Pages put into the store in one go, so that keys are heard in between: about three milliseconds."""


class JournaledFeed:
    """One library's whole journal, and what comes after it. Without a source it stays as it is."""

    newest_first = True
    is_eager = True
    is_settled = True

    def __init__(
        self,
        journal: Journal,
        record: LibraryRecord,
        source: SyncSource | None,
        *,
        since_us: int | None = None,
        on_gained: Callable[[int], None] = lambda _count: None,
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
        self._unloaded = record.events
        """Events of the journal that are not in the store: the oldest ones."""
        self._is_open = False

    @property
    def record(self) -> LibraryRecord:
        """Where the journal stands."""
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
        """From where the store holds the journal; where the journal begins, once all of it is there."""
        first = self.store.first_row
        if self.reaches_start or first is None:
            return self._record.since_us
        return self.store.created_at_us(first)

    def serves(self, since_us: int | None, until_us: int | None, *, newest_first: bool) -> bool:
        """Any range and order: all there is to show is the journal."""
        return True

    async def settle(self) -> int:
        """A journal read by cursor alone has no stragglers."""
        return 0

    async def newer(self) -> int:
        """The journal's newest rows first; then whatever the service has that the journal has not."""
        if not self._is_open:
            return await self._open()
        if self._source is None:
            self.caught_up = self.closed = True
            return 0
        before = len(self.store)
        sync = Sync(self._source, self._journal, self._record, on_gained=self._take)
        try:
            report = await sync.run()
        finally:
            # Also when it ends in an error: what was stored until then is not asked for again.
            self._record = sync.library
        self.caught_up = True
        if report.progress.breaks:
            # The two readings became one stretch, in an order that only the journal knows.
            await self._reload()
        return len(self.store) - before

    async def older(self) -> int:
        """The next chunk of the journal before the oldest row."""
        if not self._is_open or self.reaches_start:
            return 0
        async for chunk in self._journal.older(self._record, self._unloaded, CHUNK_PAGES):
            self.pages += len(chunk)
            gained = await self._put_in_front(chunk)
            self._unloaded -= gained
            return gained
        self._unloaded = 0
        return 0

    async def _open(self) -> int:
        newest = await self._journal.newest(self._record, FIRST_ROWS)
        self.store.append(newest)
        self._unloaded = self._record.events - len(newest)
        self._is_open = True
        return len(newest)

    async def _reload(self) -> None:
        self.store = EventStore()
        self._is_open = False
        await self._open()

    async def _put_in_front(self, pages: Sequence[Packed]) -> int:
        # From the newest to the oldest, so that what is shown has no gap at any time.
        gained = 0
        for stop in range(len(pages), 0, -SLICE_PAGES):
            part = pages[max(0, stop - SLICE_PAGES) : stop]
            gained += len(self.store.insert_packed(part, before=self.store.first_row))
            await asyncio.sleep(0)
        return gained

    def _take(self, events: Iterable[Event]) -> None:
        self.pages += 1
        gained = len(self.store.append(events))
        if gained:
            self._on_gained(gained)

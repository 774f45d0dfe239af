"""Brings the journal up to date: the feed page by page, then snapshots of the entities it mentions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from enum import Enum

from gumnut_tui.domain.defaults import MOST_BREAKS, PAGE_LIMIT
from gumnut_tui.domain.errors import CursorRefused, GumnutError, JournalProblem, SnapshotsDamaged
from gumnut_tui.domain.fields import Reference, concerned, naming_links
from gumnut_tui.domain.kinds import KINDS
from gumnut_tui.domain.models import Event, EventPage, from_us
from gumnut_tui.domain.ports import EventQuery, SyncSource
from gumnut_tui.journal.journal import Journal
from gumnut_tui.journal.records import LibraryRecord

BATCH = PAGE_LIMIT
"""Entities per request; a page mentions about as many, so a few requests suffice."""
MOST_PASSES = 10
"""Reads to the feed's end in one sync, so that it ends even in a library that keeps changing."""


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """The progress of a sync."""

    events: int = 0
    """Events stored by it."""
    snapshots: int = 0
    """Snapshots stored by it."""
    unread: int = 0
    """Entities that are still to be read."""
    requests: int = 0
    """Requests sent by it."""
    reached_us: int | None = None
    """`created_at` of the last event read, in µs."""
    breaks: int = 0
    """How often the cursor was refused, so that the feed was read again."""


@dataclass(frozen=True, slots=True)
class SyncReport:
    """The result of a sync: every event that was ready is in the journal."""

    library: LibraryRecord
    progress: SyncProgress
    problem: GumnutError | None = None
    """Why entities could not be read, if so; the next sync reads them."""


class Reads(Enum):
    """Which of the mentioned entities are read into the journal."""

    ALL = "all"
    LATER = "later"
    """All are noted, for the next sync to read."""
    NONE = "none"
    """None, but those in the journal are queued, as they may have changed."""


class Sync:
    """Syncs one library, from where the last sync ended.

    `on_progress` is called after every page and every batch of entities, `on_gained` with new events, `on_kept` with
    the entities that were read.
    """

    def __init__(
        self,
        source: SyncSource,
        journal: Journal,
        library: LibraryRecord,
        *,
        entities: Reads = Reads.ALL,
        on_progress: Callable[[SyncProgress], None] = lambda _: None,
        on_gained: Callable[[Sequence[Event]], None] = lambda _: None,
        on_kept: Callable[[Sequence[Reference]], None] = lambda _: None,
    ) -> None:
        self.library = library
        self._source = source
        self._journal = journal
        self._reads = entities
        self._on_progress = on_progress
        self._on_gained = on_gained
        self._on_kept = on_kept
        self._requests_before = source.requests
        self._events = 0
        self._snapshots = 0
        self._unread = 0
        self._breaks = 0
        self._reached_us: int | None = None
        self._problem: GumnutError | None = None
        self._read_since: set[Reference] = set()
        """Entities read since the current read of the feed started."""

    async def run(self) -> SyncReport:
        """Read until no more is ready.

        Raises what the source raises: what was stored until then stays, and the next sync resumes from there.
        Raises `JournalProblem` when the journal cannot be written.
        """
        self._journal.need_writable()
        for _ in range(MOST_PASSES):
            before = self._events
            await self._pass()
            # A cursor reads up to the end of the feed when that read started, which may be long ago.
            if self._events == before:
                break
        await self._read_entities(at_least=1)
        return SyncReport(self.library, self._progress(), self._problem)

    async def _pass(self) -> None:
        while True:
            try:
                return await self._read_events()
            except CursorRefused as refusal:
                if self._breaks == MOST_BREAKS:
                    raise
                self._breaks += 1
                self.library = await self._journal.break_off(self.library, refusal.detail)

    async def _read_events(self) -> None:
        since_us = self.library.since_us
        # Events that appear from here on are later than all entities read so far, whatever the clock says.
        self._read_since.clear()
        query = EventQuery(
            self._library_id(),
            after_cursor=self.library.cursor,
            created_at_gte=None if since_us is None else from_us(since_us),
            raw=True,
        )
        pages = self._source.read_feed(query)
        async with aclosing(pages):
            async for page in pages:
                await self._take(page)
                await self._read_entities(at_least=BATCH)

    async def _take(self, page: EventPage) -> None:
        appended = await self._journal.append(
            self.library,
            page,
            newest_mentions,
            frozenset(self._read_since),
            only_known=self._reads is Reads.NONE,
        )
        self.library = appended.record
        self._events += len(appended.gained)
        self._on_gained(appended.gained)
        if page.events:
            self._reached_us = page.events[-1].created_at_us
        self._on_progress(self._progress())

    async def _read_entities(self, *, at_least: int) -> None:
        """Read mentioned entities, kind by kind, once `at_least` that many of a kind are waiting."""
        while self._reads is Reads.ALL and self._problem is None:
            try:
                waiting = await self._waiting(at_least)
            except SnapshotsDamaged as damage:
                # Events must not be missed; entities can wait for the next sync.
                self._problem = damage
                return
            if not waiting:
                return
            reads = [self._read(kind, ids) for kind, ids in waiting.items() if len(ids) >= at_least]
            for outcome in await asyncio.gather(*reads, return_exceptions=True):
                if isinstance(outcome, GumnutError) and concerns_entities_alone(outcome):
                    self._problem = outcome
                elif isinstance(outcome, BaseException):
                    raise outcome
            self._on_progress(self._progress())

    async def _waiting(self, at_least: int) -> dict[str, list[str]]:
        """Ids of the entities to read next, by kind; none while fewer than `at_least` of each kind are waiting."""
        counts = await self._journal.unread_counts(self.library)
        self._unread = sum(counts.values())
        return await self._journal.unread(self.library, BATCH) if max(counts.values(), default=0) >= at_least else {}

    async def _read(self, kind: str, ids: list[str]) -> None:
        found = await self._source.entities(kind, ids, self._library_id())
        needed = {
            reference
            for entity in found.values()
            for reference in naming_links(kind, entity.fields)
            if reference[0] in KINDS
        }
        stored = await self._journal.keep(self.library, kind, ids, found, needed)
        references = [(kind, entity_id) for entity_id in ids]
        self._read_since.update(references)
        self._snapshots += stored
        self._on_kept(references)

    def _library_id(self) -> str | None:
        return self.library.key.library_id or None

    def _progress(self) -> SyncProgress:
        return SyncProgress(
            events=self._events,
            snapshots=self._snapshots,
            unread=self._unread,
            requests=self._source.requests - self._requests_before,
            reached_us=self._reached_us,
            breaks=self._breaks,
        )


def concerns_entities_alone(problem: GumnutError) -> bool:
    """Whether events can be read all the same."""
    return isinstance(problem, SnapshotsDamaged) or not isinstance(problem, JournalProblem)


def newest_mentions(events: Iterable[Event]) -> dict[Reference, int]:
    """The readable entities that the events mention, with the time of the newest such event, in µs."""
    named: dict[Reference, int] = {}
    for event in events:
        us = event.created_at_us
        for reference in concerned(event):
            if reference[0] in KINDS and named.get(reference, us) <= us:
                named[reference] = us
    return named

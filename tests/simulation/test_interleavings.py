"""Everything that reads the feed, through arbitrary interleavings of writing, releasing, reading, breaking and asking.

The rules: each released event once; feed order; nothing that was not released; requests within the bound; all end.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections.abc import Coroutine
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, TypeVar, cast

import httpx
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from gumnut_tui.api.caller import CallContext, RetryPolicy
from gumnut_tui.api.client import Client
from gumnut_tui.domain.errors import ConnectionFailed, CursorRefused
from gumnut_tui.domain.ports import EventQuery
from gumnut_tui.domain.rules import Watches, parse_rule
from gumnut_tui.feed.feed import Feed
from gumnut_tui.feed.journal_feed import JournalFeed
from gumnut_tui.feed.sync import Reads, Sync
from gumnut_tui.journal.journal import Journal, open_journal
from gumnut_tui.journal.records import LibraryKey, LibraryRecord
from gumnut_tui.usecases.event_reader import Batch, EventReader, Outage
from tests.factories import NOW
from tests.simulation.adapters import SimulatedApi, SimulatedSource
from tests.simulation.cases import DAY, HOUR, MINUTE, NOW_US, RANGES, SECOND, TIMES, YEAR_1, YEAR_2099, cases
from tests.simulation.service import Lost, Service, Transaction, ordered

T = TypeVar("T")

SHIFTS = st.sampled_from([0, 0, 0, SECOND, -30 * SECOND, 15 * MINUTE, -90 * MINUTE, -DAY])
STEPS = 60


class Writing(RuleBasedStateMachine):
    """A service that is written to; what reads it is up to those that inherit this."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.service = Service(NOW_US)
        self.lost = 0
        """Connections that were broken, or are about to be."""

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(coroutine)

    @initialize(
        page_rows=st.sampled_from([1, 2, 3, 7, 20]),
        overlap=st.sampled_from([0, 0, 1, 2]),
        honours_lt=st.booleans(),
        binds=st.sampled_from([False, False, True]),
    )
    def set_up(self, page_rows: int, overlap: int, honours_lt: bool, binds: bool) -> None:
        self.service = Service(NOW_US, page_rows=page_rows, overlap=overlap, honours_lt=honours_lt, binds_cursors=binds)
        self.begin_reading()
        self.is_begun = True

    def begin_reading(self) -> None:
        """The service is there."""

    @rule(created_us=TIMES)
    def begin(self, created_us: int) -> None:
        if len(self.service.running) < 4:
            self.service.begin(created_us)

    @rule(data=st.data(), count=st.integers(1, 30), shift_us=SHIFTS)
    def write(self, data: st.DataObject, count: int, shift_us: int) -> None:
        if self.service.running:
            transaction = data.draw(st.sampled_from(self.service.running))
            self.service.write(transaction, count, _shifted(transaction, shift_us))

    @rule(data=st.data())
    def end(self, data: st.DataObject) -> None:
        if self.service.running:
            self.service.end(data.draw(st.sampled_from(self.service.running)))

    @rule(created_us=TIMES, count=st.integers(1, 40))
    def release(self, created_us: int, count: int) -> None:
        """A transaction that began and ended; what runs still holds it back."""
        self.service.release(created_us, count)

    @rule()
    def lose_the_connection(self) -> None:
        self.service.faults.append(Lost())
        self.lost += 1

    def quiet(self) -> None:
        """Nothing goes wrong any more, and every transaction ends."""
        self.service.faults.clear()
        for transaction in list(self.service.running):
            self.service.end(transaction)

    def finish(self) -> None:
        """Nothing goes wrong any more: what is read to its end is the feed."""

    def teardown(self) -> None:
        try:
            if hasattr(self, "is_begun"):
                self.quiet()
                self.finish()
        finally:
            self.loop.close()


def _shifted(transaction: Transaction, shift_us: int) -> int:
    """Time cannot be written before the year 1 nor after 9999."""
    return shift_us if YEAR_1 + 2 * DAY < transaction.created_us < YEAR_2099 + DAY else 0


class ScreenFeed(Writing):
    """The screen's feed: polled, scrolled, its range changed and its order turned."""

    def begin_reading(self) -> None:
        self.breaks = 0
        self.polls = 0
        self.is_changed = False
        self.new_feed(None, None, True)

    def new_feed(self, since_us: int | None, until_us: int | None, newest_first: bool) -> None:
        self.feed = Feed(
            SimulatedSource(self.service),
            "lib_1",
            clock=lambda: NOW,
            since_us=since_us,
            until_us=until_us,
            newest_first=newest_first,
        )
        self.service.asked.clear()
        self.polls = self.breaks = self.lost = 0
        self.is_changed = False

    @rule(times=st.integers(1, 5))
    def read_newer(self, times: int) -> None:
        for _ in range(times):
            if self.feed.closed:
                return
            self.polls += self.feed.caught_up
            self.step(self.feed.newer())

    @rule(times=st.integers(1, 8))
    def scroll(self, times: int) -> None:
        for _ in range(times):
            self.step(self.feed.older())

    @rule(times=st.integers(1, 4))
    def rest(self, times: int) -> None:
        for _ in range(times):
            self.step(self.feed.settle())

    def step(self, reading: Coroutine[Any, Any, int]) -> None:
        before = len(self.feed.store)
        store = self.feed.store
        try:
            gained = self.run(reading)
        except ConnectionFailed:
            assert len(self.feed.store) == before
        else:
            assert self.feed.store is not store or len(self.feed.store) == before + gained

    @precondition(lambda self: self.breaks < 2)
    @rule(refuses_events=st.booleans())
    def restore(self, refuses_events: bool) -> None:
        """A database was restored."""
        self.service.restore(refuses_events=refuses_events)
        self.breaks += 1

    @rule(back_us=RANGES, until=st.sampled_from([None, None, HOUR, DAY]), turns=st.booleans())
    def change_range(self, back_us: int | None, until: int | None, turns: bool) -> None:
        since_us = None if back_us is None else NOW_US - back_us
        until_us = None if until is None else NOW_US - until
        newest_first = self.feed.newest_first is not turns
        if until_us == self.feed.until_us and self.feed.serves(since_us, until_us, newest_first=newest_first):
            self.is_changed = self.is_changed or since_us != self.feed.since_us
            self.feed.since_us = since_us
        else:
            self.new_feed(since_us, until_us, newest_first)

    @rule(page_rows=st.sampled_from([1, 3, 9]))
    def change_page_size(self, page_rows: int) -> None:
        self.service.page_rows = page_rows
        self.is_changed = True

    @invariant()
    def is_an_unbroken_part_of_the_feed(self) -> None:
        """What is shown stands side by side in the feed, under the bound it was read with."""
        if not hasattr(self, "is_begun"):
            return
        rows = self.rows()
        assert len(set(rows)) == len(rows)
        shown = set(rows)
        assert rows == [cursor for cursor in ordered(self.service, None, self.feed.until_us) if cursor in shown]
        bounded = ordered(self.service, self.feed._bound_us, self.feed.until_us)
        if self.feed.is_settled and shown.intersection(bounded):
            within = set(bounded)
            part = [cursor for cursor in rows if cursor in within]
            first = bounded.index(part[0])
            assert part == bounded[first : first + len(part)]

    def rows(self) -> list[str]:
        return [self.feed.store.cursor(row) for row in self.feed.store.rows()]

    def finish(self) -> None:
        self.feed.read_exactly()
        self.feed.caught_up = False
        self.polls += 1
        for _ in range(20 * (len(self.service.feed) + 50)):
            if self.feed.reaches_start and (self.feed.caught_up or self.feed.closed):
                # A read ends where the feed ended when it began; what came since, the next poll brings.
                self.polls += 1
                if self.feed.closed:
                    break
                gained = self.run(self.feed.newer())
                if not gained and (self.feed.caught_up or self.feed.closed):
                    break
            is_newer = not (self.feed.caught_up or self.feed.closed)
            self.run(self.feed.newer() if is_newer else self.feed.older())
        else:
            raise AssertionError("it does not end")
        for _ in range(20 * (len(self.service.feed) + 50)):
            if self.feed.is_settled:
                break
            self.run(self.feed.settle())
        wanted = ordered(self.service, self.feed.since_us, self.feed.until_us)
        shown = set(wanted)
        assert [cursor for cursor in self.rows() if cursor in shown] == wanted
        if not (self.breaks or self.is_changed or self.feed.until_us is not None):
            pages = -(-len(wanted) // self.service.page_rows)
            # Without an upper bound that is honoured, some of what lies behind it has to be read with it.
            share = 1.2 if self.service.honours_lt else 1.6
            assert len(self.service.asked) - self.polls - self.lost <= share * pages + 6


class Commands(Writing):
    """`--follow`, `watch`, `--order newest` and `events`, over HTTP and the client."""

    def begin_reading(self) -> None:
        self.told = list[str]()
        self.words = list[str]()
        self.breaks = 0
        transport = httpx.MockTransport(SimulatedApi(self.service))
        self.client = Client(
            base_url="https://api.example.com",
            key="demo",
            transport=transport,
            context=CallContext(RetryPolicy(attempts=1)),
        )
        self.begin_following()

    def begin_following(self) -> None:
        self.told.clear()
        self.watches = Watches([parse_rule("created>0/1h")])
        self.following = self.reader().follow(self.outage())

    def tell(self, batch: Batch) -> None:
        """What `--follow` prints and `watch` judges."""
        self.told += [one.event.cursor for one in batch]
        self.watches.take(batch.events)

    def reader(self) -> EventReader:
        return EventReader(self.client, EventQuery("lib_1"), timedelta(minutes=10), False, self.words.append)

    def outage(self) -> Outage:
        return Outage(1, self.words.append, _no_sleep)

    @rule(batches=st.integers(1, 6))
    def follow(self, batches: int) -> None:
        for _ in range(batches):
            try:
                batch = self.run(anext(self.following))
            except ConnectionFailed:
                # When no page comes for a minute it ends there, as the command does; the next run begins anew.
                self.run(self.following.aclose())
                self.begin_following()
                return
            self.tell(batch)

    @precondition(lambda self: self.breaks < 3)
    @rule()
    def restore(self) -> None:
        self.service.restore(refuses_events=self.service.binds_cursors)
        self.breaks += 1

    @rule(newest=st.booleans())
    def read_the_range(self, newest: bool) -> None:
        """A command that reads what is there and ends."""
        self.lost -= len(self.service.faults)
        self.service.faults.clear()
        reader = self.reader()
        batches = reader.newest_first(lambda: NOW) if newest else reader.oldest_first()
        told = self.run(_all(batches))
        wanted = ordered(self.service, None)
        assert told == (wanted[::-1] if newest else wanted)

    @invariant()
    def is_told_once(self) -> None:
        if hasattr(self, "is_begun"):
            assert len(set(self.told)) == len(self.told)
            assert set(self.told) <= set(ordered(self.service, None))

    def finish(self) -> None:
        for _ in range(20 * (len(self.service.feed) + 50)):
            self.tell(self.run(anext(self.following)))
            if len(self.told) == len(self.service.feed):
                break
        self.run(self.following.aclose())
        self.run(self.client.aclose())
        assert self.told == ordered(self.service, None)
        times_us = sorted(event.created_us for event in self.service.feed)
        most = max((bisect_left(times_us, us + HOUR) - times_us.index(us) for us in times_us), default=0)
        assert [breach.count for breach in self.watches.breaches] == [most] * bool(most)


class Journaled(Writing):
    """`sync`, and the screen's feed over a journal: one that writes, and one that may only read."""

    def begin_reading(self) -> None:
        self.breaks = 0
        transport = httpx.MockTransport(SimulatedApi(self.service))
        self.client = Client(
            base_url="https://api.example.com",
            key="demo",
            transport=transport,
            context=CallContext(RetryPolicy(attempts=1)),
        )
        self.journal = open_journal(Path(mkdtemp()) / "journal.sqlite3")
        self.run(self.journal.__aenter__())
        self.key = LibraryKey("https://api.example.com", "user", "lib_1")
        self.run(self.journal.begin(self.key))
        self.feeds = [JournalFeed(self.journal, self.record(), self.client)]

    def record(self) -> LibraryRecord:
        found = self.run(self.journal.find(self.key))
        assert found is not None
        return found

    @rule()
    def sync(self) -> None:
        """As the command does, in the same journal."""
        sync = Sync(self.client, self.journal, self.record(), entities=Reads.NONE)
        try:
            self.run(sync.run())
        except (ConnectionFailed, CursorRefused):
            return
        assert self.journaled() == ordered(self.service, None)
        # The screen's own record is behind then, as when another process wrote; it is opened anew.
        self.feeds = [JournalFeed(self.journal, self.record(), self.client)]

    @rule()
    def open_read_only(self) -> None:
        if len(self.feeds) < 3:
            self.feeds.append(JournalFeed(cast(Journal, _ReadOnly(self.journal)), self.record(), self.client))

    @rule(data=st.data(), newer=st.booleans())
    def read(self, data: st.DataObject, newer: bool) -> None:
        feed = data.draw(st.sampled_from(self.feeds))
        with suppress(ConnectionFailed):
            self.run(feed.newer() if newer else feed.older())

    @precondition(lambda self: self.breaks < 2)
    @rule()
    def restore(self) -> None:
        self.service.restore()
        self.breaks += 1

    def journaled(self) -> list[str]:
        record = self.record()
        return [event.cursor for event in self.run(self.journal.window(record, 0, record.events))]

    @invariant()
    def shows_each_once(self) -> None:
        for feed in getattr(self, "feeds", []):
            rows = [feed.store.cursor(row) for row in feed.store.rows()]
            assert len(set(rows)) == len(rows)

    def finish(self) -> None:
        for feed in reversed(self.feeds):
            # Those that only read come first: then the journal holds what they know it to hold.
            feed.caught_up = False
            for _ in range(20):
                self.run(feed.newer())
                self.run(feed.older())
                if feed.caught_up and feed.is_open and feed.reaches_start:
                    break
            self.run(feed.newer())
            rows = [feed.store.cursor(row) for row in feed.store.rows()]
            assert rows == ordered(self.service, None)
        assert self.journaled() == ordered(self.service, None)
        self.run(self.journal.aclose())
        self.run(self.client.aclose())


class _ReadOnly:
    """The journal as a process has it that may not write."""

    is_writable = False

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def __getattr__(self, name: str) -> Any:
        return getattr(self._journal, name)


async def _no_sleep(_seconds: float) -> None:
    """A pause without its length."""


async def _all(batches: Any) -> list[str]:
    return [one.event.cursor async for batch in batches for one in batch]


TestScreenFeed = ScreenFeed.TestCase
TestScreenFeed.settings = settings(max_examples=cases(60), stateful_step_count=STEPS, deadline=None)
TestCommands = Commands.TestCase
TestCommands.settings = settings(max_examples=cases(20), stateful_step_count=40, deadline=None)
TestJournaled = Journaled.TestCase
TestJournaled.settings = settings(max_examples=cases(15), stateful_step_count=40, deadline=None)

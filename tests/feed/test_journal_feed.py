"""A feed out of the journal: its newest rows at once, every event once and in order, and new ones written through."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gumnut_tui.domain.errors import ConnectionFailed, JournalBusy, JournalProblem
from gumnut_tui.domain.models import Event
from gumnut_tui.feed.journal_feed import CHUNK_PAGES, FIRST_ROWS, SLICE_PAGES, JournalFeed
from gumnut_tui.feed.poller import Poller
from gumnut_tui.feed.sync import Reads, Sync
from gumnut_tui.journal.journal import Journal, open_journal
from gumnut_tui.journal.records import LibraryRecord
from gumnut_tui.store.packed import MOST_PACKED
from tests.factories import NOW, make_events
from tests.journal.memory import memory_database
from tests.journal.sources import KEY, Service

SEVERAL_CHUNKS = FIRST_ROWS + 2 * CHUNK_PAGES * MOST_PACKED + 77
REFUSAL = ConnectionFailed("GET /api/events", "no route to host")


@pytest.fixture
async def journal() -> AsyncIterator[Journal]:
    """An empty journal in memory."""
    async with Journal(memory_database(), clock=lambda: NOW) as journal:
        yield journal


async def journaled(journal: Journal, service: Service) -> LibraryRecord:
    """The service's feed in the journal, without snapshots."""
    return (await Sync(service, journal, await journal.begin(KEY), entities=Reads.NONE).run()).library


async def opened(journal: Journal, service: Service | None, record: LibraryRecord) -> JournalFeed:
    """The feed with its first rows."""
    feed = JournalFeed(journal, record, service)
    await feed.newer()
    return feed


async def load(feed: JournalFeed) -> None:
    """Take in all that the journal holds."""
    while not feed.reaches_start:
        assert await feed.older() or not feed.is_open


def events_of(feed: JournalFeed) -> list[Event]:
    """All events, in feed order."""
    return [feed.store.event(row) for row in feed.store.rows()]


async def stored(journal: Journal, record: LibraryRecord) -> list[Event]:
    """What the journal holds."""
    return await journal.newest(record, 10**6)


async def test_the_newest_rows_come_first(journal: Journal) -> None:
    """Before the service is asked anything, and before the rest is looked at."""
    events = make_events(FIRST_ROWS + 50)
    service = Service(events, page_rows=200)
    record = await journaled(journal, service)
    service.requests = 0
    feed = JournalFeed(journal, record, service)
    assert not feed.is_open
    assert await feed.newer() == FIRST_ROWS
    assert feed.is_open
    assert not feed.caught_up
    assert events_of(feed) == events[-FIRST_ROWS:]
    assert service.requests == 0


async def test_opening_fills_the_store_that_was_there(journal: Journal) -> None:
    """Another store means that the feed was read again; to open it for the first time is not that."""
    service = Service(make_events(3))
    feed = JournalFeed(journal, await journaled(journal, service), service)
    shown = feed.store
    await feed.newer()
    assert feed.store is shown
    assert len(shown) == 3


async def test_the_rest_follows_without_a_gap(journal: Journal) -> None:
    """At any moment what is there is the newest of the feed, unbroken; in the end it is all of it."""
    events = make_events(SEVERAL_CHUNKS)
    feed = await opened(journal, None, await journaled(journal, Service(events, page_rows=200)))
    while not feed.reaches_start:
        await feed.older()
        have = len(feed.store)
        assert feed.store.cursor(next(iter(feed.store.rows()))) == events[-have].cursor
    assert events_of(feed) == events
    assert await feed.older() == 0


async def test_it_says_from_where_it_holds_the_journal(journal: Journal) -> None:
    """The time of the oldest row so far; once all is there, where the journal begins."""
    events = make_events(FIRST_ROWS + 1)
    feed = await opened(journal, None, await journaled(journal, Service(events, page_rows=200)))
    assert feed.read_from_us == events[1].created_at_us
    await load(feed)
    assert feed.read_from_us is None


async def test_what_comes_later_is_shown_and_stored(journal: Journal) -> None:
    """Each event once, in both; `on_gained` hears of each page."""
    events = make_events(30)
    service = Service(events[:18])
    record = await journaled(journal, service)
    told: list[int] = []
    feed = JournalFeed(journal, record, service, on_gained=told.append)
    await feed.newer()
    service.feed = events
    assert await feed.newer() == 12
    assert feed.caught_up
    assert await feed.newer() == 0
    assert sum(told) == 12
    assert events_of(feed) == events == await stored(journal, record)


async def test_newer_rows_do_not_shift_the_rest(journal: Journal) -> None:
    """Events that come before the rest is loaded change nothing of where it begins."""
    events = make_events(FIRST_ROWS + 300)
    service = Service(events[:-100], page_rows=200)
    feed = await opened(journal, service, await journaled(journal, service))
    service.feed = events
    await feed.newer()
    await load(feed)
    assert events_of(feed) == events


async def test_an_error_in_the_middle_keeps_what_was_stored(journal: Journal) -> None:
    """Pages before it are shown and kept, and the next call goes on behind them."""
    events = make_events(20)
    service = Service(events[:4])
    feed = await opened(journal, service, record := await journaled(journal, service))
    service.feed = events
    service.requests, service.problem_at = 0, (3, REFUSAL)
    with pytest.raises(ConnectionFailed):
        await feed.newer()
    assert not feed.caught_up
    assert events_of(feed) == events[:14] == await stored(journal, record)
    service.problem_at = None
    assert await feed.newer() == 6
    assert events_of(feed) == events == await stored(journal, record)


async def test_a_refused_position_loads_the_journal_anew(journal: Journal) -> None:
    """The two readings became one stretch; the store is another one and holds it, each event once."""
    events = make_events(20)
    service = Service(events[:10])
    feed = await opened(journal, service, record := await journaled(journal, service))
    before = feed.store
    service.refused, service.feed = {events[9].cursor}, [*events[:7], *events[10:]]
    await feed.newer()
    assert feed.store is not before
    await load(feed)
    assert events_of(feed) == events == await stored(journal, record)
    assert feed.caught_up


@pytest.mark.parametrize("failing", range(2, 7))
async def test_a_second_reading_that_is_cut_short_shows_what_was_there(journal: Journal, failing: int) -> None:
    """Until it is complete nothing changes on the screen; then all of it is there, in the journal's order."""
    events = make_events(20)
    service = Service(events[:10])
    feed = await opened(journal, service, record := await journaled(journal, service))
    service.refused, service.feed, service.page_rows = {events[9].cursor}, events, 7
    service.requests, service.problem_at = 0, (failing, REFUSAL)
    try:
        await feed.newer()
    except ConnectionFailed:
        assert events_of(feed) in (events[:10], events)
    service.problem_at = None
    while not feed.caught_up:
        await feed.newer()
    await load(feed)
    assert events_of(feed) == events == await stored(journal, record)


async def test_without_a_source_it_stays_as_it_is(journal: Journal) -> None:
    """Offline nothing more can come."""
    feed = await opened(journal, None, await journaled(journal, Service(make_events(3))))
    assert await feed.newer() == 0
    assert feed.caught_up
    assert feed.closed


async def test_an_empty_journal_is_open_and_whole(journal: Journal) -> None:
    """A library in which nothing happened is no error, and what happens then is shown."""
    service = Service()
    feed = await opened(journal, service, await journaled(journal, service))
    assert feed.is_open
    assert feed.reaches_start
    service.feed += make_events(2)
    assert await feed.newer() == 2


async def test_a_journal_that_another_process_writes_is_read_on(tmp_path: Path) -> None:
    """Its rows are shown, what the service has besides is shown too, and nothing is written."""
    events = make_events(30)
    service = Service(events[:20])
    async with open_journal(tmp_path / "j.db", clock=lambda: NOW) as theirs:
        record = await journaled(theirs, service)
        async with open_journal(tmp_path / "j.db", clock=lambda: NOW) as ours:
            assert not ours.is_writable
            feed = await opened(ours, service, record)
            service.feed = events
            assert await feed.newer() == 10
            assert await feed.newer() == 0
            assert events_of(feed) == events
        assert await stored(theirs, record) == events[:20]


async def test_rows_the_other_process_wrote_meanwhile_leave_no_hole(tmp_path: Path) -> None:
    """What is shown begins where our record ends, and the service tells the rest."""
    events = make_events(FIRST_ROWS + 60)
    service = Service(events[:-40], page_rows=100)
    async with open_journal(tmp_path / "j.db", clock=lambda: NOW) as theirs:
        record = await journaled(theirs, service)
        async with open_journal(tmp_path / "j.db", clock=lambda: NOW) as ours:
            service.feed = events
            await journaled(theirs, service)
            feed = await opened(ours, service, record)
            await feed.newer()
            await load(feed)
            assert events_of(feed) == events


async def test_a_feed_the_other_process_read_again_is_opened_anew(tmp_path: Path) -> None:
    """Numbers of the old stretch mean nothing in the new one."""
    events = make_events(FIRST_ROWS + 60)
    service = Service(events[:-40], page_rows=100)
    async with open_journal(tmp_path / "j.db", clock=lambda: NOW) as theirs:
        record = await journaled(theirs, service)
        async with open_journal(tmp_path / "j.db", clock=lambda: NOW) as ours:
            feed = await opened(ours, service, record)
            service.refused, service.feed = {service.feed[-1].cursor}, events
            await journaled(theirs, service)
            assert await feed.older() == 0
            assert not feed.is_open
            await feed.newer()
            await load(feed)
            assert events_of(feed) == events


async def test_while_the_other_process_reads_again_nothing_is_guessed(tmp_path: Path) -> None:
    """The position is void and the new one not yet ours: it says who holds the journal."""
    service = Service(make_events(20))
    async with open_journal(tmp_path / "j.db", clock=lambda: NOW) as theirs:
        record = await theirs.break_off(await journaled(theirs, service), "400")
        async with open_journal(tmp_path / "j.db", clock=lambda: NOW) as ours:
            feed = await opened(ours, service, record)
            with pytest.raises(JournalBusy, match="is writing it"):
                await feed.newer()
            assert len(feed.store) == 20


async def test_a_library_that_was_forgotten_is_told(journal: Journal) -> None:
    """The rest cannot come any more; that is an error, not an endless search."""
    feed = await opened(journal, None, record := await journaled(journal, Service(make_events(500), page_rows=200)))
    await journal.forget(record)
    await feed.older()
    with pytest.raises(JournalProblem):
        await feed.newer()


@given(
    st.integers(0, 3 * SLICE_PAGES * MOST_PACKED),
    st.lists(st.integers(0, 300), max_size=4),
    st.integers(1, 400),
    st.lists(st.booleans(), max_size=12),
)
@settings(max_examples=25)
async def test_however_it_is_read_it_is_the_feed(
    known: int, later: list[int], page_rows: int, turns: list[bool]
) -> None:
    """Any size, any pages, newer and older in any turn: in the end each event stands there once, in order."""
    events = make_events(known + sum(later))
    service = Service(events[:known], page_rows=page_rows)
    async with Journal(memory_database(), clock=lambda: NOW) as journal:
        feed = await opened(journal, service, await journaled(journal, service))
        for turn in turns:
            if turn and later:
                service.feed = events[: len(service.feed) + later.pop()]
            await (feed.newer() if turn else feed.older())
        service.feed = events
        await feed.newer()
        await load(feed)
        assert events_of(feed) == events
        assert await stored(journal, feed.record) == events


async def test_the_rest_is_loaded_before_the_service_is_asked(journal: Journal) -> None:
    """A server that is not there keeps nothing back of what is at hand."""
    events = make_events(SEVERAL_CHUNKS)
    service = Service(events, page_rows=200)
    feed = JournalFeed(journal, await journaled(journal, service), service)
    service.requests, service.problem_at = 0, (1, REFUSAL)
    failed = asyncio.Event()
    poller = Poller(
        feed,
        clock=lambda: NOW,
        more_wanted=lambda: False,
        on_rows=lambda _gained, _is_newer: None,
        on_state=lambda state: failed.set() if state.error else None,
    )
    task = asyncio.create_task(poller.run())
    await failed.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert events_of(feed) == events

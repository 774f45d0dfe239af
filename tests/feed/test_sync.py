"""A sync brings the journal to where the service is, whatever happened before."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from gumnut_tui.domain.errors import ConnectionFailed, CursorRefused, JournalBusy, ServerFailure
from gumnut_tui.domain.models import Event
from gumnut_tui.feed.sync import BATCH, Reads, Sync, SyncProgress, SyncReport
from gumnut_tui.journal.journal import Journal
from tests.factories import NOW, make_event, make_events
from tests.journal.memory import memory_database
from tests.journal.sources import KEY, Service


@pytest.fixture
async def journal() -> AsyncIterator[Journal]:
    """An empty journal in memory."""
    async with Journal(memory_database(), clock=lambda: NOW) as journal:
        yield journal


async def synced(journal: Journal, service: Service, **options: Any) -> SyncReport:
    """Sync the one library."""
    return await Sync(service, journal, await journal.begin(KEY), **options).run()


async def stored(journal: Journal) -> list[Event]:
    """What the journal holds of it."""
    library = await journal.begin(KEY)
    return await journal.newest(library, library.events)


async def test_the_second_sync_reads_only_what_is_new(journal: Journal) -> None:
    """It goes on from the stored position."""
    service = Service(make_events(12))
    assert (await synced(journal, service)).progress.events == 12
    service.feed += make_events(3, start=13)
    service.requests = 0
    report = await synced(journal, service, entities=Reads.NONE)
    assert (report.progress.events, report.progress.requests) == (3, 2)
    assert await stored(journal) == make_events(15)
    assert report.library.synced_us is not None


async def test_events_that_come_while_it_reads_are_read_too(journal: Journal) -> None:
    """A read ends where the feed ended when it began; the sync asks once more."""
    service = Service(make_events(4))
    seen: list[int] = []

    def more(progress: SyncProgress) -> None:
        if not seen:
            service.feed += make_events(3, start=5)
        seen.append(progress.events)

    await synced(journal, service, entities=Reads.NONE, on_progress=more)
    assert await stored(journal) == make_events(7)


async def test_a_library_that_never_rests_does_not_keep_it_for_ever(journal: Journal) -> None:
    """When something new is there each time it looks, it ends all the same."""
    service = Service(make_events(4))
    await synced(
        journal,
        service,
        entities=Reads.NONE,
        on_progress=lambda _: service.feed.append(make_event(len(service.feed) + 1)),
    )
    assert (await stored(journal))[:4] == make_events(4)


@pytest.mark.parametrize("request_number", range(1, 8))
async def test_whatever_request_fails_nothing_is_lost(journal: Journal, request_number: int) -> None:
    """The error comes through, what was read is kept, and the next sync completes it."""
    service = Service(make_events(32))
    service.problem_at = (request_number, ConnectionFailed("GET /api/events", "gone"))
    with pytest.raises(ConnectionFailed):
        await synced(journal, service, entities=Reads.NONE)
    kept = await stored(journal)
    assert kept == make_events(5 * (request_number - 1))
    service.problem_at = None
    assert (await synced(journal, service)).progress.events == 32 - len(kept)
    assert await stored(journal) == make_events(32)


async def test_after_a_refused_position_the_feed_is_read_again(journal: Journal) -> None:
    """What was journaled stays, what is new joins it, the break is recorded."""
    events = make_events(20)
    service = Service(events[:10])
    await synced(journal, service)
    service.refused = {events[9].cursor}
    service.feed = [*events[:7], *events[10:]]
    report = await synced(journal, service, entities=Reads.NONE)
    assert (report.progress.events, report.progress.breaks) == (10, 1)
    assert await stored(journal) == events
    (one,) = (await journal.info(report.library)).breaks
    assert (one.cursor, one.events, one.reason) == (events[9].cursor, 10, "cursor is ahead of the database")


async def test_a_second_reading_that_was_cut_short_goes_on(journal: Journal) -> None:
    """Until it is complete the journal shows what it had; the next sync reads on where it was."""
    events = make_events(20)
    service = Service(events[:10])
    await synced(journal, service)
    service.refused, service.feed, service.page_rows = {events[9].cursor}, events, 7
    service.requests, service.problem_at = 0, (4, ConnectionFailed("GET /api/events", "gone"))
    with pytest.raises(ConnectionFailed):
        await synced(journal, service)
    assert await stored(journal) == events[:10]
    service.requests, service.problem_at = 0, None
    report = await synced(journal, service, entities=Reads.NONE)
    assert (report.progress.events, report.progress.breaks, report.progress.requests) == (10, 0, 2)
    assert await stored(journal) == events


async def test_a_service_that_refuses_every_position_is_given_up(journal: Journal) -> None:
    """Reading again and again would never end."""
    service = Service(make_events(20))
    service.refused = {event.cursor for event in service.feed}
    with pytest.raises(CursorRefused):
        await synced(journal, service)


async def test_the_journal_begins_where_it_was_told(journal: Journal) -> None:
    """Events before that are left out, also when the feed has them later."""
    events = [*make_events(10), make_event(11, created_at=NOW - timedelta(days=30)), *make_events(3, start=12)]
    library = await journal.begin(KEY, since_us=events[6].created_at_us)
    await Sync(Service(events), journal, library).run()
    assert await stored(journal) == [*events[6:10], *events[11:]]


async def test_entities_are_read_in_batches(journal: Journal) -> None:
    """Each entity once, a few requests for many events."""
    count = BATCH + 50
    events = [make_event(at, entity_id=f"asset_{at % count}", event_type="asset_updated") for at in range(3 * count)]
    service = Service(events, page_rows=200)
    for at in range(count):
        service.has("asset", f"asset_{at}", name=at)
    report = await synced(journal, service)
    assert report.progress.snapshots == count
    assert [len(ids) for _, ids in service.asked] == [200, 50]


async def test_a_gone_entity_is_recorded_as_gone(journal: Journal) -> None:
    """Late in a first sync most are: that is an answer, and it is not asked for again."""
    service = Service([make_event(1, entity_id="a"), make_event(2, entity_type="metadata", entity_id="b")])
    service.has("asset", "b", original_file_name="IMG_1.HEIC")
    report = await synced(journal, service)
    found = await journal.latest(report.library, [("asset", "a"), ("asset", "b")])
    assert {reference[1]: snapshot.fields is not None for reference, snapshot in found.items()} == {
        "a": False,
        "b": True,
    }
    service.asked.clear()
    await synced(journal, service)
    assert service.asked == []


async def test_what_a_payload_or_an_entity_names_is_read_too(journal: Journal) -> None:
    """A link names its photo and album, so that a deleted photo's albums are known."""
    service = Service(
        [
            make_event(1, entity_type="album_asset", entity_id="link"),
            make_event(2, entity_type="album_asset", entity_id="gone", payload={"album_id": "al2", "asset_id": "p2"}),
        ]
    )
    service.has("album_asset", "link", asset_id="p1", album_id="al1")
    service.has("album", "al1", name="Italy")
    report = await synced(journal, service)
    asked = {(kind, each) for kind, ids in service.asked for each in ids}
    assert asked >= {("asset", "p1"), ("album", "al1"), ("album", "al2"), ("asset", "p2")}
    assert [one.id for one in await journal.on_asset(report.library, "p1", "album_asset")] == ["link"]


async def test_entities_of_unknown_kinds_are_not_asked_for(journal: Journal) -> None:
    """The set of entity types is open; what cannot be read is an event all the same."""
    service = Service([make_event(1, entity_type="comet", entity_id="c")])
    assert (await synced(journal, service)).progress.events == 1
    assert service.asked == []


async def test_entities_that_cannot_be_read_do_not_hold_up_events(journal: Journal) -> None:
    """All events are kept, the reason is told, and the next sync reads what was left."""
    service = Service(make_events(12))
    service.failure = ServerFailure("GET /api/assets", 500)
    report = await synced(journal, service)
    assert report.problem is service.failure
    assert (report.progress.events, report.progress.unread) == (12, 12)
    service.failure = None
    report = await synced(journal, service)
    assert (report.problem, report.progress.snapshots, report.progress.unread) == (None, 12, 0)


async def test_without_snapshots_no_entity_is_asked_for(journal: Journal) -> None:
    """Nor remembered to be."""
    service = Service(make_events(12))
    report = await synced(journal, service, entities=Reads.NONE)
    assert service.asked == []
    assert (await journal.info(report.library)).unread == 0


async def test_without_the_right_to_write_nothing_is_asked() -> None:
    """The service is not read for nothing."""
    service = Service(make_events(3))
    async with Journal(memory_database(), clock=lambda: NOW) as journal:
        library = await journal.begin(KEY)
        journal.is_writable = False
        with pytest.raises(JournalBusy):
            await Sync(service, journal, library).run()
    assert service.requests == 0


@pytest.mark.parametrize("ahead", [timedelta(days=2), timedelta(), timedelta(days=-2)])
async def test_a_wrong_clock_freezes_nothing(ahead: timedelta) -> None:
    """What was read while our clock was two days ahead is read again when a later event names it.

    The feed's order tells: the event became ready after everything that was read before.
    """
    service = Service([make_event(1, entity_id="a")])
    service.has("asset", "a", original_file_name="old.jpg")
    service.read_at = NOW + ahead
    async with Journal(memory_database(), clock=lambda: NOW) as journal:
        await synced(journal, service)
        service.has("asset", "a", original_file_name="new.jpg")
        service.read_at = NOW
        service.feed.append(make_event(2, entity_id="a", event_type="asset_updated", created_at=NOW))
        report = await synced(journal, service)
        found = (await journal.last_known(report.library, [("asset", "a")]))["asset", "a"]
        assert (found.fields or {})["original_file_name"] == "new.jpg"
        assert found.seen_at == NOW


async def test_what_is_journaled_already_is_not_read_again_for_it(journal: Journal) -> None:
    """A feed read again from its start names everything once more, and nothing of it has changed."""
    service = Service([make_event(at, entity_id="a") for at in range(1, 13)])
    service.has("asset", "a")
    await synced(journal, service)
    service.refused = {service.feed[-1].cursor}
    service.asked.clear()
    assert (await synced(journal, service)).progress.breaks == 1
    assert service.asked == []


async def test_entities_that_are_not_read_now_are_noted(journal: Journal) -> None:
    """Those whose copies are outdated: the next sync that reads entities reads them again, and tells which."""
    service = Service(make_events(4))
    service.has("asset", service.feed[0].entity_id)
    await synced(journal, service, entities=Reads.NONE)
    (library,) = await journal.libraries()
    assert await journal.unread_counts(library) == {}
    await journal.keep(library, "asset", [service.feed[0].entity_id], {})
    service.feed += [make_event(5, entity_id=service.feed[0].entity_id), make_event(6)]
    await synced(journal, service, entities=Reads.NONE)
    assert await journal.unread(library, 9) == {"asset": [service.feed[0].entity_id]}
    assert service.asked == []
    kept = list[object]()
    await synced(journal, service, on_kept=kept.extend)
    assert kept == [("asset", service.feed[0].entity_id)]

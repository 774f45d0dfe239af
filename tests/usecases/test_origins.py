"""Photos deleted for good: purged from the trash, or not, or nobody knows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from zlib import crc32

import pytest

from gumnut_tui.domain.models import Event, EventPage, to_us
from gumnut_tui.feed.entity_cache import NameCache
from gumnut_tui.journal.journal import Journal
from gumnut_tui.journal.records import LibraryKey
from gumnut_tui.store.actions import Actions
from gumnut_tui.store.event_store import EventStore
from gumnut_tui.usecases.journals import JournalLink
from gumnut_tui.usecases.origins import JournalTrashHistory, Origins, TrashHistory, no_trash_history
from tests.factories import NOW, make_event
from tests.feed.entity_sources import EntityShelf, make_entity
from tests.journal.memory import memory_database

DAY = timedelta(days=1)
KEY = LibraryKey("https://api", "me", "lib_1")


def happened(name: str, photo: str = "asset_1", *, days: float = 0) -> Event:
    """An event of a photo, so many days before it is deleted."""
    number = crc32(f"{name} {photo} {days}".encode())
    return make_event(number, event_type=name, entity_id=photo, created_at=NOW - days * DAY)


async def origin(read: list[Event], history: TrashHistory = no_trash_history, *copies: object) -> tuple[int, int]:
    """How many of the photos deleted were in the trash, and of how many that is not known, by these events."""
    store = EventStore()
    store.append(read)
    actions = Actions(store)
    actions.refresh()
    names = NameCache(EntityShelf(), "lib_1")
    for copy in copies:
        names.learn(copy)  # type: ignore[arg-type]
    (action,) = (one for one in actions if one.last_us == to_us(NOW))
    return await Origins(actions, names, history).of(action)


@asynccontextmanager
async def journaled(*events: Event, since: bool, **fields: Any) -> AsyncIterator[JournalTrashHistory]:
    """A journal of these events, which began with the feed or later; with a copy of the photo if it has fields."""
    async with Journal(memory_database(), clock=lambda: NOW - DAY) as journal:
        record = await journal.begin(KEY, since_us=to_us(NOW - 100 * DAY) if since else None)
        record = (await journal.append(record, EventPage(events, "c", has_more=False))).record
        if fields:
            copy = make_entity("asset", "asset_1", **fields)
            await journal.keep(record, "asset", ["asset_1"], {"asset_1": copy})
        yield JournalTrashHistory(JournalLink(journal, record))


DELETED = happened("asset_deleted")


@pytest.mark.parametrize("name", ["asset_created", "asset_moved_in", "asset_restored"])
async def test_what_was_read_of_a_photo_settles_it(name: str) -> None:
    """From then on every event was read; a photo that went into the trash is purged by the rules."""
    assert await origin([happened(name, days=3), DELETED]) == (0, 0)
    assert await origin([happened("asset_trashed", days=3), DELETED]) == (0, 0)


async def test_what_nobody_knows_is_not_told() -> None:
    """What happened to the photo does not say where it was."""
    others = [happened("metadata_updated", days=2), happened("asset_created", "asset_2", days=2)]
    assert await origin([*others, DELETED, happened("asset_deleted", "asset_3")]) == (0, 2)


@pytest.mark.parametrize("since", [False, True])
async def test_older_events_of_the_journal_tell(since: bool) -> None:
    """The last before the deletion counts, and less than an hour in the trash makes no purge."""
    for before, purged in (
        ([happened("asset_trashed", days=9)], 1),
        ([happened("asset_trashed", days=9), happened("asset_restored", days=8)], 0),
        ([happened("asset_restored", days=8), happened("asset_trashed", days=7)], 1),
        ([happened("asset_trashed", days=0.04)], 0),
    ):
        async with journaled(*before, since=since) as history:
            assert await origin([DELETED], history) == (purged, 0)


@pytest.mark.parametrize(
    ("name", "expected"), [("asset_created", (0, 0)), ("asset_moved_in", (0, 0)), ("metadata_updated", (0, 1))]
)
async def test_the_journal_has_all_that_happened_to_photos_that_came_in_its_time(
    name: str, expected: tuple[int, int]
) -> None:
    """Of others it does not know what was before, even if it began with the feed."""
    async with journaled(happened(name, days=9), happened("asset_created", "asset_2", days=8), since=False) as history:
        assert await origin([DELETED], history) == expected


@pytest.mark.parametrize(("trashed_at", "purged"), [("2026-09-01T10:00:00Z", 1), (None, 0)])
async def test_the_photo_as_it_was_last_read_tells(trashed_at: str | None, purged: int) -> None:
    """In the journal or in this session."""
    async with journaled(
        happened("metadata_updated", days=9), since=True, trashed_at=trashed_at, id="asset_1"
    ) as history:
        assert await origin([DELETED], history) == (purged, 0)
    copy = make_entity("asset", "asset_1", trashed_at=trashed_at)
    assert await origin([DELETED], no_trash_history, copy) == (purged, 0)


async def test_what_was_written_since_the_journal_was_opened_counts() -> None:
    """Its events are read again for what was deleted after they were last read, and not for what was before."""
    async with Journal(memory_database(), clock=lambda: NOW - DAY) as journal:
        record = await journal.begin(KEY, since_us=to_us(NOW - 100 * DAY))
        opened = (await journal.append(record, EventPage((), "c", has_more=False))).record
        history = JournalTrashHistory(JournalLink(journal, opened))
        late, early = {"asset_1": to_us(NOW)}, {"asset_1": to_us(NOW - 2 * DAY)}
        assert await history(early) == {}
        page = EventPage((happened("asset_trashed", days=3),), "d", has_more=False)
        await journal.append(opened, page)
        assert await history(early) == {}
        assert await history(late) == {"asset_1": True}

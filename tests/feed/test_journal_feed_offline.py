"""The journal in the service's place: what was last seen, as of when, and nothing that was never read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from gumnut_tui.domain.errors import ConnectionFailed, NetworkProblem
from gumnut_tui.domain.models import Entity, EntityState, Presence
from gumnut_tui.domain.ports import EventQuery
from gumnut_tui.feed.journal_feed import OfflineService
from gumnut_tui.journal.journal import Journal
from gumnut_tui.journal.records import LibraryRecord
from tests.factories import NOW
from tests.journal.memory import memory_database
from tests.journal.sources import KEY

EARLIER = NOW - timedelta(days=3)


class Clock:
    """Says when it is."""

    now = EARLIER


class Kept:
    """A journal with one library, to put snapshots into."""

    def __init__(self, journal: Journal, record: LibraryRecord, clock: Clock) -> None:
        self.journal = journal
        self.record = record
        self.clock = clock
        self.service = OfflineService(journal, record)

    async def saw(self, kind: str, entity_id: str, **fields: Any) -> None:
        """A read found the entity."""
        entity = Entity(kind, entity_id, {"id": entity_id, **fields}, self.clock.now)
        await self.journal.keep(self.record, kind, [entity_id], {entity_id: entity})

    async def missed(self, kind: str, entity_id: str) -> None:
        """A read did not find it."""
        await self.journal.keep(self.record, kind, [entity_id], {})


@pytest.fixture
async def kept() -> AsyncIterator[Kept]:
    """An empty one."""
    clock = Clock()
    async with Journal(memory_database(), clock=lambda: clock.now) as journal:
        yield Kept(journal, await journal.begin(KEY, name="Family"), clock)


async def test_an_entity_is_as_it_was_last_seen(kept: Kept) -> None:
    """With the time of that."""
    await kept.saw("asset", "a", original_file_name="old.jpg")
    await kept.saw("asset", "a", original_file_name="new.jpg")
    state = await kept.service.entity("asset", "a", "lib_1")
    assert state == EntityState("asset", "a", Presence.LIVE, EARLIER, state.entity)
    assert state.entity is not None
    assert state.entity.fields["original_file_name"] == "new.jpg"


async def test_the_trash_is_told(kept: Kept) -> None:
    """As far as the last read knew."""
    await kept.saw("asset", "a", trashed_at=EARLIER.isoformat())
    assert (await kept.service.entity("asset", "a", None)).presence is Presence.TRASHED


async def test_what_was_gone_is_gone(kept: Kept) -> None:
    """A read that found nothing is an answer too, also of what was never there."""
    await kept.saw("asset", "a")
    await kept.missed("asset", "a")
    await kept.missed("asset", "b")
    assert (await kept.service.entity("asset", "a", None)).presence is Presence.GONE
    assert (await kept.service.entity("asset", "b", None)).presence is Presence.GONE
    assert await kept.service.entities("asset", ["a", "b"], None) == {}


async def test_what_was_never_read_is_unknown_not_gone(kept: Kept) -> None:
    """It says that it is offline."""
    with pytest.raises(NetworkProblem, match="offline"):
        await kept.service.entity("asset", "a", None)


async def test_a_batch_leaves_out_what_it_does_not_know(kept: Kept) -> None:
    """As the service leaves out what is not there."""
    await kept.saw("album", "al", name="Italy")
    assert set(await kept.service.entities("album", ["al", "other"], None)) == {"al"}


async def test_albums_of_a_photo_are_the_last_known(kept: Kept) -> None:
    """By name, also when the album is gone since."""
    await kept.saw("album_asset", "link", asset_id="a", album_id="al")
    await kept.saw("album", "al", name="Italy")
    await kept.missed("album", "al")
    (album,) = await kept.service.albums_of("a", None)
    assert album.fields["name"] == "Italy"
    assert await kept.service.assets_of("album", "al", None, limit=5) == []


async def test_an_album_the_photo_had_left_is_none_of_its_albums(kept: Kept) -> None:
    """The photo was seen again after it had been taken out: then it was not in that album."""
    await kept.saw("album_asset", "link", asset_id="a", album_id="al")
    await kept.saw("album", "al", name="Italy")
    await kept.missed("album_asset", "link")
    kept.clock.now = NOW
    await kept.saw("asset", "a")
    assert await kept.service.albums_of("a", None) == []


async def test_nothing_is_asked_of_a_network(kept: Kept) -> None:
    """Events, the feed and pictures say that they cannot be had."""
    service = kept.service
    with pytest.raises(ConnectionFailed, match="offline"):
        await service.events(EventQuery(None))
    with pytest.raises(ConnectionFailed, match="offline"):
        async for _ in service.read_feed(EventQuery(None)):
            pass
    with pytest.raises(ConnectionFailed, match="offline"):
        await service.picture("https://pictures.example.org/1")
    await service.aclose()
    assert service.requests == 0
    assert service.base_url == KEY.base_url

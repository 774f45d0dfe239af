"""Rules for what the journal remembers: the last copy of everything, and what a photo had when it was last seen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from gumnut_tui.domain.models import Entity, Presence
from gumnut_tui.feed.entity_cache import NameCache
from gumnut_tui.feed.entity_history import Belongings, JournalHistory
from gumnut_tui.feed.sync import newest_mentions
from gumnut_tui.journal.journal import Journal
from gumnut_tui.journal.records import LibraryRecord
from tests.factories import NOW, make_event
from tests.feed.entity_sources import EntityShelf
from tests.journal.memory import memory_database
from tests.journal.sources import KEY, page_of

Fields = dict[str, Any]
PHOTO: Fields = {"original_file_name": "IMG_2031.HEIC", "people": [{"id": "person_1", "name": "Ana"}]}
LINK: Fields = {"asset_id": "asset_1", "album_id": "album_1"}
FACE: Fields = {"asset_id": "asset_1", "person_id": "person_2"}


class Diary:
    """A journal with one library, kept by hand: `at` seconds after `NOW` something was read, or was not there."""

    def __init__(self) -> None:
        self.at = 0.0
        self.journal = Journal(memory_database(), clock=lambda: NOW + timedelta(seconds=self.at))
        self.library: LibraryRecord
        self.memory: JournalHistory

    async def begin(self) -> None:
        self.library = await self.journal.begin(KEY)
        self.memory = JournalHistory(self.journal, self.library)

    async def read(self, seconds: float, kind: str, entity_id: str, fields: Fields | None) -> None:
        self.at = seconds
        moment = NOW + timedelta(seconds=seconds)
        found = {} if fields is None else {entity_id: Entity(kind, entity_id, {"id": entity_id} | fields, moment)}
        await self.journal.keep(self.library, kind, [entity_id], found)


@pytest.fixture
async def diary() -> AsyncIterator[Diary]:
    diary = Diary()
    async with diary.journal:
        await diary.begin()
        yield diary


async def test_what_is_gone_is_remembered_as_last_seen(diary: Diary) -> None:
    """The last copy, with the time at which the entity was last like that; nothing of what was never read."""
    await diary.read(0, "asset", "asset_1", PHOTO)
    await diary.read(60, "asset", "asset_1", PHOTO)
    await diary.read(90, "asset", "asset_1", None)
    known = await diary.memory.entities([("asset", "asset_1"), ("asset", "asset_2")])
    assert known == {
        ("asset", "asset_1"): Entity("asset", "asset_1", {"id": "asset_1"} | PHOTO, NOW + timedelta(minutes=1))
    }
    assert [one.fields is None for one in await diary.memory.snapshots("asset", "asset_1")] == [False, True]


async def test_a_photo_is_remembered_with_its_albums_people_and_faces(diary: Diary) -> None:
    """What went away together with the photo is what it had when it was last seen."""
    for seconds, gone in ((0, False), (3600, True)):
        await diary.read(seconds, "album_asset", "link_1", None if gone else LINK)
        await diary.read(seconds + 1, "face", "face_1", None if gone else FACE)
        await diary.read(seconds + 2, "asset", "asset_1", None if gone else PHOTO)
    assert await diary.memory.belongings("asset_1") == Belongings(("album_1",), ("person_1",), ("face_1",))
    assert await diary.memory.albums_of(["asset_1", "asset_2"]) == {"asset_1": ("album_1",), "asset_2": ()}


async def test_people_of_a_photo_read_without_them_are_those_of_its_faces(diary: Diary) -> None:
    """Older servers do not name people on a photo; its faces do."""
    await diary.read(0, "asset", "asset_1", {"original_file_name": "a.jpg"})
    await diary.read(0, "face", "face_1", FACE)
    assert (await diary.memory.belongings("asset_1")).people == ("person_2",)


@pytest.mark.parametrize(
    ("photo_seen", "photo_gone", "link_gone", "was_in"),
    [
        (3600, 7200, 1800, False),
        (1801, 7200, 1800, False),
        (1799, 7200, 1800, False),
        (3600, 7200, 7100, True),
        (3600, None, None, True),
        (3600, 3605, 3604, True),
    ],
    ids=["seen long after", "read just before it", "read just after it", "gone unseen", "there", "at once"],
)
async def test_an_album_a_photo_had_left_before_is_not_its_own(
    diary: Diary, photo_seen: float, photo_gone: float | None, link_gone: float | None, was_in: bool
) -> None:
    """Taken out of an album, seen again and deleted later: it was not in that album when last seen."""
    await diary.read(0, "album_asset", "link_1", LINK)
    reads: dict[float | None, tuple[str, str, Fields | None]] = {
        photo_seen: ("asset", "asset_1", PHOTO),
        link_gone: ("album_asset", "link_1", None),
        photo_gone: ("asset", "asset_1", None),
    }
    for seconds in sorted(one for one in reads if one is not None):
        await diary.read(seconds, *reads[seconds])
    assert (await diary.memory.belongings("asset_1")).albums == (("album_1",) if was_in else ())


async def test_the_trash_hides_albums_but_does_not_empty_them(diary: Diary) -> None:
    """A photo seen in the trash, where the service hides its memberships, still has them."""
    await diary.read(0, "asset", "asset_1", PHOTO)
    await diary.read(0, "album_asset", "link_1", LINK)
    await diary.read(3600, "album_asset", "link_1", None)
    await diary.read(7200, "asset", "asset_1", PHOTO | {"trashed_at": "2026-11-20T12:30:00Z"})
    assert (await diary.memory.belongings("asset_1")).albums == ("album_1",)


async def test_rows_name_what_is_gone(diary: Diary) -> None:
    """A membership that is gone is named by the last copies of link, photo and album; all of it stays gone."""
    await diary.read(0, "asset", "asset_1", PHOTO)
    await diary.read(0, "album", "album_1", {"name": "Italy"})
    await diary.read(0, "album_asset", "link_1", LINK)
    await diary.read(60, "asset", "asset_1", None)
    await diary.read(60, "album_asset", "link_1", None)
    removed = make_event(entity_type="album_asset", entity_id="link_1", event_type="album_asset_removed")
    cache = NameCache(EntityShelf(), "lib_1", memory=diary.memory, departed=lambda _: Presence.GONE)
    assert await cache.resolve([removed])
    assert cache.name("album_asset", "link_1") == "IMG_2031 ← Italy"
    assert cache.presence("asset", "asset_1") is Presence.GONE


async def test_what_an_event_named_since_is_not_said_to_be_there(diary: Diary) -> None:
    """Until it was read again it has its last name, and only events tell whether it is there."""
    await diary.read(0, "asset", "asset_1", PHOTO)
    await diary.read(0, "asset", "asset_2", PHOTO)
    page = page_of([make_event(entity_id="asset_1", event_type="asset_updated")])
    await diary.journal.append(diary.library, page, newest_mentions)
    latest = await diary.memory.latest([("asset", "asset_1"), ("asset", "asset_2"), ("asset", "asset_3")])
    assert {reference[1]: seen.is_there for reference, seen in latest.items()} == {"asset_1": None, "asset_2": True}
    cache = NameCache(EntityShelf(), "lib_1", memory=diary.memory, departed={"asset_2": Presence.GONE}.get)
    await cache.resolve_references(latest)
    assert cache.name("asset", "asset_1") == "IMG_2031.HEIC"
    assert (cache.presence("asset", "asset_1"), cache.presence("asset", "asset_2")) == (None, Presence.LIVE)


async def test_damaged_snapshots_leave_nothing_to_remember(diary: Diary) -> None:
    """The service is asked instead, and names are those of this session."""
    await diary.read(0, "asset", "asset_1", PHOTO)
    await diary.journal.apply(lambda db: db.run("DROP TABLE unread"))
    assert await diary.memory.latest([("asset", "asset_1")]) == {}
    await diary.journal.apply(lambda db: db.run("DROP TABLE names"))
    assert (await diary.memory.names()).ids("img") == frozenset()

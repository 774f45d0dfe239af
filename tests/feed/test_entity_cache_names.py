"""Rules for the name cache: few requests, no name lost, nothing outdated for long, no end of memory."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import timedelta

import msgspec
import pytest

from gumnut_tui.domain.errors import ConnectionFailed, Forbidden, ServerFailure
from gumnut_tui.domain.fields import Reference, naming_of
from gumnut_tui.domain.models import Entity, Event, Library, Presence
from gumnut_tui.feed.entity_cache import Capacity, NameCache
from gumnut_tui.feed.entity_history import LastSeen
from gumnut_tui.store.name_index import NameIndex
from tests.factories import NOW, make_event
from tests.feed.entity_sources import EntityShelf, make_entity, photo

FACE = make_entity("face", "face_1", asset_id="asset_1", person_id="person_1")
ANA = make_entity("person", "person_1", name="Ana")
ITALY = make_entity("album", "album_1", name="Italy")
UPLOAD = make_event(entity_id="asset_1")
FACE_EVENT = make_event(entity_type="face", entity_id="face_1", event_type="face_created")


def cache_on(*entities: object) -> tuple[NameCache, EntityShelf]:
    shelf = EntityShelf(*entities)  # type: ignore[arg-type]
    return NameCache(shelf, "lib_1"), shelf


async def test_rows_in_sight_are_read_in_one_batch_a_kind() -> None:
    """Forty photos and their metadata are one request; asking again for what is known is none."""
    cache, shelf = cache_on(*(photo(f"asset_{n}", f"IMG_{n}.JPG") for n in range(40)))
    events = [make_event(n, entity_id=f"asset_{n}") for n in range(40)]
    events += [make_event(n, entity_id=f"asset_{n}", entity_type="metadata") for n in range(40)]
    assert await cache.resolve(events)
    assert not await cache.resolve(events)
    assert [(kind, len(ids)) for kind, ids in shelf.asked] == [("asset", 40)]
    assert cache.name("asset", "asset_39") == "IMG_39.JPG"


async def test_a_name_made_of_others_reads_them_too() -> None:
    """A face needs its photo and its person: a second batch, one request a kind, for all faces together."""
    other = make_entity("face", "face_2", asset_id="asset_1", person_id=None)
    cache, shelf = cache_on(FACE, other, ANA, photo())
    await cache.resolve([FACE_EVENT, make_event(entity_type="face", entity_id="face_2")])
    assert sorted(shelf.asked) == [("asset", ("asset_1",)), ("face", ("face_1", "face_2")), ("person", ("person_1",))]
    assert cache.name("face", "face_1") == "face of Ana on IMG_2031"


async def test_unknown_kinds_are_not_asked_for() -> None:
    """The service cannot be asked for a kind it has no list of, and rows of it have no name."""
    cache, shelf = cache_on()
    assert not await cache.resolve([make_event(entity_type="ghost", entity_id="ghost_1")])
    assert (shelf.asked, cache.name("ghost", "ghost_1")) == ([], None)


async def test_what_is_not_there_is_asked_for_once() -> None:
    """An entity that was gone before we could read it has no name, and is not asked for on every scroll."""
    cache, shelf = cache_on()
    await cache.resolve([UPLOAD])
    await cache.resolve([UPLOAD])
    assert len(shelf.asked) == 1
    assert cache.name("asset", "asset_1") is None


class Libraries(EntityShelf):
    """A shelf for each library; one may not be read, one is out of order."""

    def __init__(self, **held: Entity) -> None:
        super().__init__()
        self.by_library = {library: EntityShelf(entity) for library, entity in held.items()}
        self.libraries: list[str | None] = []

    async def entities(self, kind: str, ids: Collection[str], library_id: str | None) -> dict[str, Entity]:
        self.libraries.append(library_id)
        if library_id == "lib_closed":
            raise Forbidden("GET /api/assets", 403)
        if library_id == "lib_down":
            raise ServerFailure("GET /api/assets", 503)
        shelf = self.by_library.get(library_id or "", EntityShelf())
        return await shelf.entities(kind, ids, library_id)


async def test_moved_photos_are_named_by_the_libraries_they_are_in_now() -> None:
    """A batch for each of the account's libraries that may be read, until all are found; they stay moved."""
    shelf = Libraries(lib_2=photo("asset_1", "IMG_1.JPG"), lib_3=photo("asset_2", "IMG_2.JPG"))

    async def others() -> list[Library]:
        return [Library(each, "") for each in ("lib_closed", "lib_2", "lib_3", "lib_4")]

    moved = {"asset_1": Presence.MOVED, "asset_2": Presence.MOVED}
    cache = NameCache(shelf, "lib_1", departed=moved.get, others=others)
    events = [make_event(n, entity_id=f"asset_{n}", event_type="asset_moved_out") for n in (1, 2, 3)]
    await cache.resolve(events)
    assert [cache.name("asset", f"asset_{n}") for n in (1, 2, 3)] == ["IMG_1.JPG", "IMG_2.JPG", None]
    assert cache.presence("asset", "asset_1") is Presence.MOVED
    assert shelf.libraries == ["lib_1", "lib_closed", "lib_2", "lib_3"]
    await cache.resolve(events)
    assert len(shelf.libraries) == 4


async def test_a_look_into_other_libraries_that_was_broken_off_is_made_again() -> None:
    """When the screen moves on, or a request fails, after its own library was asked."""
    shelf = Libraries(lib_2=photo("asset_1", "IMG_1.JPG"))
    listed = [Library("lib_down", "")]

    async def others() -> list[Library]:
        return listed

    cache = NameCache(shelf, "lib_1", departed={"asset_1": Presence.MOVED}.get, others=others)
    events = [make_event(1, entity_id="asset_1", event_type="asset_moved_out")]
    with pytest.raises(ServerFailure):
        await cache.resolve(events)
    listed[:] = [Library("lib_2", "")]
    await cache.resolve(events)
    assert cache.name("asset", "asset_1") == "IMG_1.JPG"


async def test_a_photo_read_by_itself_is_named_too() -> None:
    """Where nobody knew that it was moved, the answer that says so has its name."""
    cache, shelf = cache_on()
    await cache.resolve([UPLOAD])
    assert cache.name("asset", "asset_1") is None
    shelf.put(photo())
    await cache.explain([UPLOAD])
    assert cache.name("asset", "asset_1") == "IMG_2031.HEIC"


async def test_an_entity_that_went_keeps_its_name() -> None:
    """After the deletion the name and the fields last read stay, and how it left is asked of the events."""
    cache, shelf = cache_on(photo())
    cache = NameCache(shelf, "lib_1", departed={"asset_1": Presence.MOVED}.get)
    await cache.resolve([UPLOAD])
    assert cache.presence("asset", "asset_1") is Presence.LIVE
    shelf.held.clear()
    cache.changed([make_event(2, entity_id="asset_1", event_type="asset_moved_out")])
    await cache.resolve([UPLOAD])
    assert cache.name("asset", "asset_1") == "IMG_2031.HEIC"
    assert cache.last_read("asset", "asset_1") == photo()
    assert cache.presence("asset", "asset_1") is Presence.MOVED
    assert cache.presence("asset", "asset_2") is None


async def test_what_came_back_is_there_again() -> None:
    """A photo restored after it was gone, or put into the trash, is what the last read says."""
    cache, shelf = cache_on()
    await cache.resolve([UPLOAD])
    for fields, presence in (({"trashed_at": "2026-11-20T11:00:00Z"}, Presence.TRASHED), ({}, Presence.LIVE)):
        shelf.put(photo(**fields))
        cache.changed([UPLOAD])
        await cache.resolve([UPLOAD])
        assert cache.presence("asset", "asset_1") is presence


@pytest.mark.parametrize(
    "event",
    [
        make_event(entity_type="person", entity_id="person_1", event_type="person_updated"),
        make_event(
            entity_type="face", entity_id="face_1", event_type="face_updated", payload={"person_id": "person_1"}
        ),
    ],
    ids=["about it", "mentioning it"],
)
async def test_an_event_makes_what_it_names_be_read_again(event: Event) -> None:
    """A renamed person shows in the names made of hers, once they are in sight again, for one read of her."""
    cache, shelf = cache_on(FACE, ANA, photo())
    await cache.resolve([FACE_EVENT])
    shelf.put(make_entity("person", "person_1", name="Anna"))
    cache.changed([event])
    assert cache.name("face", "face_1") == "face of Ana on IMG_2031"
    await cache.resolve([FACE_EVENT])
    assert cache.name("face", "face_1") == "face of Anna on IMG_2031"
    assert sum(kind == "person" for kind, _ in shelf.asked) == 2
    assert not await cache.resolve([FACE_EVENT])


async def test_an_event_during_the_read_is_not_lost() -> None:
    """The answer under way may be older than the event, so the entity is read once more."""
    cache, shelf = cache_on(photo())
    shelf.meanwhile = lambda: cache.changed([UPLOAD])
    await cache.resolve([UPLOAD])
    shelf.meanwhile = lambda: None
    shelf.put(photo(name="renamed.jpg"))
    assert await cache.resolve([UPLOAD])
    assert cache.name("asset", "asset_1") == "renamed.jpg"


async def test_a_failed_read_is_made_up_for() -> None:
    """What was outdated or unknown before a failure is still so after it, and keeps its name meanwhile."""
    cache, shelf = cache_on(photo())
    await cache.resolve([UPLOAD])
    cache.changed([UPLOAD])
    shelf.put(photo(name="renamed.jpg"))
    shelf.error = ConnectionFailed("GET /api/assets", "gone")
    with pytest.raises(ConnectionFailed):
        await cache.resolve([UPLOAD, FACE_EVENT])
    assert cache.name("asset", "asset_1") == "IMG_2031.HEIC"
    shelf.error = None
    await cache.resolve([UPLOAD])
    assert cache.name("asset", "asset_1") == "renamed.jpg"


async def test_names_are_found_by_text() -> None:
    """Ids of all entities whose name holds the text, upper and lower case alike, composed names too."""
    cache, _ = cache_on(FACE, ANA, photo(), ITALY)
    await cache.resolve([FACE_EVENT, make_event(entity_type="album", entity_id="album_1")])
    assert cache.ids_named("ANA") == {"face_1", "person_1"}
    assert cache.ids_named("ital") == {"album_1"}
    assert cache.ids_named("img_2031") == {"asset_1", "face_1"}


async def test_what_was_read_elsewhere_needs_no_request() -> None:
    """An entity learnt from another read is known, and names made of it are made anew."""
    cache, shelf = cache_on(FACE, photo())
    await cache.resolve([FACE_EVENT])
    assert cache.name("face", "face_1") == "face of person …on_1 on IMG_2031"
    asked = len(shelf.asked)
    cache.learn(ANA)
    assert not await cache.resolve([FACE_EVENT])
    assert cache.name("face", "face_1") == "face of Ana on IMG_2031"
    assert len(shelf.asked) == asked


async def test_the_book_does_not_grow_for_ever() -> None:
    """Whole entities are few, names many, and neither grows without end; events about others leave nothing."""
    shelf = EntityShelf(*(photo(f"asset_{number}") for number in range(100)))
    cache = NameCache(shelf, "lib_1", capacity=Capacity(20, 60))
    events = [make_event(entity_id=f"asset_{number}") for number in range(300)]
    cache.changed(events)
    await cache.resolve(events)
    cache.changed(events)
    for number in range(10):
        cache.learn(photo(f"learnt_{number}"))
    assert max(len(held) for held in vars(cache).values() if hasattr(held, "__len__")) <= 2 * 60
    assert cache.name("asset", "learnt_9")
    named = [event for event in events if cache.name("asset", event.entity_id) is not None]
    assert len(named) == 60 - 10
    assert sum(cache.fields("asset", event.entity_id) is not None for event in named) == 20 - 10


async def test_a_text_in_a_photo_s_name_finds_what_is_named_after_it() -> None:
    """A face or a place in an album is called after its photo, so it is found by the photo's name too."""
    cache, _ = cache_on(FACE, ANA, photo("asset_1", "IMG_2031.HEIC"), photo("asset_2", "other.jpg"))
    await cache.resolve([FACE_EVENT, make_event(entity_id="asset_2")])
    assert cache.ids_named("img_20") == {"asset_1", "face_1"}
    assert cache.ids_named("ana") == {"person_1", "face_1"}


class Remembering:
    """Remembers some entities, of which some are gone, and counts how often it is asked."""

    def __init__(self, *entities: Entity, gone: Collection[str] = ()) -> None:
        self.held = {(entity.kind, entity.id): LastSeen(entity, entity.id not in gone) for entity in entities}
        self.asked: list[int] = []
        self.asking, self.may_answer = asyncio.Event(), asyncio.Event()
        self.may_answer.set()

    async def latest(self, references: Collection[Reference]) -> dict[Reference, LastSeen]:
        self.asked.append(len(references))
        self.asking.set()
        await self.may_answer.wait()
        return {reference: self.held[reference] for reference in references if reference in self.held}

    async def names(self) -> NameIndex:
        index = NameIndex()
        namings = (
            naming_of(seen.entity.kind, seen.entity.id, seen.entity.fields)
            for seen in self.held.values()
            if seen.entity
        )
        index.add([naming for naming in namings if naming])
        return index


async def test_gone_photos_keep_their_names_and_are_looked_up_together() -> None:
    """Forty deleted photos are one call to the memory and no request, and they are as gone as before."""
    photos = [photo(f"asset_{n}", f"IMG_{n}.JPG") for n in range(40)]
    memory, shelf = Remembering(*photos, gone=[one.id for one in photos]), EntityShelf()
    cache = NameCache(shelf, "lib_1", memory=memory, departed=lambda _: Presence.GONE)
    events = [make_event(n, entity_id=f"asset_{n}") for n in range(41)]
    await cache.resolve(events)
    await cache.resolve(events)
    assert (memory.asked, shelf.asked) == ([41], [("asset", ("asset_40",))])
    assert cache.name("asset", "asset_39") == "IMG_39.JPG"
    assert cache.name("asset", "asset_40") is None
    assert cache.presence("asset", "asset_39") is Presence.GONE
    assert cache.last_read("asset", "asset_39") == photo("asset_39", "IMG_39.JPG")
    assert cache.ids_named("img_39") == frozenset()
    await cache.load_names()
    assert cache.ids_named("img_39") == {"asset_39"}


async def test_what_was_read_later_counts() -> None:
    """A copy read for the detail pane is not replaced by an older one of the journal, but by a newer one."""
    then = msgspec.structs.replace(photo(name="older.jpg"), read_at=NOW - timedelta(days=1))
    memory = Remembering(then)
    cache = NameCache(EntityShelf(), "lib_1", memory=memory)
    cache.learn(photo(name="newer.jpg"))
    cache.changed([UPLOAD])
    await cache.resolve([UPLOAD])
    assert cache.name("asset", "asset_1") == "newer.jpg"
    memory.held["asset", "asset_1"] = LastSeen(photo(name="newest.jpg"), True)
    cache.stored([("asset", "asset_1"), ("asset", "never named")])
    await cache.resolve([UPLOAD])
    assert cache.name("asset", "asset_1") == "newest.jpg"
    assert not await cache.resolve([UPLOAD])


async def test_what_memory_has_is_never_asked_for() -> None:
    """Rows have names though the service cannot be reached; only what memory has not fails."""
    shelf = EntityShelf()
    shelf.error = ConnectionFailed("GET /api/assets", "no route to host")
    cache = NameCache(shelf, "lib_1", memory=Remembering(photo(name="then.jpg")))
    assert await cache.resolve([UPLOAD])
    assert (cache.name("asset", "asset_1"), cache.presence("asset", "asset_1")) == ("then.jpg", Presence.LIVE)
    cache.changed([UPLOAD])
    assert await cache.resolve([UPLOAD])
    assert shelf.asked == []
    with pytest.raises(ConnectionFailed):
        await cache.resolve([UPLOAD, make_event(2, entity_id="asset_2")])
    assert shelf.asked == [("asset", ("asset_2",))]


async def test_what_is_remembered_needs_no_request() -> None:
    """A face has its whole name from memory; what memory has not is left for `resolve`."""
    shelf = EntityShelf(photo("asset_2", "new.jpg"))
    cache = NameCache(shelf, "lib_1", memory=Remembering(FACE, ANA, photo()))
    events = [FACE_EVENT, make_event(2, entity_id="asset_2")]
    before = cache.revision
    assert await cache.remember(events)
    assert not await cache.remember(events)
    assert (cache.name("face", "face_1"), cache.name("asset", "asset_2")) == ("face of Ana on IMG_2031", None)
    assert cache.revision != before
    assert shelf.asked == []
    await cache.resolve(events)
    assert shelf.asked == [("asset", ("asset_2",))]


async def test_what_an_incomplete_memory_has_is_shown_until_the_service_answers() -> None:
    """It may be outdated, so it is asked for all the same."""
    shelf = EntityShelf(photo(name="newer.jpg"))
    cache = NameCache(shelf, "lib_1", memory=Remembering(photo(name="older.jpg")), is_current=False)
    assert await cache.remember([UPLOAD])
    assert cache.name("asset", "asset_1") == "older.jpg"
    await cache.resolve([UPLOAD])
    assert cache.name("asset", "asset_1") == "newer.jpg"


async def test_a_memory_that_is_not_complete_yet_names_what_is_gone() -> None:
    """While the first sync goes on the service is asked, and memory only for what that does not have."""
    memory = Remembering(photo(name="older.jpg"), photo("asset_2", "gone.jpg"))
    shelf = EntityShelf(photo(name="newer.jpg"))
    cache = NameCache(shelf, "lib_1", memory=memory, is_current=False, departed=lambda _: Presence.GONE)
    await cache.resolve([UPLOAD, make_event(2, entity_id="asset_2")])
    assert (cache.name("asset", "asset_1"), cache.name("asset", "asset_2")) == ("newer.jpg", "gone.jpg")
    assert (memory.asked, cache.presence("asset", "asset_2")) == ([1], Presence.GONE)


async def test_a_read_cancelled_over_its_memory_is_begun_again() -> None:
    """A name that only the memory has is not lost because one scrolled on while it was looked up."""
    memory = Remembering(photo("asset_1", "IMG_2031.HEIC"))
    memory.may_answer.clear()
    cache = NameCache(EntityShelf(), "lib_1", memory=memory)
    reading = asyncio.create_task(cache.resolve([UPLOAD]))
    await memory.asking.wait()
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    assert cache.name("asset", "asset_1") is None
    memory.may_answer.set()
    before = cache.revision
    assert await cache.resolve([UPLOAD])
    assert cache.name("asset", "asset_1") == "IMG_2031.HEIC"
    assert cache.revision != before

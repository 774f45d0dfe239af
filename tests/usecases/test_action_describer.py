"""What actions are called on the screen."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

import pytest

from gumnut_tui.domain.action_facts import MOST_LOOKED_AT
from gumnut_tui.feed.entity_cache import NameCache
from gumnut_tui.journal.records import Snapshot
from gumnut_tui.store.actions import Actions
from gumnut_tui.store.event_store import EventStore
from gumnut_tui.usecases.action_describer import ActionDescriber
from gumnut_tui.usecases.action_sources import ActionSources
from tests.factories import NOW, make_event
from tests.feed.entity_sources import EntityShelf, make_entity


def put(number: int) -> dict[str, object]:
    """The fields of an event by which a photo was put into an album."""
    return {
        "entity_type": "album_asset",
        "entity_id": f"album_asset_{number}",
        "event_type": "album_asset_added",
        "payload": {"album_id": "album_1", "asset_id": f"asset_{number}"},
    }


def added(number: int) -> dict[str, object]:
    """The same, one a second."""
    return {**put(number), "created_at": NOW + timedelta(seconds=number)}


async def test_figures_come_at_once_and_names_when_they_were_read() -> None:
    """A row is there before the service was asked; when an action has grown, it is told anew."""
    store = EventStore()
    store.append([make_event(number, **added(number)) for number in range(3)])
    actions = Actions(store)
    actions.refresh()
    shelf = EntityShelf(make_entity("album", "album_1", name="Italy"))
    describer = ActionDescriber(actions, NameCache(shelf, "lib_1"))
    assert describer.sentence(actions[0]) == "3 photos into an album"
    await describer.read(actions[0])
    assert describer.sentence(actions[0]) == "3 photos into Italy"
    assert describer.facts(actions[0]).photos == ("asset_0", "asset_1", "asset_2")
    store.append([make_event(3, **added(3))])
    actions.refresh()
    assert not describer.is_read(actions[0])
    await describer.read(actions[0])
    assert describer.sentence(actions[0]) == "4 photos into Italy"


def in_quick_succession(*kinds: dict[str, object]) -> Actions:
    """Events a hundredth of a second apart."""
    store = EventStore()
    at = [NOW + timedelta(seconds=number / 100) for number in range(len(kinds))]
    store.append([make_event(number, **kind, created_at=at[number]) for number, kind in enumerate(kinds)])
    actions = Actions(store)
    actions.refresh()
    return actions


def face(number: int, before: str, after: str) -> dict[str, object]:
    """The fields of an event by which a face changed hands."""
    payload = {"previous_person_id": before, "person_id": after}
    return {"entity_type": "face", "entity_id": f"face_{number}", "event_type": "face_updated", "payload": payload}


def person(entity_id: str, name: str) -> dict[str, object]:
    """The fields of an event of a person."""
    return {"entity_type": "person", "entity_id": entity_id, "event_type": name}


def photo(number: int, name: str) -> dict[str, object]:
    """The fields of an event of a photo."""
    return {"entity_id": f"asset_{number}", "event_type": name}


MANY = MOST_LOOKED_AT + 500
TALES = {
    f"person …on_a merged into person …on_b, {MANY:,} faces": [
        *(face(number, "person_a", "person_b") for number in range(MANY)),
        person("person_a", "person_deleted"),
    ],
    f"regrouped: {MANY:,} faces, 5 people gone": [
        *(face(number, f"person_{number % 5}", f"person_new_{number % 7}") for number in range(MANY)),
        *(person(f"person_{number}", "person_deleted") for number in range(5)),
    ],
    f"{MANY:,} photos · 3 new people": [
        *(photo(number, "asset_created") for number in range(MANY)),
        *(person(f"person_{number}", "person_created") for number in range(3)),
    ],
    f"{MANY:,} photos to the trash, {MANY - 1:,} restored since": [
        *(photo(number, "asset_trashed") for number in range(MANY)),
        *(photo(number, "asset_restored") for number in range(1, MANY)),
    ],
    f"{MANY:,} photos into Italy": [put(number) for number in range(MANY)],
}


@pytest.mark.parametrize("tale", TALES)
async def test_what_is_told_of_an_action_does_not_depend_on_its_size(tale: str) -> None:
    """All events are looked at that tell what counts by kind do not."""
    actions = in_quick_succession(*TALES[tale])
    describer = ActionDescriber(actions, NameCache(EntityShelf(make_entity("album", "album_1", name="Italy")), "lib_1"))
    await describer.read(actions[0])
    assert describer.sentence(actions[0]) == tale
    facts = describer.facts(actions[0])
    assert facts.photo_count in (0, MANY)
    assert facts.entities


async def test_what_became_of_trashed_photos_is_told_as_soon_as_they_are_known() -> None:
    """And anew when more comes back."""
    actions = in_quick_succession(*(photo(number, "asset_trashed") for number in range(3)))
    describer = ActionDescriber(actions, NameCache(EntityShelf(), "lib_1"))
    for number, told in enumerate(("", ", 1 restored since", ", 2 restored since")):
        if number:
            at = NOW + timedelta(hours=number)
            actions.store.append([make_event(9 + number, **photo(number, "asset_restored"), created_at=at)])
            actions.refresh()
        assert describer.sentence(actions[0]).startswith("3 photos to the trash")
        await describer.read(actions[0])
        assert describer.sentence(actions[0]) == f"3 photos to the trash{told}"


async def test_the_album_of_a_large_upload_is_found_by_any_of_its_photos() -> None:
    """Though its events are not all read."""
    photos = [photo(number, "asset_created") for number in range(MANY)]
    actions = in_quick_succession(*photos, *map(put, range(MANY - 5, MANY)))
    describer = ActionDescriber(actions, NameCache(EntityShelf(make_entity("album", "album_1", name="Italy")), "lib_1"))
    await describer.read(actions[0])
    assert describer.sentence(actions[0]) == f"{MANY:,} photos · into Italy"


class Library:
    """Copies of one photo, as a journal gets them."""

    def __init__(self) -> None:
        self.held: list[Snapshot] = []

    def read(self, hours: int, **fields: object) -> None:
        """The photo was read so many hours after NOW."""
        at = NOW + timedelta(hours=hours)
        self.held.append(Snapshot("asset", "asset_1", at, at, fields))

    async def snapshots(self, kind: str, entity_id: str) -> list[Snapshot]:
        return list(self.held)

    async def last_mentioned(self, ids: Collection[str], from_us: int, to_us: int) -> dict[str, int]:
        return {}


async def test_what_an_edit_changed_is_told_once_the_photo_was_read_again() -> None:
    """Which in a journal that is kept up to date is a moment after the event."""
    actions = in_quick_succession(photo(1, "asset_updated"))
    library = Library()
    library.read(-1, rating=1)
    describer = ActionDescriber(actions, NameCache(EntityShelf(), "lib_1"), ActionSources(history=library))
    await describer.read(actions[0])
    library.read(1, rating=5)
    await describer.read(actions[0])
    assert describer.sentence(actions[0]) == "1 photo edited"
    describer.stored([("asset", "asset_2")])
    await describer.read(actions[0])
    assert describer.sentence(actions[0]) == "1 photo edited"
    describer.stored([("asset", "asset_1"), ("asset", "asset_2")])
    await describer.read(actions[0])
    assert describer.sentence(actions[0]) == "1 photo edited: rating"


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        ((30, 30), "2 photos processed after their upload"),
        ((30, 90), "2 photos edited, 1 of them just after their upload"),
        ((90, 90), "2 photos edited"),
    ],
)
async def test_what_follows_an_upload_before_the_range_is_not_told_as_edits(
    minutes: tuple[int, int], told: str
) -> None:
    """The photos say when they were created, where no event does."""
    actions = in_quick_succession(photo(1, "asset_updated"), photo(2, "metadata_updated"))
    created = [(NOW - timedelta(minutes=each)).isoformat() for each in minutes]
    shelf = EntityShelf(*(make_entity("asset", f"asset_{n}", created_at=at) for n, at in enumerate(created, 1)))
    describer = ActionDescriber(actions, NameCache(shelf, "lib_1"))
    await describer.read(actions[0])
    assert describer.sentence(actions[0]) == told


DRAWN = {"entity_type": "face", "entity_id": "face_1", "event_type": "face_created"}
GIVEN = face(1, "", "person_a")


@pytest.mark.parametrize(
    ("minutes", "words", "told"),
    [
        (59, "changes", "1 face given to Anna · 1 face found or drawn"),
        (61, "faces", "1 face named Anna · 1 face drawn"),
    ],
)
async def test_what_may_follow_an_upload_before_the_range_is_not_said_to_be_by_hand(
    minutes: int, words: str, told: str
) -> None:
    """For an hour the service finds faces and says whose they are; that hour may have begun before what was read."""
    store = EventStore()
    at = NOW + timedelta(minutes=minutes)
    store.append([make_event(0, **photo(9, "asset_restored"), created_at=NOW)])
    store.append([make_event(1, **DRAWN, created_at=at), make_event(2, **GIVEN, created_at=at)])
    actions = Actions(store)
    actions.refresh()
    shelf = EntityShelf(make_entity("person", "person_a", name="Anna"))
    describer = ActionDescriber(actions, NameCache(shelf, "lib_1"))
    await describer.read(actions[1])
    assert (describer.facts(actions[1]).what.word, describer.sentence(actions[1])) == (words, told)


async def test_what_is_read_later_of_the_time_before_is_taken_into_account() -> None:
    """A screen reads the newest events first, and describes them before it has read the rest."""
    store = EventStore()
    at = NOW + timedelta(hours=9)
    store.append([make_event(1, **DRAWN, created_at=at), make_event(2, **GIVEN, created_at=at)])
    store.append([make_event(3, **photo(1, "asset_deleted"), created_at=at + timedelta(hours=1))])
    actions = Actions(store)
    actions.refresh()
    describer = ActionDescriber(actions, NameCache(EntityShelf(), "lib_1"))
    for action in actions:
        await describer.read(action)
    assert [describer.facts(action).what.word for action in actions] == ["changes", "delete"]
    assert describer.facts(actions[1]).untold == 1
    store.insert([make_event(4, **photo(1, "asset_created"), created_at=NOW)], before=store.first_row)
    actions.refresh()
    assert not any(map(describer.is_read, actions))
    for action in actions:
        await describer.read(action)
    assert [describer.facts(action).what.word for action in actions] == ["upload", "faces", "delete"]
    assert describer.facts(actions[2]).untold == 0

"""The demo service as a whole: sizes, repeatability, vocabulary."""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta

import pytest

from gumnut_tui.demo.world.entity_filters import Filters
from gumnut_tui.demo.world.world import World
from tests.demo.worlds import KINDS, NOW, library_ids, make_world, microseconds, still_world

CURRENT_TYPES = {
    *("asset_created", "asset_updated", "asset_trashed", "asset_restored", "asset_deleted"),
    *("asset_moved_out", "asset_moved_in", "metadata_updated"),
    *("album_created", "album_updated", "album_deleted", "album_asset_added", "album_asset_removed"),
    *("person_created", "person_updated", "person_deleted"),
    *("face_created", "face_updated", "face_deleted"),
    *("stack_created", "stack_updated", "stack_deleted"),
    *("library_trashed", "library_restored"),
}


def total(world: World) -> int:
    """Events in all feeds."""
    return sum(len(world.feed(library_id)) for library_id in library_ids(world))


def seen_types(world: World) -> Counter[str]:
    """Event types of all feeds."""
    return Counter(row.event_type for each in library_ids(world) for row in world.feed(each))


@pytest.mark.parametrize(("events", "days"), [(500, 2), (500, 30), (2_000, 7), (4_000, 10), (20_000, 30), (20_000, 1)])
@pytest.mark.parametrize("seed", [7, 8])
def test_the_count_asked_for_is_met(seed: int, events: int, days: int) -> None:
    """All feeds together hold the events asked for, give or take 2 %."""
    assert total(make_world(seed=seed, events=events, days=days)) == pytest.approx(events, rel=0.02)


@pytest.mark.parametrize(("events", "days"), [(500, 2), (4_000, 10), (20_000, 30)])
@pytest.mark.parametrize("seed", [1, 7])
def test_every_type_of_event_occurs(seed: int, events: int, days: int) -> None:
    """The whole vocabulary is there, and two types no client knows."""
    assert set(seen_types(still_world(seed, events, days))) == CURRENT_TYPES | {
        "asset_reindexed",
        "memory_created",
    }


def test_the_same_arguments_give_the_same_world() -> None:
    """Feeds and entities depend on (seed, now, events, days) alone."""
    one, other = make_world(), make_world()
    assert one.user == other.user
    assert one.libraries() == other.libraries()
    for library_id in library_ids(one):
        assert list(one.feed(library_id)) == list(other.feed(library_id))
        for kind in KINDS:
            ids = one.ids(kind, library_id, Filters(state="all"))
            assert list(ids) == list(other.ids(kind, library_id, Filters(state="all")))
            assert [one.entity(kind, each) for each in ids] == [other.entity(kind, each) for each in ids]


def test_another_seed_gives_another_world() -> None:
    """No id is shared between seeds."""
    ids = {row.entity_id for row in still_world(7).feed(library_ids(still_world(7))[0])}
    others = {row.entity_id for row in still_world(8).feed(library_ids(still_world(8))[0])}
    assert not ids & others


def test_the_libraries_are_the_users_own() -> None:
    """Three live libraries of one owner, the first by far the largest; one of them came back from the trash."""
    world = still_world()
    libraries = world.libraries()
    assert [library["name"] for library in libraries] == [
        "Family Photos",
        "Studio Archive",
        "Guesthouse Porto",
    ]
    assert {(library["user_id"], library["role"]) for library in libraries} == {(world.user["id"], "owner")}
    assert world.libraries("trashed") == []
    assert libraries[0]["asset_count"] > 2 * libraries[1]["asset_count"]
    last = [row.event_type for row in world.feed(libraries[2]["id"]) if row.entity_type == "library"]
    assert last == ["library_trashed", "library_restored"]


def test_history_lies_between_its_first_day_and_now() -> None:
    """No event is older than the run or younger than now, and the last is hardly a minute old."""
    for events, days in ((500, 2), (4_000, 10)):
        world = make_world(events=events, days=days)
        times = [row.created_at_us for each in library_ids(world) for row in world.feed(each)]
        assert min(times) >= microseconds(NOW - timedelta(days=days))
        assert microseconds(NOW - timedelta(seconds=90)) < max(times) <= microseconds(NOW)


def test_an_unknown_library_has_no_feed() -> None:
    """Asking for a library that is not there is an error; asking for what is in it gives nothing."""
    with pytest.raises(KeyError):
        still_world().feed("lib_2222222222222222222222")
    assert len(still_world().ids("asset", "lib_2222222222222222222222")) == 0


def test_a_large_world_is_made_quickly() -> None:
    """50,000 events take seconds at most, so that a million stay under half a minute."""
    started = time.perf_counter()
    make_world(events=50_000, days=30)
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize("kind", KINDS)
def test_an_id_nobody_made_resolves_to_nothing(kind: str) -> None:
    """Unknown ids, unknown kinds and ids of another kind are answered with None."""
    world = still_world()
    assert world.entity(kind, "") is None
    assert world.entity(kind, f"{kind}_2222222222222222222222") is None
    assert world.entity("memory", "memory_2222222222222222222222") is None
    assert len(world.ids("asset", None, Filters(album_id="album_2222222222222222222222"))) == 0

"""Lists of entities: which, and in what order."""

from __future__ import annotations

import pytest

from gumnut_tui.demo.world.entity_filters import Filters
from gumnut_tui.demo.world.world import World
from tests.demo.worlds import library_ids, still_world


def live_asset(world: World, asset_id: str) -> bool:
    """Whether an asset exists outside the trash."""
    asset = world.entity("asset", asset_id)
    return asset is not None and not asset["_trashed"]


def test_trash_hides_faces_and_memberships() -> None:
    """Default lists leave out what hangs on a trashed asset; nothing of it is lost."""
    world = still_world()
    for kind in ("face", "album_asset"):
        live, every = set(world.ids(kind, None)), set(world.ids(kind, None, Filters(state="all")))
        assert live < every
        for entity_id in every:
            entity = world.entity(kind, entity_id)
            assert entity is not None
            assert entity["_trashed"] == (entity_id not in live)
            assert live_asset(world, entity["asset_id"]) == (entity_id in live)


def test_lists_have_the_order_of_the_api() -> None:
    """Assets by capture time, trashed ones by trash time, both newest first; stacks by id."""
    world = still_world()
    family = library_ids(world)[0]

    def key(entity_id: str, field: str) -> str:
        entity = world.entity("asset", entity_id)
        assert entity is not None
        return str(entity[field])[:26]

    live = [key(each, "local_datetime") for each in world.ids("asset", family)]
    trashed = [key(each, "trashed_at") for each in world.ids("asset", family, Filters(state="trashed"))]
    assert live == sorted(live, reverse=True)
    assert trashed == sorted(trashed, reverse=True)
    stacks = list(world.ids("stack", family))
    assert stacks == sorted(stacks)


def test_people_can_be_listed_by_name() -> None:
    """Named and unnamed people share the list between them; hidden ones can be left out."""
    world = still_world(events=20_000, days=30)
    family = library_ids(world)[0]
    named = set(world.ids("person", family, Filters(name_filter="named")))
    unnamed = set(world.ids("person", family, Filters(name_filter="unnamed")))
    everybody = set(world.ids("person", family))
    assert named
    assert unnamed
    assert named | unnamed == everybody
    assert not named & unnamed
    assert set(world.ids("person", family, Filters(include_hidden=False))) < everybody


def test_a_list_finds_an_id_without_a_walk() -> None:
    """`in` and `index` agree with the plain list, and a foreign id is not in it."""
    world = still_world()
    ids = world.ids("asset", library_ids(world)[0])
    plain = list(ids)
    assert [ids.index(each) for each in plain[:50]] == list(range(50))
    assert plain[3] in ids
    assert "asset_2222222222222222222222" not in ids
    assert ids[5:9] == plain[5:9]
    with pytest.raises(ValueError, match="not listed"):
        ids.index("nonsense")

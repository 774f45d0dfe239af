"""What a query may say, and how it is refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.demo.asking import ask, client, refusal
from tests.demo.little_world import HOME, WORK, LittleWorld


def names(page: dict[str, Any]) -> list[str]:
    return [entity["id"] for entity in page["data"]]


@pytest.fixture
def world() -> LittleWorld:
    world = LittleWorld()
    for number in range(1, 4):
        world.put("asset", f"asset_{number}", local_datetime=f"2026-10-0{number}T10:00:00")
    world.put("asset", "asset_t", trashed=True, trashed_at="2026-11-02T00:00:00Z")
    world.put("asset", "asset_w", in_=WORK)
    world.put("album", "album_1", album_cover_asset_id="asset_1")
    world.put("album_asset", "album_asset_1")
    world.put("album_asset", "album_asset_t", trashed=True, asset_id="asset_t")
    world.put("face", "face_1", person_id="person_1")
    world.put("face", "face_t", trashed=True, asset_id="asset_t")
    world.put("person", "person_1", thumbnail_face_id="face_1")
    world.put("person", "person_u", name=None)
    world.put("person", "person_h", name="Hal", is_hidden=True)
    world.put("stack", "asset_stack_1")
    return world


async def test_include_may_be_repeated(world: LittleWorld) -> None:
    """Groups can be named in one value or in several."""
    async with client(world) as http:
        page = await ask(http, "/api/assets", library_id=HOME, include=["faces", "metadata"])
    assert page["data"][0]["faces"] == []
    assert page["data"][0]["metadata"]["city"] == "Porto"
    assert page["data"][0]["people"] is None


@pytest.mark.parametrize("path", ["/api/assets", "/api/people", "/api/stacks", "/api/faces", "/api/assets/asset_1"])
async def test_unknown_groups_are_refused(world: LittleWorld, path: str) -> None:
    """An unknown include value is a 422 worded as text."""
    async with client(world) as http:
        status, detail = await refusal(http, path, library_id=HOME, include="metrics")
    assert status == 422
    assert "metrics" in detail


async def test_wrong_state_is_a_validation_error(world: LittleWorld) -> None:
    """A state that does not exist is a 422 in the list shape."""
    async with client(world) as http:
        status, detail = await refusal(http, "/api/assets", library_id=HOME, state="deleted")
    assert status == 422
    assert detail[0]["loc"] == ["query", "state"]


@pytest.mark.parametrize(("generation", "most"), [("current", 200), ("seed2", 100), ("seed1", 100), ("b", 100)])
@pytest.mark.parametrize("path", ["/api/assets", "/api/albums", "/api/album-assets", "/api/people", "/api/faces"])
async def test_too_many_ids(world: LittleWorld, generation: str, most: int, path: str) -> None:
    """Each generation has its greatest number of ids; more is a 422 worded as text."""
    ids = [f"x_{number}" for number in range(most + 1)]
    async with client(world, generation=generation) as http:
        await ask(http, path, library_id=HOME, ids=ids[:most], limit=most)
        status, detail = await refusal(http, path, library_id=HOME, ids=ids)
    assert status == 422
    assert str(most) in detail


async def test_ids_by_comma_are_a_later_habit(world: LittleWorld) -> None:
    """Today ids may be joined by commas; older servers take the whole value for one id."""
    async with client(world) as http:
        assert len(names(await ask(http, "/api/assets", library_id=HOME, ids="asset_1,asset_2"))) == 2
    async with client(world, generation="seed1") as http:
        assert names(await ask(http, "/api/assets", library_id=HOME, ids="asset_1,asset_2")) == []


def busy_world(count: int = 45) -> LittleWorld:
    world = LittleWorld()
    feed = world.feed(HOME)
    for number in range(count):
        feed.add("asset", f"asset_{number}", "asset_created")
    return world


async def test_a_wrong_date_is_a_validation_error() -> None:
    """A date that is none is a 422 in the list shape."""
    async with client(busy_world(1)) as http:
        status, detail = await refusal(http, "/api/events", library_id=HOME, created_at_gte="yesterday")
    assert status == 422
    assert detail[0]["loc"] == ["query", "created_at_gte"]

"""What the older forms of the service know, allow and leave out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.demo.asking import ask, client, refusal
from tests.demo.little_world import HOME, WORK, LittleWorld


async def test_old_generations_differ_about_the_missing_library() -> None:
    """The first cursor feed falls back to the default library, later ones answer 422."""
    world = LittleWorld()
    world.feed(HOME).add("asset", "asset_1", "asset_created")
    async with client(world, generation="b") as http:
        assert len((await ask(http, "/api/events"))["data"]) == 1
    async with client(world, generation="seed1") as http:
        assert (await refusal(http, "/api/events"))[0] == 422


def busy_world(count: int = 45) -> LittleWorld:
    world = LittleWorld()
    feed = world.feed(HOME)
    for number in range(count):
        feed.add("asset", f"asset_{number}", "asset_created")
    return world


async def test_early_pages_were_longer() -> None:
    """The first cursor feed gives 100 events by default, without next_cursor and as_of."""
    async with client(busy_world(120), generation="b") as http:
        page = await ask(http, "/api/events")
    assert set(page) == {"data", "has_more"}
    assert len(page["data"]) == 100
    assert page["data"][0]["cursor"].isdigit()


async def test_old_cursors_must_be_numbers() -> None:
    """A cursor that is no number is refused, one beyond the end gives nothing."""
    async with client(busy_world(3), generation="seed2") as http:
        status, _ = await refusal(http, "/api/events", library_id=HOME, after_cursor="abc")
        page = await ask(http, "/api/events", library_id=HOME, after_cursor="999999")
    assert status == 422
    assert page == {"data": [], "has_more": False}


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


async def test_there_was_no_trash_and_no_stack_once(world: LittleWorld) -> None:
    """In generations before the trash nothing counts as trashed; before stacks their path is a 404."""
    async with client(world, generation="seed1") as http:
        assert "asset_t" in names(await ask(http, "/api/assets", library_id=HOME))
        assert "face_t" in names(await ask(http, "/api/faces", library_id=HOME))
        assert (await refusal(http, "/api/stacks", library_id=HOME))[0] == 404

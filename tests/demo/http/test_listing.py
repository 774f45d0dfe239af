"""Lists: their order, their state and their pages."""

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


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("live", ["asset_3", "asset_2", "asset_1"]),
        ("trashed", ["asset_t"]),
        ("all", ["asset_t", "asset_3", "asset_2", "asset_1"]),
    ],
)
async def test_state_of_assets(world: LittleWorld, state: str, expected: list[str]) -> None:
    """Lists hold live assets unless told otherwise, newest capture first, by ids or without."""
    ids = ["asset_1", "asset_2", "asset_3", "asset_t", "asset_w", "asset_gone"]
    async with client(world) as http:
        listed = await ask(http, "/api/assets", library_id=HOME, state=state)
        chosen = await ask(http, "/api/assets", library_id=HOME, state=state, ids=ids)
    assert names(listed) == names(chosen) == expected


async def test_order_can_be_turned(world: LittleWorld) -> None:
    """order=asc lists the oldest capture first."""
    async with client(world) as http:
        page = await ask(http, "/api/assets", library_id=HOME, order="asc")
    assert names(page) == ["asset_1", "asset_2", "asset_3"]


async def test_lists_page_by_the_last_id(world: LittleWorld) -> None:
    """20 by default; starting_after_id continues after an item; an item not listed is refused."""
    for number in range(30):
        world.put("album", f"album_x{number:02}")
    async with client(world) as http:
        first = await ask(http, "/api/albums", library_id=HOME)
        rest = await ask(http, "/api/albums", library_id=HOME, starting_after_id=names(first)[-1])
        status, _ = await refusal(http, "/api/albums", library_id=HOME, starting_after_id="album_gone")
    assert len(first["data"]) == 20
    assert first["has_more"] is True
    assert len({*names(first), *names(rest)}) == 31
    assert rest["has_more"] is False
    assert status == 404


@pytest.mark.parametrize("limit", [0, 201])
async def test_list_limits(world: LittleWorld, limit: int) -> None:
    """A list's limit lies between 1 and 200."""
    async with client(world) as http:
        assert (await refusal(http, "/api/faces", library_id=HOME, limit=limit))[0] == 422


async def test_what_hangs_on_a_trashed_asset_is_hidden(world: LittleWorld) -> None:
    """Faces and memberships of trashed assets are not found; the asset itself still answers to its id."""
    async with client(world) as http:
        faces = await ask(http, "/api/faces", library_id=HOME, ids=["face_1", "face_t"])
        links = await ask(http, "/api/album-assets", library_id=HOME)
        face = await refusal(http, "/api/faces/face_t", library_id=HOME)
        link = await refusal(http, "/api/album-assets/album_asset_t")
        asset = await ask(http, "/api/assets/asset_t")
    assert names(faces) == ["face_1"]
    assert names(links) == ["album_asset_1"]
    assert face[0] == link[0] == 404
    assert asset["trashed_at"] is not None

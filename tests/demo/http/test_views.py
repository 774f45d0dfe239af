"""Entities as a request may see them, in each generation."""

from __future__ import annotations

import pytest

from tests.demo.asking import ask, client
from tests.demo.little_world import HOME, WORK, LittleWorld


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


async def test_groups_come_only_when_asked_for(world: LittleWorld) -> None:
    """Without include, an asset's groups are null and only the lean picture is named."""
    async with client(world) as http:
        lean = await ask(http, "/api/assets/asset_1")
        full = await ask(http, "/api/assets/asset_1", include="metadata,faces,people,file_data,variants")
    for group in ("metadata", "faces", "people", "file_data"):
        assert lean[group] is None
        assert full[group] is not None
    assert list(lean["asset_urls"]) == ["thumbnail"]
    assert set(full["asset_urls"]) == {"thumbnail", "small", "preview", "fullsize", "original"}
    assert not [key for key in full if key.startswith("_")]


async def test_groups_of_the_other_kinds(world: LittleWorld) -> None:
    """Cluster numbers and stack members come only when asked for."""
    async with client(world) as http:
        person = await ask(http, "/api/people/person_1")
        measured = await ask(http, "/api/people/person_1", include="cluster_metrics")
        face = await ask(http, "/api/faces/face_1", library_id=HOME)
        assigned = await ask(http, "/api/faces/face_1", library_id=HOME, include="cluster_assignment")
        stacks = await ask(http, "/api/stacks", library_id=HOME)
        members = await ask(http, "/api/stacks", library_id=HOME, include="asset_ids")
        stack = await ask(http, "/api/stacks/asset_stack_1")
    assert person["cluster_metrics"] is None
    assert measured["cluster_metrics"]["face_count"] == 2
    assert face["cluster_assignment"] is None
    assert assigned["cluster_assignment"]["distance_to_person"] > 0
    assert "person_1" not in str(assigned["cluster_assignment"]["candidates"])
    assert stacks["data"][0]["asset_ids"] is None
    assert members["data"][0]["asset_ids"] == ["asset_1"]
    assert stack["asset_ids"] is None


async def test_older_assets_are_flat_and_whole(world: LittleWorld) -> None:
    """Before groups existed all of them always came, file data lay flat, and later fields were unknown."""
    async with client(world, generation="seed1") as http:
        asset = await ask(http, "/api/assets/asset_1", include="nonsense")
    assert asset["metadata"]["city"] == "Porto"
    assert asset["device_id"] == "WEB"
    assert asset["file_size_bytes"] == 4100
    assert not {"file_data", "thumbhash", "kind", "trashed_at", "stack_id"} & set(asset)


async def test_old_libraries_lack_later_fields() -> None:
    """Owner, role and storage came later than the older generations."""
    async with client(LittleWorld(), generation="seed2") as http:
        library = (await ask(http, "/api/libraries"))[0]
    assert "role" not in library
    assert "owner" not in library

"""Entities: lists with their filters and pages, single reads, groups, what is hidden."""

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


async def test_media_and_capture_time_filters(world: LittleWorld) -> None:
    """Media type, rating and capture bounds (both exclusive) narrow the list."""
    world.put("asset", "asset_v", mime_type="video/mp4", local_datetime="2026-10-09T10:00:00")
    async with client(world) as http:
        videos = await ask(http, "/api/assets", library_id=HOME, media_type="video")
        rated = await ask(http, "/api/assets", library_id=HOME, ratings="5")
        between = await ask(
            http,
            "/api/assets",
            library_id=HOME,
            local_datetime_after="2026-10-01T10:00:00",
            local_datetime_before="2026-10-03T10:00:00",
        )
    assert names(videos) == ["asset_v"]
    assert list(videos["data"][0]["asset_urls"]) == ["thumbnail_image"]
    assert names(rated) == []
    assert names(between) == ["asset_2"]


async def test_people_lists_hide_the_unnamed_and_the_hidden(world: LittleWorld) -> None:
    """The plain list shows named, visible people; with ids everybody is found."""
    everybody = ["person_1", "person_u", "person_h"]
    async with client(world) as http:
        plain = await ask(http, "/api/people", library_id=HOME)
        chosen = await ask(http, "/api/people", library_id=HOME, ids=everybody)
        named = await ask(http, "/api/people", library_id=HOME, ids=everybody, name_filter="named")
        hidden = await ask(http, "/api/people", library_id=HOME, include_hidden="true", sort="name_asc")
        found = await ask(http, "/api/people", library_id=HOME, name="AN")
    assert names(plain) == ["person_1"]
    assert sorted(names(chosen)) == sorted(everybody)
    assert sorted(names(named)) == ["person_1", "person_h"]
    assert names(hidden) == ["person_1", "person_h"]
    assert names(found) == ["person_1"]


async def test_single_reads_and_libraries(world: LittleWorld) -> None:
    """A single asset read ignores libraries, a single face read wants the right one."""
    async with client(world) as http:
        assert (await ask(http, "/api/assets/asset_w"))["id"] == "asset_w"
        assert (await refusal(http, "/api/faces/face_1"))[0] == 400
        assert (await refusal(http, "/api/faces/face_1", library_id=WORK))[0] == 404
        status, detail = await refusal(http, "/api/assets/asset_gone")
    assert status == 404
    assert "asset_gone" in detail


async def test_filters_by_relation(world: LittleWorld) -> None:
    """Faces by asset and person, memberships by album."""
    async with client(world) as http:
        by_person = await ask(http, "/api/faces", library_id=HOME, person_id="person_1")
        by_other = await ask(http, "/api/faces", library_id=HOME, person_id="person_x")
        by_album = await ask(http, "/api/album-assets", library_id=HOME, album_id="album_1")
    assert names(by_person) == ["face_1"]
    assert names(by_other) == []
    assert names(by_album) == ["album_asset_1"]


async def test_filters_the_demo_does_not_offer_are_refused(world: LittleWorld) -> None:
    """A place filter is refused rather than ignored: a wrong list would look right."""
    async with client(world) as http:
        assert (await refusal(http, "/api/assets", library_id=HOME, bbox="0,0,1,1"))[0] == 422

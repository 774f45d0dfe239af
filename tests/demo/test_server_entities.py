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


async def test_wrong_state_is_a_validation_error(world: LittleWorld) -> None:
    """A state that does not exist is a 422 in the list shape."""
    async with client(world) as http:
        status, detail = await refusal(http, "/api/assets", library_id=HOME, state="deleted")
    assert status == 422
    assert detail[0]["loc"] == ["query", "state"]


async def test_order_can_be_turned(world: LittleWorld) -> None:
    """order=asc lists the oldest capture first."""
    async with client(world) as http:
        page = await ask(http, "/api/assets", library_id=HOME, order="asc")
    assert names(page) == ["asset_1", "asset_2", "asset_3"]


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


async def test_older_assets_are_flat_and_whole(world: LittleWorld) -> None:
    """Before groups existed all of them always came, file data lay flat, and later fields were unknown."""
    async with client(world, generation="seed1") as http:
        asset = await ask(http, "/api/assets/asset_1", include="nonsense")
    assert asset["metadata"]["city"] == "Porto"
    assert asset["device_id"] == "WEB"
    assert asset["file_size_bytes"] == 4100
    assert not {"file_data", "thumbhash", "kind", "trashed_at", "stack_id"} & set(asset)


async def test_there_was_no_trash_and_no_stack_once(world: LittleWorld) -> None:
    """In generations before the trash nothing counts as trashed; before stacks their path is a 404."""
    async with client(world, generation="seed1") as http:
        assert "asset_t" in names(await ask(http, "/api/assets", library_id=HOME))
        assert "face_t" in names(await ask(http, "/api/faces", library_id=HOME))
        assert (await refusal(http, "/api/stacks", library_id=HOME))[0] == 404

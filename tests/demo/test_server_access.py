"""Who may read what: keys, libraries, and how refusals look."""

from __future__ import annotations

import pytest

from tests.demo.asking import ask, client, refusal
from tests.demo.little_world import HOME, OLD, WORK, LittleWorld

PATHS = [
    "/api/events",
    "/api/libraries",
    f"/api/libraries/{HOME}",
    "/api/users/me",
    "/api/assets",
    "/api/assets/asset_1",
    "/api/albums",
    "/api/albums/album_1",
    "/api/album-assets",
    "/api/album-assets/album_asset_1",
    "/api/people",
    "/api/people/person_1",
    "/api/faces",
    "/api/faces/face_1",
    "/api/stacks",
    "/api/stacks/asset_stack_1",
]
LISTS = ["/api/events", "/api/assets", "/api/albums", "/api/album-assets", "/api/people", "/api/faces", "/api/stacks"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("key", [None, "wrong", ""])
async def test_every_endpoint_wants_a_key(path: str, key: str | None) -> None:
    """Without a key, or with a wrong one, the answer is 401."""
    async with client(LittleWorld(), key=key) as http:
        status, detail = await refusal(http, path)
    assert status == 401
    assert isinstance(detail, str)


async def test_ping_needs_no_key() -> None:
    """Liveness answers the JSON string "pong" to anybody."""
    async with client(LittleWorld(), key=None) as http:
        assert await ask(http, "/api/server/ping") == "pong"


async def test_libraries_are_a_bare_array() -> None:
    """The library list has no envelope and honours its state."""
    async with client(LittleWorld()) as http:
        live = await ask(http, "/api/libraries")
        trashed = await ask(http, "/api/libraries", state="trashed")
        every = await ask(http, "/api/libraries", state="all")
    assert [each["id"] for each in live] == [HOME, WORK]
    assert [each["id"] for each in trashed] == [OLD]
    assert len(every) == 3


async def test_a_trashed_library_answers_to_its_id() -> None:
    """Owners read a trashed library by id."""
    async with client(LittleWorld()) as http:
        assert (await ask(http, f"/api/libraries/{OLD}"))["name"] == "Old"


async def test_a_selected_key_may_not_list_libraries() -> None:
    """A key for selected libraries gets 403 on the list, sees its library, and needs not name it."""
    world = LittleWorld()
    world.feed(HOME).add("asset", "asset_1", "asset_created")
    world.put("asset", "asset_w", in_=WORK)
    async with client(world, key="demo-selected") as http:
        assert (await refusal(http, "/api/libraries"))[0] == 403
        assert (await ask(http, f"/api/libraries/{HOME}"))["id"] == HOME
        assert (await refusal(http, f"/api/libraries/{WORK}"))[0] == 404
        assert (await refusal(http, "/api/events", library_id=WORK))[0] == 404
        assert (await refusal(http, "/api/assets/asset_w"))[0] == 404
        assert len((await ask(http, "/api/events"))["data"]) == 1


@pytest.mark.parametrize("path", LISTS)
async def test_several_libraries_must_be_told_apart(path: str) -> None:
    """With several live libraries and none named, every list is refused in words."""
    async with client(LittleWorld()) as http:
        status, detail = await refusal(http, path)
    assert status == 400
    assert "library_id" in detail


@pytest.mark.parametrize("path", LISTS)
async def test_a_single_live_library_goes_without_saying(path: str) -> None:
    """With one live library, library_id is optional, whatever lies in the trash."""
    async with client(LittleWorld(libraries=1)) as http:
        assert (await ask(http, path))["data"] == []


@pytest.mark.parametrize("path", LISTS)
async def test_an_unknown_library_names_itself_and_the_user(path: str) -> None:
    """A library that does not exist is a 404 that names it and the user."""
    async with client(LittleWorld()) as http:
        status, detail = await refusal(http, path, library_id="lib_nowhere")
    assert status == 404
    assert "lib_nowhere" in detail
    assert "intuser_ann" in detail


async def test_old_generations_differ_about_the_missing_library() -> None:
    """The first cursor feed falls back to the default library, later ones answer 422."""
    world = LittleWorld()
    world.feed(HOME).add("asset", "asset_1", "asset_created")
    async with client(world, generation="b") as http:
        assert len((await ask(http, "/api/events"))["data"]) == 1
    async with client(world, generation="seed1") as http:
        assert (await refusal(http, "/api/events"))[0] == 422


async def test_old_libraries_lack_later_fields() -> None:
    """Owner, role and storage came later than the older generations."""
    async with client(LittleWorld(), generation="seed2") as http:
        library = (await ask(http, "/api/libraries"))[0]
    assert "role" not in library
    assert "owner" not in library


async def test_unknown_paths_and_methods() -> None:
    """What is not there is a 404 with a detail; what cannot be done to it, a 405."""
    async with client(LittleWorld()) as http:
        assert await refusal(http, "/api/nothing") == (404, "Not Found")
        assert (await http.delete("/api/libraries")).status_code == 405

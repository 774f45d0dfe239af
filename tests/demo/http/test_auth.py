"""Who may read what: keys, libraries, and how refusals look."""

from __future__ import annotations

import pytest

from tests.demo.asking import ask, client, refusal
from tests.demo.little_world import HOME, WORK, LittleWorld

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

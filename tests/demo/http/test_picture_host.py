"""The picture host: another origin, signed addresses, no keys."""

from __future__ import annotations

import httpx
import pytest

from tests.demo.little_world import HOME, NOW, LittleWorld
from tests.demo.servers import InProcess, connect


@pytest.fixture
def world() -> LittleWorld:
    world = LittleWorld(libraries=1)
    world.put("asset", "asset_1")
    world.put("asset", "asset_v", mime_type="video/mp4", width=0, height=0, _picture=8)
    world.put("face", "face_1", person_id="person_1")
    world.put("person", "person_1", thumbnail_face_id="face_1")
    world.put("album", "album_1", album_cover_asset_id="asset_1")
    return world


@pytest.fixture
def connection(world: LittleWorld) -> InProcess:
    return connect(world, clock=lambda: NOW)


async def picture_urls(connection: InProcess, path: str) -> dict[str, str]:
    headers = {"Authorization": f"Bearer {connection.key}"}
    async with httpx.AsyncClient(transport=connection.transport, base_url=connection.base_url) as http:
        entity = (await http.get(path, headers=headers)).json()
    return {name: variant["url"] for name, variant in entity["asset_urls"].items()}


async def fetch(connection: InProcess, url: str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=connection.transport) as http:
        return await http.get(url, headers=headers)


@pytest.mark.parametrize(
    "path",
    ["/api/assets/asset_1", f"/api/faces/face_1?library_id={HOME}", "/api/people/person_1", "/api/albums/album_1"],
)
async def test_thumbnails_come_from_another_origin_without_a_key(connection: InProcess, path: str) -> None:
    """Every kind's thumbnail is a PNG on a host that is not the API's."""
    url = (await picture_urls(connection, path))["thumbnail"]
    assert httpx.URL(url).host != httpx.URL(connection.base_url).host
    answer = await fetch(connection, url)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")


async def test_a_key_sent_to_the_picture_host_is_refused_and_recorded(connection: InProcess) -> None:
    """An Authorization header leaks the key: 400, and the host remembers."""
    url = (await picture_urls(connection, "/api/assets/asset_1"))["thumbnail"]
    assert connection.pictures.leaks == []
    assert (await fetch(connection, url, Authorization="Bearer demo")).status_code == 400
    assert connection.pictures.leaks == [httpx.URL(url).path]


async def test_the_signature_is_checked(connection: InProcess) -> None:
    """An address without its signature, or with another's, is forbidden."""
    url = httpx.URL((await picture_urls(connection, "/api/assets/asset_1"))["thumbnail"])
    assert len(url.params["verify"]) == 43
    assert (await fetch(connection, str(url.copy_remove_param("verify")))).status_code == 403
    assert (await fetch(connection, str(url.copy_set_param("verify", "x" * 43)))).status_code == 403
    assert (await fetch(connection, str(url.copy_with(path="/assets/asset_2/v/small.png")))).status_code == 403


async def test_a_video_still_may_come_later(connection: InProcess) -> None:
    """The still of some videos is a 404 at first, and there at the same address the next time."""
    url = (await picture_urls(connection, "/api/assets/asset_v"))["thumbnail_image"]
    statuses = [(await fetch(connection, url)).status_code for _ in range(3)]
    assert statuses == [404, 200, 200]


async def test_original_files_are_not_kept(connection: InProcess) -> None:
    """The original has an address with a download name, and nothing behind it."""
    urls = await picture_urls(connection, "/api/assets/asset_1?include=variants")
    assert "dl=IMG_0001.JPG" in urls["original"]
    assert (await fetch(connection, urls["original"])).status_code == 404


async def test_pictures_of_what_is_gone_are_not_found(connection: InProcess, world: LittleWorld) -> None:
    """The address of a photo that was deleted since is a 404."""
    url = (await picture_urls(connection, "/api/assets/asset_1"))["thumbnail"]
    world.remove("asset", "asset_1")
    assert (await fetch(connection, url)).status_code == 404

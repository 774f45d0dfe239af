"""The demo library in this process."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from tests.demo.asking import ask, client
from tests.demo.little_world import NOW, LittleWorld
from tests.demo.servers import InProcess, connect


async def test_an_answer_leaves_the_event_loop_time_for_others() -> None:
    """Reading page after page must not keep keys and frames from their turn, as no network does."""
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(others())
    try:
        async with client(LittleWorld()) as http:
            for request in range(1, 6):
                before = turns
                await ask(http, "/api/server/ping")
                assert turns > before, f"request {request}"
    finally:
        task.cancel()


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


async def fetch(connection: InProcess, url: str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=connection.transport) as http:
        return await http.get(url, headers=headers)


async def test_other_hosts_cannot_be_reached(connection: InProcess) -> None:
    """There is no network behind the demo's transport."""
    with pytest.raises(httpx.ConnectError):
        await fetch(connection, "https://example.com/")

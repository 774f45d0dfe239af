"""The service as one app: liveness, the account, and how it refuses."""

from __future__ import annotations

from tests.demo.asking import ask, client, refusal
from tests.demo.little_world import HOME, OLD, WORK, LittleWorld


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


async def test_unknown_paths_and_methods() -> None:
    """What is not there is a 404 with a detail; what cannot be done to it, a 405."""
    async with client(LittleWorld()) as http:
        assert await refusal(http, "/api/nothing") == (404, "Not Found")
        assert (await http.delete("/api/libraries")).status_code == 405


def busy_world(count: int = 45) -> LittleWorld:
    world = LittleWorld()
    feed = world.feed(HOME)
    for number in range(count):
        feed.add("asset", f"asset_{number}", "asset_created")
    return world


async def test_a_live_world_moves_on_before_each_request() -> None:
    """With live on, every request first brings the world up to the clock."""
    world = busy_world(1)
    async with client(world, live=True) as http:
        await ask(http, "/api/events", library_id=HOME)
        await ask(http, "/api/server/ping")
    assert len(world.advanced) == 2

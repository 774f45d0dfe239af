"""A feed as each generation shows it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.demo.asking import ask, client
from tests.demo.little_world import HOME, LittleWorld


def eventful_world() -> LittleWorld:
    """One event of every kind that some generation knows."""
    world = LittleWorld()
    feed = world.feed(HOME)
    feed.add("asset", "asset_1", "asset_created")
    feed.add("metadata", "asset_1", "metadata_updated")
    feed.add("metadata", "asset_1", "metadata_updated")
    feed.add("face", "face_1", "face_updated", person_id="person_1")
    feed.add("stack", "asset_stack_1", "stack_created")
    feed.add("asset", "asset_1", "asset_trashed")
    feed.add("asset", "asset_2", "asset_moved_out")
    feed.add("library", HOME, "library_trashed")
    feed.add("album_asset", "album_asset_1", "album_asset_removed")
    feed.add("asset", "asset_1", "asset_deleted")
    return world


async def walk(http: httpx.AsyncClient, **params: Any) -> list[dict[str, Any]]:
    """All events of one read, by whichever cursor the generation has."""
    events: list[dict[str, Any]] = []
    while True:
        page = await ask(http, "/api/events", library_id=HOME, **params)
        events += page["data"]
        if not page["has_more"]:
            return events
        params["after_cursor"] = page.get("next_cursor") or events[-1]["cursor"]


def kinds(events: list[dict[str, Any]]) -> list[str]:
    return [event["event_type"] for event in events]


@pytest.mark.parametrize(
    ("generation", "expected"),
    [
        (
            "seed2",
            [
                "asset_created",
                "metadata_updated",
                "metadata_updated",
                "face_updated",
                "asset_trashed",
                "album_asset_removed",
                "asset_deleted",
            ],
        ),
        (
            "seed1",
            [
                "asset_created",
                "exif_created",
                "metadata_updated",
                "exif_updated",
                "metadata_updated",
                "face_updated",
                "album_asset_removed",
                "exif_deleted",
                "asset_deleted",
            ],
        ),
        (
            "b",
            [
                "asset_created",
                "exif_created",
                "exif_updated",
                "face_updated",
                "album_asset_removed",
                "exif_deleted",
                "asset_deleted",
            ],
        ),
    ],
)
async def test_each_generation_has_its_own_events(generation: str, expected: list[str]) -> None:
    """Older feeds lack moves, stacks and trash, and tell of metadata as exif; any page size gives the same."""
    for limit in (1, 2, 100):
        async with client(eventful_world(), generation=generation) as http:
            assert kinds(await walk(http, limit=limit)) == expected


@pytest.mark.parametrize(("generation", "payload"), [("current", {"stack_id": "asset_stack_1"}), ("seed2", None)])
async def test_stack_payloads_came_with_stacks(generation: str, payload: dict[str, Any] | None) -> None:
    """An asset's stack is in its event only where stacks exist."""
    world = LittleWorld()
    world.feed(HOME).add("asset", "asset_1", "asset_updated", stack_id="asset_stack_1")
    async with client(world, generation=generation) as http:
        assert [event["payload"] for event in await walk(http)] == [payload]


async def test_exif_events_name_the_asset() -> None:
    """An exif event's entity_type is exif and its entity_id the asset's."""
    async with client(eventful_world(), generation="seed1") as http:
        events = await walk(http, entity_types="exif")
    assert {(event["entity_type"], event["entity_id"]) for event in events} == {("exif", "asset_1")}

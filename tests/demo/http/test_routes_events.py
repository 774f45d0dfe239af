"""The event feed in each generation: pages, cursors, filters, refusals."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.demo.asking import ask, client, refusal
from tests.demo.little_world import HOME, NOW_US, OLD, WORK, LittleWorld


def busy_world(count: int = 45) -> LittleWorld:
    world = LittleWorld()
    feed = world.feed(HOME)
    for number in range(count):
        feed.add("asset", f"asset_{number}", "asset_created")
    return world


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


async def test_page_has_the_current_form() -> None:
    """A page of the current generation has data, has_more, next_cursor and as_of, and 20 events by default."""
    async with client(busy_world()) as http:
        page = await ask(http, "/api/events", library_id=HOME)
    assert set(page) == {"data", "has_more", "next_cursor", "as_of"}
    assert len(page["data"]) == 20
    assert page["has_more"] is True
    assert set(page["data"][0]) == {
        "cursor",
        "entity_type",
        "entity_id",
        "event_type",
        "created_at",
        "payload",
    }
    assert page["data"][0]["created_at"] == "2026-11-20T11:43:20Z"


@pytest.mark.parametrize("generation", ["current", "seed2", "seed1", "b"])
async def test_paging_reads_each_event_once(generation: str) -> None:
    """Following cursors gives every event once, in order, in every generation."""
    async with client(busy_world(), generation=generation) as http:
        events = await walk(http, limit=7)
    assert [event["entity_id"] for event in events] == [f"asset_{number}" for number in range(45)]
    assert len({event["cursor"] for event in events}) == 45


async def test_cursors_are_opaque() -> None:
    """Current cursors are short and no numbers; two neighbours have nothing in common."""
    async with client(busy_world()) as http:
        page = await ask(http, "/api/events", library_id=HOME, limit=2)
    first, second = (event["cursor"] for event in page["data"])
    assert len(first) <= 24
    assert not first.isdigit()
    assert sum(a == b for a, b in zip(first, second, strict=True)) < 8


async def test_an_events_own_cursor_resumes_after_it() -> None:
    """An event's cursor works as after_cursor: the next event follows."""
    async with client(busy_world()) as http:
        page = await ask(http, "/api/events", library_id=HOME)
        resumed = await ask(http, "/api/events", library_id=HOME, limit=1, after_cursor=page["data"][4]["cursor"])
    assert resumed["data"] == [page["data"][5]]


async def test_a_read_does_not_grow_while_it_is_paged() -> None:
    """While has_more is true, next_cursor pins the read to what was there when it began."""
    world = busy_world(10)
    async with client(world) as http:
        page = await ask(http, "/api/events", library_id=HOME, limit=6)
        world.feed(HOME).add("asset", "asset_late", "asset_created")
        rest = await ask(http, "/api/events", library_id=HOME, limit=200, after_cursor=page["next_cursor"])
        later = await ask(http, "/api/events", library_id=HOME, after_cursor=rest["next_cursor"])
    assert len(rest["data"]) == 4
    assert rest["has_more"] is False
    assert [event["entity_id"] for event in later["data"]] == ["asset_late"]


async def test_next_cursor_is_null_only_for_a_cursorless_empty_read() -> None:
    """A cursorless read of nothing has no next_cursor but an as_of; an empty follow-up repeats a usable one."""
    async with client(busy_world(3)) as http:
        nothing = await ask(http, "/api/events", library_id=WORK)
        page = await ask(http, "/api/events", library_id=HOME)
        empty = await ask(http, "/api/events", library_id=HOME, after_cursor=page["next_cursor"])
    assert nothing["next_cursor"] is None
    assert nothing["as_of"]
    assert empty["data"] == []
    assert empty["next_cursor"] == page["next_cursor"]


async def test_as_of_bounds_other_reads() -> None:
    """A read with another read's as_of stops where that one stopped."""
    world = busy_world(5)
    async with client(world) as http:
        bound = (await ask(http, "/api/events", library_id=HOME))["as_of"]
        world.feed(HOME).add("asset", "asset_late", "asset_created")
        page = await ask(http, "/api/events", library_id=HOME, entity_types="asset", as_of=bound)
    assert len(page["data"]) == 5


@pytest.mark.parametrize("name", ["after_cursor", "as_of"])
async def test_garbage_positions_are_refused(name: str) -> None:
    """A made-up cursor or as_of, and another library's, is a 400."""
    world = busy_world(5)
    world.feed(WORK).add("asset", "asset_w", "asset_created")
    async with client(world) as http:
        other = await ask(http, "/api/events", library_id=WORK)
        foreign = other["next_cursor"] if name == "after_cursor" else other["as_of"]
        for value in ("nonsense", "12", "c" + "A" * 20, "b" + "é" * 20, foreign):
            status, detail = await refusal(http, "/api/events", library_id=HOME, **{name: value})
            assert status == 400
            assert name in detail


async def test_a_position_ahead_of_the_database_is_refused() -> None:
    """After the database went back in time, newer cursors and bounds are a 400 that says so."""
    world = busy_world(5)
    async with client(world) as http:
        page = await ask(http, "/api/events", library_id=HOME)
        del world.feed(HOME).rows[3:]
        for name, value in (("after_cursor", page["next_cursor"]), ("as_of", page["as_of"])):
            status, detail = await refusal(http, "/api/events", library_id=HOME, **{name: value})
            assert status == 400
            assert "ahead of the database" in detail


async def test_created_at_gte_narrows_every_generation() -> None:
    """The lower bound is inclusive, and honoured everywhere."""
    bound = datetime.fromtimestamp(NOW_US / 1e6 - 995, UTC).isoformat()
    for generation in ("current", "seed2", "seed1", "b"):
        async with client(busy_world(10), generation=generation) as http:
            assert len(await walk(http, created_at_gte=bound)) == 5


@pytest.mark.parametrize(("generation", "count"), [("current", 10), ("seed2", 5), ("seed1", 5), ("b", 5)])
async def test_created_at_lt_is_ignored_today_and_honoured_before(generation: str, count: int) -> None:
    """The upper bound is exclusive where it counts, and means nothing in the current generation."""
    bound = datetime.fromtimestamp(NOW_US / 1e6 - 995, UTC).isoformat()
    async with client(busy_world(10), generation=generation) as http:
        assert len(await walk(http, created_at_lt=bound)) == count


@pytest.mark.parametrize(
    ("generation", "limit", "status"),
    [
        ("current", 200, 200),
        ("current", 201, 422),
        ("current", 0, 422),
        ("seed1", 201, 422),
        ("b", 500, 200),
        ("b", 501, 422),
        ("current", "many", 422),
    ],
)
async def test_limits(generation: str, limit: int | str, status: int) -> None:
    """Each generation has its own greatest page; beyond it is a 422 in the list shape."""
    async with client(busy_world(1), generation=generation) as http:
        response = await http.get("/api/events", params={"library_id": HOME, "limit": limit})
    assert response.status_code == status
    if status == 422:
        assert response.json()["detail"][0]["loc"] == ["query", "limit"]


async def test_types_filter() -> None:
    """entity_types may be repeated or joined by commas; without it, kinds without a filter name come too."""
    async with client(eventful_world()) as http:
        joined = await walk(http, entity_types="face,stack")
        repeated = await walk(http, entity_types=["stack", "face"])
        everything = await walk(http)
    assert kinds(joined) == kinds(repeated) == ["face_updated", "stack_created"]
    assert "library_trashed" in kinds(everything)


@pytest.mark.parametrize("generation", ["seed1", "b"])
async def test_older_generations_read_one_types_value(generation: str) -> None:
    """Before the list could be repeated, only the last value counted, split at commas."""
    async with client(eventful_world(), generation=generation) as http:
        repeated = await walk(http, entity_types=["asset", "face"])
        joined = await walk(http, entity_types="asset,face")
    assert kinds(repeated) == ["face_updated"]
    assert kinds(joined) == ["asset_created", "face_updated", "asset_deleted"]


@pytest.mark.parametrize(
    ("generation", "unknown", "status"),
    [
        ("current", "exif", 400),
        ("current", "library", 400),
        ("seed2", "stack", 422),
        ("seed1", "stack", 422),
        ("b", "metadata", 422),
    ],
)
async def test_unknown_types_are_refused(generation: str, unknown: str, status: int) -> None:
    """A type the generation does not know fails the whole request."""
    async with client(eventful_world(), generation=generation) as http:
        got, detail = await refusal(http, "/api/events", library_id=HOME, entity_types=f"asset,{unknown}")
    assert got == status
    assert unknown in str(detail)


async def test_a_trashed_librarys_feed_stays_readable() -> None:
    """The owner reads a trashed library by naming it."""
    world = LittleWorld()
    world.feed(OLD).add("library", OLD, "library_trashed")
    async with client(world) as http:
        page = await ask(http, "/api/events", library_id=OLD)
    assert kinds(page["data"]) == ["library_trashed"]

"""One page of the feed on every generation of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import httpx
import pytest

from gumnut_tui.api.decode import Generation
from gumnut_tui.domain.errors import BadRequest, CursorRefused, FeedStuck, UnsupportedFeed, ValidationFailed
from gumnut_tui.domain.kinds import KNOWN_ENTITY_TYPES
from gumnut_tui.domain.models import Event
from gumnut_tui.domain.ports import EventQuery
from tests.api.fakes import TYPES, ListFeed, client_for, in_turn, ok, refusal, wire
from tests.factories import make_event, make_events

EVENTS = make_events(7)
MIXED = [
    make_event(at, entity_type=kind) for at, kind in enumerate(("asset", "stack", "library", "exif", "metadata", "x"))
]
GENERATIONS = pytest.mark.parametrize("generation", ["current", "seed2", "seed1", "b"])


def cursors(events: tuple[Event, ...] | list[Event]) -> list[str]:
    """The identities of events."""
    return [event.cursor for event in events]


@GENERATIONS
async def test_one_reads_on_with_the_cursor_of_the_page(generation: str) -> None:
    """Every event comes once, in feed order, by whatever the server calls its position."""
    client, seen = client_for(ListFeed(EVENTS, generation, page=3))
    found, after, has_more = [], None, True
    while has_more:
        page = await client.events(EventQuery("lib_1", after_cursor=after))
        found += cursors(page.events)
        after, has_more = page.next_cursor, page.has_more
    assert found == cursors(EVENTS)
    assert len(seen.requests) == 3


@GENERATIONS
async def test_the_generation_is_known_after_the_first_page(generation: str) -> None:
    """Even if the library is empty."""
    client, _ = client_for(ListFeed([], generation))
    assert client.generation is None
    await client.events(EventQuery("lib_1"))
    assert client.generation is (Generation.CURRENT if generation == "current" else Generation.CURSOR)


@GENERATIONS
async def test_an_empty_page_keeps_the_position(generation: str) -> None:
    """At the end of the feed one goes on asking with the cursor one has."""
    client, _ = client_for(ListFeed(EVENTS, generation))
    end = (await client.events(EventQuery("lib_1"))).next_cursor
    page = await client.events(EventQuery("lib_1", after_cursor=end))
    assert (page.events, page.has_more, page.next_cursor) == ((), False, end)


async def test_a_null_next_cursor_leaves_one_at_the_start() -> None:
    """An empty library has no position yet."""
    client, _ = client_for(in_turn(ok({"data": [], "has_more": False, "next_cursor": None, "as_of": "a"})))
    assert (await client.events(EventQuery("lib_1"))).next_cursor is None


async def test_the_servers_next_cursor_is_preferred() -> None:
    """It pins the read; the last event's own cursor is the second choice, the one sent the third."""
    events = [wire(event) for event in EVENTS]
    for more, expected in (({"next_cursor": "n"}, "n"), ({"next_cursor": ""}, "cursor-000007"), ({}, "cursor-000007")):
        client, _ = client_for(in_turn(ok({"data": events, "has_more": True} | more)))
        assert (await client.events(EventQuery("lib_1", after_cursor="sent"))).next_cursor == expected


async def test_what_is_asked_stands_in_the_query() -> None:
    """Types as one comma-joined value, times in UTC to the microsecond, both bounds, the cursor quoted."""
    client, seen = client_for(ListFeed(EVENTS))
    summer = timezone(timedelta(hours=2))
    await client.events(
        EventQuery(
            "lib_1",
            entity_types=["face", "asset"],
            created_at_gte=datetime(2026, 6, 1, 12, 30, 0, 5, tzinfo=summer),
            created_at_lt=datetime(2026, 6, 2, 10, tzinfo=UTC),
            limit=50,
        )
    )
    assert dict(seen.requests[0].url.params) == {
        "library_id": "lib_1",
        "entity_types": "asset,face",
        "created_at_gte": "2026-06-01T10:30:00.000005Z",
        "created_at_lt": "2026-06-02T10:00:00Z",
        "limit": "50",
    }


async def test_what_is_not_asked_does_not() -> None:
    """No empty parameters; the limit is always said, because the servers' defaults differ."""
    client, seen = client_for(ListFeed(EVENTS))
    await client.events(EventQuery(None))
    assert dict(seen.requests[0].url.params) == {"limit": "200"}


async def test_opaque_cursors_survive_the_query() -> None:
    """A cursor is sent back as it came, whatever characters it has."""
    cursor = "a+b/c=&d é%20?#"
    client, seen = client_for(in_turn(ok({"data": [], "has_more": False})))
    await client.events(EventQuery("lib_1", after_cursor=cursor))
    assert seen.asked("after_cursor") == [cursor]


@pytest.mark.parametrize("types", [None, [], KNOWN_ENTITY_TYPES])
async def test_all_types_are_asked_for_by_not_naming_any(types: Any) -> None:
    """So events of types without a filter name, and of types not known yet, are not hidden."""
    client, seen = client_for(ListFeed(MIXED))
    page = await client.events(EventQuery("lib_1", entity_types=types))
    assert cursors(page.events) == cursors(MIXED)
    assert seen.asked("entity_types") == [None]


@GENERATIONS
@pytest.mark.parametrize("status", [400, 422])
async def test_a_filter_the_server_does_not_know_is_applied_here(generation: str, status: int) -> None:
    """It is asked once with the filter, then without, and the events are the same as with it."""
    wanted = {"asset", "stack", "exif"}
    client, seen = client_for(ListFeed(MIXED, generation, page=2, unknown_type_status=status))
    found, after, has_more = [], None, True
    while has_more:
        page = await client.events(EventQuery("lib_1", entity_types=wanted, after_cursor=after))
        found += [event.entity_type for event in page.events]
        after, has_more = page.next_cursor, page.has_more
    assert found == ["asset", "stack", "exif"]
    assert not wanted <= TYPES[generation]
    assert seen.asked("entity_types") == ["asset,exif,stack", None, None, None]


async def test_a_refused_filter_is_remembered_for_itself_only() -> None:
    """Another filter is still sent to the server."""
    client, seen = client_for(ListFeed(MIXED))
    await client.events(EventQuery("lib_1", entity_types={"exif"}))
    await client.events(EventQuery("lib_1", entity_types={"exif"}))
    await client.events(EventQuery("lib_1", entity_types={"asset"}))
    assert seen.asked("entity_types") == ["exif", None, None, "asset"]


async def test_library_events_are_picked_out_here_without_asking_in_vain() -> None:
    """No server takes `library` as a filter."""
    client, seen = client_for(ListFeed(MIXED))
    page = await client.events(EventQuery("lib_1", entity_types={"library", "asset"}))
    assert [event.entity_type for event in page.events] == ["asset", "library"]
    assert seen.asked("entity_types") == [None]


async def test_raw_stays_one_to_one_with_events_when_filtered_here() -> None:
    """The JSON kept belongs to the events kept."""
    client, _ = client_for(ListFeed(MIXED))
    page = await client.events(EventQuery("lib_1", entity_types={"library", "exif"}, raw=True))
    assert len(page.raw) == 2
    assert all(event.cursor.encode() in text for event, text in zip(page.events, page.raw, strict=True))


async def test_a_page_emptied_by_the_filter_is_not_stuck() -> None:
    """There is more, and the cursor has moved."""
    client, _ = client_for(ListFeed(MIXED, page=2))
    page = await client.events(EventQuery("lib_1", entity_types={"library"}))
    assert (page.events, page.has_more, page.next_cursor) == ((), True, "next-cursor-000001")


async def test_a_refusal_that_is_not_about_the_filter_stays_one() -> None:
    """If it is refused without the filter too, the filter is not blamed, nor remembered as bad."""
    client, seen = client_for(
        in_turn(
            refusal(422, "library_id required"),
            refusal(422, "library_id required"),
            ok({"data": [], "has_more": False}),
        )
    )
    with pytest.raises(ValidationFailed):
        await client.events(EventQuery(None, entity_types={"asset"}))
    await client.events(EventQuery(None, entity_types={"asset"}))
    assert seen.asked("entity_types") == ["asset", None, "asset"]


@pytest.mark.parametrize("status", [400, 422])
@pytest.mark.parametrize("types", [None, {"asset"}])
async def test_a_refused_cursor_is_not_sent_again(status: int, types: Any) -> None:
    """The server names it, so one request is enough to know."""
    client, seen = client_for(in_turn(refusal(status, "Invalid after_cursor: ahead of the database")))
    with pytest.raises(CursorRefused) as caught:
        await client.events(EventQuery("lib_1", after_cursor="old", entity_types=types))
    assert len(seen.requests) == 1
    assert "ahead of the database" in caught.value.detail


async def test_words_that_name_nothing_are_settled_by_asking_without_cursor() -> None:
    """If the same request passes without the cursor, the cursor was at fault."""

    def server(request: httpx.Request) -> httpx.Response:
        if "after_cursor" in request.url.params:
            return refusal(400, "Bad request")
        return ok({"data": [wire(make_event())], "has_more": False})

    for types in (None, {"asset"}):
        client, seen = client_for(server)
        with pytest.raises(CursorRefused):
            await client.events(EventQuery("lib_1", after_cursor="old", entity_types=types))
        assert seen.asked("after_cursor") == ["old", None]


async def test_with_cursor_and_filter_the_filter_may_be_at_fault() -> None:
    """Then the page after the cursor is read without it."""
    for detail in ("Unknown entity_types", "Bad request"):

        def server(request: httpx.Request, detail: str = detail) -> httpx.Response:
            if "entity_types" in request.url.params:
                return refusal(400, detail)
            return ListFeed(MIXED)(request)

        client, _ = client_for(server)
        page = await client.events(EventQuery("lib_1", after_cursor="next-cursor-000000", entity_types={"stack"}))
        assert [event.entity_type for event in page.events] == ["stack"]


async def test_a_bad_filter_and_a_bad_cursor_together() -> None:
    """The filter goes first, then the cursor is refused."""
    client, _ = client_for(ListFeed(MIXED))
    with pytest.raises(CursorRefused):
        await client.events(EventQuery("lib_1", after_cursor="old", entity_types={"exif"}))


async def test_a_400_without_cursor_and_filter_is_told_as_it_is() -> None:
    """Nothing could be left out to make it better."""
    client, seen = client_for(in_turn(refusal(400, "Bad cursor, they say")))
    with pytest.raises(BadRequest) as caught:
        await client.events(EventQuery("lib_1"))
    assert not isinstance(caught.value, CursorRefused)
    assert len(seen.requests) == 1


async def test_a_validation_that_names_another_parameter_is_not_the_cursors() -> None:
    """422 says which parameter it means; no second request is needed."""
    client, seen = client_for(in_turn(refusal(422, [{"loc": ["query", "limit"], "msg": "too large"}])))
    with pytest.raises(ValidationFailed):
        await client.events(EventQuery("lib_1", after_cursor="c", limit=5000))
    assert len(seen.requests) == 1


@pytest.mark.parametrize(
    "page",
    [
        {"data": [], "has_more": True},
        {"data": [], "has_more": True, "next_cursor": "further"},
        {"data": [wire(make_event(cursor="here"))], "has_more": True},
        {"data": [wire(make_event())], "has_more": True, "next_cursor": "here"},
        {"data": [wire(make_event(cursor=""))], "has_more": True},
    ],
)
async def test_a_page_that_leads_nowhere_is_an_error(page: dict[str, Any]) -> None:
    """More is promised, but there is no event, or the cursor is the one that was sent."""
    client, _ = client_for(in_turn(ok(page)))
    with pytest.raises(FeedStuck):
        await client.events(EventQuery("lib_1", after_cursor="here"))


async def test_the_older_feed_of_full_entities_is_refused_in_words() -> None:
    """It has no cursor to follow, so nothing is read rather than half."""
    client, _ = client_for(in_turn(ok({"data": [{"entity_type": "asset", "data": {"id": "asset_1"}}]})))
    with pytest.raises(UnsupportedFeed):
        await client.events(EventQuery("lib_1"))
    assert client.generation is None


async def test_events_outside_the_bounds_are_not_hidden() -> None:
    """A page is what the server sent: whoever reads the feed has to see late events."""
    client, _ = client_for(ListFeed(EVENTS))
    page = await client.events(EventQuery("lib_1", created_at_lt=EVENTS[2].created_at))
    assert cursors(page.events) == cursors(EVENTS)

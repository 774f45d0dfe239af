"""Entities: in batches by id, and one by one with the question whether they are still there; which can be read."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from gumnut_tui.api.entities import route_of
from gumnut_tui.domain.errors import (
    FeedStuck,
    Forbidden,
    ServerFailure,
    UnexpectedAnswer,
    UsageProblem,
    ValidationFailed,
)
from gumnut_tui.domain.kinds import KINDS
from gumnut_tui.domain.models import Presence
from tests.api.fakes import NOW, client_for, in_turn, ok, refusal

ASSET_GROUPS = "metadata,faces,people,file_data,variants"


def ids(count: int) -> list[str]:
    """So many asset ids."""
    return [f"asset_{number:022}" for number in range(count)]


class Entities:
    """Entities by path: lists read by ids, single reads; strict about limits and include groups."""

    def __init__(self, *there: str, **rules: Any) -> None:
        self.there = set(there)
        self.elsewhere: set[str] = set(rules.get("elsewhere", ()))
        self.most_ids: int = rules.get("most_ids", 200)
        self.groups: set[str] = set(rules.get("groups", {*ASSET_GROUPS.split(","), "cluster_assignment", "asset_ids"}))
        self.page: int = rules.get("page", 200)
        self.say: str | None = rules.get("say")
        self.fields: dict[str, Any] = rules.get("fields", {})

    def __call__(self, request: httpx.Request) -> httpx.Response:
        params = request.url.params
        asked = set(params.get("include", "").split(",")) - {""}
        if asked - self.groups:
            return refusal(422, self.say or f"Unknown include value(s): {asked - self.groups}")
        name = request.url.path.rsplit("/", 1)[-1]
        if name.startswith(("asset_", "face_")):
            found = name in self.there | self.elsewhere
            return ok({"id": name, **self.fields}) if found else refusal(404, "not found")
        wanted = params.get_list("ids")
        if len(wanted) > self.most_ids:
            return refusal(422, self.say or f"Too many ids: {len(wanted)}")
        found_ids = sorted(self.there & set(wanted), reverse=True)
        after = params.get("starting_after_id")
        start = found_ids.index(after) + 1 if after else 0
        size = min(int(params["limit"]), self.page)
        data = [{"id": each, **self.fields} for each in found_ids[start : start + size]]
        return ok({"data": data, "has_more": len(found_ids) > start + size})


async def test_a_batch_names_its_ids_one_by_one_and_says_how_many_may_come() -> None:
    """Repeated `ids`, a limit of their number, trashed ones included, every group of fields, the library."""
    client, seen = client_for(Entities(*ids(3)))
    found = await client.entities("asset", ids(3), "lib_1")
    assert set(found) == set(ids(3))
    assert seen.requests[0].url.path == "/api/assets"
    assert seen.requests[0].url.params.multi_items() == [
        *(("ids", each) for each in ids(3)),
        ("state", "all"),
        ("library_id", "lib_1"),
        ("include", ASSET_GROUPS),
        ("limit", "3"),
    ]


@pytest.mark.parametrize(
    ("kind", "path", "params"),
    [
        ("asset", "/api/assets", {"state": "all", "include": ASSET_GROUPS}),
        ("metadata", "/api/assets", {"state": "all", "include": ASSET_GROUPS}),
        ("exif", "/api/assets", {"state": "all", "include": ASSET_GROUPS}),
        ("album", "/api/albums", {}),
        ("album_asset", "/api/album-assets", {}),
        ("person", "/api/people", {}),
        ("face", "/api/faces", {"include": "cluster_assignment"}),
        ("stack", "/api/stacks", {"include": "asset_ids"}),
    ],
)
async def test_each_kind_has_its_route(kind: str, path: str, params: dict[str, str]) -> None:
    """Metadata and exif events name assets; groups are asked for where there are any."""
    client, seen = client_for(Entities("x"))
    (entity,) = (await client.entities(kind, ["x"], "lib_1")).values()
    assert entity.kind == {"metadata": "asset", "exif": "asset"}.get(kind, kind)
    assert entity.read_at == NOW
    request = seen.requests[0]
    assert request.url.path == path
    assert dict(request.url.params) == {"ids": "x", "library_id": "lib_1", "limit": "1"} | params


async def test_what_is_not_there_is_left_out() -> None:
    """Ids in another order than asked for, some missing: each entity is found by its own id."""
    there = ids(9)[::2]
    client, _ = client_for(Entities(*there))
    assert set(await client.entities("asset", ids(9), "lib_1")) == set(there)


async def test_nothing_asked_sends_nothing() -> None:
    """An empty batch is answered without a request, and an id named twice is asked for once."""
    client, seen = client_for(Entities("x"))
    assert await client.entities("album", [], "lib_1") == {}
    await client.entities("album", ["x", "x"], "lib_1")
    assert len(seen.requests) == 1
    assert seen.requests[0].url.params.get_list("ids") == ["x"]


async def test_batches_hold_two_hundred() -> None:
    """More are asked for in several requests."""
    client, seen = client_for(Entities(*ids(450)))
    assert len(await client.entities("asset", ids(450), "lib_1")) == 450
    assert seen.asked("limit") == ["200", "200", "50"]


@pytest.mark.parametrize("say", [None, "Validation error"])
async def test_an_older_server_takes_a_hundred(say: str | None) -> None:
    """After a 422 the batch is halved, and later batches are asked for like that at once, whatever the kind."""
    client, seen = client_for(Entities(*ids(250), most_ids=100, say=say))
    assert len(await client.entities("asset", ids(250), "lib_1")) == 250
    assert seen.asked("limit")[-3:] == ["100", "100", "50"]
    sent = len(seen.requests)
    await client.entities("album", ids(150), "lib_1")
    assert seen.asked("limit")[sent:] == ["100", "50"]
    assert set(seen.asked("include")[-5:-2]) == {ASSET_GROUPS}


async def test_an_address_too_long_for_something_on_the_way_is_halved_too() -> None:
    """Proxies refuse long addresses with 414."""

    def proxy(request: httpx.Request) -> httpx.Response:
        if len(request.url.params.get_list("ids")) > 150:
            return httpx.Response(414, text="<html><title>Request-URI Too Large</title>")
        return Entities(*ids(200))(request)

    client, _ = client_for(proxy)
    assert len(await client.entities("asset", ids(200), "lib_1")) == 200


async def test_a_hundred_refused_is_an_error() -> None:
    """It does not go on halving for ever."""
    client, seen = client_for(in_turn(refusal(422, "Too many ids")))
    with pytest.raises(ValidationFailed):
        await client.entities("album", ids(200), "lib_1")
    assert seen.asked("limit") == ["200", "100"]


@pytest.mark.parametrize("say", [None, "Validation error", [{"loc": ["query", "include", 4], "msg": "unexpected"}]])
@pytest.mark.parametrize(
    ("groups", "includes"),
    [
        (ASSET_GROUPS.split(",")[:4], [ASSET_GROUPS, "metadata,faces,people,file_data"]),
        ((), [ASSET_GROUPS, "metadata,faces,people,file_data", None]),
    ],
)
async def test_groups_a_server_does_not_know_are_left_out(say: Any, groups: Any, includes: list[str | None]) -> None:
    """Fewer are asked for after a 422, and then from the start."""
    client, seen = client_for(Entities("asset_x", groups=groups, say=say))
    assert set(await client.entities("asset", ["asset_x"], "lib_1")) == {"asset_x"}
    await client.entities("asset", ["asset_x"], "lib_1")
    assert seen.asked("include") == [*includes, includes[-1]]


async def test_a_422_about_the_library_is_not_blamed_on_the_groups() -> None:
    """The error comes at once, and the groups are asked for again next time."""
    client, seen = client_for(in_turn(refusal(422, "library_id is required"), ok({"data": [], "has_more": False})))
    with pytest.raises(ValidationFailed):
        await client.entities("stack", ["x"], None)
    await client.entities("stack", ["x"], None)
    assert seen.asked("include") == ["asset_ids", "asset_ids"]


async def test_a_list_is_read_to_its_end() -> None:
    """Absence counts only after the last page: one reads on after the last id."""
    client, seen = client_for(Entities(*ids(5), page=2))
    assert set(await client.entities("asset", ids(5), "lib_1")) == set(ids(5))
    assert seen.asked("starting_after_id") == [None, ids(5)[3], ids(5)[1]]


async def test_a_failed_page_proves_nothing() -> None:
    """An error in the middle is an error, not a batch with gaps."""
    first = ok({"data": [{"id": "a"}], "has_more": True})
    client, _ = client_for(in_turn(first, refusal(500, "down")))
    with pytest.raises(ServerFailure):
        await client.entities("album", ["a", "b"], "lib_1")


@pytest.mark.parametrize("data", [[], [{"id": "a"}]])
async def test_a_list_that_leads_nowhere_is_an_error(data: Any) -> None:
    """More is promised and nothing new comes."""
    client, _ = client_for(in_turn(ok({"data": data, "has_more": True})))
    with pytest.raises(FeedStuck):
        await client.entities("album", ["a", "b"], "lib_1")


async def test_a_server_that_ignores_ids_is_not_believed() -> None:
    """An entity nobody asked for means that absence would prove nothing."""
    client, _ = client_for(in_turn(ok({"data": [{"id": "other"}], "has_more": False})))
    with pytest.raises(UnexpectedAnswer) as caught:
        await client.entities("album", ["a"], "lib_1")
    assert (caught.value.where, caught.value.got) == ("data[0].id", "other")


@pytest.mark.parametrize("kind", ["cluster", "", "../users"])
async def test_kinds_without_a_read_are_told_apart(kind: str) -> None:
    """Nothing can be said about them, least of all that they are gone."""
    client, seen = client_for(Entities())
    with pytest.raises(UsageProblem):
        route_of(kind)
    with pytest.raises(UsageProblem):
        await client.entity(kind, "x", "lib_1")
    with pytest.raises(UsageProblem):
        await client.entities(kind, ["x"], "lib_1")
    assert seen.requests == []


async def test_live_and_trashed_are_told_by_the_list() -> None:
    """One request is enough for what is still in the library."""
    for fields, presence in (
        ({}, Presence.LIVE),
        ({"trashed_at": None}, Presence.LIVE),
        ({"trashed_at": "2026-11-01T00:00:00Z"}, Presence.TRASHED),
    ):
        client, seen = client_for(Entities("asset_x", fields=fields))
        state = await client.entity("metadata", "asset_x", "lib_1")
        assert (state.kind, state.presence, state.read_at) == ("asset", presence, NOW)
        assert state.entity is not None
        assert len(seen.requests) == 1


async def test_an_asset_only_the_single_read_finds_has_moved() -> None:
    """The single read looks into every library; it asks for the same groups and names no library."""
    client, seen = client_for(Entities(elsewhere={"asset_x"}))
    state = await client.entity("asset", "asset_x", "lib_1")
    assert state.presence is Presence.MOVED
    assert state.entity is not None
    assert seen.requests[1].url.path == "/api/assets/asset_x"
    assert dict(seen.requests[1].url.params) == {"include": ASSET_GROUPS}


async def test_an_asset_this_key_may_not_read_any_more_has_moved_out_of_reach() -> None:
    """403 for one asset, after its library could be listed: it lives where the key does not reach."""
    client, _ = client_for(in_turn(ok({"data": [], "has_more": False}), refusal(403, "not this library")))
    state = await client.entity("asset", "asset_x", "lib_1")
    assert (state.presence, state.entity) == (Presence.MOVED, None)


@pytest.mark.parametrize(
    ("kind", "requests"), [("asset", 2), ("album", 1), ("album_asset", 1), ("person", 1), ("face", 1), ("stack", 2)]
)
async def test_gone_is_an_answer(kind: str, requests: int) -> None:
    """For each kind, with as few requests as can tell."""
    client, seen = client_for(Entities())
    state = await client.entity(kind, "asset_x", "lib_1")
    assert (state.kind, state.id, state.presence, state.entity) == (kind, "asset_x", Presence.GONE, None)
    assert len(seen.requests) == requests


async def test_a_stack_is_looked_for_twice() -> None:
    """Its row may lag behind its event; after a moment it is there."""
    nothing = ok({"data": [], "has_more": False})
    client, seen = client_for(in_turn(nothing, ok({"data": [{"id": "s"}], "has_more": False})))
    assert (await client.entity("stack", "s", "lib_1")).presence is Presence.LIVE
    assert seen.slept == [0.5]


async def test_a_library_that_may_not_be_listed_is_an_error_not_an_absence() -> None:
    """Only an answer can say that something is gone."""
    client, _ = client_for(in_turn(refusal(403, "no")))
    with pytest.raises(Forbidden):
        await client.entity("asset", "asset_x", "lib_1")


async def test_what_is_too_long_for_an_id_is_not_asked_for() -> None:
    """No request line could hold it: it is not there, and all others are read."""
    known = ids(3)
    client, _ = client_for(Entities(*known))
    assert (await client.entities("asset", ["asset_" + "a" * 70_000, *known], "lib_1")).keys() == set(known)
    assert (await client.entity("asset", "asset_" + "a" * 70_000, "lib_1")).presence is Presence.GONE


async def test_hostile_ids_stay_inside_their_path() -> None:
    """An id is opaque: it is quoted, so it cannot name another address."""
    evil = "asset_/../../users/me?x=#"
    client, seen = client_for(in_turn(ok({"data": [], "has_more": False}), refusal(404, "no")))
    await client.entity("asset", evil, "lib_1")
    assert seen.urls[1].startswith("/api/assets/asset_%2F..%2F..%2Fusers%2Fme%3Fx%3D%23?")


@pytest.mark.parametrize(
    ("call", "path", "params"),
    [
        (lambda c: c.albums_of("asset_1", "lib_1"), "/api/albums", {"asset_id": "asset_1", "limit": "200"}),
        (lambda c: c.assets_of("album", "album_1", "lib_1"), "/api/assets", {"album_id": "album_1", "limit": "50"}),
        (
            lambda c: c.assets_of("person", "person_1", "lib_1", limit=5),
            "/api/assets",
            {"person_ids": "person_1", "limit": "5"},
        ),
        (lambda c: c.assets_of("stack", "s", "lib_1"), "/api/assets", {"stack_id": "s", "limit": "50"}),
    ],
)
async def test_what_belongs_to_an_entity(call: Any, path: str, params: dict[str, str]) -> None:
    """Related entities come from one list each, in its own order."""
    client, seen = client_for(in_turn(ok({"data": [{"id": "b"}, {"id": "a"}], "has_more": True})))
    assert [entity.id for entity in await call(client)] == ["b", "a"]
    assert seen.requests[0].url.path == path
    assert dict(seen.requests[0].url.params) == {"library_id": "lib_1"} | params


async def test_what_nothing_belongs_to() -> None:
    """A kind whose photos cannot be listed is a usage problem."""
    client, _ = client_for(Entities())
    with pytest.raises(UsageProblem):
        await client.assets_of("face", "face_1", "lib_1")


@pytest.mark.parametrize("kind", sorted({*KINDS, "metadata", "exif"}))
def test_known_kinds_are_readable(kind: str) -> None:
    """Every kind with a route, and the entity types that name one."""
    assert route_of(kind) in KINDS.values()

"""Libraries and the account."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from gumnut_tui.domain.errors import Forbidden, KeyRefused, NotFound, UnexpectedAnswer, UsageProblem
from gumnut_tui.domain.models import Library, Presence, User
from tests.api.fakes import client_for, in_turn, ok, refusal

LIVE = {"id": "lib_1", "name": "Home", "asset_count": 3, "role": "owner", "owner": {"id": "intuser_1"}}
TRASHED = {"id": "lib_2", "name": "Old", "description": "2019"}


def server(request: httpx.Request) -> httpx.Response:
    """Two libraries, one in the trash."""
    path, state = request.url.path, request.url.params.get("state", "live")
    if path == "/api/libraries":
        return ok({"live": [LIVE], "trashed": [TRASHED], "all": [LIVE, TRASHED]}[state])
    found = {f"/api/libraries/{fields['id']}": fields for fields in (LIVE, TRASHED)}.get(path)
    return ok(found) if found else refusal(404, "no")


def old_server(request: httpx.Request) -> httpx.Response:
    """A server that does not know `state`."""
    return ok([LIVE])


def limited(request: httpx.Request) -> httpx.Response:
    """A key limited to selected libraries may not list them."""
    return refusal(403, "no") if request.url.path == "/api/libraries" else server(request)


@pytest.mark.parametrize(
    ("state", "names"), [("live", {"Home": False}), ("trashed", {"Old": True}), ("all", {"Home": False, "Old": True})]
)
async def test_libraries_by_state(state: str, names: dict[str, bool]) -> None:
    """Each says whether it is in the trash, which its own fields do not."""
    client, _ = client_for(server)
    assert {library.name: library.trashed for library in await client.libraries(state)} == names


@pytest.mark.parametrize(("state", "ids"), [("live", ["lib_1"]), ("trashed", []), ("all", ["lib_1"])])
async def test_a_server_without_a_trash_lists_nothing_twice(state: str, ids: list[str]) -> None:
    """It ignores `state` and gives the live ones again."""
    client, _ = client_for(old_server)
    assert [library.id for library in await client.libraries(state)] == ids


async def test_an_unknown_state_is_a_usage_problem() -> None:
    """It is not sent."""
    client, seen = client_for(server)
    with pytest.raises(UsageProblem):
        await client.libraries("gone")
    assert seen.requests == []


@pytest.mark.parametrize(
    ("fields", "library"),
    [
        ({}, Library("x")),
        ({"name": None, "asset_count": "many", "role": 3}, Library("x")),
        ({"name": "n", "description": "d", "asset_count": 7, "role": "viewer"}, Library("x", "n", "d", 7, "viewer")),
    ],
)
async def test_only_the_id_is_needed(fields: dict[str, Any], library: Library) -> None:
    """Everything else may be missing, or of a kind we do not expect."""
    client, _ = client_for(in_turn(ok([{"id": "x"} | fields])))
    assert await client.libraries() == [library]
    client, _ = client_for(in_turn(ok({"id": "x"} | fields)))
    assert await client.library("x") == library


async def test_a_limited_key_is_told() -> None:
    """The caller has to know the library's id then; the library itself can be read."""
    client, _ = client_for(limited)
    with pytest.raises(Forbidden):
        await client.libraries()
    assert (await client.library("lib_1")).name == "Home"
    with pytest.raises(NotFound):
        await client.library("lib_9")


async def test_a_library_is_not_an_enveloped_list() -> None:
    """The list is bare; anything else is not believed."""
    client, _ = client_for(in_turn(ok({"data": [LIVE], "has_more": False})))
    with pytest.raises(UnexpectedAnswer):
        await client.libraries()


@pytest.mark.parametrize("handler", [server, limited])
@pytest.mark.parametrize(
    ("library_id", "presence"), [("lib_1", Presence.LIVE), ("lib_2", Presence.TRASHED), ("lib_9", Presence.GONE)]
)
async def test_a_library_as_an_entity(handler: Any, library_id: str, presence: Presence) -> None:
    """Events name libraries too; a limited key falls back on the single read, which cannot tell the trash."""
    client, _ = client_for(handler)
    state = await client.entity("library", library_id, "lib_1")
    expected = Presence.LIVE if handler is limited and presence is Presence.TRASHED else presence
    assert state.presence is expected
    assert (state.entity is None) is (presence is Presence.GONE)


async def test_libraries_as_a_batch() -> None:
    """Those that are there, trashed or not; the listing serves them all."""
    client, seen = client_for(server)
    found = await client.entities("library", ["lib_2", "lib_9", "lib_1", "lib_2"], None)
    assert {key: entity.fields["name"] for key, entity in found.items()} == {"lib_1": "Home", "lib_2": "Old"}
    assert len(seen.requests) == 2


async def test_who_the_key_belongs_to() -> None:
    """A refused key belongs to nobody."""
    client, seen = client_for(in_turn(ok({"id": "intuser_1", "email": "a@b.c", "first_name": None, "new": 1})))
    assert await client.me() == User("intuser_1", "a@b.c")
    assert seen.urls == ["/api/users/me"]
    client, _ = client_for(in_turn(refusal(401, "JWT has expired")))
    with pytest.raises(KeyRefused):
        await client.me()


async def test_ping() -> None:
    """The API says pong; another server says something else."""
    client, seen = client_for(in_turn(ok("pong")))
    await client.ping()
    assert seen.urls == ["/api/server/ping"]
    client, _ = client_for(in_turn(ok("hello")))
    with pytest.raises(UnexpectedAnswer):
        await client.ping()

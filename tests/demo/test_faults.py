"""Faults between client and service, in process."""

from __future__ import annotations

import httpx
import msgspec
import pytest
from starlette.types import Receive, Scope, Send

from tests.demo import faults
from tests.demo.asking import client
from tests.demo.faults import Asked, Fault
from tests.demo.little_world import HOME, LittleWorld
from tests.demo.servers import running

PING = "/api/server/ping"


async def statuses(plan: faults.FaultPlan, *paths: str) -> list[int]:
    async with client(LittleWorld(), faults=plan) as http:
        return [(await http.get(path)).status_code for path in paths]


async def test_a_script_runs_once_and_then_all_is_well() -> None:
    """The n-th request meets the n-th fault."""
    plan = faults.script(faults.unavailable(), None, faults.bad_gateway())
    assert await statuses(plan, PING, PING, PING, PING) == [503, 200, 502, 200]


async def test_a_plan_can_look_at_the_path() -> None:
    """on_path counts only requests for its path."""
    plan = faults.on_path("/api/server", [faults.unavailable(500)])
    assert await statuses(plan, "/api/nothing", PING, PING) == [404, 500, 200]


async def test_a_plan_sees_the_request() -> None:
    """A plan gets number, path, query and headers."""
    seen: list[Asked] = []

    def plan(asked: Asked) -> Fault | None:
        seen.append(asked)
        return None

    async with client(LittleWorld(), faults=plan) as http:
        await http.get("/api/events", params={"library_id": HOME})
    assert seen[0].number == 0
    assert seen[0].path == "/api/events"
    assert seen[0].query == f"library_id={HOME}"
    assert seen[0].headers["authorization"] == "Bearer demo"


@pytest.mark.parametrize(
    ("fault", "status", "header", "value"),
    [
        (faults.rate_limited(retry_after="2"), 429, "retry-after", "2"),
        (faults.rate_limited(retry_after_ms="150"), 429, "retry-after-ms", "150"),
        (faults.final(), 503, "x-should-retry", "false"),
        (faults.bad_gateway(), 502, "content-type", "text/html"),
        (faults.html_page(), 200, "content-type", "text/html"),
    ],
)
async def test_refusals_carry_their_headers(fault: Fault, status: int, header: str, value: str) -> None:
    """Each refusal has the status and the header it is known by."""
    async with client(LittleWorld(), faults=faults.always(fault)) as http:
        response = await http.get(PING)
    assert response.status_code == status
    assert response.headers[header] == value


async def test_a_truncated_body_is_a_broken_connection() -> None:
    """A body shorter than announced ends the request as it would on a wire."""
    async with client(LittleWorld(), faults=faults.script(faults.truncated(3))) as http:
        with pytest.raises(httpx.RemoteProtocolError):
            await http.get(PING)
        assert (await http.get(PING)).json() == "pong"


async def test_shapes_can_be_changed() -> None:
    """wrong_shape rewrites the JSON of the real answer and keeps its status."""
    plan = faults.always(faults.wrong_shape(lambda page: {**page, "data": None}))
    async with client(LittleWorld(), faults=plan) as http:
        page = (await http.get("/api/events", params={"library_id": HOME})).json()
    assert page["data"] is None
    assert page["has_more"] is False


async def test_slow_answers_wait_first() -> None:
    """A slow answer sleeps as long as asked, then is the real one."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": msgspec.json.encode("late")})

    transport = httpx.ASGITransport(faults.Faulty(app, faults.always(faults.slow(1.5)), sleep))
    async with httpx.AsyncClient(transport=transport, base_url="http://demo") as http:
        assert (await http.get("/")).json() == "late"
    assert waits == [1.5]


def test_truncated_bodies_break_the_connection() -> None:
    """On a wire, a truncated body is a protocol error at the client."""
    plan = faults.script(faults.truncated(2))
    with running(LittleWorld(), faults=plan) as address, httpx.Client(trust_env=False) as http:
        with pytest.raises(httpx.RemoteProtocolError):
            http.get(f"{address.base_url}/api/server/ping")
        assert http.get(f"{address.base_url}/api/server/ping").json() == "pong"

"""One question: repeated when that helps, announced, limited in time, kept to its origin."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from gumnut_tui.api.caller import RetryPolicy
from gumnut_tui.domain.errors import (
    ApiProblem,
    ConnectionFailed,
    Forbidden,
    KeyRefused,
    RateLimited,
    ServerFailure,
    TimedOut,
    UnexpectedAnswer,
    explain,
)
from gumnut_tui.domain.ports import EventQuery
from tests.api.fakes import BASE, KEY, client_for, in_turn, ok, refusal

USER = ok({"id": "intuser_1", "email": "ana@example.com"})


@pytest.mark.parametrize(
    "failure",
    [
        refusal(429, "Rate limited"),
        refusal(503, "down"),
        refusal(408, "slow"),
        httpx.Response(502, text="<html><title>Bad Gateway</title>"),
        httpx.ConnectError("refused"),
        httpx.ConnectTimeout(""),
        httpx.ReadTimeout(""),
        httpx.PoolTimeout(""),
        httpx.RemoteProtocolError("peer closed connection"),
        httpx.ReadError(""),
        httpx.DecodingError("incorrect header check"),
        httpx.ProxyError("407"),
        httpx.Response(200, content=b'{"id": "intuser_1", "em'),
    ],
)
async def test_what_passes_is_asked_again(failure: Any) -> None:
    """Statuses that pass, connections that break and bodies that end early are one and the same: asked again."""
    client, seen = client_for(in_turn(failure, failure, USER))
    assert (await client.me()).email == "ana@example.com"
    assert len(seen.requests) == client.requests == 3
    assert seen.slept == [0.5, 1.0]


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (refusal(503, "down"), ServerFailure),
        (refusal(429, "Rate limited"), RateLimited),
        (httpx.ReadTimeout(""), TimedOut),
        (httpx.ConnectTimeout(""), TimedOut),
        (httpx.ConnectError("refused"), ConnectionFailed),
        (httpx.Response(200, content=b'{"id"'), ConnectionFailed),
    ],
)
async def test_it_ends_after_three_requests(failure: Any, kind: type[Exception]) -> None:
    """Then the last failure is told."""
    client, seen = client_for(in_turn(failure))
    with pytest.raises(kind):
        await client.me()
    assert len(seen.requests) == 3


@pytest.mark.parametrize(
    "answer",
    [
        refusal(401, "JWT has expired"),
        refusal(403, "no"),
        refusal(404, "no"),
        refusal(503, "no", x_should_retry="false"),
        ok(["a list"]),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, headers={"content-length": "0"}),
    ],
)
async def test_what_does_not_pass_is_asked_once(answer: httpx.Response) -> None:
    """A refusal, a wrong shape, or the server's own word that trying again is useless."""
    client, seen = client_for(in_turn(answer))
    with pytest.raises((ApiProblem, UnexpectedAnswer)):
        await client.me()
    assert len(seen.requests) == 1
    assert seen.waits == []


@pytest.mark.parametrize(("status", "words"), [(204, "204 No Content"), (205, "205 Reset Content")])
async def test_an_answer_without_content_is_no_lost_connection(status: int, words: str) -> None:
    """It came whole: what came is said, and it is asked once."""
    client, seen = client_for(in_turn(httpx.Response(status), USER))
    with pytest.raises(UnexpectedAnswer) as caught:
        await client.me()
    assert explain(caught.value).what == (
        f"Unexpected answer to GET /api/users/me. Expected content at the body, got {words}"
    )
    assert len(seen.requests) == 1


async def test_the_server_may_ask_to_be_asked_again() -> None:
    """x-should-retry: true repeats what would not be repeated."""
    client, seen = client_for(in_turn(refusal(400, "odd", x_should_retry="true"), USER))
    await client.me()
    assert len(seen.requests) == 2


async def test_each_wait_is_announced_before_it_begins() -> None:
    """The screen can say what failed, which attempt it was, and for how long it waits."""
    limited = refusal(429, "Rate limited", retry_after_ms="1250")
    client, seen = client_for(in_turn(limited, httpx.ReadTimeout(""), USER))
    await client.me()
    told = [(wait.asked, wait.seconds, wait.reason, wait.attempt, wait.of) for wait in seen.waits]
    assert told == [("GET /api/users/me", 1.25, "429", 1, 3), ("GET /api/users/me", 1.0, "timed out", 2, 3)]
    assert seen.slept == [1.25, 1.0]


async def test_a_wait_ends_with_its_task() -> None:
    """Cancelling the call ends the wait at once; nothing more is sent."""
    waiting = asyncio.Event()
    client, seen = client_for(
        in_turn(refusal(503, "down")), sleep=asyncio.sleep, random=lambda: 0.0, on_wait=lambda _: waiting.set()
    )
    task = asyncio.create_task(client.me())
    await waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(seen.requests) == 1


@pytest.mark.parametrize(
    ("headers", "seconds"), [({"retry_after": "300"}, 300.0), ({"retry_after_ms": "300000"}, 300.0)]
)
async def test_the_service_is_waited_for_as_long_as_it_says(headers: dict[str, str], seconds: float) -> None:
    """However short the time for a call is: that time is for its requests. The second request is the last one."""
    client, seen = client_for(in_turn(refusal(429, "Rate limited", **headers), USER), total_timeout=5)
    assert (await client.me()).id == "intuser_1"
    assert (len(seen.requests), [round(wait.seconds) for wait in seen.waits]) == (2, [seconds])
    assert [round(each) for each in seen.slept] == [seconds]


async def test_a_wait_longer_than_one_is_ready_for_ends_the_call_with_the_time_in_words() -> None:
    """And no other call sends anything meanwhile."""
    client, seen = client_for(in_turn(refusal(429, "Rate limited", retry_after="5400")))
    for _ in range(3):
        with pytest.raises(RateLimited) as caught:
            await client.me()
        assert caught.value.retry_after == pytest.approx(5400, abs=60)
    assert explain(caught.value).advice.startswith("The service asks to wait 1 h ")
    assert (len(seen.requests), seen.waits) == (1, [])


async def test_one_wish_holds_all_calls_back() -> None:
    """Whichever call was told: nine requests in a row after "wait five minutes" are the opposite of waiting."""
    slept = asyncio.Event()

    async def sleep(_seconds: float) -> None:
        await slept.wait()

    client, seen = client_for(in_turn(refusal(429, "Rate limited", retry_after="300"), USER), sleep=sleep)
    first = asyncio.create_task(client.me())
    await waited_for(lambda: seen.waits)
    others = [asyncio.create_task(client.me()) for _ in range(5)]
    await waited_for(lambda: len(seen.waits) == 6)
    assert len(seen.requests) == 1
    slept.set()
    for call in (first, *others):
        assert (await call).id == "intuser_1"


async def test_a_person_may_cut_a_wait_short() -> None:
    """All who wait ask at once, and the wish is forgotten."""
    client, seen = client_for(in_turn(refusal(429, "Rate limited", retry_after="300"), USER), sleep=for_ever)
    call = asyncio.create_task(client.me())
    await waited_for(lambda: seen.waits)
    client.hurry()
    assert (await call).id == "intuser_1"
    assert (await client.me()).id == "intuser_1"
    assert len(seen.waits) == 1


async def for_ever(_seconds: float) -> None:
    await asyncio.Event().wait()


async def waited_for(holds: Callable[[], object]) -> None:
    """Let others work until it holds."""
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0)


async def test_attempts_are_a_setting() -> None:
    """A policy of one request never waits."""
    client, seen = client_for(in_turn(refusal(503, "down")), retry=RetryPolicy(attempts=1))
    with pytest.raises(ServerFailure):
        await client.me()
    assert (len(seen.requests), seen.waits) == (1, [])


async def test_an_error_says_what_was_asked_and_what_came() -> None:
    """Method and path, never the query; status, the server's words, the request's id."""
    client, _ = client_for(in_turn(refusal(403, "not this library", x_request_id="req_9")))
    with pytest.raises(Forbidden) as caught:
        await client.events(EventQuery("lib_secret"))
    error = caught.value
    assert (error.asked, error.status, error.detail, error.request_id) == (
        "GET /api/events",
        403,
        "not this library",
        "req_9",
    )
    assert "lib_secret" not in str(error)


@pytest.mark.parametrize(
    "answer", [refusal(401, f"unknown token {KEY}"), ok([f"unknown token {KEY}"]), httpx.Response(200, text=KEY)]
)
async def test_the_key_never_stands_in_an_error(answer: httpx.Response) -> None:
    """Not even when the server quotes it."""
    client, _ = client_for(in_turn(answer))
    with pytest.raises((KeyRefused, UnexpectedAnswer)) as caught:
        await client.me()
    assert KEY not in f"{caught.value!s}{caught.value!r}{vars(caught.value)}"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_inside_the_origin_are_followed(status: int) -> None:
    """With the key, which that origin has anyway."""
    moved = httpx.Response(status, headers={"location": "/elsewhere?a=b"})
    client, seen = client_for(in_turn(moved, USER))
    await client.me()
    assert seen.urls == ["/api/users/me", "/elsewhere?a=b"]
    assert seen.requests[1].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example/api/users/me",
        "http://api.example.com/api/users/me",
        "https://api.example.com:8443/",
        "//evil.example/",
        "https://api.example.com@evil.example/",
        "ftp://api.example.com/",
        "https://[",
    ],
)
async def test_redirects_elsewhere_are_not(location: str) -> None:
    """Another host, scheme or port gets no request at all, so it cannot get the key."""
    client, seen = client_for(in_turn(httpx.Response(302, headers={"location": location})))
    with pytest.raises(UnexpectedAnswer):
        await client.me()
    assert len(seen.requests) == 1


async def test_redirects_in_a_circle_end() -> None:
    """A handful are followed, then it is an error."""
    client, seen = client_for(in_turn(httpx.Response(302, headers={"location": f"{BASE}/again"})))
    with pytest.raises(UnexpectedAnswer):
        await client.me()
    assert len(seen.requests) == 5


async def test_a_custom_transports_own_error_is_not_disguised() -> None:
    """Only what httpx says about the network becomes a network problem."""
    client, _ = client_for(in_turn(ZeroDivisionError("a bug")))
    with pytest.raises(ZeroDivisionError):
        await client.me()

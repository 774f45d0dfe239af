"""The client over real sockets that fail."""

from __future__ import annotations

import asyncio
import errno
import gzip
import json
import os
import socket
from collections.abc import Callable
from typing import Any

import pytest

from gumnut_tui.api.caller import CallContext
from gumnut_tui.api.client import Client
from gumnut_tui.domain.errors import ConnectionFailed, RateLimited, ServerFailure, TimedOut, UnexpectedAnswer
from gumnut_tui.domain.ports import EventQuery
from tests.api.fakes import Recorder, wire
from tests.api.faulty_server import (
    Fault,
    cut,
    cut_chunked,
    cut_unannounced,
    drips,
    drops,
    resets,
    serving,
    stalls,
    whole,
)
from tests.factories import make_events

PAGE = json.dumps({"data": [wire(event) for event in make_events(20)], "has_more": False}).encode()


async def waited_for(holds: Callable[[], object]) -> None:
    """Let others work until it holds."""
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0.001)


def client_at(base_url: str, recorder: Recorder, **changes: Any) -> Client:
    """A client on the real network with waits that take no time."""
    context = CallContext(sleep=recorder.sleep, on_wait=recorder.waits.append, **changes)
    return Client(base_url=base_url, key="k", context=context)


@pytest.mark.parametrize(
    "fault",
    [
        drops,
        resets,
        cut(PAGE, 0),
        cut(PAGE, 700),
        cut_chunked(PAGE, 700),
        cut_unannounced(PAGE, 700),
        cut_unannounced(PAGE, 0),
        whole(b'{"detail": "Rate limited"}', "429 Too Many Requests", "Retry-After: 0.5"),
        whole(b"<html><title>502 Bad Gateway</title></html>", "502 Bad Gateway", "Content-Type: text/html"),
        whole(gzip.compress(PAGE)[:90], "200 OK", "Content-Encoding: gzip"),
        whole(b"no gzip at all", "200 OK", "Content-Encoding: gzip"),
    ],
)
async def test_a_page_comes_whole_after_a_fault(fault: Fault) -> None:
    """The fault is waited out and the page is asked for again; no part of a page is ever used."""
    recorder = Recorder()
    async with serving(fault, whole(PAGE)) as server, client_at(server.base_url, recorder) as client:
        page = await client.events(EventQuery("lib_1"))
    assert page.events == tuple(make_events(20))
    assert len(recorder.waits) == 1


@pytest.mark.parametrize("fault", [drops, resets, cut(PAGE, 700), cut_unannounced(PAGE, 700)])
async def test_a_line_that_stays_broken_is_told(fault: Fault) -> None:
    """Three requests, then the error; nothing in between was given as a page."""
    async with serving(fault) as server, client_at(server.base_url, Recorder()) as client:
        with pytest.raises(ConnectionFailed) as caught:
            await client.events(EventQuery("lib_1"))
        assert len(server.requests) == 3
        assert server.base_url == f"http://{caught.value.address or server.base_url[7:]}"


@pytest.mark.parametrize("fault", [stalls, drips])
async def test_a_call_has_a_total_time_limit(fault: Fault) -> None:
    """Silence ends it, and so does a server that sends a byte now and then for ever."""
    async with serving(fault) as server, client_at(server.base_url, Recorder(), total_timeout=0.1) as client:
        with pytest.raises(TimedOut) as caught:
            await client.events(EventQuery("lib_1"))
        assert caught.value.reason == "no complete answer within 0.1 s"
        assert caught.value.address in server.base_url
        assert len(server.requests) == 1


async def test_an_answer_that_is_overdue_is_told_of_while_it_is_waited_for() -> None:
    """Once a request, by its name; of one that comes in time nothing is said."""
    told = list[str]()
    async with serving(stalls) as server:
        changes: dict[str, Any] = {"total_timeout": 0.1, "overdue": 0.01, "on_silence": told.append}
        async with client_at(server.base_url, Recorder(), **changes) as client:
            with pytest.raises(TimedOut):
                await client.ping()
    assert told == ["GET /api/server/ping"]
    changes["overdue"] = 60
    async with serving(whole(b'"pong"')) as server, client_at(server.base_url, Recorder(), **changes) as client:
        await client.ping()
    assert len(told) == 1


async def test_in_a_hurry_an_overdue_answer_is_asked_for_again() -> None:
    """The connection may be dead; one that is still in time is waited for."""
    recorder = Recorder()
    async with serving(stalls, whole(b'"pong"')) as server, client_at(server.base_url, recorder, overdue=0) as client:
        asking = asyncio.ensure_future(client.ping())
        await waited_for(lambda: server.requests)
        client.hurry()
        await asking
        assert [wait.reason for wait in recorder.waits] == ["timed out"]
    async with serving(stalls) as server, client_at(server.base_url, recorder, overdue=60) as client:
        asking = asyncio.ensure_future(client.ping())
        await waited_for(lambda: server.requests)
        client.hurry()
        await asyncio.sleep(0)
        assert len(server.requests) == 1
        asking.cancel()


async def test_nobody_listening_is_a_failed_connection() -> None:
    """A refused connection is told as such, after the usual attempts."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    recorder = Recorder()
    async with client_at(f"http://127.0.0.1:{port}", recorder) as client:
        with pytest.raises(ConnectionFailed) as caught:
            await client.ping()
    assert caught.value.reason == f"could not connect to 127.0.0.1:{port}: {os.strerror(errno.ECONNREFUSED)}"
    assert caught.value.address == f"127.0.0.1:{port}"
    assert [wait.reason for wait in recorder.waits] == ["connection failed"] * 2


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (whole(b'{"detail": "down"}', "503 Service Unavailable", "x-should-retry: false"), ServerFailure),
        (whole(b"<html><title>Welcome to the WLAN</title>"), UnexpectedAnswer),
        (whole(b'{"data": {}, "has_more": true}'), UnexpectedAnswer),
        (whole(b""), UnexpectedAnswer),
    ],
)
async def test_answers_that_asking_again_would_not_change(fault: Fault, kind: type[Exception]) -> None:
    """One request, one error."""
    async with serving(fault) as server, client_at(server.base_url, Recorder()) as client:
        with pytest.raises(kind):
            await client.events(EventQuery("lib_1"))
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (resets, os.strerror(errno.ECONNRESET)),
        (drops, "Server disconnected without sending a response"),
    ],
)
async def test_a_connection_that_broke_is_told_in_words(fault: Fault, reason: str) -> None:
    """The system's words where it has some; never the name of an exception."""
    async with serving(fault) as server, client_at(server.base_url, Recorder()) as client:
        with pytest.raises(ConnectionFailed) as caught:
            await client.ping()
    address = server.base_url.removeprefix("http://")
    assert caught.value.reason == f"the connection to {address} was lost: {reason}"


async def test_a_wish_too_long_is_told_at_once() -> None:
    """One request, and the error holds what the server asked for."""
    limited = whole(b'{"detail": "Rate limited"}', "429 Too Many Requests", "Retry-After: 3600")
    recorder = Recorder()
    async with serving(limited) as server, client_at(server.base_url, recorder) as client:
        with pytest.raises(RateLimited) as caught:
            await client.events(EventQuery("lib_1"))
        assert len(server.requests) == 1
    assert caught.value.retry_after == 3600
    assert recorder.slept == []


async def test_cancelling_a_call_closes_its_connection() -> None:
    """Nothing goes on in the background."""
    asked = asyncio.Event()
    gone = asyncio.Event()

    async def waits_for_the_end(writer: asyncio.StreamWriter) -> None:
        asked.set()
        try:
            while not writer.is_closing():
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.005)
        finally:
            gone.set()

    async with serving(waits_for_the_end) as server, client_at(server.base_url, Recorder()) as client:
        call = asyncio.create_task(client.events(EventQuery("lib_1")))
        await asked.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await asyncio.wait_for(gone.wait(), 5)


async def test_no_proxy_sees_requests_to_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key would pass it in the clear: loopback is asked directly, whatever the proxy variables say."""
    async with serving(whole(b'"pong"')) as server, serving(drops) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.base_url)
        async with client_at(server.base_url, Recorder()) as client:
            await client.ping()
        assert proxy.requests == []

"""Things that go wrong between a client and the service, switched on request by request.

A plan looks at each request and names the fault it shall meet, or None. Plans are plain functions, so a test can
write its own; :func:`script` and :func:`on_path` cover the usual ones.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as a plan sees it; ``number`` counts the requests of this app from 0."""

    number: int
    method: str
    path: str
    query: str
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to one request. Without ``status`` the real answer is used, delayed or spoiled."""

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    delay: float = 0.0
    """Seconds before the answer begins."""
    keep_bytes: int | None = None
    """The body ends after this many bytes although its length was announced in full."""
    rewrite: Callable[[Any], Any] | None = None
    """Changes the decoded JSON of the real answer."""


FaultPlan = Callable[[Asked], Fault | None]


def _refusal(status: int, detail: str, **headers: str) -> Fault:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body = msgspec.json.encode({"detail": detail})
    return Fault(status, {"content-type": "application/json", **named}, body)


def rate_limited(*, retry_after: str | None = None, retry_after_ms: str | None = None) -> Fault:
    """A 429, with ``Retry-After`` (seconds or a date) or ``retry-after-ms`` as given."""
    headers: dict[str, str] = {}
    if retry_after is not None:
        headers["retry_after"] = retry_after
    if retry_after_ms is not None:
        headers["retry_after_ms"] = retry_after_ms
    return _refusal(429, "Rate limited", **headers)


def unavailable(status: int = 503) -> Fault:
    """A server that is down for a moment."""
    return _refusal(status, "Service temporarily unavailable")


def final(status: int = 503) -> Fault:
    """A failure that says itself that trying again is useless."""
    return _refusal(status, "Service unavailable until further notice", x_should_retry="false")


def bad_gateway() -> Fault:
    """A proxy's 502 in HTML."""
    page = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
    return Fault(502, {"content-type": "text/html"}, page)


def html_page() -> Fault:
    """A captive portal: 200, and a web page."""
    return Fault(200, {"content-type": "text/html"}, b"<!doctype html><title>Welcome to the WLAN</title>")


def slow(seconds: float) -> Fault:
    """The real answer, late."""
    return Fault(delay=seconds)


def truncated(keep_bytes: int = 40) -> Fault:
    """The real answer, with the connection lost after ``keep_bytes`` of the body."""
    return Fault(keep_bytes=keep_bytes)


def wrong_shape(rewrite: Callable[[Any], Any]) -> Fault:
    """The real answer with its JSON changed by ``rewrite``."""
    return Fault(rewrite=rewrite)


def script(*faults: Fault | None) -> FaultPlan:
    """The first request meets the first fault, and so on; then everything is well."""
    return lambda asked: faults[asked.number] if asked.number < len(faults) else None


def always(fault: Fault) -> FaultPlan:
    """Every request meets ``fault``."""
    return lambda asked: fault


def on_path(path: str, faults: Sequence[Fault | None]) -> FaultPlan:
    """As :func:`script`, counting only requests for ``path`` (or anything below it)."""
    left = list(faults)

    def plan(asked: Asked) -> Fault | None:
        if asked.path != path and not asked.path.startswith(path + "/"):
            return None
        return left.pop(0) if left else None

    return plan


class Faulty:
    """An app behind a line that goes wrong as planned."""

    def __init__(self, app: ASGIApp, plan: FaultPlan, sleep: Sleep = asyncio.sleep) -> None:
        self._app = app
        self._plan = plan
        self._sleep = sleep
        self._requests = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        fault = self._plan(_asked(scope, self._requests))
        self._requests += 1
        if fault is None:
            await self._app(scope, receive, send)
            return
        if fault.delay:
            await self._sleep(fault.delay)
        if fault.status is not None:
            await _answer(send, fault.status, fault.headers, fault.body, fault.keep_bytes)
            return
        await self._spoil(fault, scope, receive, send)

    async def _spoil(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        status, headers, body = 500, {}, b""

        async def collect(message: Message) -> None:
            nonlocal status, headers, body
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = {name.decode(): value.decode() for name, value in message.get("headers", ())}
            elif message["type"] == "http.response.body":
                body += message.get("body", b"")

        await self._app(scope, receive, collect)
        if fault.rewrite is not None:
            body = msgspec.json.encode(fault.rewrite(msgspec.json.decode(body)))
        await _answer(send, status, {**headers, **fault.headers}, body, fault.keep_bytes)


def _asked(scope: Scope, number: int) -> Asked:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    return Asked(number, scope["method"], scope["path"], scope["query_string"].decode(), headers)


async def _answer(send: Send, status: int, headers: dict[str, str], body: bytes, keep_bytes: int | None) -> None:
    named = {**{name.lower(): value for name, value in headers.items()}, "content-length": str(len(body))}
    raw = [(name.encode(), value.encode("latin-1")) for name, value in named.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body if keep_bytes is None else body[:keep_bytes]})

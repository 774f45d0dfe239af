"""Servers in a few lines: a function from request to answer, and a feed kept in a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import msgspec

from gumnut_tui.api.caller import CallContext, Wait
from gumnut_tui.api.client import Client
from gumnut_tui.domain.key import Key
from gumnut_tui.domain.models import Event, to_us

BASE = "https://api.example.com"
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
KEY = "apikey_7Kq2mXzVbN4tRwYcHd9pLe"

Handler = Callable[[httpx.Request], httpx.Response]


@dataclass
class Recorder:
    """What a client did: requests sent, waits announced, seconds slept."""

    requests: list[httpx.Request] = field(default_factory=list)
    waits: list[Wait] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)

    @property
    def urls(self) -> list[str]:
        """The path and query of each request."""
        return [request.url.raw_path.decode() for request in self.requests]

    def asked(self, name: str) -> list[str | None]:
        """The value of a query parameter in each request."""
        return [request.url.params.get(name) for request in self.requests]

    async def sleep(self, seconds: float) -> None:
        """A sleep that takes no time."""
        self.slept.append(seconds)


def client_for(
    handler: Handler,
    *,
    base_url: str = BASE,
    key: Key | str = KEY,
    headers: dict[str, str] | None = None,
    **context: Any,
) -> tuple[Client, Recorder]:
    """A client whose network is the function, with no waits, no chance and a fixed clock, unless `context` says so."""
    recorder = Recorder()

    def answer(request: httpx.Request) -> httpx.Response:
        recorder.requests.append(request)
        return handler(request)

    given: dict[str, Any] = {
        "clock": lambda: NOW,
        "sleep": recorder.sleep,
        "random": lambda: 0.0,
        "on_wait": recorder.waits.append,
    }
    calls = CallContext(**(given | context))
    transport = httpx.MockTransport(answer)
    return Client(base_url=base_url, key=key, context=calls, headers=headers, transport=transport), recorder


def in_turn(*answers: httpx.Response | Exception) -> Handler:
    """Each request meets the next answer; the last one stays."""
    left = list(answers)

    def handler(_: httpx.Request) -> httpx.Response:
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        # A response object is used up by being read, so each request gets its own.
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    return handler


def ok(value: Any) -> httpx.Response:
    """A 200 with this JSON."""
    return httpx.Response(200, json=value)


def refusal(status: int, detail: Any, **headers: str) -> httpx.Response:
    """An error status with a detail; header names have `_` for `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, json={"detail": detail}, headers=named)


def wire(event: Event) -> dict[str, Any]:
    """An event as the API sends it."""
    return {
        "cursor": event.cursor,
        "entity_type": event.entity_type,
        "entity_id": event.entity_id,
        "event_type": event.event_type,
        "created_at": event.created_at.isoformat().replace("+00:00", "Z"),
        "payload": msgspec.json.decode(event.payload),
    }


FIRST_TYPES = ("asset", "album", "person", "face", "album_asset")
TYPES = {
    "current": {*FIRST_TYPES, "metadata", "stack"},
    "seed2": {*FIRST_TYPES, "metadata"},
    "seed1": {*FIRST_TYPES, "metadata", "exif"},
    "b": {*FIRST_TYPES, "exif"},
}


@dataclass
class ListFeed:
    """A feed server over a list of events, in one of the cursor generations; `page` bounds its pages."""

    events: Sequence[Event]
    generation: str = "current"
    page: int = 1000
    sizes: Sequence[int] = ()
    """How many events each successive page holds; after those, `page`."""
    unknown_type_status: int = 400
    served: int = 0

    @property
    def is_current(self) -> bool:
        """Whether it pages with `next_cursor`."""
        return self.generation == "current"

    def __call__(self, request: httpx.Request) -> httpx.Response:
        params = request.url.params
        types = set(params["entity_types"].split(",")) if "entity_types" in params else None
        if types and types - TYPES[self.generation]:
            return refusal(self.unknown_type_status, "Unknown entity_types: see the documentation")
        start = 0
        if after := params.get("after_cursor"):
            known = {self.position(event): at for at, event in enumerate(self.events)}
            if after not in known:
                return refusal(400, "Invalid after_cursor")
            start = known[after] + 1
        rest = [event for event in self.events[start:] if self.matches(event, types, params)]
        size = min(int(params["limit"]), self.next_size())
        return ok(self.body(rest[:size], len(rest) > size, after))

    def next_size(self) -> int:
        """How many events this page may hold."""
        self.served += 1
        return self.sizes[self.served - 1] if self.served <= len(self.sizes) else self.page

    def matches(self, event: Event, types: set[str] | None, params: httpx.QueryParams) -> bool:
        """The filters this generation honours."""
        if types is not None and event.entity_type not in types:
            return False
        us = event.created_at_us
        if "created_at_gte" in params and us < to_us(datetime.fromisoformat(params["created_at_gte"])):
            return False
        honoured = not self.is_current and "created_at_lt" in params
        return not honoured or us < to_us(datetime.fromisoformat(params["created_at_lt"]))

    def position(self, event: Event) -> str:
        """What one reads on with after this event."""
        return f"next-{event.cursor}" if self.is_current else event.cursor

    def body(self, events: Sequence[Event], has_more: bool, after: str | None) -> dict[str, Any]:
        """A page as this generation words it."""
        body: dict[str, Any] = {"data": [wire(event) for event in events], "has_more": has_more}
        if self.is_current:
            body |= {"next_cursor": self.position(events[-1]) if events else after, "as_of": "bound"}
        return body

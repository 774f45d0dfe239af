"""The simulated service, spoken to as the feed speaks to a source, and over HTTP as the client does."""

from __future__ import annotations

import json
from datetime import datetime
from urllib.parse import parse_qsl

import httpx

from gumnut_tui.domain.errors import ConnectionFailed, CursorRefused
from gumnut_tui.domain.models import Event, EventPage, from_us, to_us
from gumnut_tui.domain.ports import EventQuery
from tests.simulation.service import Answer, Asked, Lost, Refused, Service, Written

ASKED = "GET /api/events"


def event_of(written: Written) -> Event:
    """The event as the client's models have it."""
    return Event(written.cursor, "asset", f"asset_{written.number:022}", "asset_created", from_us(written.created_us))


class SimulatedSource:
    """Pages for a feed, straight from the service."""

    def __init__(self, service: Service) -> None:
        self.service = service

    async def events(self, query: EventQuery) -> EventPage:
        """One page; refusals and lost connections as the client raises them."""
        asked = Asked(query.after_cursor, _us(query.created_at_gte), _us(query.created_at_lt))
        try:
            answer = self.service.page(asked)
        except Refused as refusal:
            raise CursorRefused(ASKED, 400, "cursor is ahead of the database") from refusal
        except Lost as lost:
            raise ConnectionFailed(ASKED, "the connection broke") from lost
        return EventPage(tuple(map(event_of, answer.events)), answer.next_cursor or query.after_cursor, answer.has_more)


def _us(moment: datetime | None) -> int | None:
    return None if moment is None else to_us(moment)


class SimulatedApi:
    """Answers over HTTP as the service does for one library: its feed, and that all its entities are gone."""

    def __init__(self, service: Service, event_type: str = "asset_created") -> None:
        self.service = service
        self.event_type = event_type

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """The answer to a request; raises what httpx raises when a connection breaks."""
        match request.url.path:
            case "/api/events":
                return self._events(request)
            case "/api/libraries":
                return _json([{"id": "lib_1", "name": "Simulated"}])
            case "/api/users/me":
                return _json({"id": "intuser_1"})
            case _:
                return _json({"data": [], "has_more": False})

    def _events(self, request: httpx.Request) -> httpx.Response:
        query = dict(parse_qsl(request.url.query.decode()))
        asked = Asked(
            query.get("after_cursor"), _parsed(query.get("created_at_gte")), _parsed(query.get("created_at_lt"))
        )
        try:
            return _json(self._body(self.service.page(asked)))
        except Refused:
            return _json({"detail": "cursor is ahead of the database"}, 400)
        except Lost as lost:
            raise httpx.ReadError("the connection broke", request=request) from lost

    def _body(self, answer: Answer) -> dict[str, object]:
        data = [
            {
                "cursor": event.cursor,
                "entity_type": "asset",
                "entity_id": f"asset_{event.number:022}",
                "event_type": self.event_type,
                "created_at": from_us(event.created_us).isoformat().replace("+00:00", "Z"),
                "payload": None,
            }
            for event in answer.events
        ]
        return {"data": data, "has_more": answer.has_more, "next_cursor": answer.next_cursor, "as_of": "now"}


def _json(value: object, status: int = 200) -> httpx.Response:
    return httpx.Response(status, content=json.dumps(value).encode())


def _parsed(text: str | None) -> int | None:
    return None if text is None else to_us(datetime.fromisoformat(text))

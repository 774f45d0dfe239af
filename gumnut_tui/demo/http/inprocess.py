"""The demo library without a network: an httpx transport that answers in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import httpx

from gumnut_tui.demo.http.auth import KEY
from gumnut_tui.demo.http.faults import FaultPlan
from gumnut_tui.demo.http.interface import LibraryWorld
from gumnut_tui.demo.http.picture_host import PictureHost
from gumnut_tui.demo.http.server import create_api

API_HOST = "api.demo.invalid"
PICTURE_HOST = "pictures.demo.invalid"

LATENCY_S = 0.001
"""What a request takes at least. An answer without any delay would leave the event loop no turn for keys and frames."""


@dataclass(frozen=True, slots=True)
class DemoConnection:
    """What a client needs to read the demo library in this process."""

    transport: httpx.AsyncBaseTransport
    base_url: str
    key: str
    pictures: PictureHost


class DemoTransport(httpx.AsyncBaseTransport):
    """Routes requests by host to the API or to the pictures; any other host cannot be reached."""

    def __init__(self, apps: dict[str, httpx.ASGITransport]) -> None:
        self._apps = apps

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        app = self._apps.get(request.url.host)
        if app is None:
            raise httpx.ConnectError(f"The demo library has no network: {request.url.host}", request=request)
        await asyncio.sleep(LATENCY_S)
        response = await app.handle_async_request(request)
        body = await response.aread()
        announced = response.headers.get("content-length")
        if announced is not None and int(announced) != len(body) and request.method != "HEAD":
            # A real connection would break here; the app alone cannot show that.
            raise httpx.RemoteProtocolError(
                "peer closed connection without sending complete message body "
                f"(received {len(body)} bytes, expected {announced})",
                request=request,
            )
        return response


def connect(
    world: LibraryWorld,
    *,
    clock: Callable[[], datetime],
    generation: str = "current",
    live: bool = False,
    faults: FaultPlan | None = None,
) -> DemoConnection:
    """Serve ``world`` in this process. With ``live`` it moves on to ``clock()`` before each request."""

    def move_on() -> None:
        world.advance(clock())

    pictures = PictureHost(world)
    api = create_api(
        world,
        pictures_origin=f"https://{PICTURE_HOST}",
        generation=generation,
        before_request=move_on if live else None,
        faults=faults,
    )
    transport = DemoTransport(
        {
            API_HOST: httpx.ASGITransport(api, raise_app_exceptions=False),
            PICTURE_HOST: httpx.ASGITransport(pictures.app, raise_app_exceptions=False),
        }
    )
    return DemoConnection(transport, f"https://{API_HOST}", KEY, pictures)

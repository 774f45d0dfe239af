"""The demo library without a network: an httpx transport that answers in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import httpx
from starlette.types import ASGIApp

from gumnut_tui.demo.http.auth import KEY
from gumnut_tui.demo.http.library_world import LibraryWorld
from gumnut_tui.demo.http.picture_host import PictureHost
from gumnut_tui.demo.http.server import create_api
from gumnut_tui.demo.world.edits.editor import Editor

BASE_URL = "https://api.demo.invalid"
PICTURES_ORIGIN = "https://pictures.demo.invalid"

LATENCY_S = 0.001
"""What a request takes at least. An answer without any delay would leave the event loop no turn for keys and frames."""


@dataclass(frozen=True, slots=True)
class DemoConnection:
    """What a client needs to read the demo library in this process."""

    transport: httpx.AsyncBaseTransport
    base_url: str
    key: str


class DemoTransport(httpx.AsyncBaseTransport):
    """Routes requests by host to the API or to the pictures; any other host cannot be reached."""

    def __init__(self, api: ASGIApp, pictures: ASGIApp) -> None:
        self._apps = {
            httpx.URL(origin).host: httpx.ASGITransport(app, raise_app_exceptions=False)
            for origin, app in ((BASE_URL, api), (PICTURES_ORIGIN, pictures))
        }

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        app = self._apps.get(request.url.host)
        if app is None:
            raise httpx.ConnectError(f"The demo library has no network: {request.url.host}", request=request)
        await asyncio.sleep(LATENCY_S)
        return await app.handle_async_request(request)


def connect(
    world: LibraryWorld,
    *,
    clock: Callable[[], datetime],
    generation: str = "current",
    live: bool = False,
    editor: Editor | None = None,
) -> DemoConnection:
    """Serve ``world`` in this process. With ``live`` it moves on to ``clock()`` before each request.

    With an ``editor`` clients may change it.
    """
    api = create_api(
        world,
        pictures_origin=PICTURES_ORIGIN,
        generation=generation,
        clock=clock if live else None,
        editor=editor,
    )
    return DemoConnection(DemoTransport(api, PictureHost(world).app), BASE_URL, KEY)

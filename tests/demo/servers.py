"""The demo library behind a line that may go wrong: in this process, or on loopback ports while a block runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic, sleep

import httpx
import uvicorn
from starlette.types import ASGIApp

from gumnut_tui.demo.http.auth import KEY
from gumnut_tui.demo.http.inprocess import BASE_URL, PICTURES_ORIGIN, DemoTransport
from gumnut_tui.demo.http.library_world import LibraryWorld
from gumnut_tui.demo.http.picture_host import PictureHost
from gumnut_tui.demo.http.serve import listen, make_server, origin
from gumnut_tui.demo.http.server import create_api
from gumnut_tui.demo.world.edits.editor import Editor
from tests.demo.faults import FaultPlan, Faulty

_START_LIMIT = 10.0
"""Seconds until a server that has not started is given up."""


@dataclass(frozen=True, slots=True)
class InProcess:
    """A demo library in this process."""

    transport: httpx.AsyncBaseTransport
    base_url: str
    key: str
    pictures: PictureHost


@dataclass(frozen=True, slots=True)
class Address:
    """Where a running demo library answers."""

    base_url: str
    pictures_url: str
    key: str
    pictures: PictureHost


def connect(
    world: LibraryWorld,
    *,
    clock: Callable[[], datetime],
    generation: str = "current",
    live: bool = False,
    faults: FaultPlan | None = None,
    editor: Editor | None = None,
) -> InProcess:
    """Serve ``world`` in this process, with faults as planned; writable with an ``editor``."""
    api = create_api(
        world,
        pictures_origin=PICTURES_ORIGIN,
        generation=generation,
        clock=clock if live else None,
        editor=editor,
    )
    pictures = PictureHost(world)
    return InProcess(_Line(DemoTransport(_behind(faults, api), pictures.app)), BASE_URL, KEY, pictures)


@contextmanager
def running(
    world: LibraryWorld,
    *,
    generation: str = "current",
    live: bool = False,
    faults: FaultPlan | None = None,
    editor: Editor | None = None,
) -> Iterator[Address]:
    """Serve ``world`` from a thread while the block runs; writable with an ``editor``."""
    with closing(listen("127.0.0.1", 0)) as api, closing(listen("127.0.0.1", 0)) as pictures:
        host = PictureHost(world)
        address = Address(origin(api), origin(pictures), KEY, host)
        clock = (lambda: datetime.now(UTC)) if live else None
        app = create_api(world, pictures_origin=address.pictures_url, generation=generation, clock=clock, editor=editor)
        server = make_server({api: _behind(faults, app), pictures: host.app})
        thread = threading.Thread(target=server.run, args=([api, pictures],), name="demo-server")
        thread.start()
        try:
            _wait_until_started(server, thread)
            yield address
        finally:
            server.should_exit = True
            thread.join()


def _behind(faults: FaultPlan | None, app: ASGIApp) -> ASGIApp:
    return app if faults is None else Faulty(app, faults)


def _wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = monotonic() + _START_LIMIT
    while not server.started:
        if not thread.is_alive() or monotonic() > deadline:
            raise RuntimeError("The demo server did not start")
        sleep(0.005)


class _Line(httpx.AsyncBaseTransport):
    """Breaks where a connection would: a body shorter than announced, which an app alone cannot show."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._transport = transport

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._transport.handle_async_request(request)
        body = await response.aread()
        announced = response.headers.get("content-length")
        if announced is not None and int(announced) != len(body) and request.method != "HEAD":
            raise httpx.RemoteProtocolError(
                "peer closed connection without sending complete message body "
                f"(received {len(body)} bytes, expected {announced})",
                request=request,
            )
        return response

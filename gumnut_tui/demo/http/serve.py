"""The demo library over HTTP on loopback: the API on one port, the pictures on another."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from time import monotonic, sleep

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from gumnut_tui.demo.http.auth import KEY
from gumnut_tui.demo.http.faults import FaultPlan
from gumnut_tui.demo.http.interface import LibraryWorld
from gumnut_tui.demo.http.picture_host import PictureHost
from gumnut_tui.demo.http.server import create_api

_BACKLOG = 128
_START_LIMIT = 10.0


@dataclass(frozen=True, slots=True)
class Address:
    """Where a running demo library answers."""

    base_url: str
    pictures_url: str
    key: str
    pictures: PictureHost


def run(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    seed: int = 7,
    events: int = 20_000,
    generation: str = "current",
    live: bool = False,
    announce: Callable[[str], None],
) -> None:
    """Serve until interrupted; ``announce`` gets the base URL once connections are accepted.

    ``port`` is the API's (0: any free one). Raises ValueError if ``host`` is not a loopback address, OSError if the
    port is taken, and KeyboardInterrupt on ctrl+c, after both ports were closed.
    """
    from gumnut_tui.demo.world.world import World

    with closing(_listen(host, port)) as api, closing(_listen(host, 0)) as pictures:
        world = World(seed=seed, now=_now(), events=events)
        server, address = _server(world, api, pictures, generation=generation, live=live, faults=None)
        announce(address.base_url)
        server.run(sockets=[api, pictures])


@contextmanager
def running(
    world: LibraryWorld,
    *,
    generation: str = "current",
    live: bool = False,
    faults: FaultPlan | None = None,
) -> Iterator[Address]:
    """Serve ``world`` from a thread while the block runs."""
    with closing(_listen("127.0.0.1", 0)) as api, closing(_listen("127.0.0.1", 0)) as pictures:
        server, address = _server(world, api, pictures, generation=generation, live=live, faults=faults)
        thread = threading.Thread(target=server.run, args=([api, pictures],), name="demo-server")
        thread.start()
        try:
            _wait_until_started(server, thread)
            yield address
        finally:
            server.should_exit = True
            thread.join()


def _wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = monotonic() + _START_LIMIT
    while not server.started:
        if not thread.is_alive() or monotonic() > deadline:
            raise RuntimeError("The demo server did not start")
        sleep(0.005)


def _listen(host: str, port: int) -> socket.socket:
    address = ip_address("127.0.0.1" if host == "localhost" else host)
    if not address.is_loopback:
        raise ValueError(f"The demo library is served on loopback only, not on {host}")
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    # With the protocol named, asyncio switches off Nagle's algorithm, which would hold back each answer 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((str(address), port))
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _server(
    world: LibraryWorld,
    api: socket.socket,
    pictures: socket.socket,
    *,
    generation: str,
    live: bool,
    faults: FaultPlan | None,
) -> tuple[uvicorn.Server, Address]:
    host = PictureHost(world)
    address = Address(_origin(api), _origin(pictures), KEY, host)
    service = create_api(
        world,
        pictures_origin=address.pictures_url,
        generation=generation,
        before_request=(lambda: _move_on(world)) if live else None,
        faults=faults,
    )
    config = uvicorn.Config(
        _ByPort({_port(api): service, _port(pictures): host.app}),
        lifespan="off",
        ws="none",
        loop="asyncio",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config), address


def _move_on(world: LibraryWorld) -> None:
    world.advance(_now())


def _now() -> datetime:
    return datetime.now(UTC)


def _port(listener: socket.socket) -> int:
    return int(listener.getsockname()[1])


def _origin(listener: socket.socket) -> str:
    host = listener.getsockname()[0]
    return f"http://[{host}]:{_port(listener)}" if ":" in host else f"http://{host}:{_port(listener)}"


class _ByPort:
    """One server, two origins: each port has its own app."""

    def __init__(self, apps: dict[int, ASGIApp]) -> None:
        self._apps = apps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._apps[scope["server"][1]](scope, receive, send)

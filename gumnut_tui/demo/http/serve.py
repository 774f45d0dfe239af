"""The demo library over HTTP on loopback: the API on one port, the pictures on another."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from ipaddress import ip_address

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from gumnut_tui.demo.http.picture_host import PictureHost
from gumnut_tui.demo.http.server import create_api

_BACKLOG = 128


def run(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    seed: int = 7,
    events: int,
    generation: str = "current",
    live: bool = False,
    writable: bool = False,
    announce: Callable[[str], None],
) -> None:
    """Serve until interrupted; ``announce`` gets the base URL once connections are accepted.

    ``port`` is the API's (0: any free one). A ``writable`` library takes changes, and forgets them at the end.
    Raises ValueError if ``host`` is not a loopback address, OSError if the port is taken, and KeyboardInterrupt on
    ctrl+c, after both ports were closed.
    """
    from gumnut_tui.demo.world.world import World

    with closing(listen(host, port)) as api, closing(listen(host, 0)) as pictures:
        world = World(seed=seed, now=_now(), events=events)
        app = create_api(
            world,
            pictures_origin=origin(pictures),
            generation=generation,
            clock=_now if live else None,
            editor=world.editor(_now) if writable else None,
        )
        announce(origin(api))
        make_server({api: app, pictures: PictureHost(world).app}).run(sockets=[api, pictures])


def listen(host: str, port: int) -> socket.socket:
    """A socket that accepts connections; ValueError unless ``host`` is loopback, OSError if the port is taken."""
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


def origin(listener: socket.socket) -> str:
    """Scheme, host and port of what answers at ``listener``."""
    host = listener.getsockname()[0]
    return f"http://[{host}]:{_port(listener)}" if ":" in host else f"http://{host}:{_port(listener)}"


def make_server(apps: dict[socket.socket, ASGIApp]) -> uvicorn.Server:
    """A server that answers at each of these sockets with the socket's own app, and prints nothing."""
    config = uvicorn.Config(
        _ByPort({_port(listener): app for listener, app in apps.items()}),
        lifespan="off",
        ws="none",
        loop="asyncio",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)


def _now() -> datetime:
    return datetime.now(UTC)


def _port(listener: socket.socket) -> int:
    return int(listener.getsockname()[1])


class _ByPort:
    """One server, two origins: each port has its own app."""

    def __init__(self, apps: dict[int, ASGIApp]) -> None:
        self._apps = apps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._apps[scope["server"][1]](scope, receive, send)

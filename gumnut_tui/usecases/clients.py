"""Clients for what is configured: the account's server, or the demo library inside this process.

Everything heavy is imported here when it is asked for, so that it can happen in a thread behind the first paint.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from gumnut_tui.config.settings import Settings
from gumnut_tui.domain.defaults import DEMO_EVENTS, DEMO_SEED
from gumnut_tui.domain.key import Key

if TYPE_CHECKING:
    from gumnut_tui.api.client import Client
    from gumnut_tui.api.retry import Wait


def account_client(
    settings: Settings,
    key: Key,
    *,
    clock: Callable[[], datetime],
    environ: Mapping[str, str] = MappingProxyType({}),
    on_wait: Callable[[Wait], None] | None = None,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    transport: Any | None = None,
) -> Client:
    """A client of the configured server, by the proxies and certificates of `environ`.

    Raises `RefusedAddress`, and `ConfigProblem` when the environment makes requests impossible.
    """
    from gumnut_tui.api.client import Client
    from gumnut_tui.api.retry import RetryPolicy
    from gumnut_tui.config.network import Network

    return Client(
        base_url=settings.base_url,
        key=key,
        headers=dict(settings.headers),
        network=Network(environ),
        retry=RetryPolicy(longest_asked=settings.longest_wait),
        transport=transport,
        clock=clock,
        on_wait=on_wait,
        sleep=sleep,
    )


def demo_address() -> str:
    """The base URL of the demo library in this process."""
    from gumnut_tui.demo.http.inprocess import BASE_URL

    return BASE_URL


def demo_client(
    *,
    clock: Callable[[], datetime],
    events: int = DEMO_EVENTS,
    live: bool = True,
    on_wait: Callable[[Wait], None] | None = None,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> Client:
    """A client of a demo library made for it; making it takes a second for the default size."""
    from gumnut_tui.api.client import Client
    from gumnut_tui.demo.http.inprocess import connect
    from gumnut_tui.demo.world.world import World

    demo = connect(World(now=clock(), events=events, seed=DEMO_SEED), clock=clock, live=live)
    return Client(
        base_url=demo.base_url, key=demo.key, transport=demo.transport, clock=clock, on_wait=on_wait, sleep=sleep
    )

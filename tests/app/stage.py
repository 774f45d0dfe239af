"""The app as a test starts it: a fixed clock, no polling, nothing waited for, and every door to the outside watched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from msgspec.structs import replace

from gumnut_tui.api.caller import Wait
from gumnut_tui.api.client import Client
from gumnut_tui.app import ScreenOptions
from gumnut_tui.app.gumnut_app import GumnutApp
from gumnut_tui.app.services import OnWait, Services
from gumnut_tui.config.key_sources import Keep
from gumnut_tui.config.settings import Settings
from gumnut_tui.config.values import Order
from gumnut_tui.domain.defaults import Pace
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.key import Key
from gumnut_tui.usecases.account import demo_client
from tests.app.scripted import ScriptedClient
from tests.factories import NOW

SECRET = "apikey_7Kq2mXzVbN4tRwYcHd9pLe"
NEVER = 1_000_000.0
"""Seconds; longer than any test."""
STILL = Pace(poll=NEVER, slowest_poll=NEVER, first_retry=NEVER, slowest_retry=NEVER)
"""Asks only when it is told to."""
DEMO_EVENTS = 900


class HandClock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self._now = NOW

    def now(self) -> datetime:
        return self._now

    def add(self, seconds: float) -> None:
        """Let time pass."""
        self._now += timedelta(seconds=seconds)


@dataclass
class OutsideWorld:
    """What the app did to the world around it."""

    clients: list[object] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    kept: list[tuple[str, Keep]] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    on_wait: list[OnWait] = field(default_factory=list)

    def wait(self, seconds: float, reason: str) -> None:
        """Say what the client says before it asks again."""
        self.on_wait[-1](Wait("GET /api/events", seconds, reason, 1, 3))


def make_options(**changes: Any) -> ScreenOptions:
    """A configured account, newest first, the last 24 hours, in UTC."""
    values: dict[str, Any] = {
        "settings": Settings(Path("/home/ana/.config/gumnut-tui/config.toml"), base_url="https://api.example.org"),
        "key": Key(SECRET),
        "demo": False,
        "order": Order.NEWEST,
        "since": "24h",
        "until": None,
        "library": None,
        "filter": EventFilter(),
        "exact": False,
        "zone": UTC,
    }
    return ScreenOptions(**(values | changes))


def make_services(client: object, outside: OutsideWorld, **changes: Any) -> Services:
    """Services that answer at once and remember."""

    def account(key: Key, on_wait: OnWait) -> Client:
        outside.keys.append(key.reveal())
        outside.on_wait.append(on_wait)
        found = client(key) if callable(client) else client
        outside.clients.append(found)
        return cast(Client, found)

    def keep_key(key: Key, where: Keep) -> str:
        outside.kept.append((key.reveal(), where))
        return "the config file"

    services = Services(
        demo=make_demo,
        account=account,
        keep_key=keep_key,
        has_keyring=lambda: False,
        clock=lambda: NOW,
        open_url=outside.opened.append,
        pace=STILL,
        debounce=0,
        unasked=0,
        settle=0.001,
        passing=0.001,
        covered=0.001,
        frame=0.001,
        loading=0.001,
        tick=None,
    )
    return replace(services, **changes)


def make_app(
    client: object | None = None,
    *,
    outside: OutsideWorld | None = None,
    services: dict[str, Any] | None = None,
    settings: dict[str, Any] | None = None,
    **options: Any,
) -> GumnutApp:
    """The app on a scripted account, or on the client given (or made for a key by a function)."""
    chosen = make_options(**options)
    if settings:
        chosen = replace(chosen, settings=replace(chosen.settings, **settings))
    found = ScriptedClient() if client is None else client
    return GumnutApp(chosen, make_services(found, outside or OutsideWorld(), **(services or {})))


def make_demo(on_wait: OnWait, clock: Callable[[], datetime] = lambda: NOW) -> Client:
    """A client of a small demo library that stands still."""
    return demo_client(clock=clock, events=DEMO_EVENTS, live=False, on_wait=on_wait, sleep=no_sleep)


def make_demo_app(**changes: Any) -> GumnutApp:
    """The app on the demo library."""
    return make_app(demo=True, key=None, **changes)


async def no_sleep(_seconds: float) -> None:
    """Returns at once."""

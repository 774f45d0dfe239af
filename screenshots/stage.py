"""What the pictures are taken of: the demo library at a fixed moment, and a journal begun some hours before it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from gumnut_tui.api.caller import CallContext
from gumnut_tui.api.client import Client
from gumnut_tui.app.services import Services, open_journal_at
from gumnut_tui.demo.http.inprocess import DemoConnection, connect
from gumnut_tui.demo.world.world import World
from gumnut_tui.domain.defaults import DEMO_EVENTS, Pace
from gumnut_tui.feed.sync import Sync
from gumnut_tui.journal.journal import open_journal
from gumnut_tui.journal.records import LibraryKey
from gumnut_tui.usecases.account import account_id

NOW = datetime(2026, 5, 16, 11, 4, tzinfo=UTC)
SYNCED = NOW - timedelta(hours=9)
"""When the journal was last brought up to date: half an hour before photos are trashed, then deleted for good."""
ZONE = ZoneInfo("Europe/Lisbon")


def connection() -> DemoConnection:
    """The demo library as it is now."""
    return connect(_world(), clock=lambda: NOW)


def services(journal: Path) -> Services:
    """What the screen needs from outside, with a journal at this path."""
    return Services(
        demo=lambda on_wait: _client(connection(), NOW),
        account=lambda key, on_wait: _client(connection(), NOW),
        keep_key=lambda key, place: "nowhere",
        has_keyring=lambda: True,
        open_journal=partial(open_journal_at, journal, clock=lambda: NOW),
        clock=lambda: NOW,
        pace=Pace(poll=3600, slowest_poll=3600),
        debounce=0.01,
        settle=0.01,
        tick=None,
    )


@cache
def journal_bytes() -> bytes:
    """The file of a journal of the demo library, synced when what was deleted since was still there."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "journal.db"
        asyncio.run(_sync(path))
        return path.read_bytes()


@cache
def _world() -> World:
    return World(now=NOW, events=DEMO_EVENTS)


def _client(demo: DemoConnection, now: datetime) -> Client:
    return Client(
        base_url=demo.base_url, key=demo.key, transport=demo.transport, context=CallContext(clock=lambda: now)
    )


async def _sync(path: Path) -> None:
    demo = connect(World(now=NOW, events=DEMO_EVENTS, reached=SYNCED), clock=lambda: SYNCED)
    async with _client(demo, SYNCED) as client, open_journal(path, clock=lambda: SYNCED) as journal:
        library, *_ = await client.libraries()
        key = LibraryKey(client.base_url, await account_id(client), library.id)
        await Sync(client, journal, await journal.begin(key, name=library.name)).run()

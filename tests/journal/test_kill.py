"""A sync that is killed again and again, over a line that goes wrong, ends up with exactly the feed."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from random import Random

import pytest

from gumnut_tui.demo.http.library_world import LibraryWorld
from gumnut_tui.domain.kinds import KINDS, kind_of
from gumnut_tui.domain.models import from_us
from gumnut_tui.journal import verify as checking
from gumnut_tui.journal.journal import open_journal
from tests.demo.faults import Asked, Fault, rate_limited, slow, truncated, unavailable
from tests.demo.servers import running
from tests.demo.worlds import library_ids, still_world

ROUNDS = 9
"""How often the process is killed."""

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kill -9 is of posix")

AT_ONCE = {"retry-after-ms": "1"}
FAULTS = (
    Fault(503, AT_ONCE, b""),
    rate_limited(retry_after_ms="1"),
    unavailable(500),
    truncated(2000),
    slow(0.05),
)


class Weather:
    """The line's faults, and the killing of the process that is there when a round's time has come."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.signal = signal.SIGKILL
        self.process: subprocess.Popen[bytes] | None = None
        self.left = 0
        """Requests until the process is killed; none when it is to live."""
        self.killers: list[threading.Timer] = []

    def __call__(self, asked: Asked) -> Fault | None:
        self.left -= 1
        if self.left == 0 and self.process is not None:
            # A few milliseconds later it stores what the last answer brought.
            killer = threading.Timer(self.random.random() * 0.02, self.process.send_signal, [self.signal])
            self.killers.append(killer)
            killer.start()
        return self.random.choice(FAULTS) if self.random.random() < 0.08 else None

    def end_round(self) -> None:
        """Wait for what was begun."""
        while self.killers:
            self.killers.pop().join()


def sync(base_url: str, library_id: str, path: Path) -> subprocess.Popen[bytes]:
    """The program itself, in a process of its own."""
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GUMNUT")},
        "GUMNUT_BASE_URL": base_url,
        "GUMNUT_API_KEY": "demo",
        "GUMNUT_TUI_CONFIG": os.devnull,
    }
    arguments = [sys.executable, "-m", "gumnut_tui", "sync", "--library", library_id, "--journal", str(path)]
    return subprocess.Popen(arguments, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def feed(world: LibraryWorld, library_id: str) -> list[tuple[object, ...]]:
    """The library's events as the demo library knows them."""
    rows = (world.feed(library_id).row(at) for at in range(len(world.feed(library_id))))
    return [(from_us(row.created_at_us), row.entity_type, row.entity_id, row.event_type) for row in rows]


async def journaled(path: Path) -> tuple[list[tuple[object, ...]], set[tuple[str, str]], int]:
    """The journal's events, the entities it knows something of, and how many are unread; it must be sound."""
    async with open_journal(path, write=False) as journal:
        assert await journal.apply(checking.faults) == []
        libraries = await journal.libraries()
        if not libraries:
            return [], set(), 0
        events = await journal.newest(libraries[0], 10**6)
        assert len({event.cursor for event in events}) == len(events) == libraries[0].events
        named = {(event.kind, event.entity_id) for event in events}
        known = await journal.latest(libraries[0], named)
        unread = (await journal.info(libraries[0])).unread
        return [(one.created_at, one.entity_type, one.entity_id, one.event_type) for one in events], set(known), unread


@pytest.mark.timeout(120)
def test_a_killed_sync_loses_and_repeats_nothing(tmp_path: Path) -> None:
    """After each kill the journal holds whole pages from the beginning; in the end it holds the feed, once."""
    world, path, weather = still_world(), tmp_path / "journal.sqlite3", Weather(seed=7)
    library_id = library_ids(world)[0]
    expected = feed(world, library_id)
    kills, before = 0, 0
    with running(world, faults=weather) as address:
        for _ in range(ROUNDS):
            weather.left = weather.random.randint(4, 9)
            weather.process = sync(address.base_url, library_id, path)
            weather.process.communicate()
            weather.end_round()
            kills += weather.process.returncode == -signal.SIGKILL
            events, _, _ = asyncio.run(journaled(path))
            assert events == expected[: len(events)]
            assert len(events) >= before
            before = len(events)
        assert kills > ROUNDS // 2
        weather.process = None
        last = sync(address.base_url, library_id, path)
        _, complaints = last.communicate()
        assert (last.returncode, complaints) == (0, b"")
    events, known, unread = asyncio.run(journaled(path))
    assert events == expected
    assert known == {(kind_of(str(kind)), str(each)) for _, kind, each, _ in expected if kind_of(str(kind)) in KINDS}
    assert unread == 0


@pytest.mark.timeout(60)
def test_ctrl_c_ends_a_sync_in_a_line(tmp_path: Path) -> None:
    """Exit code 130, how far it came on standard error, no traceback, and a journal that is sound."""
    world, path, weather = still_world(), tmp_path / "journal.sqlite3", Weather(seed=7)
    weather.signal, weather.left = signal.SIGINT, 6
    library_id = library_ids(world)[0]
    with running(world, faults=weather) as address:
        weather.process = sync(address.base_url, library_id, path)
        _, complaints = weather.process.communicate()
        weather.end_round()
    assert weather.process.returncode == 130
    (line,) = complaints.decode().split("\n\n")[0].splitlines()
    assert line.strip().endswith("the next sync resumes from there.")
    events, _, _ = asyncio.run(journaled(path))
    assert 0 < len(events) < len(feed(world, library_id))

"""The journal: a first sync beside the official client's own loop, its size, and reading a million events back."""

from __future__ import annotations

import asyncio
import socket
from functools import cache
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from gumnut_tui.api.client import Client
from gumnut_tui.demo.http.auth import KEY
from gumnut_tui.domain.models import Event, EventPage, to_us
from gumnut_tui.feed.sync import Reads, Sync
from gumnut_tui.journal import libraries, pages
from gumnut_tui.journal.database import create_database, open_database
from gumnut_tui.journal.journal import open_journal
from gumnut_tui.journal.records import LibraryKey
from tests.bench.data import MILLION, NOW, make_feed
from tests.bench.measure import Figure, Group, ms_of
from tests.bench.reading import EVENTS, ROUNDS, rate, read_with_sdk
from tests.bench.server import serving
from tests.bench.terminal import running

GROUP = Group()

FIRST_ROWS = 200
PAGES_AT_ONCE = 256
STARTS = 9


@GROUP.benchmark(at_least=3)
def sync_vs_sdk() -> Figure:
    """Events per second of a first sync without snapshots, stored on disk, over those the official client reads."""
    with serving(EVENTS) as base_url:
        _synced(base_url)
        ours, theirs = list[float](), list[float]()
        for _ in range(ROUNDS):
            ours.append(rate(lambda: _synced(base_url)))
            theirs.append(rate(lambda: read_with_sdk(base_url)))
    made_of = f"{median(ours):,.0f} / {median(theirs):,.0f} events/s"
    return Figure(median(ours) / median(theirs), made_of)


def _synced(base_url: str) -> int:
    with TemporaryDirectory() as folder:
        return asyncio.run(_sync(base_url, Path(folder) / "journal.sqlite3"))


async def _sync(base_url: str, path: Path) -> int:
    async with Client(base_url=base_url, key=KEY) as client, open_journal(path) as journal:
        found = (await client.libraries())[0]
        library = await journal.begin(LibraryKey(base_url, "user", found.id))
        return (await Sync(client, journal, library, entities=Reads.NONE).run()).progress.events


@GROUP.benchmark()
def journal_bytes_per_event() -> Figure:
    """Bytes of the file for each of a million events, all overhead counted."""
    size = _filled().stat().st_size
    return Figure(size / MILLION, f"{size / 1e6:.1f} MB")


@GROUP.benchmark(at_most=1.3)
def journal_first_rows_1m() -> Figure:
    """Time until the newest of a million journaled events is drawn, over the time until the outline is.

    One and the same start, which can reach no service. The table itself comes later, in the same place.
    """
    path = _filled()
    newest = asyncio.run(_newest(path)).created_at
    command = ("-m", "gumnut_tui", "--since", "all", "--utc", "--journal", str(path))
    outline, rows, panes = list[float](), list[float](), list[float]()
    for number in range(STARTS + 1):
        begun = perf_counter()
        with running(command, GUMNUT_API_KEY="none", GUMNUT_BASE_URL=_nowhere()) as terminal:
            terminal.wait_for("Connecting…".encode())
            outlined = perf_counter()
            terminal.wait_for(f"{newest:%H:%M:%S}".encode())
            there = perf_counter()
            terminal.wait_for(b"Operations")
            painted = perf_counter()
        # The first start writes byte code and warms the file's pages.
        if number:
            outline.append((outlined - begun) * 1e3)
            panes.append((painted - begun) * 1e3)
            rows.append((there - begun) * 1e3)
    made_of = f"{median(rows):.0f} / {median(outline):.0f} ms; panes at {median(panes):.0f} ms"
    return Figure(median(rows) / median(outline), made_of)


@GROUP.benchmark()
def journal_open_1m_ms() -> Figure:
    """Milliseconds to open a journal of a million events and read the rows of a first screen."""
    return Figure(ms_of(lambda: asyncio.run(_first_rows(_filled()))), f"{FIRST_ROWS} events")


@GROUP.benchmark()
def journal_read_1m_ms() -> Figure:
    """Milliseconds to read a million events back, packed as the columns of the screen take them."""
    return Figure(ms_of(lambda: asyncio.run(_all_packs(_filled())), repeat=3))


async def _newest(path: Path) -> Event:
    async with open_journal(path, write=False) as journal:
        (library,) = await journal.libraries()
        return (await journal.newest(library, 1))[0]


async def _first_rows(path: Path) -> int:
    async with open_journal(path, write=False) as journal:
        (library,) = await journal.libraries()
        return len(await journal.newest(library, FIRST_ROWS))


async def _all_packs(path: Path) -> int:
    async with open_journal(path, write=False) as journal:
        (library,) = await journal.libraries()
        left = library.events
        while packs := await journal.before(library, left, PAGES_AT_ONCE):
            left -= sum(map(len, packs))
        return library.events - left


@cache
def _folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory()


@cache
def _unanswered() -> socket.socket:
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    return taken


def _nowhere() -> str:
    """Where nobody listens, and nobody can begin to."""
    return f"http://127.0.0.1:{_unanswered().getsockname()[1]}"


@cache
def _filled() -> Path:
    path = Path(_folder().name) / "journal.sqlite3"
    create_database(path)
    db = open_database(path)
    library = libraries.begin(db, LibraryKey(_nowhere(), "user", "lib"), "Bulk", None, 0)
    with db.transaction():
        pages.add(
            db,
            libraries.stretch_of(db, library.row),
            (event for batch in make_feed(MILLION) for event in batch),
        )
        pages.append(db, libraries.record(db, library.row), EventPage((), None, False), to_us(NOW))
    db.run("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    return path

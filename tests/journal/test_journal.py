"""The journal's file: whose it is, who writes it, and what becomes of one that cannot be used."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from gumnut_tui.domain.errors import JournalBusy, JournalDamaged, JournalInaccessible, JournalProblem, JournalTooNew
from gumnut_tui.domain.models import Entity
from gumnut_tui.journal.database import Database
from gumnut_tui.journal.journal import Journal, open_journal, put_aside_unless_held
from gumnut_tui.journal.migrations import MIGRATIONS
from gumnut_tui.journal.verify import faults
from tests.factories import NOW, make_events
from tests.journal.memory import memory_database
from tests.journal.sources import KEY, page_of

ROOT = Path(__file__).parents[2]


def opened(path: Path, *, write: bool = True) -> Journal:
    """The journal at the path, at the fixed time."""
    return open_journal(path, clock=lambda: NOW, write=write)


def mode(path: Path) -> int:
    """Permission bits."""
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.skipif(os.name != "posix", reason="permission bits are of posix")
async def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    """Folder 0700, every file in it 0600, also one that was there before with more rights."""
    folder = tmp_path / "data"
    async with opened(folder / "j.db") as journal:
        await journal.begin(KEY)
        assert mode(folder) == 0o700
        assert {mode(file) for file in folder.iterdir()} == {0o600}
    (folder / "j.db").chmod(0o644)
    async with opened(folder / "j.db", write=False):
        assert mode(folder / "j.db") == 0o600


async def test_the_journal_answers_after_it_was_closed_and_opened(tmp_path: Path) -> None:
    """Events, position and snapshots are as they were."""
    events = make_events(450)
    async with opened(tmp_path / "j.db") as journal:
        library = await journal.begin(KEY, name="Family", since_us=7)
        library = (await journal.append(library, page_of(events[:200]), {("asset", "a"): 5})).record
        library = (await journal.append(library, page_of(events[200:], has_more=False))).record
        await journal.keep(library, "asset", ["a"], {"a": Entity("asset", "a", {"id": "a"}, NOW)})
    async with opened(tmp_path / "j.db", write=False) as journal:
        assert await journal.libraries() == [library] == [await journal.find(KEY)]
        assert await journal.newest(library, 10) == events[-10:]
        packs = await journal.before(library, library.events, len(events))
        assert [event for pack in packs for event in pack.all_events()] == events
        info = await journal.info(library)
        assert (info.first_us, info.last_us) == (events[0].created_at_us, events[-1].created_at_us)
        assert (info.snapshots, info.entities, info.unread, info.breaks) == (1, 1, 0, ())
        assert [one.read_at for one in await journal.snapshots(library, "asset", "a")] == [NOW]


async def test_the_second_writer_says_who_holds_it_and_reads_on(tmp_path: Path) -> None:
    """One process writes; another reads what is there, and is told which process to look for."""
    async with opened(tmp_path / "j.db") as first:
        library = await first.begin(KEY)
        async with opened(tmp_path / "j.db") as second:
            assert not second.is_writable
            assert second.holder is not None
            assert (second.holder.pid, second.holder.since) == (os.getpid(), NOW)
            with pytest.raises(JournalBusy, match=rf"process {os.getpid()} on .+ since 2026-11-20 12:00:00 UTC"):
                await second.append(library, page_of(make_events(3)))
            await first.append(library, page_of(make_events(3)))
            (seen,) = await second.libraries()
            assert await second.newest(seen, 5) == make_events(3)
    async with opened(tmp_path / "j.db") as third:
        assert third.is_writable


async def test_a_reader_takes_no_lock(tmp_path: Path) -> None:
    """Reading only never keeps anyone from writing, and never writes."""
    async with opened(tmp_path / "j.db") as journal:
        await journal.begin(KEY)
    async with opened(tmp_path / "j.db", write=False) as reader, opened(tmp_path / "j.db") as writer:
        assert writer.is_writable
        with pytest.raises(JournalBusy):
            await reader.begin(KEY)


@pytest.mark.parametrize("content", [b"no database at all, but long enough to be looked at" * 20, None])
async def test_a_damaged_file_is_kept_under_another_name(tmp_path: Path, content: bytes | None) -> None:
    """It is never deleted: an empty journal takes its place, and one is told where it went."""
    path = tmp_path / "j.db"
    if content is None:
        async with opened(path) as journal:
            await journal.begin(KEY)
        content = path.read_bytes()[:100] + b"\xff" * 8000
    path.write_bytes(content)
    async with opened(path) as journal:
        assert journal.aside == tmp_path / "j.db.damaged-20261120-120000"
        assert journal.aside.read_bytes() == content
        assert await journal.libraries() == []
    path.write_bytes(content)
    async with opened(path) as journal:
        assert journal.aside == tmp_path / "j.db.damaged-20261120-120000-1"


async def test_who_only_reads_leaves_a_damaged_file_where_it_is(tmp_path: Path) -> None:
    """Someone else may be about to write it."""
    (tmp_path / "j.db").write_bytes(b"x" * 5000)
    with pytest.raises(JournalDamaged, match=r"j\.db"):
        opened(tmp_path / "j.db", write=False)
    assert (tmp_path / "j.db").read_bytes() == b"x" * 5000


async def test_a_file_that_cannot_be_opened_is_no_damage(tmp_path: Path) -> None:
    """A folder in its place, or a file where its folder should be: nothing is renamed, and the file is named."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    for path in (tmp_path / "folder", tmp_path / "file" / "j.db"):
        with pytest.raises(JournalInaccessible, match=r"Is a directory|Not a directory|File exists|denied"):
            opened(path)
    assert (tmp_path / "folder").is_dir()


def test_a_file_that_may_only_be_read_is_said_to_be_that() -> None:
    """A connection that may not write stands for a folder whose rights do not allow it."""
    db = memory_database()
    db.forbid_writing()
    with pytest.raises(JournalInaccessible, match="readonly"):
        db.run("DELETE FROM library")


LIMITED = """
import asyncio, resource, signal, sys
from pathlib import Path
from gumnut_tui.domain.errors import JournalDiskFailed, JournalFull
from gumnut_tui.journal.journal import open_journal
from tests.factories import make_events
from tests.journal.sources import KEY, page_of

async def fill(path):
    async with open_journal(path) as journal:
        library, written = await journal.begin(KEY), 0
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
        try:
            while True:
                page = page_of(make_events(200, start=written), has_more=True)
                library = (await journal.append(library, page)).record
                written += 200
        except (JournalDiskFailed, JournalFull):
            print(written)

asyncio.run(fill(Path(sys.argv[1])))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no limits to the size of a file")
async def test_a_disk_that_refuses_leaves_whole_pages(tmp_path: Path) -> None:
    """It is said in our words, and what was stored before can be read and added to."""
    ran = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path / "j.db")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.stderr == ""
    written = int(ran.stdout)
    assert written > 0
    async with opened(tmp_path / "j.db") as journal:
        (library,) = await journal.libraries()
        assert library.events == written
        await journal.append(library, page_of(make_events(3, start=written)))
        assert await journal.apply(faults) == []


async def test_a_file_that_is_written_is_not_put_aside(tmp_path: Path) -> None:
    """Not while another process holds it."""
    path = tmp_path / "j.db"
    async with opened(path):
        with pytest.raises(JournalBusy, match=f"process {os.getpid()}"):
            put_aside_unless_held(path, lambda: NOW)
    assert put_aside_unless_held(path, lambda: NOW).exists()
    assert not path.exists()


async def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """A file where a folder is needed is an error with its path, not a traceback."""
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalProblem, match="file"):
        opened(tmp_path / "file" / "j.db")


def schema(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    """Everything a file is made of."""
    return set(connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))


@pytest.mark.parametrize("version", range(len(MIGRATIONS) + 1))
def test_every_earlier_form_is_brought_to_the_newest(version: int) -> None:
    """A file of any earlier version ends up as one made today, with what it held."""
    old, new = sqlite3.connect(":memory:"), sqlite3.connect(":memory:")
    for step in MIGRATIONS[:version]:
        old.executescript(step)
    old.execute(f"PRAGMA user_version = {version}")
    if version:
        old.execute("INSERT INTO library VALUES (1, 'u', 'a', 'l', 'Family', NULL, 1, NULL, 5, NULL)")
        old.execute("INSERT INTO stretch VALUES (1, 1, 'here', 0)")
        old.commit()
    Database(new)
    database = Database(old)
    assert schema(old) == schema(new)
    assert database.one("PRAGMA user_version") == (len(MIGRATIONS),)
    if version:
        assert database.rows("SELECT name, cursor FROM library JOIN stretch ON stretch.id = stretch") == [
            ("Family", "here")
        ]


def test_a_migration_that_fails_leaves_the_file_as_it_was() -> None:
    """Half a migration would be neither form."""
    old = sqlite3.connect(":memory:")
    old.execute("CREATE TABLE unread (anything)")
    old.commit()
    with pytest.raises(JournalProblem, match="unread"):
        Database(old)
    assert {name for name, _ in schema(old)} == {"unread"}


def test_a_later_form_is_not_touched() -> None:
    """A file of a later version of this program is an error, and stays as it is."""
    later = sqlite3.connect(":memory:")
    later.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(JournalTooNew, match=f"form {len(MIGRATIONS) + 1}"):
        Database(later)
    assert schema(later) == set()


async def test_what_takes_long_ends_when_it_is_cancelled(tmp_path: Path) -> None:
    """Ctrl+c in a long import is not answered with its completion: it is undone, and the journal closed."""
    begun = threading.Event()

    def endless(db: Database) -> None:
        with db.transaction():
            while True:
                db.run("INSERT INTO stretch (library) VALUES (9)")
                begun.set()

    async with opened(tmp_path / "j.db") as journal:
        task = asyncio.create_task(journal.apply(endless))
        await asyncio.to_thread(begun.wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    async with opened(tmp_path / "j.db") as journal:
        assert await journal.apply(lambda db: db.rows("SELECT * FROM stretch")) == []


async def test_a_journal_can_live_in_memory() -> None:
    """For tests, and for looking at the demo without leaving anything behind."""
    async with Journal(memory_database(), clock=lambda: NOW) as journal:
        library = await journal.begin(KEY)
        await journal.append(library, page_of(make_events(3)))
        assert journal.path is None

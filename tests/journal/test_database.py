"""A file that cannot be used is told, and kept where it was damaged."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gumnut_tui.domain.errors import JournalDamaged, JournalInaccessible, JournalProblem, NotAJournal
from gumnut_tui.journal.database import open_database
from gumnut_tui.journal.journal import Journal, open_journal, put_aside_unless_held
from gumnut_tui.journal.verify import faults
from tests.factories import NOW, make_events
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
    """Folder 0700, every file in it 0600, also one that was there before with more rights, once it is written."""
    folder = tmp_path / "data"
    async with opened(folder / "j.db") as journal:
        await journal.begin(KEY)
        assert mode(folder) == 0o700
        assert {mode(file) for file in folder.iterdir()} == {0o600}
    (folder / "j.db").chmod(0o644)
    async with opened(folder / "j.db", write=False):
        assert mode(folder / "j.db") == 0o644
    async with opened(folder / "j.db"):
        assert mode(folder / "j.db") == 0o600


def removed(path: Path) -> None:
    """Somebody tidies up."""
    path.unlink()


def renamed(path: Path) -> None:
    """Somebody makes a copy that is none."""
    path.rename(path.with_name("old.db"))


def replaced(path: Path) -> None:
    """An editor or a backup writes its file there."""
    path.with_name("notes").write_text("Dear diary")
    os.replace(path.with_name("notes"), path)


@pytest.mark.parametrize("change", [removed, renamed, replaced])
async def test_what_would_be_written_where_nobody_finds_it_is_an_error(
    tmp_path: Path, change: Callable[[Path], None]
) -> None:
    """The open file goes on to exist without its name; what has the name now stays as it is."""
    path = tmp_path / "j.db"
    async with opened(path) as journal:
        library = await journal.begin(KEY)
        change(path)
        before = path.read_bytes() if path.exists() else b""
        with pytest.raises(JournalInaccessible, match="removed, renamed or replaced"):
            await journal.append(library, page_of(make_events(2)))
    assert (path.read_bytes() if path.exists() else b"") == before


async def test_a_damaged_journal_stays_until_one_says_otherwise(tmp_path: Path) -> None:
    """Opening it says so, for writing too; put aside on demand it keeps its bytes, and a new one can begin."""
    path = tmp_path / "j.db"
    async with opened(path) as journal:
        await journal.begin(KEY)
    content = path.read_bytes()[:100] + b"\xff" * 8000
    path.write_bytes(content)
    for write in (False, True):
        with pytest.raises(JournalDamaged, match=r"j\.db"):
            opened(path, write=write)
        assert path.read_bytes() == content
    aside = put_aside_unless_held(path, lambda: NOW)
    assert aside == tmp_path / "j.db.damaged-20261120-120000"
    assert aside.read_bytes() == content
    path.write_bytes(content)
    assert put_aside_unless_held(path, lambda: NOW).name == "j.db.damaged-20261120-120000-1"
    async with opened(path) as journal:
        assert await journal.libraries() == []


async def test_what_is_beyond_recognition_is_put_aside_where_ours_lies(tmp_path: Path) -> None:
    """Under the usual name it cannot be anyone else's; under a name that was given it may be a slip."""
    path = tmp_path / "j.db"
    path.write_bytes(b"\0" * 9000)
    with pytest.raises(NotAJournal):
        put_aside_unless_held(path, lambda: NOW)
    assert put_aside_unless_held(path, lambda: NOW, is_usual=True).read_bytes() == b"\0" * 9000
    assert not path.exists()


async def test_reading_makes_nothing(tmp_path: Path) -> None:
    """Neither the journal nor its folder."""
    with pytest.raises(JournalInaccessible, match="no journal"):
        opened(tmp_path / "folder" / "j.db", write=False)
    assert list(tmp_path.iterdir()) == []


async def test_a_link_leads_to_the_journal_and_its_lock(tmp_path: Path) -> None:
    """Two names of one file are one journal, with one writer; the link stays a link."""
    (tmp_path / "disk").mkdir()
    (tmp_path / "link.db").symlink_to(tmp_path / "disk" / "j.db")
    async with opened(tmp_path / "link.db") as journal, opened(tmp_path / "disk" / "j.db") as other:
        assert (journal.is_writable, other.is_writable) == (True, False)
    assert (tmp_path / "link.db").is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["disk", "link.db"]


async def test_a_file_that_cannot_be_opened_is_no_damage(tmp_path: Path) -> None:
    """A folder in its place, or a file where its folder should be: nothing is renamed, and the file is named."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    for path in (tmp_path / "folder", tmp_path / "file" / "j.db", tmp_path / ("x" * 300)):
        with pytest.raises((JournalInaccessible, NotAJournal), match=r"a folder|Not a directory|denied|too long"):
            opened(path)
    assert (tmp_path / "folder").is_dir()


async def test_a_file_that_may_only_be_read_is_said_to_be_that(tmp_path: Path) -> None:
    """A journal opened to be read stands for a folder whose rights do not allow more."""
    async with opened(tmp_path / "j.db"):
        pass
    db = open_database(tmp_path / "j.db", write=False)
    with pytest.raises(JournalInaccessible, match="readonly"):
        db.run("DELETE FROM library")
    db.close()


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


async def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """A file where a folder is needed is an error with its path, not a traceback."""
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalProblem, match="file"):
        opened(tmp_path / "file" / "j.db")

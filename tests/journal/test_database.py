"""A file that cannot be used is told, and kept where it was damaged."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from gumnut_tui.domain.errors import JournalDamaged, JournalInaccessible, JournalProblem
from gumnut_tui.journal.journal import Journal, open_journal
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


async def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """A file where a folder is needed is an error with its path, not a traceback."""
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalProblem, match="file"):
        opened(tmp_path / "file" / "j.db")

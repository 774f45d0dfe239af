"""Whose file it is: ours are known before anything is written, and all others stay as they are."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from gumnut_tui.domain.errors import JournalInaccessible, JournalProblem, JournalTooNew, NotAJournal
from gumnut_tui.journal.database import create_database, open_database, put_aside, recognise
from gumnut_tui.journal.journal import open_journal, put_aside_unless_held
from gumnut_tui.journal.journal_file import APPLICATION_ID, Identity
from gumnut_tui.journal.migrations import MIGRATIONS
from tests.factories import NOW
from tests.journal.sources import KEY

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)) * 40


def changed(path: Path, *statements: str) -> None:
    """Let another program write into a database."""
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def newer(path: Path) -> None:
    """A journal of a later version."""
    create_database(path)
    changed(path, f"PRAGMA user_version = {len(MIGRATIONS) + 1}")


def of_another_program(path: Path) -> None:
    """Its database, with its own mark."""
    changed(path, "CREATE TABLE library (id INTEGER)", "PRAGMA application_id = 7")


def unmarked(path: Path) -> None:
    """A database that bears no mark, in the mode in which reading leaves files beside it."""
    changed(path, "PRAGMA journal_mode = WAL", "CREATE TABLE library (id INTEGER, name TEXT)", "CREATE TABLE page (x)")


def link_to_text(path: Path) -> None:
    """A link to somebody's notes."""
    (path.parent / "notes").write_text("n" * 200)
    path.symlink_to("notes")


FOREIGN: dict[str, tuple[Callable[[Path], object], str]] = {
    "text": (lambda path: path.write_text("# Holiday\n\nBuy film.\n" * 30), "a text"),
    "short text": (lambda path: path.write_text("x"), "a text"),
    "photo": (lambda path: path.write_bytes(JPEG), "not a database"),
    "zeros": (lambda path: path.write_bytes(b"\0" * 9000), "not a database"),
    "empty": (lambda path: path.touch(), "empty"),
    "beginning": (lambda path: path.write_bytes(b"SQLite format 3\0"), "beginning of a database"),
    "marked": (of_another_program, "another program's database"),
    "unmarked": (unmarked, "another program's database"),
    "empty database": (lambda path: changed(path, "VACUUM"), "another program's database"),
    "newer": (newer, f"format {len(MIGRATIONS) + 1}"),
    "folder": (lambda path: path.mkdir(), "a folder"),
    "pipe": (os.mkfifo, "a pipe"),
    "device": (lambda path: path.symlink_to("/dev/null"), "a device"),
    "link": (link_to_text, "a text"),
}
"""What a mistyped path may name, and the words that say what it is."""

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pipes, devices and permission bits are of posix")


def state(folder: Path) -> dict[str, object]:
    """Everything of a folder that must stay: names, modes, times and bytes."""
    return {
        str(path): (
            found.st_mode,
            found.st_mtime_ns,
            found.st_ino,
            path.read_bytes() if path.is_file() and not path.is_symlink() else b"",
        )
        for path in (folder, *sorted(folder.rglob("*")))
        if (found := path.lstat())
    }


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_file_of_others_stays_as_it_is(tmp_path: Path, kind: str) -> None:
    """Name, bytes, mode, times, and no file beside it, whoever opens it; the error says what it is."""
    make, words = FOREIGN[kind]
    path = tmp_path / "mistyped"
    make(path)
    if path.is_file() and not path.is_symlink():
        path.chmod(0o644)
    before = state(tmp_path)
    opening: list[Callable[[], object]] = [
        lambda: open_journal(path, write=False),
        lambda: open_journal(path),
        lambda: put_aside_unless_held(path, lambda: NOW) if kind != "newer" else open_journal(path),
    ]
    for opens in opening:
        with pytest.raises((NotAJournal, JournalTooNew), match=words):
            opens()
    assert state(tmp_path) == before


def test_a_new_journal_bears_our_mark_from_the_first_moment(tmp_path: Path) -> None:
    """It stands in the file itself, not only in its log, and no other file is left."""
    create_database(tmp_path / "j.db")
    assert int.from_bytes((tmp_path / "j.db").read_bytes()[68:72], "big") == APPLICATION_ID
    assert [path.name for path in tmp_path.iterdir()] == ["j.db"]
    with pytest.raises(JournalProblem):
        create_database(tmp_path / "j.db")
    assert recognise(tmp_path / "j.db") is Identity.OURS


async def test_an_older_journal_is_known_by_its_tables_and_marked_when_written(tmp_path: Path) -> None:
    """Reading leaves it without a mark."""
    path = tmp_path / "j.db"
    async with open_journal(path) as journal:
        await journal.begin(KEY)
    changed(path, "PRAGMA application_id = 0")
    before = path.read_bytes()
    async with open_journal(path, write=False) as journal:
        assert len(await journal.libraries()) == 1
    assert path.read_bytes() == before
    async with open_journal(path) as journal:
        assert len(await journal.libraries()) == 1
    assert int.from_bytes(path.read_bytes()[68:72], "big") == APPLICATION_ID


async def test_an_older_journal_is_known_when_all_of_it_is_in_the_log(tmp_path: Path) -> None:
    """As a kill leaves it before the log was first copied back."""
    path = tmp_path / "j.db"
    first = sqlite3.connect(path)
    first.execute("PRAGMA journal_mode = WAL").fetchone()
    first.executescript(";".join(MIGRATIONS) + f"; PRAGMA user_version = {len(MIGRATIONS)};")
    killed = tmp_path / "killed"
    killed.mkdir()
    for each in ("j.db", "j.db-wal"):
        shutil.copyfile(tmp_path / each, killed / each)
    first.close()
    async with open_journal(killed / "j.db") as journal:
        await journal.begin(KEY)
        assert len(await journal.libraries()) == 1


@pytest.mark.parametrize("content", [b"[[package]]\nname = 'x'\n", b"{}", b"4711\n"])
def test_a_lock_file_of_others_stays_as_it_is(tmp_path: Path, content: bytes) -> None:
    """A journal called `poetry` must not empty `poetry.lock`."""
    (tmp_path / "poetry.lock").write_bytes(content)
    before = state(tmp_path)
    with pytest.raises(JournalInaccessible, match=r"poetry\.lock"):
        open_journal(tmp_path / "poetry")
    assert state(tmp_path) == before


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("notes"), lambda path: path.mkdir()])
def test_a_lock_that_is_no_file_is_refused(tmp_path: Path, make: Callable[[Path], object]) -> None:
    """Neither waited for nor followed."""
    (tmp_path / "notes").write_text("")
    make(tmp_path / "j.lock")
    with pytest.raises(JournalInaccessible, match=r"j\.lock"):
        open_journal(tmp_path / "j")
    assert not (tmp_path / "j").exists()


def test_a_log_left_of_another_database_is_not_taken_in(tmp_path: Path) -> None:
    """SQLite would apply it to the new file."""
    (tmp_path / "j.db-wal").write_bytes(b"whatever")
    with pytest.raises(JournalInaccessible, match=r"j\.db-wal"):
        open_journal(tmp_path / "j.db")
    assert (tmp_path / "j.db-wal").read_bytes() == b"whatever"
    assert not (tmp_path / "j.db").exists()


@pytest.mark.parametrize("ending", ["-wal", "-shm", "-journal"])
def test_somebodys_file_with_the_name_of_one_of_sqlite_s_stays_as_it_is(tmp_path: Path, ending: str) -> None:
    """Beside a journal as beside a new one: SQLite would overwrite and delete it."""
    path, diary = tmp_path / "holiday", tmp_path / f"holiday{ending}"
    for is_new in (True, False):
        if not is_new:
            create_database(path)
        diary.write_text("Dear diary")
        before = diary.stat()
        for write in (True, False):
            with pytest.raises(JournalInaccessible):
                open_journal(path, write=write)
        assert (diary.read_text(), diary.stat().st_mtime_ns) == ("Dear diary", before.st_mtime_ns)
        diary.unlink()


@pytest.mark.parametrize("ending", ["-wal", "-shm", "-journal"])
def test_what_is_no_file_beside_a_journal_is_named(tmp_path: Path, ending: str) -> None:
    """A pipe would be waited for, and a link followed."""
    path, beside = tmp_path / "j.db", tmp_path / f"j.db{ending}"
    create_database(path)
    for make in (os.mkfifo, os.mkdir, lambda beside: os.symlink("j.db", beside)):
        make(beside)
        with pytest.raises(JournalInaccessible, match=ending):
            open_journal(path)
        beside.rmdir() if beside.is_dir() else beside.unlink()


def test_a_file_of_others_is_not_put_aside_with_a_damaged_journal(tmp_path: Path) -> None:
    """Its name only looks as if it belonged to it."""
    path, diary = tmp_path / "j.db", tmp_path / "j.db-shm"
    create_database(path)
    diary.write_text("Dear diary")
    put_aside(path, NOW)
    assert diary.read_text() == "Dear diary"


def test_a_journal_in_a_place_that_may_only_be_read_is_read(tmp_path: Path) -> None:
    """A connection that may not write leaves nothing beside the file."""
    create_database(tmp_path / "j.db")
    with closing(sqlite3.connect(tmp_path / "j.db")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    tmp_path.chmod(0o500)
    try:
        db = open_database(tmp_path / "j.db", write=False)
        assert db.rows("SELECT * FROM library") == []
        db.close()
    finally:
        tmp_path.chmod(0o700)
    assert [path.name for path in tmp_path.iterdir()] == ["j.db"]


@pytest.mark.parametrize("name", ["50% off?#.db", "naïve ☃.db", os.fsdecode(b"caf\xe9.db")])
async def test_any_name_will_do(tmp_path: Path, name: str) -> None:
    """Whatever characters an address would take otherwise, and bytes that are no UTF-8."""
    async with open_journal(tmp_path / name) as journal:
        await journal.begin(KEY)
    async with open_journal(tmp_path / name, write=False) as journal:
        assert len(await journal.libraries()) == 1

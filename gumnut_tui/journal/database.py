"""The only module that knows sqlite3: one open file in the newest form, its failures in our own words."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from gumnut_tui.domain.errors import (
    JournalBusy,
    JournalDamaged,
    JournalDiskFailed,
    JournalFull,
    JournalInaccessible,
    JournalProblem,
)
from gumnut_tui.journal.journal_file import APPLICATION_ID, Identity, check_form, identify, no_journal
from gumnut_tui.journal.migrations import MIGRATIONS

Row = tuple[Any, ...]

BUSY_SECONDS = 10.0
"""How long a statement waits for another process to end its transaction."""
COMPANIONS = ("-wal", "-shm")
"""Endings of the files that belong to a database file."""
OLDEST_FORM = {"id", "base_url", "account", "library_id", "name", "stretch", "rereading", "began_us"}
"""Columns of the table `library` in every form of the journal: by them one is known that bears no mark yet."""

_PROBLEMS: dict[int, tuple[type[JournalProblem], str]] = {
    sqlite3.SQLITE_FULL: (JournalFull, "no space is left for"),
    sqlite3.SQLITE_IOERR: (JournalDiskFailed, "the disk failed on"),
    sqlite3.SQLITE_CORRUPT: (JournalDamaged, "there is damage in"),
    sqlite3.SQLITE_NOTADB: (JournalDamaged, "there is damage in"),
    sqlite3.SQLITE_READONLY: (JournalInaccessible, "cannot write to or beside"),
    sqlite3.SQLITE_CANTOPEN: (JournalInaccessible, "cannot write to or beside"),
    sqlite3.SQLITE_BUSY: (JournalBusy, "another process is using"),
    sqlite3.SQLITE_LOCKED: (JournalBusy, "another process is using"),
}


class Database:
    """An open journal file. Used by one thread at a time; every failure is a `JournalProblem`."""

    def __init__(self, connection: sqlite3.Connection, path: Path | None = None, *, write: bool = True) -> None:
        self.path = path
        """None for one in memory."""
        self._stopped = False
        self._connection = connection
        self._connection.isolation_level = None
        with self._in_our_words():
            # A file somebody sent may hold a schema that calls functions.
            self._connection.execute("PRAGMA trusted_schema = OFF")
            if write:
                self._connection.execute("PRAGMA journal_mode = WAL").fetchone()
            self._connection.execute("PRAGMA synchronous = NORMAL")
            # A large log is only copied back now and then: copying costs more than the writing itself.
            self._connection.execute("PRAGMA wal_autocheckpoint = 4000")
            # The schema is read now, so that damage there is told at once.
            self._connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
        self._migrate(mark=write)
        if not write:
            self.run("PRAGMA query_only = ON")

    @property
    def name(self) -> str:
        """The file as one would say it."""
        return f"the journal {self.path}" if self.path else "the journal in memory"

    def _migrate(self, *, mark: bool) -> None:
        """Bring the file to the newest form; one that has it already is only written to be marked as ours."""
        if self._form() == len(MIGRATIONS) and (not mark or self._mark() == APPLICATION_ID):
            return
        with self.transaction():
            form = self._form()
            check_form(self.path, form)
            for step in MIGRATIONS[form:]:
                for statement in step.split(";"):
                    self.run(statement)
            self.run(f"PRAGMA user_version = {len(MIGRATIONS)}")
            self.run(f"PRAGMA application_id = {APPLICATION_ID}")

    def _form(self) -> int:
        return int(self.one("PRAGMA user_version")[0])

    def _mark(self) -> int:
        return int(self.one("PRAGMA application_id")[0])

    def run(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Execute one statement; returns the id of the row it inserted, if it did."""
        with self._in_our_words():
            return self._connection.execute(statement, values).lastrowid or 0

    def changed(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Execute one statement; returns how many rows it changed."""
        with self._in_our_words():
            return self._connection.execute(statement, values).rowcount

    def run_each(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Execute a statement once for each row of values."""
        with self._in_our_words():
            self._connection.executemany(statement, rows)

    def rows(self, question: str, values: Sequence[Any] = ()) -> list[Row]:
        """All rows of the answer."""
        with self._in_our_words():
            return self._connection.execute(question, values).fetchall()

    def each(self, question: str, values: Sequence[Any] = ()) -> Iterator[Row]:
        """The rows of the answer, one after the other; nothing may be written meanwhile but in the same transaction."""
        with self._in_our_words():
            for row in self._connection.execute(question, values):
                self._check()
                yield row

    def first(self, question: str, values: Sequence[Any] = ()) -> Row | None:
        """The first row of the answer."""
        with self._in_our_words():
            row: Row | None = self._connection.execute(question, values).fetchone()
            return row

    def one(self, question: str, values: Sequence[Any] = ()) -> Row:
        """The first row of an answer that has one."""
        row = self.first(question, values)
        if row is None:
            raise JournalDamaged(f"there is damage in {self.name}: a row is missing.")
        return row

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: what the block did is stored when it ends, and undone when it raises."""
        self.run("BEGIN IMMEDIATE")
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            # Some failures have rolled back already.
            if self._connection.in_transaction:
                self._connection.rollback()
            raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All questions of the block see the same state, whatever other processes write meanwhile."""
        self.run("BEGIN")
        try:
            yield
        finally:
            if self._connection.in_transaction:
                self._connection.rollback()

    def faults(self) -> list[str]:
        """What SQLite itself finds wrong with the file; empty when it is sound."""
        try:
            found = [str(row[0]) for row in self.rows("PRAGMA integrity_check(20)")]
        except JournalDamaged as damage:
            return [str(damage)]
        return [] if found == ["ok"] else found

    def stop(self) -> None:
        """Let whatever another thread is doing here end with an error, soon; only `close` is left to do."""
        self._stopped = True

    def _check(self) -> None:
        if self._stopped:
            raise JournalProblem(f"{self.name} was left.")

    def close(self) -> None:
        """Close the file; what is not committed is undone."""
        self._connection.close()

    @contextmanager
    def _in_our_words(self) -> Iterator[None]:
        self._check()
        try:
            yield
        except sqlite3.Error as error:
            raise self._problem(error) from error

    def _problem(self, error: sqlite3.Error) -> JournalProblem:
        # Python's own complaint about a text that is no UTF-8 has no code.
        unknown = sqlite3.SQLITE_CORRUPT if isinstance(error, sqlite3.OperationalError) else 0
        code = getattr(error, "sqlite_errorcode", unknown) & 0xFF
        if code == sqlite3.SQLITE_ERROR and str(error).startswith(("no such table", "no such column", "table ")):
            code = sqlite3.SQLITE_CORRUPT
        kind, words = _PROBLEMS.get(code, (JournalProblem, "cannot use"))
        return kind(f"{words} {self.name}: {error}.")


def make_folder(path: Path) -> None:
    """Make the folder the file is to lie in, if it is not there, open to its owner only."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise JournalInaccessible(f"the folder {path.parent} cannot be made: {error.strerror}.") from error


def recognise(path: Path) -> Identity:
    """`OURS` or `ABSENT`; what is neither raises, as `identify` does. Nothing of the file is touched for it."""
    found = identify(path)
    if found is Identity.UNMARKED:
        if not _has_our_tables(path):
            raise no_journal(path, "it is another program's database")
        return Identity.OURS
    return found


def _has_our_tables(path: Path) -> bool:
    """Whether a database without a mark is one of our older journals."""
    columns = _library_columns(path)
    log = path.with_name(f"{path.name}-wal")
    if columns is None and log.exists():
        # A program that was killed may have left all there is in the log, which is only read where one may write.
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "copy"
            with suppress(OSError):
                shutil.copyfile(path, copy)
                shutil.copyfile(log, copy.with_name("copy-wal"))
                columns = _library_columns(copy, "mode=rw")
    return columns is not None and columns >= OLDEST_FORM


def _library_columns(path: Path, how: str = "mode=ro&immutable=1") -> set[str] | None:
    """The columns of the table `library`; None when there is no table at all."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?{how}", uri=True)) as connection:
            if connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None:
                return None
            return {str(row[1]) for row in connection.execute("PRAGMA table_info(library)")}
    except (sqlite3.Error, UnicodeError):
        return set()


def open_database(path: Path, *, write: bool = True) -> Database:
    """Open a journal that was recognised; to read only, or also to write. Raises `JournalProblem`."""
    if write:
        try:
            # SQLite gives its companion files the mode of the file itself.
            if stat.S_IMODE(os.stat(path).st_mode) & 0o077:
                os.chmod(path, 0o600)
        except OSError as error:
            raise JournalInaccessible(f"the journal {path} cannot be opened: {error.strerror}.") from error
    return _connected(path, "mode=rw" if write else _way_to_read(path), write=write)


def _way_to_read(path: Path) -> str:
    """Where nothing may be written, a file without a log is read as one that does not change."""
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        return "mode=rw"
    log = path.with_name(f"{path.name}-wal")
    return "mode=ro" if log.exists() and log.stat().st_size else "mode=ro&immutable=1"


def _connected(path: Path, how: str, *, write: bool) -> Database:
    try:
        connection = sqlite3.connect(f"{path.as_uri()}?{how}", uri=True, timeout=BUSY_SECONDS, check_same_thread=False)
    except sqlite3.Error as error:
        raise JournalInaccessible(f"the journal {path} cannot be opened: {error}.") from error
    try:
        return Database(connection, path, write=write)
    except BaseException:
        connection.close()
        raise


def create_database(path: Path) -> None:
    """Make an empty journal, readable by its owner only: it is whole and known as ours from the moment it is there.

    Raises `JournalProblem`, also when something else has the name, or has left a log beside it.
    """
    for ending in ("-wal", "-journal"):
        if path.with_name(path.name + ending).exists():
            raise JournalInaccessible(
                f"{path}{ending} is left over from another database; a new one cannot be made beside it."
            )
    try:
        handle, made = tempfile.mkstemp(dir=path.parent, prefix=".gumnut-journal-")
        os.close(handle)
        try:
            with closing(sqlite3.connect(made)) as connection:
                _fill(connection)
            _name_anew(made, path)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(made)
    except OSError as error:
        raise JournalInaccessible(f"the journal {path} cannot be opened: {error.strerror}.") from error
    except sqlite3.Error as error:
        raise JournalDiskFailed(f"the journal {path} cannot be made: {error}.") from error


def _fill(connection: sqlite3.Connection) -> None:
    steps = ";".join(MIGRATIONS)
    connection.executescript(
        f"BEGIN; {steps}; PRAGMA user_version = {len(MIGRATIONS)}; PRAGMA application_id = {APPLICATION_ID}; COMMIT;"
    )


def _name_anew(made: str, path: Path) -> None:
    """Give a file its name, unless something has it already."""
    try:
        os.link(made, path)
    except FileExistsError:
        raise
    except OSError:
        # Some file systems know no second names.
        if path.exists():
            raise
        os.rename(made, path)


def empty_database() -> Database:
    """A journal in memory that holds nothing: what the newest form looks like."""
    return Database(sqlite3.connect(":memory:", check_same_thread=False))


def put_aside(path: Path, now: datetime) -> Path:
    """Give a file that cannot be used another name, with all that belongs to it; returns that name."""
    stem = f"{path.name}.damaged-{now:%Y%m%d-%H%M%S}"
    aside, number = path.with_name(stem), 1
    while aside.exists():
        aside, number = path.with_name(f"{stem}-{number}"), number + 1
    try:
        path.rename(aside)
        for ending in COMPANIONS:
            companion = path.with_name(path.name + ending)
            if companion.exists():
                companion.rename(aside.with_name(aside.name + ending))
    except OSError as error:
        raise JournalInaccessible(f"the journal {path} cannot be renamed: {error.strerror}.") from error
    return aside

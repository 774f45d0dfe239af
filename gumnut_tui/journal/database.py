"""The only module that knows sqlite3: one open file in the newest format, failures as our own errors."""

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
from gumnut_tui.journal.journal_file import (
    APPLICATION_ID,
    COMPANIONS,
    Identity,
    check_companions,
    check_form,
    identify,
    is_companion,
    no_journal,
)
from gumnut_tui.journal.migrations import MIGRATIONS

Row = tuple[Any, ...]

BUSY_SECONDS = 10.0
"""How long a statement waits for another process to end its transaction."""
OLDEST_FORM = {"id", "base_url", "account", "library_id", "name", "stretch", "rereading", "began_us"}
"""Columns of the table `library` in every format: they identify a journal without a mark."""

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
        self._file = _file_at(path)
        self._stopped = False
        self._connection = connection
        self._connection.isolation_level = None
        with self._in_our_words():
            # A file from elsewhere may have a schema that calls functions.
            self._connection.execute("PRAGMA trusted_schema = OFF")
            if write:
                self._connection.execute("PRAGMA journal_mode = WAL").fetchone()
            self._connection.execute("PRAGMA synchronous = NORMAL")
            # A large log is checkpointed rarely: that costs more than writing itself.
            self._connection.execute("PRAGMA wal_autocheckpoint = 4000")
            # The schema is read now, so that damage to it is found at once.
            self._connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
        self._migrate(mark=write)
        if not write:
            self.run("PRAGMA query_only = ON")

    @property
    def name(self) -> str:
        """The file as named in messages."""
        return f"the journal {self.path}" if self.path else "the journal in memory"

    def _migrate(self, *, mark: bool) -> None:
        """Migrate the file to the newest format; one that has it is written only to be marked as ours."""
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
        """Execute one statement; returns the id of the row it inserted, if any."""
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
        """The rows of the answer, one by one; only the same transaction may write meanwhile."""
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
        """The first row of an answer that must have one."""
        row = self.first(question, values)
        if row is None:
            raise JournalDamaged(f"there is damage in {self.name}: a row is missing.")
        return row

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: what the block did is committed when it ends, and rolled back when it raises.

        Raises `JournalInaccessible` once another file, or none, has the journal's name: nobody would find it again.
        """
        self.run("BEGIN IMMEDIATE")
        try:
            yield
            if _file_at(self.path) != self._file:
                raise JournalInaccessible(f"{self.name} was removed, renamed or replaced while it was written.")
            self.run("COMMIT")
        except BaseException:
            # Some errors roll back by themselves.
            if self._connection.in_transaction:
                self._connection.rollback()
            raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All reads of the block see the same state, whatever other processes write meanwhile."""
        self.run("BEGIN")
        try:
            yield
        finally:
            if self._connection.in_transaction:
                self._connection.rollback()

    def faults(self) -> list[str]:
        """What SQLite finds wrong with the file; empty when it is intact."""
        try:
            found = [str(row[0]) for row in self.rows("PRAGMA integrity_check(20)")]
        except JournalDamaged as damage:
            return [str(damage)]
        return [] if found == ["ok"] else found

    def stop(self) -> None:
        """Make what another thread is doing here fail soon; after that, only `close` works."""
        self._stopped = True

    def _check(self) -> None:
        if self._stopped:
            raise JournalProblem(f"{self.name} is being closed.")

    def close(self) -> None:
        """Close the file; what is not committed is rolled back."""
        self._connection.close()

    @contextmanager
    def _in_our_words(self) -> Iterator[None]:
        self._check()
        try:
            yield
        except sqlite3.Error as error:
            raise self._problem(error) from error

    def _problem(self, error: sqlite3.Error) -> JournalProblem:
        # Python's own error for text that is not UTF-8 has no code.
        unknown = sqlite3.SQLITE_CORRUPT if isinstance(error, sqlite3.OperationalError) else 0
        code = getattr(error, "sqlite_errorcode", unknown) & 0xFF
        if code == sqlite3.SQLITE_ERROR and str(error).startswith(("no such table", "no such column", "table ")):
            code = sqlite3.SQLITE_CORRUPT
        kind, words = _PROBLEMS.get(code, (JournalProblem, "cannot use"))
        return kind(f"{words} {self.name}: {error}.")


def _file_at(path: Path | None) -> tuple[int, int] | None:
    """Which file has that name, whatever its content; None for none."""
    try:
        status = os.stat(path) if path else None
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if status else None


def make_folder(path: Path) -> None:
    """Create the folder of the file if it is missing, accessible to its owner only."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise JournalInaccessible(f"the folder {path.parent} cannot be created: {error.strerror}.") from error


def recognise(path: Path) -> Identity:
    """`OURS` or `ABSENT`; anything else raises, as in `identify`. The file is left unchanged.

    Raises `JournalInaccessible` too where another file has the name of one that SQLite would keep beside a journal.
    """
    found = identify(path)
    if found is not Identity.ABSENT:
        check_companions(path)
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
        # A killed program may have left everything in the log, which is read only with write access.
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
    """Open a recognised journal, for reading only or also for writing. Raises `JournalProblem`."""
    if write:
        try:
            # SQLite gives its other files the mode of this one.
            if stat.S_IMODE(os.stat(path).st_mode) & 0o077:
                os.chmod(path, 0o600)
        except OSError as error:
            raise JournalInaccessible(f"the journal {path} cannot be opened: {error.strerror}.") from error
    return _connected(path, "mode=rw" if write else _way_to_read(path), write=write)


def _way_to_read(path: Path) -> str:
    """How to open the file for reading: without write access, and without a log, as immutable."""
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
    """Create an empty journal, readable by its owner only: complete and marked as ours from the start.

    Raises `JournalProblem`, also when the name is taken, or a file that SQLite would take for its own lies beside it.
    """
    for ending in COMPANIONS:
        if path.with_name(path.name + ending).exists():
            raise JournalInaccessible(
                f"{path}{ending} is left over from another database; a new one cannot be created beside it."
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
        raise JournalDiskFailed(f"the journal {path} cannot be created: {error}.") from error


def _fill(connection: sqlite3.Connection) -> None:
    steps = ";".join(MIGRATIONS)
    connection.executescript(
        f"BEGIN; {steps}; PRAGMA user_version = {len(MIGRATIONS)}; PRAGMA application_id = {APPLICATION_ID}; COMMIT;"
    )


def _name_anew(made: str, path: Path) -> None:
    """Give a file its name, unless it is taken."""
    try:
        os.link(made, path)
    except FileExistsError:
        raise
    except OSError:
        # Some file systems have no hard links.
        if path.exists():
            raise
        os.rename(made, path)


def empty_database() -> Database:
    """An empty journal in memory, in the newest format."""
    return Database(sqlite3.connect(":memory:", check_same_thread=False))


def put_aside(path: Path, now: datetime) -> Path:
    """Rename an unusable file with all that belongs to it; returns the new path."""
    stem = f"{path.name}.damaged-{now:%Y%m%d-%H%M%S}"
    aside, number = path.with_name(stem), 1
    while aside.exists():
        aside, number = path.with_name(f"{stem}-{number}"), number + 1
    try:
        path.rename(aside)
        for ending in COMPANIONS:
            if is_companion(path, ending):
                path.with_name(path.name + ending).rename(aside.with_name(aside.name + ending))
    except OSError as error:
        raise JournalInaccessible(f"the journal {path} cannot be renamed: {error.strerror}.") from error
    return aside

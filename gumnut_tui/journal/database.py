"""The only module that knows sqlite3: one open file in the newest form, its failures in our own words."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
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
    JournalTooNew,
)
from gumnut_tui.journal.migrations import MIGRATIONS

Row = tuple[Any, ...]

BUSY_SECONDS = 10.0
"""How long a statement waits for another process to end its transaction."""
COMPANIONS = ("-wal", "-shm")
"""Endings of the files that belong to a database file."""

_PROBLEMS: dict[int, tuple[type[JournalProblem], str]] = {
    sqlite3.SQLITE_FULL: (JournalFull, "no space is left for"),
    sqlite3.SQLITE_IOERR: (JournalDiskFailed, "the disk does not do what is asked for"),
    sqlite3.SQLITE_CORRUPT: (JournalDamaged, "there is damage in"),
    sqlite3.SQLITE_NOTADB: (JournalDamaged, "there is damage in"),
    sqlite3.SQLITE_READONLY: (JournalInaccessible, "nothing can be written beside or into"),
    sqlite3.SQLITE_CANTOPEN: (JournalInaccessible, "nothing can be written beside or into"),
    sqlite3.SQLITE_BUSY: (JournalBusy, "another process keeps busy"),
    sqlite3.SQLITE_LOCKED: (JournalBusy, "another process keeps busy"),
}


class Database:
    """An open journal file. Used by one thread at a time; every failure is a `JournalProblem`."""

    def __init__(self, connection: sqlite3.Connection, path: Path | None = None) -> None:
        self.path = path
        """None for one in memory."""
        self._stopped = False
        self._connection = connection
        self._connection.isolation_level = None
        with self._in_our_words():
            self._connection.execute("PRAGMA journal_mode = WAL").fetchone()
            self._connection.execute("PRAGMA synchronous = NORMAL")
            # A large log is only copied back now and then: copying costs more than the writing itself.
            self._connection.execute("PRAGMA wal_autocheckpoint = 4000")
        self._migrate()

    @property
    def name(self) -> str:
        """The file as one would say it."""
        return f"the journal {self.path}" if self.path else "the journal in memory"

    def _migrate(self) -> None:
        if self._version() == len(MIGRATIONS):
            return
        with self.transaction():
            version = self._version()
            if version > len(MIGRATIONS):
                raise JournalTooNew(f"{self.name} has form {version}; this program knows up to {len(MIGRATIONS)}.")
            for step in MIGRATIONS[version:]:
                for statement in step.split(";"):
                    self.run(statement)
            self.run(f"PRAGMA user_version = {len(MIGRATIONS)}")

    def _version(self) -> int:
        return int(self.one("PRAGMA user_version")[0])

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

    def forbid_writing(self) -> None:
        """From now on this connection only reads."""
        self.run("PRAGMA query_only = ON")

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
        kind, words = _PROBLEMS.get(code, (JournalProblem, "nothing can be done with"))
        return kind(f"{words} {self.name}: {error}.")


def make_folder(path: Path) -> None:
    """Make the folder the file is to lie in, if it is not there, open to its owner only."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise JournalInaccessible(f"the folder {path.parent} cannot be made: {error.strerror}.") from error


def open_database(path: Path) -> Database:
    """Open the file, made if it is not there, readable by its owner only; raises `JournalProblem`."""
    try:
        # SQLite gives its companion files the mode of the file itself.
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if hasattr(os, "fchmod"):
                os.fchmod(descriptor, 0o600)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise JournalInaccessible(f"the journal {path} cannot be opened: {error.strerror}.") from error
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, check_same_thread=False)
    try:
        return Database(connection, path)
    except BaseException:
        connection.close()
        raise


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

"""Checks a journal, and rebuilds one whose snapshots are damaged from its events.

A sound journal is an intact file in the right format, with complete pages, no gaps, and each event once.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

import msgspec

from gumnut_tui.domain.errors import JournalBusy, JournalDamaged, JournalInaccessible
from gumnut_tui.domain.fields import Reference
from gumnut_tui.domain.models import Event
from gumnut_tui.journal import libraries, names, pages, snapshots
from gumnut_tui.journal.database import (
    Database,
    Row,
    create_database,
    empty_database,
    open_database,
    put_aside,
    recognise,
)
from gumnut_tui.journal.journal_file import COMPANIONS, Identity, WriterLock, real_path, take_lock
from gumnut_tui.journal.records import LibraryRecord


def faults(db: Database) -> list[str]:
    """Everything that is wrong, as messages; empty when nothing is."""
    found = [f"the file: {fault}" for fault in db.faults()] + form_faults(db)
    if found:
        return found
    return [
        fault
        for library in libraries.all_libraries(db)
        for fault in (*_of_events(db, library), *_of_snapshots(db, library), *_of_names(db, library))
    ]


def form_faults(db: Database) -> list[str]:
    """Tables, columns and indexes that are missing from the file, or differ."""
    with closing(empty_database()) as model:
        missing = [fault for table in _names(model, "table") for fault in _of_table(db, model, table)]
    foreign = [
        f"the {kind} {name} is not part of a journal." for kind in ("trigger", "view") for name in _names(db, kind)
    ]
    return missing + foreign


def are_events_sound(db: Database) -> bool:
    """Whether every event is readable, whatever else is damaged."""
    try:
        return not any(_of_events(db, library) for library in libraries.all_libraries(db))
    except JournalDamaged:
        return False


def _names(db: Database, kind: str) -> list[str]:
    question = "SELECT name FROM sqlite_master WHERE type = ? AND name NOT LIKE 'sqlite_stat%' ORDER BY name"
    return [str(name) for (name,) in db.rows(question, [kind])]


def _of_table(db: Database, model: Database, table: str) -> Iterator[str]:
    columns = _columns(db, table)
    if not columns:
        yield f"the table {table} is missing."
        return
    for column in _columns(model, table):
        if column not in columns:
            yield f"the column {column} of the table {table} is missing."
    have = _indexes(db, table)
    for name, parts in _indexes(model, table).items():
        if name not in have:
            yield f"the index {name} of the table {table} is missing."
        elif have[name] != parts:
            yield f"the index {name} of the table {table} differs."


def _columns(db: Database, table: str) -> list[str]:
    return [str(row[1]) for row in db.rows(f"PRAGMA table_info({table})")]


def _indexes(db: Database, table: str) -> dict[str, list[object]]:
    """The columns of each index of a table, and whether it is unique or partial."""
    return {
        str(name): [unique, partial, *(row[2] for row in db.rows(f"PRAGMA index_info('{name}')"))]
        for _, name, unique, _, partial in db.rows(f"PRAGMA index_list({table})")
    }


def _name(library: LibraryRecord) -> str:
    return library.name or library.key.library_id or "the only library"


def _of_events(db: Database, library: LibraryRecord) -> list[str]:
    where, found = _name(library), list[str]()
    expected, seen = 0, set[str]()
    for first, count, packed in pages.numbered(db, library.stretch):
        if first != expected:
            found.append(f"{where}: events {expected:,} to {first:,} are missing.")
        expected = first + count
        if packed is None or len(packed) != count:
            found.append(f"{where}: the page at event {first:,} cannot be read.")
            continue
        cursors = packed.cursors()
        repeated = len(cursors) - len(set(cursors) - seen)
        if repeated:
            found.append(f"{where}: the page at event {first:,} repeats {repeated:,} of them.")
        seen.update(cursors)
    if expected != library.events:
        found.append(f"{where}: {library.events:,} events are recorded, but {expected:,} are there.")
    return found


def _of_names(db: Database, library: LibraryRecord) -> Iterator[str]:
    for one in names.numbered(db, library.row):
        if not one.is_whole:
            yield f"{_name(library)}: names from {one.first:,} on cannot be read."


def _of_snapshots(db: Database, library: LibraryRecord) -> Iterator[str]:
    question = "SELECT kind, entity_id, read_us, seen_us, asset_id, fields FROM snapshot WHERE library = ?"
    for row in db.each(question, [library.row]):
        if not snapshots.is_whole(row):
            yield f"{_name(library)}: a snapshot of {row[0]} {row[1]} cannot be read."


EVENT_TABLES = ("library", "stretch", "page", "break")
"""Copied row by row: damage in them raises."""

Named = Callable[[Iterable[Event]], Mapping[Reference, int]]
"""Returns the readable entities that events mention, with the time of the newest such event, in µs."""


class Renewed(msgspec.Struct, frozen=True):
    """A rebuilt journal."""

    aside: Path
    """Where the damaged file is kept."""
    snapshots: int
    """Snapshots that could still be read."""
    unread: int
    """Entities to be read by the next sync."""


def renew(path: Path, named: Named, clock: Callable[[], datetime]) -> Renewed:
    """Replace a journal whose snapshots are damaged by one with the same events; the damaged file is kept aside.

    Raises `JournalBusy` when another process is writing it, `JournalDamaged` when not all its events are readable, and
    `NotAJournal` for other files; then nothing has changed.
    """
    path = real_path(path)
    if recognise(path) is Identity.ABSENT:
        raise JournalInaccessible(f"there is no journal {path}.")
    lock = take_lock(path, clock)
    if not isinstance(lock, WriterLock):
        raise JournalBusy(f"the journal {path} cannot be rebuilt: {lock or 'another process'} is writing it.")
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".gumnut-journal-") as folder:
            made = Path(folder) / "anew"
            kept, unread = _make(path, made, named)
            aside = put_aside(path, clock())
            os.rename(made, path)
        return Renewed(aside, kept, unread)
    except OSError as error:
        raise JournalInaccessible(f"the journal {path} cannot be rebuilt: {error.strerror}.") from error
    finally:
        lock.close()


def _make(path: Path, made: Path, named: Named) -> tuple[int, int]:
    """Fill a new file; returns the number of its snapshots and of the entities to be read."""
    create_database(made)
    with (
        closing(open_database(path, write=False)) as old,
        closing(open_database(made)) as new,
        old.snapshot(),
        new.transaction(),
    ):
        for table in EVENT_TABLES:
            _copy(table, old, new)
        kept = sum(_keep(new, row) for row in _readable_rows(old))
        for library in libraries.all_libraries(new):
            for packed in pages.packs(new, library.stretch):
                snapshots.note(new, library.row, named(packed.all_events()))
        (unread,) = new.one("SELECT COUNT(*) FROM unread")
    for ending in COMPANIONS:
        with suppress(FileNotFoundError):
            os.unlink(made.with_name(made.name + ending))
    return kept, int(unread)


def _copy(table: str, old: Database, new: Database) -> None:
    columns = [str(row[1]) for row in new.rows(f"PRAGMA table_info({table})")]
    places = ", ".join("?" * len(columns))
    new.run_each(
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})",
        # By the table alone: an index may be damaged.
        old.each(f"SELECT {', '.join(columns)} FROM {table} NOT INDEXED ORDER BY id"),
    )


_COLUMNS = "id, library, kind, entity_id, read_us, seen_us, asset_id, fields"


def _readable_rows(db: Database) -> Iterator[Row]:
    """The readable snapshots: from the first on, and from the last back, up to the damage."""
    last = 0
    try:
        for row in db.each(f"SELECT {_COLUMNS} FROM snapshot NOT INDEXED ORDER BY id"):
            last = int(row[0])
            yield row
    except JournalDamaged:
        with suppress(JournalDamaged):
            yield from db.each(f"SELECT {_COLUMNS} FROM snapshot NOT INDEXED WHERE id > ? ORDER BY id DESC", [last])


def _keep(db: Database, row: Row) -> bool:
    """Store a snapshot if its values are valid; returns whether it was stored."""
    number, library, *rest = row
    if not isinstance(number, int) or not isinstance(library, int) or not snapshots.is_whole(rest):
        return False
    places = ", ".join("?" * len(row))
    return db.changed(f"INSERT OR IGNORE INTO snapshot ({_COLUMNS}) VALUES ({places})", row) > 0

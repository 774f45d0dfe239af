"""Checks a journal: an intact file of the right form, complete pages without a gap, each event once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from gumnut_tui.domain.errors import JournalDamaged
from gumnut_tui.journal import libraries, pages, snapshots
from gumnut_tui.journal.database import Database, empty_database
from gumnut_tui.journal.records import LibraryRecord


def faults(db: Database) -> list[str]:
    """Everything that is wrong, in words; empty when nothing is."""
    found = [f"the file: {fault}" for fault in db.faults()] + form_faults(db)
    if found:
        return found
    return [
        fault
        for library in libraries.all_libraries(db)
        for fault in (*_of_events(db, library), *_of_snapshots(db, library))
    ]


def form_faults(db: Database) -> list[str]:
    """Tables, columns and indexes that the file should have and has not, or has otherwise."""
    with closing(empty_database()) as model:
        missing = [fault for table in _names(model, "table") for fault in _of_table(db, model, table)]
    foreign = [
        f"the {kind} {name} is not part of a journal." for kind in ("trigger", "view") for name in _names(db, kind)
    ]
    return missing + foreign


def are_events_sound(db: Database) -> bool:
    """Whether every event can be read, whatever is wrong with the rest."""
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
    """What each index of a table is made of, and whether it is unique or partial."""
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


def _of_snapshots(db: Database, library: LibraryRecord) -> Iterator[str]:
    question = "SELECT kind, entity_id, read_us, seen_us, asset_id, fields FROM snapshot WHERE library = ?"
    for row in db.each(question, [library.row]):
        if not snapshots.is_whole(row):
            yield f"{_name(library)}: a snapshot of {row[0]} {row[1]} cannot be read."

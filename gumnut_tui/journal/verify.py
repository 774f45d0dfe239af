"""Checks a journal: an intact file, complete pages without a gap, each event once."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from gumnut_tui.journal import libraries, pages
from gumnut_tui.journal.database import Database
from gumnut_tui.journal.records import LibraryRecord


def faults(db: Database) -> list[str]:
    """Everything that is wrong, in words; empty when nothing is."""
    if found := db.faults():
        return [f"the file: {fault}" for fault in found]
    return [fault for library in libraries.all_libraries(db) for fault in _of_library(db, library)]


def _of_library(db: Database, library: LibraryRecord) -> Iterator[str]:
    where = library.name or library.key.library_id or "the only library"
    stretch = libraries.stretch_of(db, library.row)
    expected, seen = 0, set[str]()
    for first, count, packed in pages.numbered(db, stretch):
        if first != expected:
            yield f"{where}: events {expected:,} to {first:,} are missing."
        expected = first + count
        if packed is None or len(packed) != count:
            yield f"{where}: the page at event {first:,} cannot be read."
            continue
        cursors = packed.cursors()
        repeated = len(cursors) - len(set(cursors) - seen)
        if repeated:
            yield f"{where}: the page at event {first:,} repeats {repeated:,} of them."
        seen.update(cursors)
    if expected != library.events:
        yield f"{where}: {library.events:,} events are counted, but {expected:,} are there."
    yield from _snapshots(db, library.row, where)


def _snapshots(db: Database, library: int, where: str) -> Iterator[str]:
    question = "SELECT kind, entity_id, fields FROM snapshot WHERE library = ? AND fields IS NOT NULL"
    for kind, entity_id, fields in db.each(question, [library]):
        try:
            msgspec.json.decode(fields, type=dict[str, object])
        except msgspec.DecodeError:
            yield f"{where}: a snapshot of {kind} {entity_id} cannot be read."

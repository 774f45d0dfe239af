"""The journal's libraries: how far each was read, and where its feed had to be read again."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from gumnut_tui.domain.errors import JournalBusy, JournalDamaged, JournalFull
from gumnut_tui.domain.models import from_us
from gumnut_tui.journal import files
from gumnut_tui.journal.database import Database, Row
from gumnut_tui.journal.records import Break, LibraryInfo, LibraryKey, LibraryRecord

_RECORD = """
SELECT l.id, l.stretch, l.base_url, l.account, l.library_id, l.name, l.since_us, l.began_us, l.synced_us,
       r.events, s.events, CASE WHEN r.id IS NULL THEN s.cursor ELSE r.cursor END
FROM library l JOIN stretch s ON s.id = l.stretch LEFT JOIN stretch r ON r.id = l.rereading
"""


def all_libraries(db: Database) -> list[LibraryRecord]:
    """All libraries, oldest first."""
    return [_record(row) for row in db.rows(f"{_RECORD} ORDER BY l.id")]


def find(db: Database, key: LibraryKey) -> LibraryRecord | None:
    """The library, if the journal has it."""
    row = db.first(f"{_RECORD} WHERE l.base_url = ? AND l.account = ? AND l.library_id = ?", _values(key))
    return None if row is None else _record(row)


def record(db: Database, library: int) -> LibraryRecord:
    """The library with this row id."""
    return _record(db.one(f"{_RECORD} WHERE l.id = ?", [library]))


def begin(db: Database, key: LibraryKey, name: str, since_us: int | None, now_us: int) -> LibraryRecord:
    """The library, added if the journal does not have it; `since_us` applies only then."""
    with db.transaction():
        known = find(db, key)
        if known is None:
            return record(db, create(db, key, name, since_us, now_us))
        if name and name != known.name:
            db.run("UPDATE library SET name = ? WHERE id = ?", [name, known.row])
            return record(db, known.row)
        return known


def create(db: Database, key: LibraryKey, name: str, since_us: int | None, began_us: int) -> int:
    """Add a library without events; returns its row id. Part of a transaction."""
    columns = "base_url, account, library_id, name, since_us, stretch, began_us"
    library = db.run(
        f"INSERT INTO library ({columns}) VALUES (?, ?, ?, ?, ?, 0, ?)", [*_values(key), name, since_us, began_us]
    )
    db.run("UPDATE library SET stretch = ? WHERE id = ?", [new_stretch(db, library), library])
    return library


def new_stretch(db: Database, library: int) -> int:
    """Add a stretch without events to the library; returns its row id."""
    return db.run("INSERT INTO stretch (library) VALUES (?)", [library])


def stretch_of(db: Database, library: int) -> int:
    """The row id of the stretch with the library's events."""
    return int(db.one("SELECT stretch FROM library WHERE id = ?", [library])[0])


def break_off(db: Database, library: int, reason: str, now_us: int) -> LibraryRecord:
    """Record that the cursor is void, and start a second read of the feed."""
    with db.transaction():
        before = record(db, library)
        put_break(db, library, before.events, before.cursor, reason, now_us)
        drop_rereading(db, library)
        db.run("UPDATE library SET rereading = ? WHERE id = ?", [new_stretch(db, library), library])
        return record(db, library)


def put_break(db: Database, library: int, events: int, cursor: str | None, reason: str, at_us: int) -> None:
    """Record a refused cursor; part of a transaction."""
    db.run(
        "INSERT INTO break (library, at_us, events, cursor, reason) VALUES (?, ?, ?, ?, ?)",
        [library, at_us, events, cursor, reason],
    )


def drop_rereading(db: Database, library: int) -> None:
    """Delete what was read again so far."""
    (rereading,) = db.one("SELECT rereading FROM library WHERE id = ?", [library])
    if rereading is not None:
        drop_stretch(db, rereading)
        db.run("UPDATE library SET rereading = NULL WHERE id = ?", [library])


def drop_stretch(db: Database, stretch: int) -> None:
    """Delete a stretch and its pages."""
    db.run("DELETE FROM page WHERE stretch = ?", [stretch])
    db.run("DELETE FROM stretch WHERE id = ?", [stretch])


def forget(db: Database, library: int) -> None:
    """Delete everything about the library, and free the space if possible."""
    with db.transaction():
        for (stretch,) in db.rows("SELECT id FROM stretch WHERE library = ?", [library]):
            drop_stretch(db, stretch)
        for table in ("break", "snapshot", "unread", "names"):
            db.run(f"DELETE FROM {table} WHERE library = ?", [library])
        # Numbers of deleted snapshots are given again.
        db.run("UPDATE indexed SET before = MIN(before, (SELECT COALESCE(MAX(id), 0) + 1 FROM snapshot))")
        db.run("DELETE FROM library WHERE id = ?", [library])
    try:
        db.run("VACUUM")
        db.run("PRAGMA wal_checkpoint(TRUNCATE)")
    except (JournalFull, JournalBusy):
        # It is deleted all the same, and its space is reused.
        return


def breaks(db: Database, library: int) -> tuple[Break, ...]:
    """Where the feed had to be read again, oldest first."""
    found = db.rows("SELECT at_us, events, cursor, reason FROM break WHERE library = ? ORDER BY id", [library])
    return tuple(Break(from_us(at_us), events, cursor, reason) for at_us, events, cursor, reason in found)


def info(db: Database, library: int) -> LibraryInfo:
    """What the journal holds of the library."""
    with db.snapshot():
        known = record(db, library)
        first_us, last_us, size = db.one(
            "SELECT MIN(first_us), MAX(last_us), COALESCE(SUM(length(kinds) + length(codes) + length(times)"
            " + length(ends) + length(texts)), 0) FROM page WHERE stretch = ?",
            [stretch_of(db, library)],
        )
        snapshots, snapshot_size = db.one(
            "SELECT COUNT(*), COALESCE(SUM(COALESCE(length(fields), 0)), 0) FROM snapshot WHERE library = ?", [library]
        )
        (entities,) = db.one(
            "SELECT COUNT(*) FROM (SELECT DISTINCT kind, entity_id FROM snapshot WHERE library = ?)", [library]
        )
        (unread,) = db.one("SELECT COUNT(*) FROM unread WHERE library = ?", [library])
        return LibraryInfo(
            known,
            first_us,
            last_us,
            snapshots,
            entities,
            unread,
            size + snapshot_size,
            breaks(db, library),
            files.counts(db, library),
        )


def _values(key: LibraryKey) -> Sequence[str]:
    return [key.base_url, key.account, key.library_id]


def _record(row: Row) -> LibraryRecord:
    number, stretch, base_url, account, library_id, name, since_us, began_us, synced_us, reread, events, cursor = row
    told = {
        "row": number,
        "stretch": stretch,
        "key": {"base_url": base_url, "account": account, "library_id": library_id},
        "name": name,
        "since_us": since_us,
        "began_us": began_us,
        "synced_us": synced_us,
        "cursor": cursor,
        "events": events,
        "reread": reread,
    }
    try:
        # SQLite stores any type in any column.
        return msgspec.convert(told, LibraryRecord)
    except msgspec.ValidationError as error:
        raise JournalDamaged(f"there is damage in the journal: a library cannot be read: {error}.") from error

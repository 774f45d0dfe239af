"""Of which photos the journal knows the file."""

from __future__ import annotations

from typing import Any

from gumnut_tui.domain.models import Entity, to_us
from gumnut_tui.journal import files, snapshots
from gumnut_tui.journal.database import Database
from gumnut_tui.journal.records import FileCounts
from tests.factories import NOW
from tests.journal.memory import begun, memory_database

FILE = {"checksum": "3q2+7w==", "file_size_bytes": 4}


def read(db: Database, library: int, asset_id: str, later: int = 0, **fields: Any) -> None:
    """Keep what a read of a photo brought; without fields it was not there."""
    found = {asset_id: Entity("asset", asset_id, fields, NOW)} if fields else {}
    with db.transaction():
        snapshots.store(db, library, "asset", [asset_id], found, to_us(NOW) + later)


def test_a_file_is_known_once_any_read_told_it() -> None:
    """A later read without it takes nothing away; whether the photo is gone does not matter either."""
    db = memory_database()
    library = begun(db).row
    read(db, library, "told", id="told", file_data=FILE)
    read(db, library, "told", id="told", file_data=None)
    read(db, library, "old", id="old", checksum="3q2+7w==")
    read(db, library, "gone", id="gone", file_data=FILE)
    read(db, library, "gone")
    assert files.counts(db, library) == FileCounts(photos=3, unknown=0, lost=0)
    assert files.missing(db, library) == []


def test_what_is_missing_and_what_is_lost() -> None:
    """A photo that is there can be read again, one that is gone cannot; one still to be read counts as missing."""
    db = memory_database()
    library = begun(db).row
    read(db, library, "there", id="there", description='"checksum":"no"')
    read(db, library, "lost", id="lost")
    read(db, library, "lost")
    read(db, library, "never")
    read(db, library, "told", id="told", file_data=FILE)
    with db.transaction():
        snapshots.note_unknown(db, library, [("asset", "waits"), ("album", "album_1")])
    assert files.counts(db, library) == FileCounts(photos=5, unknown=4, lost=2)
    assert files.missing(db, library) == ["there"]


def test_libraries_are_counted_each_for_itself() -> None:
    """A photo of another library says nothing of this one."""
    db = memory_database()
    library, other = begun(db).row, begun(db, library_id="lib_2").row
    read(db, other, "there", id="there")
    assert files.counts(db, library) == FileCounts(0, 0, 0)
    assert files.missing(db, library) == []
    assert files.missing(db, other) == ["there"]

"""Of which photos the journal knows the file they were uploaded as.

Its checksum tells: size and name stand with it. A photo that was only read without these fields, as by an old server
or by one that refused to list them, has none.
"""

from __future__ import annotations

from gumnut_tui.journal.database import Database
from gumnut_tui.journal.records import FileCounts

_PHOTOS = """
WITH photo AS (
    SELECT MAX(id) AS last, MAX(COALESCE(instr(fields, '"checksum":"'), 0)) AS told
    FROM snapshot WHERE library = ? AND kind = 'asset' GROUP BY entity_id
)
"""


def counts(db: Database, library: int) -> FileCounts:
    """Of how many photos the file is known; those that are still to be read count as photos, too."""
    photos, unknown, lost = db.one(
        f"{_PHOTOS} SELECT COUNT(*), COALESCE(SUM(told = 0), 0), COALESCE(SUM(told = 0 AND fields IS NULL), 0)"
        " FROM photo JOIN snapshot ON id = last",
        [library],
    )
    (waiting,) = db.one(
        "SELECT COUNT(*) FROM unread WHERE library = ? AND kind = 'asset' AND NOT EXISTS (SELECT 1 FROM snapshot"
        " WHERE library = unread.library AND kind = unread.kind AND entity_id = unread.entity_id)",
        [library],
    )
    return FileCounts(photos + waiting, unknown + waiting, lost)


def missing(db: Database, library: int) -> list[str]:
    """Ids of photos whose file is not known, of those that were there when last seen; the longest unseen first."""
    question = f"{_PHOTOS} SELECT entity_id FROM photo JOIN snapshot ON id = last"
    return [
        entity_id
        for (entity_id,) in db.rows(f"{question} WHERE told = 0 AND fields IS NOT NULL ORDER BY seen_us, id", [library])
    ]

"""Snapshots of entities, one per change, and the queue of entities still to be read."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypedDict

import msgspec

from gumnut_tui.domain.errors import JournalDamaged
from gumnut_tui.domain.fields import Naming, Reference, naming_of
from gumnut_tui.domain.models import LEAST_US, MOST_US, Entity, from_us, to_us
from gumnut_tui.journal import names
from gumnut_tui.journal.database import Database, Row
from gumnut_tui.journal.records import Snapshot

CAUGHT_US = 600_000_000
"""A read this much later than an event's time, in µs, shows the event's effect: no transaction takes that long."""

_SIGNED = re.compile(rb'(?<!\\)"(https?://(?:[^"\\?]|\\.)*)\?(?:[^"\\]|\\.)*"')
_COLUMNS = "kind, entity_id, read_us, seen_us, fields"


def canonical(fields: Mapping[str, object]) -> str:
    """The fields as sorted JSON, web addresses without their query: that is a signature, new with every read."""
    return _SIGNED.sub(rb'"\1"', msgspec.json.encode(fields, order="sorted")).decode()


def note(
    db: Database,
    library: int,
    named: Mapping[Reference, int],
    read: Collection[Reference] | None = None,
    *,
    only_known: bool = False,
) -> None:
    """Queue entities to be read, with the time of the newest event that mentions each; part of a transaction.

    `read` are the entities read since the current read of the feed started: only for those can the time show that the
    read was after the event. Any other was read before the service had the event ready, whatever our clock said.
    None means all. With `only_known` entities that were never read are not queued.
    """
    outdated = _outdated(db, library, named, read, only_known=only_known)
    db.run_each(
        "INSERT INTO unread VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET named_us = MAX(named_us, excluded.named_us)",
        [(library, kind, entity_id, us) for (kind, entity_id), us in outdated.items()],
    )


def are_there(db: Database, library: int) -> bool:
    """Whether anything of a library was ever read."""
    return db.first("SELECT 1 FROM snapshot WHERE library = ? LIMIT 1", [library]) is not None


def note_unknown(db: Database, library: int, references: Iterable[Reference]) -> None:
    """Queue those entities that have no snapshot; part of a transaction."""
    note(db, library, dict.fromkeys(references, -CAUGHT_US))


def _outdated(
    db: Database, library: int, named: Mapping[Reference, int], read: Collection[Reference] | None, *, only_known: bool
) -> dict[Reference, int]:
    """Those without a read that must have been after the event."""
    outdated = dict[Reference, int]()
    for reference, us in named.items():
        is_unread = read is not None and reference not in read
        if is_unread and not only_known:
            outdated[reference] = us
            continue
        last = _last(db, library, reference)
        if not only_known if last is None else is_unread or last[1] < us + CAUGHT_US:
            outdated[reference] = us
    return outdated


def outdated(db: Database, library: int, references: Iterable[Reference]) -> set[Reference]:
    """Those of the entities that an event named since they were last read."""
    question = "SELECT 1 FROM unread WHERE library = ? AND kind = ? AND entity_id = ?"
    return {reference for reference in references if db.first(question, [library, *reference]) is not None}


def unread(db: Database, library: int, limit: int) -> dict[str, list[str]]:
    """Ids of entities still to be read, by kind; at most `limit` of each kind."""
    return {
        kind: [
            row[0]
            for row in db.rows(
                "SELECT entity_id FROM unread WHERE library = ? AND kind = ? ORDER BY named_us LIMIT ?",
                [library, kind, limit],
            )
        ]
        for (kind,) in db.rows("SELECT DISTINCT kind FROM unread WHERE library = ?", [library])
    }


def unread_counts(db: Database, library: int) -> dict[str, int]:
    """How many entities of each kind are still to be read."""
    return dict(db.rows("SELECT kind, COUNT(*) FROM unread WHERE library = ? GROUP BY kind", [library]))


def store(db: Database, library: int, kind: str, ids: Collection[str], found: Mapping[str, Entity], now_us: int) -> int:
    """Store the result of reading these ids; returns the number of new snapshots. Part of a transaction.

    An id without an entity does not exist. An unchanged entity keeps its snapshot, with a new `seen_us`.
    """
    stored, namings = 0, list[Naming]()
    # What waits to be looked at for names comes first.
    is_indexed = names.is_indexed(db)
    for entity_id in ids:
        entity = found.get(entity_id)
        at_us = now_us if entity is None else to_us(entity.read_at)
        fields = None if entity is None else canonical(entity.fields)
        last = _last(db, library, (kind, entity_id))
        if last is not None and last[2] == fields:
            # The last read counts, even if the clock has been set back since the one before.
            db.run("UPDATE snapshot SET seen_us = MAX(read_us, ?) WHERE id = ?", [at_us, last[0]])
        else:
            put(db, library, (kind, entity_id), at_us, at_us, None if entity is None else entity.fields)
            stored += 1
            naming = None if entity is None else naming_of(kind, entity_id, entity.fields)
            before = None if last is None or last[2] is None else names.naming_in(kind, entity_id, last[2])
            if naming is not None and naming != before:
                namings.append(naming)
    if stored and is_indexed:
        names.add(db, library, namings)
        names.set_indexed(db)
    db.run_each(
        "DELETE FROM unread WHERE library = ? AND kind = ? AND entity_id = ?",
        [(library, kind, entity_id) for entity_id in ids],
    )
    return stored


def put(
    db: Database,
    library: int,
    reference: Reference,
    read_us: int,
    seen_us: int,
    fields: Mapping[str, object] | None,
) -> None:
    """Add a snapshot after the others of its entity; part of a transaction."""
    asset_id = None if fields is None else fields.get("asset_id")
    db.run(
        "INSERT INTO snapshot (library, kind, entity_id, read_us, seen_us, asset_id, fields) VALUES (?,?,?,?,?,?,?)",
        [
            library,
            *reference,
            read_us,
            seen_us,
            asset_id if isinstance(asset_id, str) else None,
            None if fields is None else canonical(fields),
        ],
    )


def _last(db: Database, library: int, reference: Reference) -> Row | None:
    return db.first(
        "SELECT id, seen_us, fields FROM snapshot WHERE library = ? AND kind = ? AND entity_id = ?"
        " ORDER BY id DESC LIMIT 1",
        [library, *reference],
    )


def history(db: Database, library: int, kind: str, entity_id: str, *, is_brief: bool = False) -> list[Snapshot]:
    """Every snapshot of the entity, oldest first; brief ones may leave out fields that tell of nothing else."""
    question = f"SELECT {_COLUMNS} FROM snapshot WHERE library = ? AND kind = ? AND entity_id = ? ORDER BY id"
    read = _brief if is_brief else _snapshot
    return [read(db, row) for row in db.rows(question, [library, kind, entity_id])]


def every(db: Database, library: int) -> Iterator[Snapshot]:
    """Every snapshot of a library, in the order they were stored."""
    rows = db.each(f"SELECT {_COLUMNS} FROM snapshot WHERE library = ? ORDER BY id", [library])
    return (_snapshot(db, row) for row in rows)


def every_unread(db: Database, library: int) -> Iterator[tuple[str, str, int]]:
    """Kind and id of each entity still to be read, and the time of the newest event that mentions it, in µs."""
    question = "SELECT kind, entity_id, named_us FROM unread WHERE library = ? ORDER BY kind, entity_id"
    return ((kind, entity_id, named_us) for kind, entity_id, named_us in db.each(question, [library]))


def last_known(db: Database, library: int, references: Iterable[Reference]) -> dict[Reference, Snapshot]:
    """The last snapshot of each entity in which it existed; left out without one."""
    question = (
        f"SELECT {_COLUMNS} FROM snapshot WHERE library = ? AND kind = ? AND entity_id = ?"
        " AND fields IS NOT NULL ORDER BY id DESC LIMIT 1"
    )
    found = ((reference, db.first(question, [library, *reference])) for reference in references)
    return {reference: _snapshot(db, row) for reference, row in found if row is not None}


def latest(db: Database, library: int, references: Iterable[Reference]) -> dict[Reference, Snapshot]:
    """The last snapshot of each entity, even one that says it did not exist; left out if it was never read."""
    question = (
        f"SELECT {_COLUMNS} FROM snapshot WHERE library = ? AND kind = ? AND entity_id = ? ORDER BY id DESC LIMIT 1"
    )
    found = ((reference, db.first(question, [library, *reference])) for reference in references)
    return {reference: _snapshot(db, row) for reference, row in found if row is not None}


def on_asset(db: Database, library: int, asset_id: str, kind: str) -> list[Snapshot]:
    """The last snapshot, while it existed, of each face or album membership of a photo."""
    question = (
        f"SELECT {_COLUMNS} FROM snapshot WHERE id IN"
        " (SELECT MAX(id) FROM snapshot WHERE library = ? AND asset_id = ? AND kind = ? GROUP BY entity_id) ORDER BY id"
    )
    return [_snapshot(db, row) for row in db.rows(question, [library, asset_id, kind])]


def _snapshot(db: Database, row: Row) -> Snapshot:
    kind, entity_id, read_us, seen_us, text = row
    try:
        fields = None if text is None else msgspec.json.decode(text, type=dict[str, object])
        return Snapshot(kind, entity_id, from_us(read_us), from_us(seen_us), fields)
    except (msgspec.DecodeError, OverflowError, RecursionError) as error:
        raise JournalDamaged(f"there is damage in {db.name}: the snapshot of {entity_id} cannot be read.") from error


class _Face(TypedDict, total=False):
    id: object
    asset_id: object
    person_id: object


class _Photo(TypedDict, total=False):
    id: object
    trashed_at: object
    stack_id: object
    faces: list[_Face] | None


_BRIEF: Mapping[str, msgspec.json.Decoder[Any]] = {
    "asset": msgspec.json.Decoder(_Photo),
    "face": msgspec.json.Decoder(_Face),
}
"""What photos and faces tell of where they are and what they belong to: a seventh of the time and of the memory."""


def _brief(db: Database, row: Row) -> Snapshot:
    kind, entity_id, read_us, seen_us, text = row
    if text is not None and kind in _BRIEF:
        with suppress(
            msgspec.DecodeError, OverflowError, RecursionError
        ):  # not as the service writes it: then it is read whole
            fields = dict[str, Any](_BRIEF[kind].decode(text))
            return Snapshot(kind, entity_id, from_us(read_us), from_us(seen_us), fields)
    return _snapshot(db, row)


def is_whole(values: Sequence[object]) -> bool:
    """Whether these are valid values of a snapshot: kind, id, times, photo and fields."""
    kind, entity_id, read_us, seen_us, asset_id, text = values
    return (
        all(isinstance(one, str) for one in (kind, entity_id))
        and all(isinstance(one, int) and LEAST_US <= one <= MOST_US for one in (read_us, seen_us))
        and (asset_id is None or isinstance(asset_id, str))
        and (text is None or (isinstance(text, str) and _is_object(text)))
    )


def _is_object(text: str) -> bool:
    try:
        msgspec.json.decode(text, type=dict[str, object])
    except (msgspec.DecodeError, RecursionError):
        return False
    return True

"""What the journal holds of the past of some entities: to be run with `Journal.read`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from gumnut_tui.domain.fields import Reference, concerned
from gumnut_tui.domain.models import Event, Operation
from gumnut_tui.journal import libraries, pages, snapshots
from gumnut_tui.journal.database import Database
from gumnut_tui.journal.records import Snapshot
from gumnut_tui.store.packed import Packed, decoded, encoded, split_text

_PASSING = frozenset({Operation.DELETED, Operation.MOVED_OUT, Operation.MOVED_IN})
_TEXT = re.compile(rb'"((?:[^"\\]|\\.)*)"')
_BETWEEN = re.compile(rb'"(?=([^"\\]*)")')
"""What stands between two quotation marks, be it a text or not: a payload may be broken."""


def about(db: Database, library: int, ids: Collection[str], named: Collection[str] = ()) -> list[tuple[int, Event]]:
    """The events about one of these entities, or naming one of those `named` in their payload.

    Each with its number in feed order.
    """
    wanted, mentioned = frozenset(map(encoded, ids)), frozenset(map(encoded, named))
    found: list[tuple[int, Event]] = []
    first = 0
    for packed in pages.packs(db, libraries.stretch_of(db, library)) if wanted or mentioned else ():
        rows = _concerning(packed, wanted, mentioned)
        found += zip((first + row for row in rows), packed.events_at(rows), strict=True)
        first += len(packed)
    return found


def _concerning(packed: Packed, wanted: frozenset[bytes], mentioned: frozenset[bytes]) -> list[int]:
    """The rows of the events about one of these entities, or naming one of those mentioned."""
    ids = packed.entity_ids()
    rows = {row for row, entity_id in enumerate(ids) if entity_id in wanted} if not wanted.isdisjoint(ids) else set()
    # Most pages name none of them: that is seen of all their texts at once.
    if mentioned and not mentioned.isdisjoint(_BETWEEN.findall(packed.texts)):
        payloads = (split_text(text)[2] for text in packed.event_texts())
        rows |= {row for row, payload in enumerate(payloads) if not mentioned.isdisjoint(_TEXT.findall(payload))}
    return sorted(rows)


def last_mentioned(db: Database, library: int, ids: Collection[str], from_us: int, to_us: int) -> dict[str, int]:
    """When events after the first time and before the second were last about these entities, or named them.

    Times in µs; entities that no such event mentions are left out.
    """
    known = {encoded(entity_id): entity_id for entity_id in ids}
    wanted, found = frozenset(known), dict[str, int]()
    for packed in pages.within(db, libraries.stretch_of(db, library), from_us, to_us) if known else ():
        times = packed.times_us()
        for row in _concerning(packed, wanted, wanted):
            if from_us < (us := times[row]) < to_us:
                _, entity_id, payload = split_text(packed.event_text(row))
                for one in wanted.intersection((entity_id, *_TEXT.findall(payload))):
                    found[known[one]] = max(us, found.get(known[one], us))
    return found


def concerned_between(db: Database, library: int, from_us: int, to_us: int) -> tuple[set[Reference], set[Reference]]:
    """The entities that events after the first time and up to the second are about, or name; times in µs.

    And those of them that came or went then: what belongs to these changes with them, without events of its own.
    """
    found: set[Reference] = set()
    passing: set[Reference] = set()
    for packed in pages.within(db, libraries.stretch_of(db, library), from_us, to_us):
        for event in packed.all_events():
            if from_us < event.created_at_us <= to_us:
                found.update(concerned(event))
                if event.operation in _PASSING and event.entity_type == event.kind:
                    passing.add((event.kind, event.entity_id))
    return found, passing


def covered_us(db: Database, library: int) -> int:
    """From when on every event of a library is journaled, in µs: what was asked for, else its first event's time."""
    record = libraries.record(db, library)
    if record.since_us is not None:
        return record.since_us
    (first_us,) = db.one("SELECT MIN(first_us) FROM page WHERE stretch = ?", [record.stretch])
    return record.began_us if first_us is None else int(first_us)


def histories(db: Database, library: int, references: Iterable[Reference], *, is_brief: bool = False) -> list[Snapshot]:
    """Every snapshot of each entity, those of one oldest first; brief ones tell where it was and where it belonged."""
    return [
        one
        for kind, entity_id in references
        for one in snapshots.history(db, library, kind, entity_id, is_brief=is_brief)
    ]


def linking(db: Database, library: int, kind: str, key: str, ids: Collection[str]) -> set[str]:
    """Ids of the entities of a kind that ever held one of these ids under a field, at any depth."""
    wanted = frozenset(ids)
    held = re.compile(f'"{re.escape(key)}":"([^"\\\\]*)"')
    question = "SELECT entity_id, fields FROM snapshot WHERE library = ? AND kind = ? AND fields IS NOT NULL"
    rows = db.each(question, [library, kind]) if wanted else ()
    return {entity_id for entity_id, fields in rows if not wanted.isdisjoint(held.findall(fields))}


def endless(db: Database, library: int) -> set[str]:
    """Ids of the memberships of which no event and no snapshot says of what: those of old feeds, gone unread."""
    told = {
        entity_id
        for (entity_id,) in db.each(
            "SELECT DISTINCT entity_id FROM snapshot WHERE library = ? AND kind = 'album_asset' AND fields IS NOT NULL",
            [library],
        )
    }
    found: set[str] = set()
    for entity_id, payload in _payloads(db, library, "album_asset"):
        (told if b'"album_id":"' in payload else found).add(entity_id)
    return found - told


def unowned(db: Database, library: int) -> set[str]:
    """Ids of the faces that an event changed without saying whose they were then, as events of March 2026 began to."""
    changed = _payloads(db, library, "face", frozenset({"face_updated"}))
    return {entity_id for entity_id, payload in changed if b'"person_id":' not in payload}


def _payloads(
    db: Database, library: int, entity_type: str, event_types: Collection[str] = ()
) -> Iterator[tuple[str, bytes]]:
    """Entity id and payload, without its blanks, of all events of a type, or of some event types of it."""
    for packed in pages.packs(db, libraries.stretch_of(db, library)):
        wanted = {
            code
            for code, (own, event_type) in enumerate(packed.kinds)
            if own == entity_type and (not event_types or event_type in event_types)
        }
        for code, text in zip(packed.codes, packed.event_texts(), strict=True) if wanted else ():
            if code in wanted:
                _, entity_id, payload = split_text(text)
                yield decoded(entity_id), payload.replace(b" ", b"")

"""The journal as lines of JSON: everything it holds of a library, out and in again without loss."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from gumnut_tui.domain.errors import UsageProblem
from gumnut_tui.domain.models import NULL, Event, from_us, to_us
from gumnut_tui.journal import libraries, pages, snapshots
from gumnut_tui.journal.database import Database
from gumnut_tui.journal.records import LibraryKey, LibraryRecord

FORMAT = 1
"""The form of the lines; another number is not read."""


class LibraryLine(msgspec.Struct, frozen=True, tag="library", tag_field="record"):
    """Begins a library."""

    format: int
    base_url: str
    account: str
    library_id: str
    name: str
    since: datetime | None
    began: datetime
    synced: datetime | None
    cursor: str | None


class EventLine(msgspec.Struct, frozen=True, tag="event", tag_field="record"):
    """An event, in feed order."""

    cursor: str
    entity_type: str
    entity_id: str
    event_type: str
    created_at: datetime
    payload: msgspec.Raw = NULL


class BreakLine(msgspec.Struct, frozen=True, tag="break", tag_field="record"):
    """A position the server refused."""

    at: datetime
    events: int
    cursor: str | None
    reason: str


class SnapshotLine(msgspec.Struct, frozen=True, tag="snapshot", tag_field="record"):
    """What an entity was; without fields it was not there."""

    kind: str
    id: str
    read_at: datetime
    seen_at: datetime
    fields: dict[str, Any] | None


class UnreadLine(msgspec.Struct, frozen=True, tag="unread", tag_field="record"):
    """An entity that is still to be read."""

    kind: str
    id: str
    named_us: int


class EndLine(msgspec.Struct, frozen=True, tag="end", tag_field="record"):
    """Ends a library, and tells how much there was of it."""

    events: int
    snapshots: int


ExportLine = LibraryLine | EventLine | BreakLine | SnapshotLine | UnreadLine | EndLine

_EXPORT_LINE = msgspec.json.Decoder(ExportLine)


def export(db: Database, library: LibraryRecord, sink: Callable[[bytes], object]) -> None:
    """Give each line of a library, with its line break, to the sink."""
    with db.snapshot():
        for line in _lines(db, libraries.record(db, library.row)):
            sink(msgspec.json.encode(line) + b"\n")


def _lines(db: Database, library: LibraryRecord) -> Iterator[ExportLine]:
    stretch = libraries.stretch_of(db, library.row)
    # While the feed is read again, the record holds the cursor of that; what is exported is what came before.
    (cursor,) = db.one("SELECT cursor FROM stretch WHERE id = ?", [stretch])
    key = library.key
    yield LibraryLine(
        FORMAT,
        key.base_url,
        key.account,
        key.library_id,
        library.name,
        _moment(library.since_us),
        from_us(library.began_us),
        _moment(library.synced_us),
        cursor,
    )
    for one in libraries.breaks(db, library.row):
        yield BreakLine(one.at, one.events, one.cursor, one.reason)
    for event in pages.every(db, stretch):
        yield EventLine(
            event.cursor, event.entity_type, event.entity_id, event.event_type, event.created_at, event.payload
        )
    count = 0
    for snapshot in snapshots.every(db, library.row):
        count += 1
        yield SnapshotLine(snapshot.kind, snapshot.id, snapshot.read_at, snapshot.seen_at, snapshot.fields)
    for kind, entity_id, named_us in snapshots.every_unread(db, library.row):
        yield UnreadLine(kind, entity_id, named_us)
    yield EndLine(library.events, count)


def import_(db: Database, lines: Iterable[bytes]) -> list[LibraryRecord]:
    """Take in what `export` gave: all of it, or nothing when it raises.

    Raises `UsageProblem` naming the line for what is not of that form, for a library that ends too early, for one the
    journal holds already, and when there is none.
    """
    with db.transaction():
        taken, numbered = list[int](), _numbered(lines)
        for number, line in numbered:
            if not isinstance(line, LibraryLine):
                raise _wrong(number, "expected the beginning of a library")
            taken.append(_take(db, number, line, numbered))
        if not taken:
            raise UsageProblem("there is no library in it, so nothing was taken in; is the file whole?")
        return [libraries.record(db, row) for row in taken]


def _numbered(lines: Iterable[bytes]) -> Iterator[tuple[int, ExportLine]]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield number, _EXPORT_LINE.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                raise _wrong(number, "it is no line of an exported journal") from error


def _take(db: Database, number: int, head: LibraryLine, lines: Iterator[tuple[int, ExportLine]]) -> int:
    """Store one library, up to its end; returns its number in the file."""
    if head.format != FORMAT:
        raise _wrong(number, f"form {head.format} is not known, only {FORMAT}")
    key = LibraryKey(head.base_url, head.account, head.library_id)
    if libraries.find(db, key) is not None:
        raise UsageProblem(
            f"library {head.name or head.library_id} is journaled already: forget it first, or name another file."
        )
    library = libraries.create(db, key, head.name, _us(head.since), to_us(head.began))
    stretch = libraries.stretch_of(db, library)
    events, body = _Events(), _Body(db, library)
    pages.add(db, stretch, events.taken(lines, body))
    if events.end is None:
        raise _wrong(number, "the library that begins here has no end; the file was cut off")
    if (events.end.events, events.end.snapshots) != (events.count, body.snapshots):
        raise _wrong(number, "the library that begins here is not whole")
    db.run("UPDATE stretch SET cursor = ? WHERE id = ?", [head.cursor, stretch])
    db.run("UPDATE library SET synced_us = ? WHERE id = ?", [_us(head.synced), library])
    return library


class _Events:
    """The events among the lines of one library."""

    def __init__(self) -> None:
        self.count = 0
        self.end: EndLine | None = None
        self._seen: set[str] = set()

    def taken(self, lines: Iterator[tuple[int, ExportLine]], body: _Body) -> Iterator[Event]:
        """The events up to the library's end; every other line goes to the body."""
        for number, line in lines:
            match line:
                case EventLine():
                    if line.cursor in self._seen:
                        raise _wrong(number, "the event was there before")
                    self._seen.add(line.cursor)
                    self.count += 1
                    yield Event(
                        line.cursor, line.entity_type, line.entity_id, line.event_type, line.created_at, line.payload
                    )
                case EndLine():
                    self.end = line
                    return
                case LibraryLine():
                    raise _wrong(number, "the library before has no end")
                case _:
                    body.store(line)


class _Body:
    """Stores the lines of one library that are no events."""

    def __init__(self, db: Database, library: int) -> None:
        self.snapshots = 0
        self._db = db
        self._library = library

    def store(self, line: BreakLine | SnapshotLine | UnreadLine) -> None:
        """Store one."""
        match line:
            case BreakLine():
                libraries.put_break(self._db, self._library, line.events, line.cursor, line.reason, to_us(line.at))
            case SnapshotLine():
                self.snapshots += 1
                reference = (line.kind, line.id)
                times = to_us(line.read_at), to_us(line.seen_at)
                snapshots.put(self._db, self._library, reference, *times, line.fields)
            case UnreadLine():
                snapshots.note(self._db, self._library, {(line.kind, line.id): line.named_us})


def _moment(us: int | None) -> datetime | None:
    return None if us is None else from_us(us)


def _us(moment: datetime | None) -> int | None:
    return None if moment is None else to_us(moment)


def _wrong(number: int, words: str) -> UsageProblem:
    return UsageProblem(f"line {number:,} cannot be taken in: {words}. Nothing was.")

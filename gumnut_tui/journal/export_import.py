"""The journal as JSON lines: exports and imports everything it holds of a library, without loss."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Annotated, Any, BinaryIO

import msgspec

from gumnut_tui.domain.errors import RefusedAddress, UsageProblem
from gumnut_tui.domain.models import LEAST_US, MOST_US, NULL, Event, from_us, to_us
from gumnut_tui.formatting.interchange import json_line
from gumnut_tui.journal import libraries, pages, snapshots
from gumnut_tui.journal.database import Database
from gumnut_tui.journal.records import LibraryKey, LibraryRecord

FORMAT = 1
"""The format of the lines; no other is read."""
MOST_LINE_BYTES = 64_000_000
"""A longer line is not ours: the service's answers are smaller."""

EARLIEST_US = to_us(datetime(2, 1, 1))
LATEST_US = to_us(datetime(9998, 12, 31))
"""The range of our own times, which are times in every zone."""

# The file may come from anyone: types and sizes are bounded; text is escaped when it is shown.
Text = Annotated[str, msgspec.Meta(max_length=10_000, pattern=r"^[^\x00]*$")]
Name = Annotated[str, msgspec.Meta(max_length=2_000, pattern=r"^[^\x00]*$")]
Read = Annotated[str, msgspec.Meta(max_length=65_536)]
"""A text of an event: what may come out of the feed may go into the file and come back."""
Long = Annotated[str, msgspec.Meta(max_length=65_536, pattern=r"^[^\x00]*$")]
"""A cursor, or the name of a library."""
Key = Annotated[str, msgspec.Meta(max_length=300, pattern=r"^(?!\.{1,2}$)[^\x00-\x20\x7f/\\]*$")]
"""An id of a user or a library, as used in addresses."""
Kind = Annotated[str, msgspec.Meta(max_length=100, pattern=r"^[a-z_]+$")]
Count = Annotated[int, msgspec.Meta(ge=0, le=1 << 53)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class LibraryLine(msgspec.Struct, frozen=True, tag="library", tag_field="record"):
    """The start of a library. One field for each member of the line."""

    format: int
    base_url: Name
    account: Key
    library_id: Key
    name: Long
    since: Moment | None
    began: Moment
    synced: Moment | None
    cursor: Long | None


class EventLine(msgspec.Struct, frozen=True, tag="event", tag_field="record"):
    """An event, in feed order."""

    cursor: Long
    entity_type: Read
    entity_id: Read
    event_type: Read
    created_at: Moment
    payload: msgspec.Raw = NULL
    raw: str | msgspec.UnsetType = msgspec.UNSET
    """Its JSON where the service does not write it as the API does."""


class BreakLine(msgspec.Struct, frozen=True, tag="break", tag_field="record"):
    """A cursor that the server refused."""

    at: Moment
    events: Count
    cursor: Long | None
    reason: Text


class SnapshotLine(msgspec.Struct, frozen=True, tag="snapshot", tag_field="record"):
    """An entity as it was; without fields it did not exist."""

    kind: Kind
    id: Name
    read_at: Moment
    seen_at: Moment
    fields: dict[str, Any] | None


class UnreadLine(msgspec.Struct, frozen=True, tag="unread", tag_field="record"):
    """An entity that is still to be read."""

    kind: Kind
    id: Name
    named_us: Annotated[int, msgspec.Meta(ge=LEAST_US, le=MOST_US)]


class EndLine(msgspec.Struct, frozen=True, tag="end", tag_field="record"):
    """The end of a library, with the number of its lines."""

    events: Count
    snapshots: Count


ExportLine = LibraryLine | EventLine | BreakLine | SnapshotLine | UnreadLine | EndLine

_EXPORT_LINE = msgspec.json.Decoder(ExportLine)


def export(db: Database, library: LibraryRecord, sink: Callable[[bytes], object]) -> None:
    """Pass each line of a library, with its line break, to the sink."""
    with db.snapshot():
        for line in _lines(db, libraries.record(db, library.row)):
            sink(msgspec.json.encode(line) + b"\n")


def _lines(db: Database, library: LibraryRecord) -> Iterator[ExportLine]:
    stretch = libraries.stretch_of(db, library.row)
    # While the feed is read again, the record has the cursor of that read; the events exported are the earlier ones.
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
    for event, raw in pages.stored(db, stretch):
        yield EventLine(
            event.cursor,
            event.entity_type,
            event.entity_id,
            event.event_type,
            event.created_at,
            event.payload,
            raw.decode() or msgspec.UNSET,
        )
    count = 0
    for snapshot in snapshots.every(db, library.row):
        count += 1
        yield SnapshotLine(snapshot.kind, snapshot.id, snapshot.read_at, snapshot.seen_at, snapshot.fields)
    for kind, entity_id, named_us in snapshots.every_unread(db, library.row):
        yield UnreadLine(kind, entity_id, named_us)
    yield EndLine(library.events, count)


def lines_of(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file, each at most one byte longer than allowed."""
    return iter(lambda: file.readline(MOST_LINE_BYTES + 1), b"")


def import_(db: Database, lines: Iterable[bytes], check_address: Callable[[str], str]) -> list[LibraryRecord]:
    """Import what `export` wrote: all of it, or nothing when it raises.

    `check_address` gives an address as it is to be kept, or raises `RefusedAddress` for a server to which no key may be
    sent; such a library is not imported.
    Raises `UsageProblem` with the line number for a line of another format, for a library that is incomplete or in the
    journal already, and when there is none.
    """
    with db.transaction():
        taken, numbered = list[int](), _numbered(lines)
        for number, line in numbered:
            if not isinstance(line, LibraryLine):
                raise _wrong(number, "expected the start of a library")
            try:
                line = msgspec.structs.replace(line, base_url=check_address(line.base_url))
            except RefusedAddress as refused:
                raise _wrong(number, f"its server is refused: {refused}") from refused
            taken.append(_take(db, number, line, numbered))
        if not taken:
            raise UsageProblem("it contains no library, so nothing was imported; is the file complete?")
        return [libraries.record(db, row) for row in taken]


def _numbered(lines: Iterable[bytes]) -> Iterator[tuple[int, ExportLine]]:
    for number, line in enumerate(lines, 1):
        if len(line) > MOST_LINE_BYTES:
            raise _wrong(number, "it is too long")
        if line.strip():
            try:
                yield number, _EXPORT_LINE.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                raise _wrong(number, "it is not a line of an exported journal") from error


def _take(db: Database, number: int, head: LibraryLine, lines: Iterator[tuple[int, ExportLine]]) -> int:
    """Store one library, up to its end; returns its row id."""
    if head.format != FORMAT:
        raise _wrong(number, f"format {head.format} is unknown; expected {FORMAT}")
    key = LibraryKey(head.base_url, head.account, head.library_id)
    if libraries.find(db, key) is not None:
        raise UsageProblem(
            f"library {head.name or head.library_id} is in the journal already: forget it first, or name another file."
        )
    since_us = None if head.since is None else _us(number, head.since)
    synced_us = None if head.synced is None else _us(number, head.synced)
    library = libraries.create(db, key, head.name, since_us, _us(number, head.began))
    stretch = libraries.stretch_of(db, library)
    events, body = _Events(), _Body(db, library)
    pages.add(db, stretch, events.taken(lines, body), events.as_written)
    if events.end is None:
        raise _wrong(number, "the library that starts here has no end; the file was cut off")
    if (events.end.events, events.end.snapshots) != (events.count, body.snapshots):
        raise _wrong(number, "the library that starts here is incomplete")
    db.run("UPDATE stretch SET cursor = ? WHERE id = ?", [head.cursor, stretch])
    db.run("UPDATE library SET synced_us = ? WHERE id = ?", [synced_us, library])
    return library


class _Events:
    """The events among the lines of one library."""

    def __init__(self) -> None:
        self.count = 0
        self.end: EndLine | None = None
        self.as_written: dict[str, bytes] = {}
        """The JSON of those the service does not write as the API does, by cursor."""
        self._seen: set[str] = set()

    def taken(self, lines: Iterator[tuple[int, ExportLine]], body: _Body) -> Iterator[Event]:
        """The events up to the library's end; all other lines go to the body."""
        for number, line in lines:
            match line:
                case EventLine():
                    if line.cursor in self._seen:
                        raise _wrong(number, "the event is a duplicate")
                    self._seen.add(line.cursor)
                    self.count += 1
                    _us(number, line.created_at, LEAST_US, MOST_US)
                    if line.raw is not msgspec.UNSET:
                        self.as_written[line.cursor] = _one_line(number, line.raw)
                    yield Event(
                        line.cursor, line.entity_type, line.entity_id, line.event_type, line.created_at, line.payload
                    )
                case EndLine():
                    self.end = line
                    return
                case LibraryLine():
                    raise _wrong(number, "the previous library has no end")
                case _:
                    body.store(number, line)


class _Body:
    """Stores the lines of one library that are not events."""

    def __init__(self, db: Database, library: int) -> None:
        self.snapshots = 0
        self._db = db
        self._library = library

    def store(self, number: int, line: BreakLine | SnapshotLine | UnreadLine) -> None:
        """Store the line with this number."""
        match line:
            case BreakLine():
                at_us = _us(number, line.at)
                libraries.put_break(self._db, self._library, line.events, line.cursor, line.reason, at_us)
            case SnapshotLine():
                self.snapshots += 1
                times = (_us(number, line.read_at), _us(number, line.seen_at))
                try:
                    snapshots.put(self._db, self._library, (line.kind, line.id), *times, line.fields)
                except (OverflowError, RecursionError, UnicodeEncodeError) as error:
                    raise _wrong(number, "it has a value that cannot be stored") from error
            case UnreadLine():
                snapshots.note(self._db, self._library, {(line.kind, line.id): line.named_us})


def _moment(us: int | None) -> datetime | None:
    return None if us is None else from_us(us)


def _one_line(number: int, raw: str) -> bytes:
    """The JSON of an event, which is all that is printed of it."""
    text = raw.encode()
    try:
        msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, RecursionError) as error:
        raise _wrong(number, "it has JSON of an event that is none") from error
    return json_line(text, for_terminal=False)


def _us(number: int, moment: datetime, earliest: int = EARLIEST_US, latest: int = LATEST_US) -> int:
    """The time of a line in µs. An event may have any of the calendar, as it may in the feed."""
    us = to_us(moment)
    if not earliest <= us <= latest:
        raise _wrong(number, "it has a time that is out of range")
    return us


def _wrong(number: int, words: str) -> UsageProblem:
    return UsageProblem(f"line {number:,} cannot be imported: {words}. Nothing was imported.")

"""The events of a library on disk: pages of packed events, each stored together with its cursor."""

from __future__ import annotations

import zlib
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, repeat
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from gumnut_tui.domain.cursors import CursorSet
from gumnut_tui.domain.errors import JournalBusy, JournalDamaged
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Event, EventPage
from gumnut_tui.formatting.interchange import json_line
from gumnut_tui.journal import libraries
from gumnut_tui.journal.database import Database, Row
from gumnut_tui.journal.records import Appended, LibraryRecord
from gumnut_tui.store.pack_search import PackSearch
from gumnut_tui.store.packed import MOST_PACKED, Packed, joined, pack, pack_kinds, unpack_kinds


class KnownCursors:
    """Cursors of the pages that were loaded from the stretch written last.

    Only stored pages count: one that was rolled back must not make its events known.
    """

    def __init__(self) -> None:
        self._stretch: int | None = None
        self._cursors = CursorSet()
        self._counts: dict[int, int] = {}
        """The number of a page's first event -> how many events it had when loaded."""
        self.whole = range(0)
        """Numbers of events that are all in here, on pages side by side that will not grow."""
        self._end = 0
        """Where the page ends that was looked into behind them; it may grow."""

    def turn_to(self, stretch: int, events: int) -> None:
        """Switch to a stretch with that many events; an empty one may reuse an old row id."""
        if stretch != self._stretch or not events:
            self._stretch, self._cursors, self._counts = stretch, CursorSet(), {}
            self.whole, self._end = range(0), 0

    def has(self, first: int, count: int) -> bool:
        """Whether the page was loaded and has not grown since."""
        return self._counts.get(first) == count

    def add(self, first: int, count: int, cursors: Iterable[str]) -> None:
        """Add a loaded page."""
        self._counts[first] = count
        is_beside = self.whole.stop <= first <= self._end
        self.whole, self._end = range(self.whole.start if is_beside else first, first), first + count
        self._cursors.add_all(list(cursors))

    def __contains__(self, cursor: str) -> bool:
        return cursor in self._cursors


_COLUMNS = "times, codes, kinds, ends, texts"
_STORED = f"first, {_COLUMNS}, raw"
MOST_RAW_BYTES = 64_000_000
"""Bytes of JSON kept beside a page; no answer of the service is as large."""

AsWritten = Mapping[str, bytes]
"""The JSON of those events, by cursor, that the service does not write as the API does."""


class StoredPage(NamedTuple):
    """A page as it lies in the file."""

    first: int
    """The number of its first event."""
    packed: Packed
    raw: Sequence[bytes]
    """The JSON of each event that the service does not write as the API does, nothing for any other; empty without."""


def append(
    db: Database, library: LibraryRecord, page: EventPage, now_us: int, known: KnownCursors | None = None
) -> Appended:
    """Store a page with its cursor; events that the journal has are left out.

    `library` is the record whose cursor the page was read after; pass the same `known` with each page. Raises
    `JournalBusy` when another process has advanced the library meanwhile. Part of a transaction.
    """
    found = db.one("SELECT stretch, rereading FROM library WHERE id = ?", [library.row])
    stretch = found[0] if found[1] is None else found[1]
    cursor, count = db.one("SELECT cursor, events FROM stretch WHERE id = ?", [stretch])
    if cursor != library.cursor or (found[1] is None) != (library.reread is None):
        raise JournalBusy(f"{db.name} was written by another process meanwhile.")
    known = KnownCursors() if known is None else known
    known.turn_to(stretch, count)
    gained = _unknown(db, stretch, page.events, known)
    _add(db, stretch, count, gained, _as_written(page))
    db.run("UPDATE stretch SET cursor = ? WHERE id = ?", [page.next_cursor, stretch])
    if found[1] is not None:
        # A second read counts once it is complete: only then is it known what is new.
        gained = [] if page.has_more else _replace(db, library.row, old=found[0], new=stretch)
    if not page.has_more:
        db.run("UPDATE library SET synced_us = ? WHERE id = ?", [now_us, library.row])
    return Appended(tuple(gained), libraries.record(db, library.row))


def _as_written(page: EventPage) -> AsWritten:
    return {
        event.cursor: json_line(raw, for_terminal=False)
        for event, raw in zip(page.events, page.raw, strict=bool(page.raw))
        if raw != msgspec.json.encode(event)
    }


def add(db: Database, stretch: int, events: Iterable[Event], as_written: AsWritten = MappingProxyType({})) -> None:
    """Put events behind the last one of a stretch, in as many pages as they need; part of a transaction.

    `as_written` may grow while events are taken.
    """
    (count,) = db.one("SELECT events FROM stretch WHERE id = ?", [stretch])
    coming = iter(events)
    while batch := list(islice(coming, MOST_PACKED)):
        _add(db, stretch, count, batch, as_written)
        count += len(batch)


def _add(db: Database, stretch: int, count: int, events: Sequence[Event], as_written: AsWritten) -> None:
    """Put events behind the `count` that the stretch holds."""
    for start in range(0, len(events), MOST_PACKED):
        part = events[start : start + MOST_PACKED]
        page = StoredPage(count + start, pack(part), [as_written.get(event.cursor, b"") for event in part])
        last = (
            db.first(f"SELECT id, {_STORED} FROM page WHERE stretch = ? ORDER BY first DESC LIMIT 1", [stretch])
            if len(part) < MOST_PACKED // 2
            else None
        )
        if last is not None and len(last[3]) + len(part) <= MOST_PACKED:
            # A live feed comes in pages of a few events; they share a row.
            page = _joined(_stored(db, last[1:]), page)
            db.run("DELETE FROM page WHERE id = ?", [last[0]])
        _insert(db, stretch, page)
    if events:
        db.run("UPDATE stretch SET events = ? WHERE id = ?", [count + len(events), stretch])


def _joined(one: StoredPage, other: StoredPage) -> StoredPage:
    raw = [*(one.raw or [b""] * len(one.packed)), *(other.raw or [b""] * len(other.packed))]
    return StoredPage(one.first, joined(one.packed, other.packed), raw)


def _insert(db: Database, stretch: int, page: StoredPage) -> None:
    packed, times = page.packed, page.packed.times_us()
    db.run(
        f"INSERT INTO page (stretch, count, first_us, last_us, {_STORED}) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        [
            stretch,
            len(packed),
            min(times),
            max(times),
            page.first,
            packed.times,
            packed.codes,
            pack_kinds(packed.kinds),
            packed.ends,
            packed.texts,
            zlib.compress(b"\n".join(page.raw)) if any(page.raw) else None,
        ],
    )


def _unknown(db: Database, stretch: int, events: Sequence[Event], known: KnownCursors) -> list[Event]:
    """The events that the stretch does not have, each once. A repeated event has the same time."""
    if not events:
        return []
    times = sorted(event.created_at_us for event in events)
    overlapping = db.rows(
        "SELECT first_us, last_us, first, count FROM page WHERE stretch = ? AND last_us >= ? AND first_us <= ? "
        "AND (first < ? OR first >= ?)",
        [stretch, times[0], times[-1], known.whole.start, known.whole.stop],
    )
    for first_us, last_us, first, count in overlapping:
        at = bisect_left(times, first_us)
        if at < len(times) and times[at] <= last_us and not known.has(first, count):
            row = db.one(f"SELECT {_STORED} FROM page WHERE stretch = ? AND first = ?", [stretch, first])
            known.add(first, count, _stored(db, row).packed.cursors())
    given: set[str] = set()
    fresh = []
    for event in events:
        if event.cursor not in known and event.cursor not in given:
            given.add(event.cursor)
            fresh.append(event)
    return fresh


def _replace(db: Database, library: int, *, old: int, new: int) -> list[Event]:
    """Merge the stored stretch and the one read again into one; returns the new events."""
    known = _cursors(db, old)
    again = _cursors(db, new)
    whole = libraries.new_stretch(db, library)
    as_written = {
        cursor: raw
        for stretch in (old, new)
        for page in _stored_pages(db, stretch, "raw IS NOT NULL")
        for cursor, raw in zip(page.packed.cursors(), page.raw, strict=True)
        if raw
    }
    add(db, whole, merged(every(db, old), every(db, new), known, again), as_written)
    db.run("UPDATE stretch SET cursor = (SELECT cursor FROM stretch WHERE id = ?) WHERE id = ?", [new, whole])
    db.run("UPDATE library SET stretch = ?, rereading = NULL WHERE id = ?", [whole, library])
    gained = [event for event in every(db, new) if event.cursor not in known]
    libraries.drop_stretch(db, old)
    libraries.drop_stretch(db, new)
    return gained


def _cursors(db: Database, stretch: int) -> dict[str, int]:
    """Cursor -> position of each event."""
    places: dict[str, int] = {}
    for packed in packs(db, stretch):
        for cursor in packed.cursors():
            places[cursor] = len(places)
    return places


def every(db: Database, stretch: int) -> Iterator[Event]:
    """All events of a stretch, in feed order."""
    return (event for packed in packs(db, stretch) for event in packed.all_events())


def packs(db: Database, stretch: int) -> Iterator[Packed]:
    """All pages of a stretch, in feed order."""
    return (page.packed for page in _stored_pages(db, stretch))


def within(db: Database, stretch: int, from_us: int, to_us: int) -> Iterator[Packed]:
    """The pages with events of a time from the first up to the second, in µs, in feed order."""
    return (page.packed for page in _stored_pages(db, stretch, f"last_us >= {from_us:d} AND first_us <= {to_us:d}"))


def stored(db: Database, stretch: int) -> Iterator[tuple[Event, bytes]]:
    """All events of a stretch in feed order, each with its JSON where the service does not write it as the API does."""
    for page in _stored_pages(db, stretch):
        yield from zip(page.packed.all_events(), page.raw or repeat(b""), strict=False)


def _stored_pages(db: Database, stretch: int, condition: str = "TRUE") -> Iterator[StoredPage]:
    question = f"SELECT {_STORED} FROM page WHERE stretch = ? AND {condition} ORDER BY first"
    return (_stored(db, row) for row in db.each(question, [stretch]))


def numbered(db: Database, stretch: int) -> Iterator[tuple[int, int, Packed | None]]:
    """Every page of a stretch with the number of its first event and its count, in feed order; None: it is damaged."""
    question = f"SELECT count, {_STORED} FROM page WHERE stretch = ? ORDER BY first"
    for count, *row in db.each(question, [stretch]):
        page = _readable(tuple(row))
        yield row[0], count, None if page is None else page.packed


def _stored(db: Database, row: Row) -> StoredPage:
    page = _readable(row)
    if page is None:
        raise JournalDamaged(f"there is damage in {db.name}: a page of events cannot be read.")
    return page


def _readable(row: Row) -> StoredPage | None:
    first, times, codes, kinds, ends, texts, raw = row
    try:
        packed = Packed(times, codes, unpack_kinds(kinds), ends, texts)
        packed.check()
        lines = [] if raw is None else _unpacked(raw).split(b"\n")
    except (ValueError, OverflowError, TypeError, zlib.error):
        return None
    return StoredPage(first, packed, lines) if len(lines) in (0, len(packed)) else None


def _unpacked(raw: bytes) -> bytes:
    """What was compressed; raises `ValueError` for more than a page can hold: somebody may have sent the file."""
    unpacking = zlib.decompressobj()
    lines = unpacking.decompress(raw, MOST_RAW_BYTES)
    if not unpacking.eof:
        raise ValueError("more than a page of JSON")
    return lines


def window(db: Database, stretch: int, start: int, stop: int) -> list[Event]:
    """The events with numbers from `start` up to `stop` in feed order, counted from 0."""
    found = db.rows(
        f"SELECT {_STORED} FROM page WHERE stretch = ? AND first < ? AND first >= ? ORDER BY first",
        [stretch, stop, start - MOST_PACKED],
    )
    pages = [_stored(db, row) for row in found]
    return [
        event for page in pages for event in page.packed.events(max(0, start - page.first), max(0, stop - page.first))
    ]


def newest(db: Database, library: int, count: int) -> list[Event]:
    """The last `count` events, in feed order."""
    with db.snapshot():
        known = libraries.record(db, library)
        return window(db, known.stretch, max(0, known.events - count), known.events)


def chunk(db: Database, stretch: int, stop: int, pages: int) -> list[Packed]:
    """Up to `pages` pages that end before event number `stop`, in feed order."""
    found = db.rows(
        f"SELECT {_STORED} FROM page WHERE stretch = ? AND first < ? ORDER BY first DESC LIMIT ?",
        [stretch, stop, pages],
    )
    return [_up_to(stop, _stored(db, row)).packed for row in reversed(found)]


def _up_to(stop: int, page: StoredPage) -> StoredPage:
    """The page without the events from this number on."""
    count = stop - page.first
    if count >= len(page.packed):
        return page
    return StoredPage(page.first, pack(page.packed.events(0, count)), page.raw[:count])


class Part(NamedTuple):
    """Pages of a stretch that lie side by side, looked through for events."""

    events: list[Event]
    """Those that pass, in the order asked for."""
    raw: list[bytes]
    """The JSON of each that the service does not write as the API does, nothing for any other; empty without."""
    read: int
    """Events looked at."""
    at: int | None
    """Where to go on; None at the end."""
    last_us: int | None
    """The time of the event looked at last, in µs."""


@dataclass(frozen=True)
class Reading:
    """A reading of a stretch, from its first event to number `end` or back, that passes over whole pages by time."""

    stretch: int
    end: int
    wanted: EventFilter
    newest_first: bool = False

    def part(self, db: Database, search: PackSearch, at: int | None, pages: int) -> Part:
        """Up to so many pages from number `at` on, None at first; from there back with `newest_first`."""
        found = [_up_to(self.end, _stored(db, row)) for row in db.rows(*self._question(at, pages))]
        events, raw, read, last_us = list[Event](), list[bytes](), 0, None
        for page in found:
            packed, rows = page.packed, search.rows(page.packed)
            read += len(packed)
            last_us = packed.times_us()[0 if self.newest_first else -1]
            if page.raw and not raw:
                raw = [b""] * len(events)
            some = list(packed.all_events()) if len(rows) == len(packed) else packed.events_at(rows)
            if self.newest_first:
                rows = rows[::-1]
                some.reverse()
            events += some
            if raw or page.raw:
                raw += [page.raw[row] for row in rows] if page.raw else [b""] * len(rows)
        if not found:
            self._check_there(db)
        return Part(events, raw, read, self._next(found) if len(found) == pages else None, last_us)

    def _question(self, at: int | None, pages: int) -> tuple[str, list[int]]:
        conditions, values = ["stretch = ?", "first < ?"], [self.stretch, self.end]
        if at is not None:
            conditions.append("first < ?" if self.newest_first else "first >= ?")
            values.append(at)
        if self.wanted.since_us is not None:
            conditions.append("last_us >= ?")
            values.append(self.wanted.since_us)
        if self.wanted.until_us is not None:
            conditions.append("first_us < ?")
            values.append(self.wanted.until_us)
        order = "DESC" if self.newest_first else "ASC"
        question = f"SELECT {_STORED} FROM page WHERE {' AND '.join(conditions)} ORDER BY first {order} LIMIT ?"
        return question, [*values, pages]

    def _next(self, pages: Sequence[StoredPage]) -> int:
        return pages[-1].first + (0 if self.newest_first else len(pages[-1].packed))

    def _check_there(self, db: Database) -> None:
        """Raise `JournalBusy` when the feed was read again meanwhile, and another stretch has taken its place."""
        if db.first("SELECT 1 FROM stretch WHERE id = ?", [self.stretch]) is None:
            raise JournalBusy(f"{db.name} was written by another process meanwhile; try again.")


def merged(
    old: Iterable[Event], new: Iterable[Event], places: Mapping[str, int], again: Collection[str]
) -> Iterator[Event]:
    """Each event once, in the order of the new read; an event that only the old one had stays after its predecessor.

    `places` maps the cursor of each old event to its position, in order; `again` has the cursors of the new ones.
    """
    left = _Left(old, [cursor not in again for cursor in places])
    yield from left.lost()
    for event in new:
        place = places.get(event.cursor, -1)
        yield from left.lost(place - 1)
        yield event
        yield from left.lost(place)


class _Left:
    """The old events not passed yet; those that the new read has too are skipped."""

    def __init__(self, events: Iterable[Event], is_lost: list[bool]) -> None:
        self._events = iter(events)
        self._is_lost = is_lost
        self._passed = 0

    def lost(self, place: int = -1) -> Iterator[Event]:
        """Advance to a position and past the dropped events after it; returns those."""
        while self._passed < len(self._is_lost) and (self._passed <= place or self._is_lost[self._passed]):
            event, is_lost = next(self._events), self._is_lost[self._passed]
            self._passed += 1
            if is_lost:
                yield event

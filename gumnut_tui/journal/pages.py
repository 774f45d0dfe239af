"""The events of a library on disk: pages of packed events, each stored together with its cursor."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from gumnut_tui.domain.cursors import CursorSet
from gumnut_tui.domain.errors import JournalBusy, JournalDamaged
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Event, EventPage, operation_of
from gumnut_tui.journal import libraries
from gumnut_tui.journal.database import Database, Row
from gumnut_tui.journal.records import Appended, LibraryRecord
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
        for cursor in cursors:
            self._cursors.add(cursor)

    def __contains__(self, cursor: str) -> bool:
        return cursor in self._cursors


_COLUMNS = "times, codes, kinds, ends, texts"


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
    _add(db, stretch, count, gained)
    db.run("UPDATE stretch SET cursor = ? WHERE id = ?", [page.next_cursor, stretch])
    if found[1] is not None:
        # A second read counts once it is complete: only then is it known what is new.
        gained = [] if page.has_more else _replace(db, library.row, old=found[0], new=stretch)
    if not page.has_more:
        db.run("UPDATE library SET synced_us = ? WHERE id = ?", [now_us, library.row])
    return Appended(tuple(gained), libraries.record(db, library.row))


def add(db: Database, stretch: int, events: Iterable[Event]) -> None:
    """Append events to a stretch, in as many pages as they need; part of a transaction."""
    (count,) = db.one("SELECT events FROM stretch WHERE id = ?", [stretch])
    coming = iter(events)
    while batch := list(islice(coming, MOST_PACKED)):
        _add(db, stretch, count, batch)
        count += len(batch)


def _add(db: Database, stretch: int, count: int, events: Sequence[Event]) -> None:
    """Append events after the `count` that the stretch has."""
    for start in range(0, len(events), MOST_PACKED):
        part = pack(events[start : start + MOST_PACKED])
        last = (
            db.first(f"SELECT id, {_COLUMNS} FROM page WHERE stretch = ? ORDER BY first DESC LIMIT 1", [stretch])
            if len(part) < MOST_PACKED // 2
            else None
        )
        if last is not None and len(last[2]) + len(part) <= MOST_PACKED:
            # A live feed comes in small pages; they share a row.
            whole = joined(_packed(db, last[1:]), part)
            db.run("DELETE FROM page WHERE id = ?", [last[0]])
            _insert(db, stretch, count + start - len(whole) + len(part), whole)
        else:
            _insert(db, stretch, count + start, part)
    if events:
        db.run("UPDATE stretch SET events = ? WHERE id = ?", [count + len(events), stretch])


def _insert(db: Database, stretch: int, first: int, packed: Packed) -> None:
    times = packed.times_us()
    db.run(
        f"INSERT INTO page (stretch, first, count, first_us, last_us, {_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?)",
        [
            stretch,
            first,
            len(packed),
            min(times),
            max(times),
            packed.times,
            packed.codes,
            pack_kinds(packed.kinds),
            packed.ends,
            packed.texts,
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
            row = db.one(f"SELECT {_COLUMNS} FROM page WHERE stretch = ? AND first = ?", [stretch, first])
            known.add(first, count, _packed(db, row).cursors())
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
    add(db, whole, merged(every(db, old), every(db, new), known, again))
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
    question = f"SELECT {_COLUMNS} FROM page WHERE stretch = ? ORDER BY first"
    return (_packed(db, row) for row in db.each(question, [stretch]))


def numbered(db: Database, stretch: int) -> Iterator[tuple[int, int, Packed | None]]:
    """Every page of a stretch with the number of its first event and its count, in feed order; None if damaged."""
    question = f"SELECT first, count, {_COLUMNS} FROM page WHERE stretch = ? ORDER BY first"
    return ((first, count, _readable(tuple(row))) for first, count, *row in db.each(question, [stretch]))


def _packed(db: Database, row: Row) -> Packed:
    packed = _readable(row)
    if packed is None:
        raise JournalDamaged(f"there is damage in {db.name}: a page of events cannot be read.")
    return packed


def _readable(row: Row) -> Packed | None:
    times, codes, kinds, ends, texts = row
    try:
        packed = Packed(times, codes, unpack_kinds(kinds), ends, texts)
        packed.check()
    except (ValueError, OverflowError):
        return None
    return packed


def window(db: Database, stretch: int, start: int, stop: int) -> list[Event]:
    """The events with numbers from `start` up to `stop` in feed order, counted from 0."""
    found = db.rows(
        f"SELECT first, {_COLUMNS} FROM page WHERE stretch = ? AND first < ? AND first >= ? ORDER BY first",
        [stretch, stop, start - MOST_PACKED],
    )
    return [
        event
        for first, *row in found
        for event in _packed(db, tuple(row)).events(max(0, start - first), max(0, stop - first))
    ]


def newest(db: Database, library: int, count: int) -> list[Event]:
    """The last `count` events, in feed order."""
    with db.snapshot():
        known = libraries.record(db, library)
        return window(db, known.stretch, max(0, known.events - count), known.events)


def chunk(db: Database, stretch: int, stop: int, pages: int) -> list[Packed]:
    """Up to `pages` pages that end before event number `stop`, in feed order."""
    found = db.rows(
        f"SELECT first, {_COLUMNS} FROM page WHERE stretch = ? AND first < ? ORDER BY first DESC LIMIT ?",
        [stretch, stop, pages],
    )
    packed = [_packed(db, tuple(row)) for _, *row in reversed(found)]
    if not found:
        return []
    over = found[0][0] + len(packed[-1]) - stop
    if over > 0:
        packed[-1] = pack(packed[-1].events(0, len(packed[-1]) - over))
    return packed


def matching(db: Database, library: int, wanted: EventFilter) -> list[Event]:
    """The events that match the filter, in feed order; text is searched in ids, types and payloads only."""
    conditions, values = ["stretch = ?"], [libraries.stretch_of(db, library)]
    if wanted.since_us is not None:
        conditions.append("last_us >= ?")
        values.append(wanted.since_us)
    if wanted.until_us is not None:
        conditions.append("first_us < ?")
        values.append(wanted.until_us)
    question = f"SELECT {_COLUMNS} FROM page WHERE {' AND '.join(conditions)} ORDER BY first"
    return [event for row in db.each(question, values) for event in _matching(_packed(db, row), wanted)]


def _matching(packed: Packed, wanted: EventFilter) -> Iterator[Event]:
    accepted = bytes(wanted.accepts_type(*kind, operation_of(kind[1])) for kind in packed.kinds)
    if 1 not in accepted:
        return
    for row, code in enumerate(packed.codes):
        if accepted[code] and wanted.matches(event := packed.event(row)):
            yield event


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

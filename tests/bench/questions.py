"""The store at a million rows: its size, and its answers beside those of SQLite in memory."""

from __future__ import annotations

import gc
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Iterable
from functools import cache, partial
from itertools import count
from types import FunctionType, ModuleType

from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import DESTRUCTIVE, Operation, to_us
from gumnut_tui.store.event_store import View
from tests.bench.data import DAYS, MILLION, NOW, filled_store, make_feed
from tests.bench.measure import Figure, Group, ms_of

GROUP = Group()

DAY = 86_400_000_000
NOW_US = to_us(NOW)
LAST_MONTH = NOW_US - 30 * DAY
QUESTIONS = {
    "photos": EventFilter(entity_types=frozenset({"asset"})),
    "destructive": EventFilter(operations=DESTRUCTIVE),
    "last month": EventFilter(since_us=LAST_MONTH),
    "last month's faces": EventFilter(entity_types=frozenset({"face"}), since_us=LAST_MONTH),
    "last month's losses": EventFilter(operations=DESTRUCTIVE, since_us=LAST_MONTH),
}
BARS = 140
TEXT = "xyz"


@GROUP.benchmark(at_most=130)
def bytes_per_event() -> Figure:
    """Bytes of everything a store of a million events holds, with an open and a filtered view, their counts asked."""
    store = filled_store(MILLION)
    views = [store.view(EventFilter()), store.view(QUESTIONS["last month's faces"])]
    for view in views:
        view.type_counts()
        _histogram(view)
    size = size_of([store, views])
    return Figure(size / MILLION, f"{size / 1e6:.1f} MB")


@GROUP.benchmark(at_most=0.2)
def filter_1m_vs_sqlite() -> Figure:
    """Time for five questions, types, operations, range and both, over SQLite's for the same rows in feed order."""
    store = filled_store(MILLION)
    ours = {name: ms_of(partial(store.view, wanted)) for name, wanted in QUESTIONS.items()}
    theirs = {name: _sqlite_ms(wanted) for name, wanted in QUESTIONS.items()}
    each = ", ".join(f"{name} {ours[name]:.1f}/{theirs[name]:.1f}" for name in QUESTIONS)
    return Figure(sum(ours.values()) / sum(theirs.values()), f"ms: {each}")


@GROUP.benchmark(at_most=0.1)
def histogram_1m_vs_sqlite() -> Figure:
    """Time for events by operation in 140 parts of the feed's range, over SQLite's GROUP BY on a covering index."""
    view = filled_store(MILLION).view(EventFilter())
    earlier = count(1)
    # Asked for the same bars again it only counts what came since, so each time they are others.
    ours = ms_of(lambda: _histogram(view, next(earlier)))
    since = NOW_US - DAYS * DAY
    query = (
        "SELECT (ts - ?) * ? / ? AS bar, event_type, count(*) FROM event WHERE ts >= ? AND ts < ? "
        "GROUP BY bar, event_type"
    )
    theirs = ms_of(lambda: _ask(query, [since, BARS, DAYS * DAY, since, NOW_US]), repeat=3)
    return Figure(ours / theirs, f"{ours:.1f} / {theirs:.1f} ms")


@GROUP.benchmark()
def search_1m_vs_sqlite() -> Figure:
    """Time for a text in ids and payloads, upper and lower case alike, over SQLite's LIKE; nobody has an index."""
    store = filled_store(MILLION)
    ours = ms_of(lambda: store.view(EventFilter(text=TEXT)), repeat=5)
    like = f"%{TEXT}%"
    query = "SELECT seq FROM event WHERE entity_id LIKE ? OR cursor LIKE ? OR payload LIKE ? ORDER BY seq"
    theirs = ms_of(lambda: _ask(query, [like] * 3), repeat=3)
    return Figure(ours / theirs, f"{ours:.1f} / {theirs:.1f} ms")


def _histogram(view: View, earlier_us: int = 0) -> object:
    return view.histogram(NOW_US - DAYS * DAY - earlier_us, NOW_US, BARS)


def _ask(query: str, values: list[object]) -> list[tuple[object, ...]]:
    return _database().execute(query, values).fetchall()


def _sqlite_ms(wanted: EventFilter) -> float:
    """The quicker of two ways: SQLite sorts, or gives rows in the order of the index and we sort them."""
    query, values = _query(wanted)
    sorted_there = ms_of(lambda: _ask(f"{query} ORDER BY seq", values), repeat=3)
    sorted_here = ms_of(lambda: sorted(_ask(query, values)), repeat=3)
    return min(sorted_there, sorted_here)


def _query(wanted: EventFilter) -> tuple[str, list[object]]:
    conditions, values = list[str](), list[object]()
    if wanted.entity_types is not None:
        conditions.append("entity_type IN (SELECT number FROM word WHERE text = ?)")
        values += wanted.entity_types
    if wanted.operations is not None:
        likes = " OR ".join(["text LIKE ? ESCAPE '!'"] * len(wanted.operations))
        conditions.append(f"event_type IN (SELECT number FROM word WHERE {likes})")
        values += (f"%!_{operation.value.replace('_', '!_')}" for operation in wanted.operations)
    if wanted.since_us is not None:
        conditions.append("ts >= ?")
        values.append(wanted.since_us)
    return f"SELECT seq FROM event WHERE {' AND '.join(conditions)}", values


@cache
def _database() -> sqlite3.Connection:
    """The same events in one table, types as numbers, and an index that covers each question."""
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE TABLE event (seq INTEGER PRIMARY KEY, cursor TEXT, ts INTEGER, entity_type INTEGER, "
        "event_type INTEGER, entity_id TEXT, payload TEXT)"
    )
    database.execute("CREATE TABLE word (number INTEGER PRIMARY KEY, text TEXT)")
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    rows = (
        (
            event.cursor,
            event.created_at_us,
            numbers[event.entity_type],
            numbers[event.event_type],
            event.entity_id,
            bytes(event.payload).decode(),
        )
        for batch in make_feed(MILLION)
        for event in batch
    )
    columns = "cursor, ts, entity_type, event_type, entity_id, payload"
    database.executemany(f"INSERT INTO event ({columns}) VALUES (?, ?, ?, ?, ?, ?)", rows)
    database.executemany("INSERT INTO word VALUES (?, ?)", [(number, text) for text, number in numbers.items()])
    for index, on in enumerate(("ts, event_type", "entity_type, ts", "event_type, ts")):
        database.execute(f"CREATE INDEX index_{index} ON event ({on})")
    database.execute("ANALYZE")
    return database


def size_of(roots: list[object], *, but: Iterable[object] = ()) -> int:
    """Bytes of all objects that can be reached, each counted once; classes, modules and functions are shared."""
    seen = set(map(id, but))
    size = 0
    while roots:
        this = roots.pop()
        if id(this) not in seen and not isinstance(this, type | ModuleType | FunctionType | Operation):
            seen.add(id(this))
            size += sys.getsizeof(this)
            roots.extend(gc.get_referents(this))
    return size

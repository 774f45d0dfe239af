"""Actions of a million events beside SQLite's gaps and groups; what they cost in bytes, and for a page that comes."""

from __future__ import annotations

import gc
import sqlite3
from functools import cache
from itertools import islice
from statistics import median
from time import perf_counter, process_time

from gumnut_tui.domain.actions import ActionRules, rule_of
from gumnut_tui.domain.models import Event
from gumnut_tui.store.actions import Actions
from gumnut_tui.store.event_store import EventStore
from tests.bench.data import MILLION, life_store, make_life
from tests.bench.measure import Figure, Group
from tests.bench.questions import size_of

GROUP = Group()

FEW = 1_000
PAGE = 200
PAGES = 40
ROUNDS = 5
SQL = """
WITH gapped AS (
  SELECT family, ts, kind, ts - lag(ts) OVER (PARTITION BY family ORDER BY ts) > pause AS is_cut
  FROM event JOIN rule USING (kind)
), numbered AS (
  SELECT family, ts, kind,
    sum(coalesce(is_cut, 1)) OVER (PARTITION BY family ORDER BY ts ROWS UNBOUNDED PRECEDING) AS number
  FROM gapped
)
SELECT family, number, min(ts), max(ts), count(*) FROM numbered GROUP BY family, number
"""
"""Families by type alone: SQLite is spared what belongs to an upload, a deletion or an album."""


@GROUP.benchmark(at_most=1 / 3)
def actions_1m_vs_sqlite() -> Figure:
    """Processor time for the actions of a million events, over SQLite's for gaps and groups of the same rows."""
    store = _store()
    _database()
    ours, theirs = list[float](), list[float]()
    for _ in range(ROUNDS):
        ours.append(_seconds(lambda: Actions(store).refresh()))
        theirs.append(_seconds(lambda: _database().execute(SQL).fetchall()))
    return Figure(median(ours) / median(theirs), f"{median(ours):.2f} / {median(theirs):.2f} s")


@GROUP.benchmark(at_most=1.5)
def actions_append_1m_vs_1k() -> Figure:
    """Processor time for a page of 200 that comes, at a million events over that at a thousand of the same feed."""
    batches = make_life(MILLION + PAGES * PAGE)
    events = [event for batch in batches for event in batch]
    costs = [_append_ms(events[MILLION - held : MILLION], events[MILLION:]) for held in (MILLION, FEW)]
    return Figure(costs[0] / costs[1], f"{costs[0]:.2f} / {costs[1]:.2f} ms")


@GROUP.benchmark(at_most=25)
def actions_bytes_per_event() -> Figure:
    """Bytes of everything that actions hold of a million events, beside the store."""
    store = _store()
    actions = Actions(store)
    actions.refresh()
    size = size_of([actions], but=[store, store.columns])
    return Figure(size / MILLION, f"{size / 1e6:.1f} MB, {len(actions):,} actions")


@GROUP.benchmark(at_most=10)
def actions_longest_step_ms() -> Figure:
    """The longest step, in ms of processor time, while a million events become actions: so long a key waits."""
    actions = Actions(_store())
    gc.collect()
    steps = list[float]()
    is_more = True
    while is_more:
        begun = process_time()
        is_more = actions.step()
        steps.append((process_time() - begun) * 1e3)
    return Figure(max(steps), f"{len(steps):,} steps, {median(steps):.2f} ms in the middle")


@cache
def _store() -> EventStore:
    return life_store(MILLION)


def _append_ms(held: list[Event], coming: list[Event]) -> float:
    store = EventStore()
    store.append(held)
    actions = Actions(store)
    actions.refresh()
    pages, times = iter(coming), list[float]()
    gc.collect()
    while page := list(islice(pages, PAGE)):
        store.append(page)
        begun = perf_counter()
        actions.refresh()
        list(actions[-FEW // 20 :])
        times.append((perf_counter() - begun) * 1e3)
    return median(times)


def _seconds(run: object) -> float:
    gc.collect()
    begun = process_time()
    run()  # type: ignore[operator]
    return process_time() - begun


@cache
def _database() -> sqlite3.Connection:
    """The same events, families by number, and an index that holds all the question needs in its order."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE event (seq INTEGER PRIMARY KEY, family INTEGER, ts INTEGER, kind INTEGER)")
    database.execute("CREATE TABLE rule (kind INTEGER PRIMARY KEY, pause INTEGER)")
    kinds, rules = dict[str, int](), ActionRules()
    rows = [
        (rule_of(event.event_type).family, event.created_at_us, kinds.setdefault(event.event_type, len(kinds)))
        for batch in make_life(MILLION)
        for event in batch
    ]
    database.executemany("INSERT INTO event (family, ts, kind) VALUES (?, ?, ?)", rows)
    pauses = [(number, rules.pause_us(rule_of(name).family)) for name, number in kinds.items()]
    database.executemany("INSERT INTO rule VALUES (?, ?)", pauses)
    database.execute("CREATE INDEX by_time ON event (family, ts, kind)")
    database.execute("ANALYZE")
    return database

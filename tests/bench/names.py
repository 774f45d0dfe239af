"""Finding a name among 150,000, and the rows of a million that it names."""

from __future__ import annotations

import sqlite3
from functools import cache, partial
from itertools import chain, islice

from gumnut_tui.domain.fields import Naming
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.search_text import folded
from gumnut_tui.store.name_index import NameIndex
from tests.bench.data import MILLION, filled_store, make_feed
from tests.bench.measure import Figure, Group, ms_of

GROUP = Group()

NAMES = 150_000
TEXTS = ("IMG_2030", "São Miguel 77", "nowhere at all")
"""A name as one types it, one with an accent, and one that nothing has."""
MANY = "sao"
"""A fifth of all names have this."""


@GROUP.benchmark(at_most=150)
def find_name_1m_ms() -> Figure:
    """Milliseconds until all rows of a million with a name are found; the slowest of several texts."""
    index, store = _index(), filled_store(MILLION)
    each = {text: ms_of(partial(_rows, index, text), repeat=5) for text in TEXTS}
    hits = {text: len(store.view(EventFilter(text=text), index.ids(text))) for text in TEXTS}
    return Figure(max(each.values()), ", ".join(f"{text} {each[text]:.0f} ms, {hits[text]:,} rows" for text in TEXTS))


@GROUP.benchmark()
def find_many_names_1m_ms() -> Figure:
    """The same for a text that a fifth of all names have."""
    index = _index()
    taken = ms_of(partial(_rows, index, MANY), repeat=3)
    return Figure(taken, f"{len(index.ids(MANY)):,} names, {_rows(index, MANY):,} rows")


@GROUP.benchmark(at_most=0.2)
def find_name_1m_vs_like() -> Figure:
    """Time to find the entities with a name, over SQLite's LIKE on the same folded names."""
    index = _index()
    ours = sum(ms_of(partial(index.ids, text), repeat=9) for text in TEXTS)
    theirs = sum(ms_of(partial(_like, folded(text)), repeat=5) for text in TEXTS)
    return Figure(ours / theirs, f"{ours:.1f} / {theirs:.1f} ms")


def _rows(index: NameIndex, text: str) -> int:
    return len(filled_store(MILLION).view(EventFilter(text=text), index.ids(text)))


def _namings() -> list[Naming]:
    """Names as cameras and people give them, of photos in the feed."""
    events = chain.from_iterable(make_feed(MILLION))
    ids = dict.fromkeys(event.entity_id for event in events if event.entity_type in ("asset", "person"))
    names = ("IMG_{:04}.HEIC", "PXL_20261102_{:09}.jpg", "São Miguel {}.jpg", "DSC{:05}.ARW", "Überraschung {}.mp4")
    return [
        Naming(entity_id, folded(names[number % len(names)].format(number % 10_000)))
        for number, entity_id in enumerate(islice(ids, NAMES))
    ]


@cache
def _index() -> NameIndex:
    index = NameIndex()
    index.add(_namings())
    return index


@cache
def _database() -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE name (id TEXT, name TEXT)")
    database.executemany("INSERT INTO name VALUES (?, ?)", ((one.entity_id, one.name) for one in _namings()))
    return database


def _like(text: str) -> int:
    return len(_database().execute("SELECT id FROM name WHERE name LIKE ?", [f"%{text}%"]).fetchall())

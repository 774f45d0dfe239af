"""Journals for tests: in memory, gone with them, and filled page by page."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Event, EventPage
from gumnut_tui.journal import libraries, pages
from gumnut_tui.journal.database import Database
from gumnut_tui.journal.records import LibraryRecord
from gumnut_tui.store.pack_search import PackSearch
from tests.journal.sources import KEY, page_of

NOW_US = 1_000


def memory_database() -> Database:
    """An empty journal without a file."""
    return Database(sqlite3.connect(":memory:", check_same_thread=False))


def begun(db: Database, **changes: str) -> LibraryRecord:
    """A library without events."""
    key = type(KEY)(**({"base_url": KEY.base_url, "account": KEY.account, "library_id": KEY.library_id} | changes))
    return libraries.begin(db, key, "Family", None, NOW_US)


def append(db: Database, library: LibraryRecord, page: EventPage) -> LibraryRecord:
    """Append a page as the journal does; returns the library afterwards."""
    with db.transaction():
        return pages.append(db, library, page, NOW_US).record


def append_all(db: Database, library: LibraryRecord, events: Sequence[Event], rows: int) -> LibraryRecord:
    """Append events `rows` at a time, the last page being the end."""
    for start in range(0, len(events), rows):
        part = events[start : start + rows]
        library = append(db, library, page_of(part, has_more=start + rows < len(events)))
    return library


def matching(db: Database, library: LibraryRecord, wanted: EventFilter, pages_at_once: int = 2) -> list[Event]:
    """The events that pass a filter, in feed order."""
    reading = pages.Reading(library.stretch, library.events, wanted)
    found, at, is_over = list[Event](), None, False
    while not is_over:
        part = reading.part(db, PackSearch(wanted), at, pages_at_once)
        found += part.events
        at, is_over = part.at, part.at is None
    return found


def stored(db: Database, library: LibraryRecord) -> list[Event]:
    """All events of the library."""
    return pages.window(db, library.stretch, 0, 10**9)

"""The journal's file: whose it is, who writes it, and what becomes of one that cannot be used."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from gumnut_tui.domain.models import Entity
from gumnut_tui.journal.database import Database
from gumnut_tui.journal.journal import Journal, open_journal
from tests.factories import NOW, make_events
from tests.journal.memory import memory_database
from tests.journal.sources import KEY, page_of


def opened(path: Path, *, write: bool = True) -> Journal:
    """The journal at the path, at the fixed time."""
    return open_journal(path, clock=lambda: NOW, write=write)


async def test_the_journal_answers_after_it_was_closed_and_opened(tmp_path: Path) -> None:
    """Events, position and snapshots are as they were."""
    events = make_events(450)
    async with opened(tmp_path / "j.db") as journal:
        library = await journal.begin(KEY, name="Family", since_us=7)
        library = (await journal.append(library, page_of(events[:200]), lambda _: {("asset", "a"): 5})).record
        library = (await journal.append(library, page_of(events[200:], has_more=False))).record
        await journal.keep(library, "asset", ["a"], {"a": Entity("asset", "a", {"id": "a"}, NOW)})
    async with opened(tmp_path / "j.db", write=False) as journal:
        assert await journal.libraries() == [library] == [await journal.find(KEY)]
        assert await journal.newest(library, 10) == events[-10:]
        packs = await journal.before(library, library.events, len(events))
        assert [event for pack in packs for event in pack.all_events()] == events
        info = await journal.info(library)
        assert (info.first_us, info.last_us) == (events[0].created_at_us, events[-1].created_at_us)
        assert (info.snapshots, info.entities, info.unread, info.breaks) == (1, 1, 0, ())
        assert [one.read_at for one in await journal.snapshots(library, "asset", "a")] == [NOW]


async def test_what_takes_long_ends_when_it_is_cancelled(tmp_path: Path) -> None:
    """Ctrl+c in a long import is not answered with its completion: it is undone, and the journal closed."""
    begun = threading.Event()

    def endless(db: Database) -> None:
        with db.transaction():
            while True:
                db.run("INSERT INTO stretch (library) VALUES (9)")
                begun.set()

    async with opened(tmp_path / "j.db") as journal:
        task = asyncio.create_task(journal.apply(endless))
        await asyncio.to_thread(begun.wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    async with opened(tmp_path / "j.db") as journal:
        assert await journal.apply(lambda db: db.rows("SELECT * FROM stretch")) == []


async def test_a_journal_can_live_in_memory() -> None:
    """For tests, and for looking at the demo without leaving anything behind."""
    async with Journal(memory_database(), clock=lambda: NOW) as journal:
        library = await journal.begin(KEY)
        await journal.append(library, page_of(make_events(3)))
        assert journal.path is None

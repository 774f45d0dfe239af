"""Who writes the journal: one process at a time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gumnut_tui.domain.errors import JournalBusy
from gumnut_tui.journal.journal import Journal, open_journal, put_aside_unless_held
from tests.factories import NOW, make_events
from tests.journal.sources import KEY, page_of


def opened(path: Path, *, write: bool = True) -> Journal:
    """The journal at the path, at the fixed time."""
    return open_journal(path, clock=lambda: NOW, write=write)


async def test_the_second_writer_says_who_holds_it_and_reads_on(tmp_path: Path) -> None:
    """One process writes; another reads what is there, and is told which process to look for."""
    async with opened(tmp_path / "j.db") as first:
        library = await first.begin(KEY)
        async with opened(tmp_path / "j.db") as second:
            assert not second.is_writable
            assert second.holder is not None
            assert (second.holder.pid, second.holder.since) == (os.getpid(), NOW)
            with pytest.raises(JournalBusy, match=rf"process {os.getpid()} on .+ since 2026-11-20 12:00:00 UTC"):
                await second.append(library, page_of(make_events(3)))
            await first.append(library, page_of(make_events(3)))
            (seen,) = await second.libraries()
            assert await second.newest(seen, 5) == make_events(3)
    async with opened(tmp_path / "j.db") as third:
        assert third.is_writable


async def test_a_reader_takes_no_lock(tmp_path: Path) -> None:
    """Reading only never keeps anyone from writing, and never writes."""
    async with opened(tmp_path / "j.db") as journal:
        await journal.begin(KEY)
    async with opened(tmp_path / "j.db", write=False) as reader, opened(tmp_path / "j.db") as writer:
        assert writer.is_writable
        with pytest.raises(JournalBusy):
            await reader.begin(KEY)


async def test_a_file_that_is_written_is_not_put_aside(tmp_path: Path) -> None:
    """Not while another process is writing it."""
    path = tmp_path / "j.db"
    async with opened(path):
        with pytest.raises(JournalBusy, match=f"process {os.getpid()}"):
            put_aside_unless_held(path, lambda: NOW)
    assert put_aside_unless_held(path, lambda: NOW).exists()
    assert not path.exists()

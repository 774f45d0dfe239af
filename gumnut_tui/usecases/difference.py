"""Compares two moments of a library in the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gumnut_tui.journal import past
from gumnut_tui.report.difference import Difference, difference
from gumnut_tui.usecases.history import gather_history

if TYPE_CHECKING:
    from gumnut_tui.journal.journal import Journal
    from gumnut_tui.journal.records import LibraryRecord


async def read_difference(journal: Journal, library: LibraryRecord, from_us: int, to_us: int) -> Difference:
    """What differs between two times, in µs since the epoch; only what an event concerned can.

    Raises `JournalProblem`.
    """
    touched = await journal.read(past.concerned_between, library.row, from_us, to_us)
    return difference(await gather_history(journal, library, touched), from_us, to_us)

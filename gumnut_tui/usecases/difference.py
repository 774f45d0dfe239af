"""Compares two moments of a library in the journal."""

from __future__ import annotations

import gc
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
    # Looking for garbage among a million events again and again takes a third of the time.
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        return await _compared(journal, library, from_us, to_us)
    finally:
        if was_collecting:
            gc.enable()


async def _compared(journal: Journal, library: LibraryRecord, from_us: int, to_us: int) -> Difference:
    touched, passing = await journal.read(past.concerned_between, library.row, from_us, to_us)
    passing = {reference for reference in passing if reference[0] in _HOLDERS}
    history = await gather_history(journal, library, passing, alone=touched - passing, is_brief=True)
    return difference(history, from_us, to_us)


_HOLDERS = ("album", "person", "asset")
"""What takes along what belongs to it and is compared: photos of a stack are not."""

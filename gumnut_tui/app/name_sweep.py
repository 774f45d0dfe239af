"""Reads the names of rows that are not in sight: who looks for a name means the rows further down, too."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from gumnut_tui.feed.names import NameBook
from gumnut_tui.store.event_store import EventStore

ROWS_A_STEP = 400
"""Rows named in one step: a few requests, as many as two pages need."""


async def sweep(rows: Sequence[int], store: EventStore, names: NameBook) -> AsyncIterator[int]:
    """Name these rows in their order, a step at a time; yields how many rows are done."""
    for start in range(0, len(rows), ROWS_A_STEP):
        step = rows[start : start + ROWS_A_STEP]
        await names.resolve(store.event(row) for row in step)
        yield start + len(step)

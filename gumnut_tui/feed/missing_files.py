"""Reads photos again of which the journal does not know the file: its checksum, its size and its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from gumnut_tui.domain.errors import GumnutError
from gumnut_tui.domain.fields import checksum_of
from gumnut_tui.domain.ports import SyncSource
from gumnut_tui.feed.sync import BATCH, concerns_entities_alone
from gumnut_tui.journal.journal import Journal
from gumnut_tui.journal.records import LibraryRecord


@dataclass(frozen=True, slots=True)
class FilesReport:
    """What came of it; whatever is still missing, the next sync asks for."""

    missing: int = 0
    """Photos whose file was not known before."""
    asked: int = 0
    """Those read again."""
    told: int = 0
    """Those whose file is known by now."""
    requests: int = 0
    """Requests sent for them."""
    problem: GumnutError | None = None
    """Why it ended early, if so."""


async def read_missing_files(
    source: SyncSource,
    journal: Journal,
    library: LibraryRecord,
    on_progress: Callable[[FilesReport], object] = lambda _: None,
) -> FilesReport:
    """Ask for these photos, a batch at a time, until a batch tells nothing: an old service does not say.

    Every batch is stored as it comes, so this can be interrupted. Those asked for first are those not seen for longest,
    so that a service which does not say is asked for other ones each time. Raises what events cannot be read for, too.
    """
    report, before = FilesReport(), source.requests
    try:
        waiting = await journal.fileless(library)
        report = FilesReport(len(waiting))
        for start in range(0, len(waiting), BATCH):
            told = await _read(source, journal, library, waiting[start : start + BATCH])
            asked = min(len(waiting), start + BATCH)
            report = FilesReport(len(waiting), asked, report.told + told, source.requests - before)
            on_progress(report)
            if not told:
                break
    except GumnutError as problem:
        if not concerns_entities_alone(problem):
            raise
        return replace(report, requests=source.requests - before, problem=problem)
    return report


async def _read(source: SyncSource, journal: Journal, library: LibraryRecord, ids: list[str]) -> int:
    """Read and keep these photos; of how many the file is known."""
    found = await source.entities("asset", ids, library.key.library_id or None)
    await journal.keep(library, "asset", ids, found)
    return sum(bool(checksum_of(entity.fields)) for entity in found.values())

"""The journal for commands and screen: opening the file, finding a library in it, showing a sync's progress."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from gumnut_tui.domain.errors import UsageProblem, clip
from gumnut_tui.domain.models import Library, utc_now
from gumnut_tui.formatting.quantities import number, plural
from gumnut_tui.formatting.times import moment_words
from gumnut_tui.usecases.account import called

if TYPE_CHECKING:
    from gumnut_tui.feed.sync import SyncProgress
    from gumnut_tui.journal.journal import Journal
    from gumnut_tui.journal.records import LibraryInfo, LibraryRecord


def open_or_create(path: Path, *, clock: Callable[[], datetime] = utc_now) -> Journal:
    """Open a journal for writing, unless another process is writing it; raises JournalProblem."""
    from gumnut_tui.journal.journal import open_journal

    return open_journal(path, clock=clock)


def open_existing(path: Path, *, write: bool, clock: Callable[[], datetime] = utc_now) -> Journal | None:
    """Open a journal for writing or only for reading; None without a file. Raises JournalProblem."""
    from gumnut_tui.journal.journal_file import is_there

    if not is_there(path):
        return None
    from gumnut_tui.journal.journal import open_journal

    return open_journal(path, clock=clock, write=write)


async def clear(journal: Journal) -> None:
    """Forget all libraries. Each run has a new demo library, to which the last one's events do not belong."""
    for library in await journal.libraries():
        await journal.forget(library)


def library_of(record: LibraryRecord) -> Library:
    """The library as in the journal."""
    return Library(record.key.library_id, record.name)


def title(record: LibraryRecord) -> str:
    """A library's name, else its id, escaped."""
    from gumnut_tui.formatting.escape import visible

    return visible(record.name or record.key.library_id or "the only library", 60)


async def find_library(journal: Journal, wanted: str | None) -> LibraryRecord:
    """The library with this id or name, or the only one; raises UsageProblem with the known ones."""
    from gumnut_tui.formatting.escape import visible

    libraries = await journal.libraries()
    found = libraries if wanted is None else called(wanted, libraries, library_of)
    if len(found) == 1:
        return found[0]
    if not libraries:
        raise UsageProblem("the journal holds no library yet; `gumnut-tui sync` adds one.")
    known = "; ".join(f"{title(one)} ({visible(one.key.library_id)}, {visible(one.key.base_url)})" for one in libraries)
    if wanted is None:
        problem = "name one with --library"
    else:
        problem = f"--library '{clip(wanted, 60)}' is {'more than one' if found else 'none'} of them"
    raise UsageProblem(f"the journal holds {len(libraries)}: {known}; {problem}.")


async def latest_library(journal: Journal, base_url: str, wanted: str | None) -> LibraryRecord | None:
    """The completely synced library of a server with this id or name, else the one synced last; None without one."""
    records = [one for one in await journal.libraries() if one.key.base_url == base_url and one.synced_us]
    if wanted is not None:
        records = called(wanted, records, library_of)
    return max(records, key=lambda one: one.synced_us or 0, default=None)


def copies_words(info: LibraryInfo) -> str:
    """What is kept of entities: one that changed has more than one copy."""
    return f"{plural(info.snapshots, 'copy', 'copies')} of {plural(info.entities, 'entity', 'entities')}"


def gaps_words(info: LibraryInfo) -> str:
    """How often the feed could not be read on from where the journal ended, and was read again instead."""
    return f"{number(len(info.breaks))}, closed by reading the feed again" if info.breaks else "none"


def progress_words(progress: SyncProgress, zone: tzinfo, now: datetime, rate: float | None = None) -> str:
    """`12,400 events (9,000/s) · at 3 May · 310 snapshots · 40 to read`; `rate` is in events a second."""
    events = plural(progress.events, "event")
    parts = [events if rate is None else f"{events} ({number(round(rate))}/s)"]
    if progress.reached_us is not None:
        parts.append(f"at {moment_words(progress.reached_us, zone, now)}")
    if progress.snapshots or progress.unread:
        parts.append(plural(progress.snapshots, "snapshot"))
    if progress.unread:
        parts.append(f"{number(progress.unread)} to read")
    return " · ".join(parts)

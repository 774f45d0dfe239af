"""The journal for commands and screen: opening the file, finding a library in it, showing a sync's progress."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from gumnut_tui.domain.errors import JournalDamaged, JournalProblem, UsageProblem, clip, explain
from gumnut_tui.domain.models import Library, utc_now
from gumnut_tui.formatting.quantities import number, plural
from gumnut_tui.formatting.times import moment_words
from gumnut_tui.usecases.account import account_id, called

if TYPE_CHECKING:
    from gumnut_tui.api.client import Client
    from gumnut_tui.feed.entity_history import JournalHistory
    from gumnut_tui.feed.sync import SyncProgress
    from gumnut_tui.journal.journal import Journal
    from gumnut_tui.journal.records import FileCounts, LibraryInfo, LibraryRecord


T = TypeVar("T")


OpenJournal = Callable[[bool], "Journal | None"]
"""Called in a thread with whether to make the file; without that, None where there is none."""


class JournalLink(msgspec.Struct, frozen=True):
    """A library's place in an open journal."""

    journal: Journal
    record: LibraryRecord

    @property
    def is_complete(self) -> bool:
        """The first sync has come to its end, so the journal holds all there was."""
        return self.record.synced_us is not None

    @property
    def memory(self) -> JournalHistory:
        """What the library's entities were."""
        from gumnut_tui.feed.entity_history import JournalHistory

        return JournalHistory(self.journal, self.record)

    @property
    def library(self) -> Library:
        """The library as the journal knows it."""
        return library_of(self.record)


class JournalAccess:
    """Opens the journal once. Whatever is wrong with it, the screen goes on without it and `problem` says why."""

    def __init__(self, open_journal: OpenJournal | None) -> None:
        self._open_journal = open_journal
        self._journal: Journal | None = None
        self.problem: JournalProblem | None = None
        self._on_damage: Callable[[JournalDamaged], object] | None = None

    @property
    def is_allowed(self) -> bool:
        """The journal was not told to be left alone."""
        return self._open_journal is not None

    @property
    def damage(self) -> JournalDamaged | None:
        """The damage that was met, if any."""
        if self._journal is not None:
            return self._journal.damage
        return self.problem if isinstance(self.problem, JournalDamaged) else None

    def tell_damage(self, on_damage: Callable[[JournalDamaged], object]) -> None:
        """Let damage be told once: what was met before, or what is met from now on."""
        self._on_damage = on_damage
        if self._journal is not None:
            self._journal.on_damage = on_damage
            if self._journal.damage is not None:
                on_damage(self._journal.damage)

    async def repair(self, how: Callable[[], T]) -> T:
        """Close the journal, and do something about the file in a thread; it is opened anew when next asked for."""
        await self.aclose()
        self._journal = self.problem = None
        return await asyncio.to_thread(how)

    async def reopen(self, open_journal: OpenJournal) -> Journal | None:
        """Close the journal and open it in another way."""
        await self.aclose()
        self._journal, self._open_journal = None, open_journal
        return await self.journal()

    @property
    def warning(self) -> str:
        """What one should know of the journal before reading on; empty when it is as it should be."""
        return "" if self.problem is None else explain(self.problem).what

    async def journal(self, *, create: bool = False) -> Journal | None:
        """The journal; None when it is to be left alone, cannot be opened, or is not there and not to be made."""
        if self._journal is None and self._open_journal is not None and self.problem is None:
            try:
                self._journal = await asyncio.to_thread(self._open_journal, create)
            except JournalProblem as problem:
                self.problem = problem
            if self._journal is not None and self._on_damage is not None:
                self._journal.on_damage = self._on_damage
        return self._journal

    async def at_once(self, base_url: str, wanted: str | None) -> JournalLink | None:
        """A complete library of this server to open before anything was asked: the one wanted, else the latest read."""
        journal = await self.journal()
        if journal is None:
            return None
        try:
            latest = await latest_library(journal, base_url, wanted)
        except JournalDamaged:
            return None
        return None if latest is None else JournalLink(journal, latest)

    async def complete(self, base_url: str) -> list[JournalLink]:
        """The libraries of this server that can be read without it; none of a journal that cannot be read."""
        journal = await self.journal()
        try:
            records = [] if journal is None else await journal.libraries()
        except JournalDamaged:
            return []
        links = [JournalLink(journal, record) for record in records if journal is not None]
        return [link for link in links if link.is_complete and link.record.key.base_url == base_url]

    async def link(self, client: Client, library: Library | None, *, begin: bool = False) -> JournalLink | None:
        """The library's place in the journal; made for it when `begin`, else None where there is none."""
        from gumnut_tui.journal.records import LibraryKey

        journal = await self.journal(create=begin)
        if journal is None:
            return None
        key = LibraryKey(client.base_url, await account_id(client), library.id if library else "")
        if begin:
            record = await journal.begin(key, name=library.name if library else "")
            return JournalLink(journal, record)
        known = await journal.find(key)
        return None if known is None else JournalLink(journal, known)

    async def aclose(self) -> None:
        """Finish what was begun."""
        if self._journal is not None:
            await self._journal.aclose()


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


async def find_library(
    journal: Journal, wanted: str | None, base_url: str | None = None, *, account: str | None = None
) -> LibraryRecord:
    """The library with this id or name, or the only one; of several that of an `account`, or the server at `base_url`.

    Raises UsageProblem with the known ones.
    """
    from gumnut_tui.formatting.escape import visible

    libraries = await journal.libraries()
    found = libraries if wanted is None else called(wanted, libraries, library_of)
    if account is not None:
        found = [one for one in found if one.key.account == account]
    if len(found) > 1:
        found = [one for one in found if one.key.base_url == base_url] or found
    if len(found) == 1:
        return found[0]
    if not libraries:
        raise UsageProblem("the journal holds no library yet; `gumnut-tui sync` adds one.")
    known = "; ".join(
        f"{title(one)} ({visible(one.key.library_id)}, {visible(one.key.base_url)}, account {visible(one.key.account)})"
        for one in libraries
    )
    if account is not None and not found:
        problem = f"none of them is of --account '{clip(account, 60)}'"
    elif len({(one.key.base_url, one.key.library_id) for one in found}) == 1:
        problem = "say whose with --account"
    elif wanted is None:
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


def files_words(files: FileCounts) -> str:
    """Of how many photos the checksum is known, by which a copy of one can be found on a disk."""
    known = f"checksum and size of {number(files.photos - files.unknown)} of {plural(files.photos, 'photo')}"
    to_fetch = files.unknown - files.lost
    rest = [
        *([f"the next sync fetches {number(to_fetch)}"] if to_fetch else []),
        *([f"{number(files.lost)} of the others {'is' if files.lost == 1 else 'are'} gone"] if files.lost else []),
    ]
    return f"{known}; {', '.join(rest)}" if rest else known


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

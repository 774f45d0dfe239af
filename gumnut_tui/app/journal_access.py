"""The journal as the screen uses it: opened behind the first paint, begun only when one said so."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gumnut_tui.domain.errors import Forbidden, JournalProblem, NotFound, explain
from gumnut_tui.domain.models import Library
from gumnut_tui.formatting.quantities import number
from gumnut_tui.formatting.times import moment_words

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from gumnut_tui.api.client import Client
    from gumnut_tui.app.services import OpenJournal
    from gumnut_tui.feed.sync import SyncProgress
    from gumnut_tui.journal.journal import Journal
    from gumnut_tui.journal.records import LibraryInfo, LibraryRecord


@dataclass(frozen=True)
class JournalLink:
    """A library's place in an open journal."""

    journal: Journal
    record: LibraryRecord

    @property
    def is_complete(self) -> bool:
        """The first sync has come to its end, so the journal holds all there was."""
        return self.record.synced_us is not None

    @property
    def library(self) -> Library:
        """The library as the journal knows it."""
        return Library(self.record.key.library_id, self.record.name)


class JournalAccess:
    """Opens the journal once. Whatever is wrong with it, the screen goes on without it and `problem` says why."""

    def __init__(self, open_journal: OpenJournal | None) -> None:
        self._open_journal = open_journal
        self._journal: Journal | None = None
        self.problem: JournalProblem | None = None

    @property
    def is_allowed(self) -> bool:
        """The journal was not told to be left alone."""
        return self._open_journal is not None

    @property
    def warning(self) -> str:
        """What one should know of the journal before reading on; empty when it is as it should be."""
        if self.problem is not None:
            return explain(self.problem).what
        aside = self._journal.aside if self._journal else None
        return f"The journal was damaged. It is kept as {aside}; a new one takes its place." if aside else ""

    async def journal(self, *, create: bool = False) -> Journal | None:
        """The journal; None when it is to be left alone, cannot be opened, or is not there and not to be made."""
        if self._journal is None and self._open_journal is not None and self.problem is None:
            try:
                self._journal = await asyncio.to_thread(self._open_journal, create)
            except JournalProblem as problem:
                self.problem = problem
        return self._journal

    async def at_once(self, base_url: str, wanted: str | None) -> JournalLink | None:
        """A complete library of this server to open before anything was asked: the one wanted, else the latest read."""
        journal = await self.journal()
        if journal is None:
            return None
        records = [one for one in await journal.libraries() if one.key.base_url == base_url and one.synced_us]
        if wanted is not None:
            records = [
                one for one in records if wanted.casefold() in (one.key.library_id.casefold(), one.name.casefold())
            ]
        latest = max(records, key=lambda one: one.synced_us or 0, default=None)
        return None if latest is None else JournalLink(journal, latest)

    async def link(self, client: Client, library: Library | None, *, begin: bool = False) -> JournalLink | None:
        """The library's place in the journal; made for it when `begin`, else None where there is none."""
        from gumnut_tui.journal.records import LibraryKey

        journal = await self.journal(create=begin)
        if journal is None:
            return None
        key = LibraryKey(client.base_url, await account_of(client), library.id if library else "")
        if begin:
            record = await journal.begin(key, name=library.name if library else "")
            return JournalLink(journal, record)
        known = await journal.find(key)
        return None if known is None else JournalLink(journal, known)

    async def aclose(self) -> None:
        """Finish what was begun."""
        if self._journal is not None:
            await self._journal.aclose()


async def account_of(client: Client) -> str:
    """The id of the key's user; empty when the key may not ask, or the server cannot tell."""
    try:
        return (await client.me()).id
    except (Forbidden, NotFound):
        return ""


def progress_words(progress: SyncProgress, zone: tzinfo, now: datetime) -> str:
    """How far a sync is: `journal: 12,400 events, reached 3 May`."""
    words = f"journal: {number(progress.events)} events, {number(progress.snapshots)} snapshots"
    if progress.reached_us is not None:
        words += f", reached {moment_words(progress.reached_us, zone, now)}"
    return words if not progress.unread else f"{words}, {number(progress.unread)} to be read"


def info_lines(info: LibraryInfo, zone: tzinfo, now: datetime) -> list[tuple[str, str]]:
    """What the journal holds of a library, as labels and values."""

    def when(us: int | None) -> str:
        return "nothing yet" if us is None else moment_words(us, zone, now)

    record = info.library
    return [
        ("events", f"{number(record.events)}, from {when(info.first_us)} to {when(info.last_us)}"),
        ("begins", "with the feed" if record.since_us is None else when(record.since_us)),
        ("snapshots", f"{number(info.snapshots)} of {number(info.entities)} entities"),
        ("size", f"{info.size / 1e6:.1f} MB"),
        ("up to date", when(record.synced_us)),
        ("breaks", number(len(info.breaks))),
    ]

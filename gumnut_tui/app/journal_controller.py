"""Keeps a library's journal on behalf of the screen: asks once, syncs in the background, then reads from it."""

from __future__ import annotations

import asyncio
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Protocol

from gumnut_tui.app.journal_access import info_lines
from gumnut_tui.app.library_controller import LibraryController
from gumnut_tui.app.ports import Background, Dialogs, Notices
from gumnut_tui.domain.errors import GumnutError, JournalDamaged, JournalProblem, SnapshotsDamaged, explain
from gumnut_tui.domain.models import Library
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.quantities import number, plural
from gumnut_tui.usecases.journals import JournalAccess, JournalLink, clear, progress_words

if TYPE_CHECKING:
    from gumnut_tui.api.client import Client
    from gumnut_tui.app.open_library import LibraryContext
    from gumnut_tui.feed.sync import SyncProgress
    from gumnut_tui.journal.verify import Renewed

WHY = """\
The service forgets what was deleted; a journal does not. On this machine it keeps every event of this library, and \
what its photos, albums and people were when last seen: names, dates, places and a blurred picture. The photos \
themselves are not copied.

From then on this screen opens from the journal at once, and a photo deleted for good can still be named and shown. \
Only you can read the file, and it never leaves this machine."""


class Mending(Enum):
    """What can be done about a damaged journal."""

    ANEW = "read the snapshots again"
    ASIDE = "rename it"
    NOTHING = "leave it"


def _state_of(damage: JournalDamaged) -> str:
    if isinstance(damage, SnapshotsDamaged):
        return "Its events are intact and still being kept; the snapshots of photos, albums and people cannot be read."
    return "Some of its events cannot be read; what is shown comes from the service."


def _renewal_words(renewed: Renewed) -> str:
    kept = plural(renewed.snapshots, "snapshot")
    unread = plural(renewed.unread, "entity", "entities")
    return f"All events and {kept} are kept; {unread} will be read again. The damaged file is kept as {renewed.aside}."


class Work(Background, Dialogs, Notices, Protocol):
    """The ports needed here."""


class JournalController:
    """Starts and shows the journal; one sync at a time."""

    def __init__(self, library: LibraryController, access: JournalAccess, ports: Work) -> None:
        self._library = library
        self._access = access
        self._ports = ports
        self._sync: asyncio.Task[None] | None = None

    @property
    def is_syncing(self) -> bool:
        """A sync is in progress."""
        return self._sync is not None and not self._sync.done()

    async def ask(self, client: Client, *, is_demo: bool) -> None:
        """Explain the journal and ask whether to keep one; if one is kept, show what it holds."""
        context = self._library.opened.context
        if not self._access.is_allowed:
            self._ports.say("the journal is switched off (--no-journal)")
            return
        try:
            damage = self._access.damage or await self._tell_or_begin(client, context, is_demo=is_demo)
            if damage is not None:
                await self._mend(client, context, damage)
        except GumnutError as error:
            self._fail(error)

    async def _tell_or_begin(self, client: Client, context: LibraryContext, *, is_demo: bool) -> JournalDamaged | None:
        """Show what is kept, or ask whether to keep it; returns the damage found on the way, if any."""
        try:
            link = context.link or (None if is_demo else await self._access.link(client, context.library))
            if link is not None:
                await self.tell(link)
            elif self._access.problem is not None:
                raise self._access.problem
            else:
                await self._begin(client, context.library, is_demo=is_demo)
        except JournalDamaged as damage:
            return damage
        return None

    async def _mend(self, client: Client, context: LibraryContext, damage: JournalDamaged) -> None:
        """Say what is damaged, and repair it as chosen; nothing happens to the file by itself."""
        repair = context.services.journal_repair
        if repair is None:
            raise damage
        choices = [
            ("Read the snapshots again", "keeps every event; the damaged file is kept too", Mending.ANEW),
            ("Rename it", "keeps the damaged file; S starts a new journal", Mending.ASIDE),
            ("Leave it", "", Mending.NOTHING),
        ]
        if not isinstance(damage, SnapshotsDamaged):
            del choices[0]
        words = f"{visible(explain(damage).what, 400)}\n\n{_state_of(damage)}"
        chosen = await self._ports.choose("The journal is damaged", choices, words=words)
        if chosen is None or chosen is Mending.NOTHING:
            return
        await self.stop()
        # From here on the screen does not read the file.
        self._library.open(client, context.library, None)
        if chosen is Mending.ASIDE:
            kept = await self._access.repair(repair.put_aside)
            self._tell_done(f"The damaged file is kept as {kept}; S starts a new journal.")
        else:
            self._tell_done(_renewal_words(await self._access.repair(repair.renew)))
            link = await self._access.link(client, context.library)
            if link is not None:
                self._library.open(client, context.library, link)

    def _tell_done(self, words: str) -> None:
        self._ports.notify(visible(words, 400), title="The journal")

    def resume(self, link: JournalLink) -> None:
        """Resume a first sync that was not finished."""
        if not self.is_syncing and link.journal.is_writable:
            self._sync = asyncio.create_task(self._run(link))

    def index(self, link: JournalLink) -> None:
        """Look at what an older journal has for names, beside everything else."""
        self._ports.run(partial(self._index, link), "names of the journal")

    async def _index(self, link: JournalLink) -> None:
        def tell(done: int, of: int) -> None:
            self._ports.say(
                "" if done == of else f"journal: {number(done)} of {number(of)} snapshots searched for names",
                seconds=None,
            )

        try:
            await link.journal.index_names(tell)
        except SnapshotsDamaged:
            # It was reported where it was found.
            return
        except JournalProblem as problem:
            self._fail(problem)

    async def stop(self) -> None:
        """Stop the sync; the next one resumes after the last page."""
        if self._sync is not None and self.is_syncing:
            self._sync.cancel()
            await asyncio.gather(self._sync, return_exceptions=True)

    async def _begin(self, client: Client, library: Library | None, *, is_demo: bool) -> None:
        name = visible(library.name, 40) if library else "this library"
        answers = [("Keep a journal", "reads the whole feed once, in the background", True), ("Not now", "", False)]
        if not await self._ports.choose(f"Keep a journal of {name}?", answers, words=WHY):
            return
        journal = await self._access.journal(create=True)
        if journal is None:
            if self._access.problem is not None:
                raise self._access.problem
            return
        journal.need_writable()
        if is_demo:
            await clear(journal)
        link = await self._access.link(client, library, begin=True)
        if link is not None:
            self.resume(link)

    async def tell(self, link: JournalLink) -> None:
        """Say what the journal holds of a library."""
        info = await link.journal.info(link.record)
        context = self._library.opened.context
        lines = info_lines(info, context.zone.now(), context.services.clock())
        words = "\n".join(f"{label:<11} {value}" for label, value in lines)
        if link.journal.path is not None:
            words += f"\n{'file':<11} {visible(str(link.journal.path), 200)}"
        words += f"\n\n{self._state_words(link)}"
        await self._ports.choose("Journal", [("Close", "", None)], words=words)

    def _state_words(self, link: JournalLink) -> str:
        if not link.journal.is_writable:
            holder = link.journal.holder or "another process"
            return f"Read-only here: {holder} was writing it when this screen opened. Restart to keep it current."
        if self.is_syncing:
            return "A sync is in progress."
        if not link.is_complete:
            return "Its first sync is not finished; it resumes at the next start."
        if self._library.opened.context.is_offline:
            return "It stays as it is while offline."
        return "It is kept up to date while this screen is open."

    async def _run(self, link: JournalLink) -> None:
        from gumnut_tui.feed.sync import Sync

        opened = self._library.opened
        context = opened.context
        sync = Sync(context.client, link.journal, link.record, on_progress=self._show)
        try:
            report = await sync.run()
        except GumnutError as error:
            self._fail(error)
            return
        done = JournalLink(link.journal, report.library)
        self._ports.say(f"journal: {number(report.library.events)} events kept; the screen now reads from it")
        if self._library.opened is opened:
            self._library.open(context.client, context.library, done)

    def _show(self, progress: SyncProgress) -> None:
        context = self._library.opened.context
        words = progress_words(progress, context.zone.now(), context.services.clock())
        self._ports.say(f"journal: {words}", seconds=None)

    def _fail(self, error: GumnutError) -> None:
        words = explain(error)
        self._ports.say("the journal is not up to date")
        self._ports.notify(visible(words.what, 300), title="The journal", severity="warning")

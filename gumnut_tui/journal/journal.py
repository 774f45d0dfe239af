"""The journal as the rest of the program uses it: every call runs on its one thread and may be awaited."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from gumnut_tui.domain.errors import JournalBusy, JournalDamaged, JournalInaccessible, NotAJournal, SnapshotsDamaged
from gumnut_tui.domain.fields import Reference
from gumnut_tui.domain.models import Entity, Event, EventPage, to_us, utc_now
from gumnut_tui.journal import files, libraries, pages, snapshots
from gumnut_tui.journal import names as name_packs
from gumnut_tui.journal.database import (
    Database,
    create_database,
    make_folder,
    open_database,
    put_aside,
    recognise,
)
from gumnut_tui.journal.journal_file import Holder, Identity, WriterLock, is_there, real_path, take_lock
from gumnut_tui.journal.pages import KnownCursors, Part, Reading
from gumnut_tui.journal.records import Appended, LibraryInfo, LibraryKey, LibraryRecord, Snapshot
from gumnut_tui.store.name_index import NameIndex
from gumnut_tui.store.pack_search import PackSearch
from gumnut_tui.store.packed import Packed

P = ParamSpec("P")
T = TypeVar("T")


NAMED_AT_ONCE = 1_000
"""Snapshots looked at for names in one go: some ten milliseconds."""


class Journal:
    """An open journal. One process writes, others only read: `is_writable`, `holder`.

    Every method raises `JournalProblem` when the file does not allow it; then nothing was stored by that call.
    A call whose task is cancelled is still carried out, as a complete transaction.
    """

    def __init__(
        self,
        database: Database,
        *,
        lock: WriterLock | None = None,
        is_writable: bool = True,
        holder: Holder | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.is_writable = is_writable
        self.holder = holder
        """Who is writing it, when this process may not."""
        self.damage: JournalDamaged | None = None
        """The worst damage found so far."""
        self.on_damage: Callable[[JournalDamaged], object] = lambda _damage: None
        """Called with damage once, and again only with worse."""
        self._database = database
        self._lock = lock
        self._clock = clock
        self._known = KnownCursors()
        self._names: dict[int, name_packs.LoadedNames] = {}
        """The names of each library, by its row."""
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")

    @property
    def path(self) -> Path | None:
        """The file; None for one in memory."""
        return self._database.path

    def need_writable(self) -> None:
        """Raise `JournalBusy`, naming who holds it, unless this process may write."""
        if not self.is_writable:
            who = f"{self.holder} is writing it" if self.holder else "another process is writing it"
            raise JournalBusy(f"{self._database.name} cannot be written: {who}.")

    async def libraries(self) -> list[LibraryRecord]:
        """All its libraries, oldest first."""
        return await self._run(libraries.all_libraries)

    async def find(self, key: LibraryKey) -> LibraryRecord | None:
        """The library, if the journal has it."""
        return await self._run(libraries.find, key)

    async def begin(self, key: LibraryKey, *, name: str = "", since_us: int | None = None) -> LibraryRecord:
        """The library, added if the journal does not have it; `since_us` applies only then."""
        return await self._write(libraries.begin, key, name, since_us, self._now_us())

    async def append(
        self,
        library: LibraryRecord,
        page: EventPage,
        named: Callable[[Iterable[Event]], Mapping[Reference, int]] = lambda _events: {},
        read: Collection[Reference] = (),
        *,
        only_known: bool = False,
    ) -> Appended:
        """Store a page, its cursor and the entities to read for it, in one transaction.

        `library` is the record whose cursor the page was read after. `named` returns the entities that new events
        mention, with the time in µs of the newest such event. Of those `read` since this read of the feed started, the
        ones read late enough are left out; all are left out once snapshots are damaged, and with `only_known` those
        that were never read. Raises `JournalBusy` when another process has advanced the library meanwhile.
        """
        if self.damage is not None:
            named = _names_nothing
        appended, damage = await self._write(
            _append, library, page, named, read, self._now_us(), self._known, only_known=only_known
        )
        if damage is not None:
            self._found(SnapshotsDamaged(str(damage)))
        return appended

    async def break_off(self, library: LibraryRecord, reason: str) -> LibraryRecord:
        """Record that the cursor is void; the next pages are those of the feed read from its start.

        The stored events stay and are read as before, until the last page of the second read: then both are merged into
        one stretch, each event once.
        """
        return await self._write(libraries.break_off, library.row, reason, self._now_us())

    async def forget(self, library: LibraryRecord) -> None:
        """Delete everything about a library."""
        await self._write(libraries.forget, library.row)

    async def info(self, library: LibraryRecord) -> LibraryInfo:
        """What the journal holds of a library."""
        return await self._entities(libraries.info, library.row)

    async def newest(self, library: LibraryRecord, count: int) -> list[Event]:
        """The last `count` events, in feed order."""
        return await self._run(pages.newest, library.row, count)

    async def window(self, library: LibraryRecord, start: int, stop: int) -> list[Event]:
        """The events with numbers from `start` up to `stop` in feed order, counted from 0.

        Numbers are those of the record's stretch: no events when another has replaced it.
        """
        return await self._run(pages.window, library.stretch, start, stop)

    async def before(self, library: LibraryRecord, number: int, most_pages: int) -> list[Packed]:
        """The last pages before event `number`, in feed order.

        Numbers are those of the record's stretch: no pages when another has replaced it.
        """
        return await self._run(pages.chunk, library.stretch, number, most_pages)

    async def part(self, reading: Reading, search: PackSearch, at: int | None, most_pages: int) -> Part:
        """The events on the next pages of a reading that are looked for; where to go on stands in it."""
        return await self._run(reading.part, search, at, most_pages)

    async def unread(self, library: LibraryRecord, limit: int) -> dict[str, list[str]]:
        """Ids of entities still to be read, by kind, oldest mention first; at most `limit` of each kind."""
        return await self._entities(snapshots.unread, library.row, limit)

    async def unread_counts(self, library: LibraryRecord) -> dict[str, int]:
        """How many entities of each kind are still to be read."""
        return await self._entities(snapshots.unread_counts, library.row)

    async def fileless(self, library: LibraryRecord) -> list[str]:
        """Ids of photos whose file is not known, of those that were there when last seen."""
        return await self._entities(files.missing, library.row)

    async def keep(
        self,
        library: LibraryRecord,
        kind: str,
        ids: Collection[str],
        found: Mapping[str, Entity],
        needed: Iterable[Reference] = (),
    ) -> int:
        """Store the result of reading these ids; returns the number of new snapshots. An id not found does not exist.

        Entities in `needed` are to be read too, if they have no snapshot.
        """
        self.need_writable()
        return await self._entities(_keep, library.row, kind, ids, found, needed, self._now_us())

    async def snapshots(self, library: LibraryRecord, kind: str, entity_id: str) -> list[Snapshot]:
        """Every snapshot of an entity, oldest first."""
        return await self._entities(snapshots.history, library.row, kind, entity_id)

    async def latest(self, library: LibraryRecord, references: Iterable[Reference]) -> dict[Reference, Snapshot]:
        """The last snapshot of each entity, even one that says it did not exist."""
        return await self._entities(snapshots.latest, library.row, references)

    async def last_known(self, library: LibraryRecord, references: Iterable[Reference]) -> dict[Reference, Snapshot]:
        """The last snapshot of each entity in which it existed."""
        return await self._entities(snapshots.last_known, library.row, references)

    async def outdated(self, library: LibraryRecord, references: Iterable[Reference]) -> set[Reference]:
        """Those of the entities that an event named since they were last read."""
        return await self._entities(snapshots.outdated, library.row, references)

    async def on_asset(self, library: LibraryRecord, asset_id: str, kind: str) -> list[Snapshot]:
        """The last snapshot of each `face` or `album_asset` that ever belonged to a photo."""
        return await self._entities(snapshots.on_asset, library.row, asset_id, kind)

    async def names(self, library: LibraryRecord) -> NameIndex:
        """Every name the library's entities were seen with, as of now; always the same index, which grows."""
        return await self._entities(self._loaded(library.row).refresh, library.row)

    async def is_indexed(self) -> bool:
        """Whether all snapshots were searched for names."""
        return await self._entities(name_packs.is_indexed)

    async def index_names(self, tell: Callable[[int, int], object] = lambda _done, _of: None) -> None:
        """Look at the snapshots of an older journal for names; `tell` hears how many of how many are done.

        Where nothing may be written, `names` has them in this process. What was done is kept when this is cancelled.
        """
        if await self.is_indexed():
            return
        left = await self._entities(name_packs.left_to_index)
        done, indexer = 0, name_packs.Indexer()
        while done < left and (step := await self._index_some(indexer)):
            done += step
            tell(done, left)

    async def _index_some(self, indexer: name_packs.Indexer) -> int:
        if self.is_writable:
            return await self._entities(indexer.step, NAMED_AT_ONCE)
        found = await self._entities(indexer.look, NAMED_AT_ONCE)
        for row, namings in groupby(found.namings, key=itemgetter(0)):
            self._loaded(row).index.add([naming for _, naming in namings])
        return found.snapshots

    def _loaded(self, row: int) -> name_packs.LoadedNames:
        return self._names.setdefault(row, name_packs.LoadedNames())

    async def apply(self, function: Callable[Concatenate[Database, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function on the database on the journal's thread: for long operations of other modules.

        When the task is cancelled, the function is aborted and rolled back, and the journal can only be closed.
        """
        try:
            return await self._run(function, *args, **kwargs)
        except asyncio.CancelledError:
            self._database.stop()
            raise

    async def read(self, function: Callable[Concatenate[Database, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function that only reads on the journal's thread; when the task is cancelled, it ends in peace."""
        return await self._run(function, *args, **kwargs)

    async def aclose(self) -> None:
        """Finish pending calls, close the file and release the lock."""
        try:
            await asyncio.shield(self._run(_close))
        finally:
            self._thread.shutdown()
            if self._lock is not None:
                self._lock.close()

    async def __aenter__(self) -> Journal:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def _write(self, function: Callable[Concatenate[Database, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        self.need_writable()
        return await self._run(function, *args, **kwargs)

    async def _run(self, function: Callable[Concatenate[Database, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await self._on_thread(function, *args, **kwargs)
        except JournalDamaged as damage:
            self._found(damage)
            raise

    async def _entities(self, function: Callable[Concatenate[Database, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a call that concerns snapshots only: damage found there leaves the events readable."""
        try:
            return await self._on_thread(function, *args, **kwargs)
        except JournalDamaged as damage:
            narrower = SnapshotsDamaged(str(damage))
            self._found(narrower)
            raise narrower from damage

    async def _on_thread(self, function: Callable[Concatenate[Database, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        call = partial(function, self._database, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    def _found(self, damage: JournalDamaged) -> None:
        known = self.damage
        if known is None or (isinstance(known, SnapshotsDamaged) and not isinstance(damage, SnapshotsDamaged)):
            self.damage = damage
            self.on_damage(damage)

    def _now_us(self) -> int:
        return to_us(self._clock())


def _names_nothing(_events: Iterable[Event]) -> Mapping[Reference, int]:
    return {}


def _append(
    db: Database,
    library: LibraryRecord,
    page: EventPage,
    named: Callable[[Iterable[Event]], Mapping[Reference, int]],
    read: Collection[Reference],
    now_us: int,
    known: KnownCursors,
    *,
    only_known: bool,
) -> tuple[Appended, JournalDamaged | None]:
    try:
        with db.transaction():
            appended = pages.append(db, library, page, now_us, known)
            if not only_known or snapshots.are_there(db, library.row):
                snapshots.note(db, library.row, named(appended.gained), read, only_known=only_known)
            return appended, None
    except JournalDamaged as damage:
        # No event may be lost because snapshots cannot be written; damage to events raises again.
        with db.transaction():
            return pages.append(db, library, page, now_us, known), damage


def _keep(
    db: Database,
    library: int,
    kind: str,
    ids: Collection[str],
    found: Mapping[str, Entity],
    needed: Iterable[Reference],
    now_us: int,
) -> int:
    with db.transaction():
        stored = snapshots.store(db, library, kind, ids, found, now_us)
        snapshots.note_unknown(db, library, needed)
        return stored


def _close(db: Database) -> None:
    db.close()


def put_aside_unless_held(path: Path, clock: Callable[[], datetime], *, is_usual: bool = False) -> Path:
    """Rename a journal; returns the new path. Raises `JournalBusy` when another process is writing it.

    Raises `NotAJournal` for another kind of file, unless this `is_usual`, the default path: then it is a journal whose
    header is damaged.
    """
    path = real_path(path)
    try:
        recognise(path)
    except NotAJournal:
        if not (is_usual and path.is_file()):
            raise
    lock = take_lock(path, clock)
    if not isinstance(lock, WriterLock):
        raise JournalBusy(f"the journal {path} cannot be renamed: {lock or 'another process'} is writing it.")
    try:
        return put_aside(path, clock())
    finally:
        lock.close()


def open_journal(path: Path, *, clock: Callable[[], datetime] = utc_now, write: bool = True) -> Journal:
    """Open the journal at `path`, created if it is missing and may be written; raises `JournalProblem`.

    When another process is writing it, or `write` is false, this one only reads. A file of another kind, or a damaged
    one, raises and is left unchanged.
    """
    path = real_path(path)
    found = recognise(path)
    if not write:
        if found is Identity.ABSENT:
            raise JournalInaccessible(f"there is no journal {path}.")
        return Journal(open_database(path, write=False), is_writable=False, clock=clock)
    make_folder(path)
    taken = take_lock(path, clock)
    lock = taken if isinstance(taken, WriterLock) else None
    holder = taken if isinstance(taken, Holder) else None
    try:
        if lock is not None and recognise(path) is Identity.ABSENT:
            create_database(path)
        elif not is_there(path):
            raise JournalBusy(f"the journal {path} is being created by {holder or 'another process'}.")
        database = open_database(path, write=lock is not None)
    except BaseException:
        if lock is not None:
            lock.close()
        raise
    return Journal(database, lock=lock, is_writable=lock is not None, holder=holder, clock=clock)

"""Reads what an undo plan is made from: what happened, and what is there now. Journal, feed and service tell it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing, suppress
from itertools import chain
from typing import TYPE_CHECKING

import msgspec

from gumnut_tui.domain import fields as fields_of
from gumnut_tui.domain.errors import Forbidden, NotFound
from gumnut_tui.domain.fields import Fields, Reference, concerned
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import SECOND, Event, Operation
from gumnut_tui.journal.records import Snapshot
from gumnut_tui.report.history import History, Placed
from gumnut_tui.undo.build import KINDS_TO_READ
from gumnut_tui.undo.selection import Selection
from gumnut_tui.undo.situation import Away, Situation
from gumnut_tui.usecases.history import gather_history

if TYPE_CHECKING:
    from gumnut_tui.usecases.journals import JournalLink
    from gumnut_tui.usecases.reading import LibraryReading

OUT_OF_PLACE = 900 * SECOND
"""How far from its place in the feed the time of an event may lie, in µs: it is that of the writing transaction."""
_COMING = frozenset({Operation.CREATED, Operation.UPDATED, Operation.MOVED_IN})
"""Operations of what stands now in the place of something that is gone."""


class SituationReader:
    """Reads what one plan is made from. All of it raises what journal and service raise."""

    def __init__(
        self, reading: LibraryReading, events: Sequence[Event], tell: Callable[[str], object], *, changes: bool
    ) -> None:
        """`events`, of which there are some, are to be undone; `tell` is called with what is being done."""
        self._reading = reading
        self._opened = reading.opened
        self._tell = tell
        self._events = events
        self._changes = changes
        self._now = reading.terms.clock()
        self._joined: list[Snapshot] = []
        self._away = Away()
        self._covers: set[Reference] = set()
        self._unplaced: frozenset[str] = frozenset()
        self._since = EventFilter(since_us=min(event.created_at_us for event in events) - OUT_OF_PLACE)
        """All that happened from the first of the events on."""

    async def read(self) -> Situation:
        """What happened, and what is there now; the copies of photos that were looked for come later."""
        self._away = await self._read_away()
        newcomers = await self._newcomers()
        self._joined = await self._memberships()
        situation = await self._situation(newcomers, frozenset())
        if not situation.successors:
            return situation
        # What stands in the place of something that is gone has a past of its own.
        successors = frozenset((kind, one) for (kind, _), one in situation.successors.items())
        return await self._situation(newcomers, successors)

    async def _situation(self, newcomers: Mapping[Reference, Fields], successors: frozenset[Reference]) -> Situation:
        history = await self._history(successors)
        sights = await self._sights(history)
        known = [self._sight(*reference, fields) for reference, fields in newcomers.items() if reference in successors]
        history = History(
            history.events,
            [*history.snapshots, *sights, *known, *self._joined],
            covered_us=history.covered_us,
            faces_elsewhere=self._away.faces,
        )
        selection = Selection(history, frozenset(event.cursor for event in self._events))
        return Situation(history, selection, newcomers, unplaced=self._unplaced, away=self._away, changes=self._changes)

    async def _history(self, successors: frozenset[Reference]) -> History:
        """The past of what the events concern: from the journal if it reaches so far back, else from the feed."""
        references = {reference for event in self._events for reference in concerned(event)} | successors
        references |= {("face", face) for face in self._away.faces}
        link = self._opened.link
        if link is not None and self._reading.comes_from_journal(self._since):
            self._covers = await self._read_covers(link)
            references |= self._covers
            whole = {reference for event in self._events for reference in _with_belongings(event)} | successors
            found = await gather_history(link.journal, link.record, whole, alone=references - whole)
            behind = enumerate(self._reading.tail.events, start=link.record.events)
            return History(
                [*found.events, *(Placed(*one) for one in behind)], found.snapshots, covered_us=found.covered_us
            )
        events = (Placed(at, event) for at, event in enumerate(await self._reading.read_all(self._since)))
        return History(_about(events, references), (), covered_us=self._since.since_us or 0)

    async def _read_covers(self, link: JournalLink) -> set[Reference]:
        """The photos that albums showed when they were deleted: it may be that nothing else says they were in them."""
        gone = [event for event in self._events if event.kind == "album" and event.operation is Operation.DELETED]
        albums = await link.journal.last_known(link.record, [("album", event.entity_id) for event in gone])
        covers = (fields_of.raw_id(album.fields or {}, "album_cover_asset_id") for album in albums.values())
        return {("asset", cover) for cover in covers if cover}

    async def _sights(self, history: History) -> list[Snapshot]:
        """What the entities are now; none when the service is not asked."""
        service = self._opened.service
        if service is None:
            return []
        named: dict[str, dict[str, None]] = defaultdict(dict)
        for kind, entity_id in chain(self._covers, *(concerned(placed.event) for placed in history.events)):
            named[kind][entity_id] = None
        sights: list[Snapshot] = []
        for kind in KINDS_TO_READ:
            ids = list(dict.fromkeys((*history.known(kind), *named[kind])))
            if ids:
                self._tell(f"reading what is there now: {len(ids):,} of kind {kind}")
                found = await service.entities(kind, ids, self._opened.library_id)
                sights += [self._sight(kind, one, found[one].fields if one in found else None) for one in ids]
        return sights

    def _sight(self, kind: str, entity_id: str, fields: Fields | None) -> Snapshot:
        return Snapshot(kind, entity_id, self._now, self._now, None if fields is None else dict(fields))

    async def _newcomers(self) -> dict[Reference, Fields]:
        """Albums, people and photos that came or changed since, as they are now."""
        kinds = {"album", "person"}
        if any(event.kind == "asset" and event.operation is Operation.DELETED for event in self._events):
            kinds.add("asset")
        wanted = msgspec.structs.replace(self._since, entity_types=frozenset(kinds), operations=_COMING)
        ids: dict[str, dict[str, None]] = defaultdict(dict)
        async with aclosing(self._reading.events(wanted)) as batches:
            async for batch in batches:
                for event in batch.events:
                    if event.kind != "asset" or event.operation is not Operation.UPDATED:
                        ids[event.kind][event.entity_id] = None
        found: dict[Reference, Fields] = {}
        for kind, of_kind in ids.items():
            found |= await self._fields_now(kind, list(of_kind))
        return found

    async def _memberships(self) -> list[Snapshot]:
        """The memberships that came since and whose events do not say what they join: photos put back by hand."""
        service, link = self._opened.service, self._opened.link
        if service is None or not any(event.kind in ("album", "album_asset", "asset") for event in self._events):
            return []
        kinds, operations = frozenset({"album_asset"}), frozenset({Operation.ADDED})
        rows: dict[Reference, None] = {}
        wanted = msgspec.structs.replace(self._since, entity_types=kinds, operations=operations)
        async with aclosing(self._reading.events(wanted)) as batches:
            async for batch in batches:
                silent = (event for event in batch.events if not fields_of.raw_id(event.details, "album_id"))
                rows.update(((event.kind, event.entity_id), None) for event in silent)
        known = await link.journal.latest(link.record, list(rows)) if link is not None and rows else {}
        ids = [reference[1] for reference in rows if reference not in known]
        found = await service.entities("album_asset", ids, self._opened.library_id) if ids else {}
        self._unplaced = frozenset(ids) - found.keys()
        return [self._sight("album_asset", one, entity.fields) for one, entity in found.items()]

    async def _fields_now(self, kind: str, ids: Sequence[str]) -> dict[Reference, Fields]:
        if self._opened.service is not None:
            entities = await self._opened.service.entities(kind, ids, self._opened.library_id)
            return {(kind, one): entity.fields for one, entity in entities.items()}
        link = self._opened.link
        assert link is not None
        latest = await link.journal.latest(link.record, [(kind, one) for one in ids])
        return {reference: one.fields for reference, one in latest.items() if one.fields is not None}

    async def _read_away(self) -> Away:
        """Which of the libraries this key can see hold the photos that were moved away, and who is on them."""
        moved = [
            event.entity_id
            for event in self._events
            if event.entity_type == "asset" and event.operation is Operation.MOVED_OUT
        ]
        service = self._opened.service
        if not moved or service is None:
            return Away()
        found: dict[str, Fields] = {}
        holders: dict[str, str] = {}
        libraries = await self._reading.others()
        for library in libraries:
            with suppress(Forbidden, NotFound):
                there = await service.entities("asset", list(dict.fromkeys(moved)), library.id)
                found.update((one, entity.fields) for one, entity in there.items())
                holders.update(dict.fromkeys(there, library.id))
        return Away(
            holders,
            fields=found,
            trashed=frozenset(one for one, fields in found.items() if fields.get("trashed_at")),
            faces={
                face: one
                for one, fields in found.items()
                for part in fields_of.groups(fields, "faces")
                if (face := fields_of.raw_id(part, "id"))
            },
            libraries={one.id: one.name for one in libraries},
        )

    async def room(self) -> int | None:
        """Bytes that the library can still take; None without a limit, or when it is not known."""
        service, library_id = self._opened.service, self._opened.library_id
        found = await service.entities("library", [library_id], None) if service and library_id else {}
        if library_id not in found:
            return None
        fields = found[library_id].fields
        used, limit = fields_of.count(fields, "storage_used_bytes"), fields_of.count(fields, "storage_limit_bytes")
        return None if used is None or limit is None else max(0, limit - used)


def _with_belongings(event: Event) -> Iterator[Reference]:
    """Those that an event concerns of which it matters what belonged to them: they left, or were taken out of an album.

    Of a person who lost a face it does not matter which other photos they are on.
    """
    if event.kind == "album_asset":
        yield from (reference for reference in concerned(event) if reference[0] != "album")
    elif event.operation in (Operation.DELETED, Operation.MOVED_OUT):
        yield event.kind, event.entity_id


def _about(events: Iterable[Placed], references: Collection[Reference]) -> list[Placed]:
    """The events about any of these entities, or naming one in their payload."""
    ids = {entity_id for _, entity_id in references}
    return [one for one in events if any(entity_id in ids for _, entity_id in concerned(one.event))]

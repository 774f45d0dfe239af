"""Makes an undo plan: gathers what happened from journal or feed, and what is there now from the service."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec

from gumnut_tui.domain import fields as fields_of
from gumnut_tui.domain.errors import Forbidden, NotFound
from gumnut_tui.domain.fields import Fields, Reference, concerned
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import DESTRUCTIVE, SECOND, UNDOABLE, Event, Operation, Presence
from gumnut_tui.journal.records import Snapshot
from gumnut_tui.report.history import History, Placed
from gumnut_tui.undo.build import KINDS_TO_READ, build_plan
from gumnut_tui.undo.plan import Copy, Heading, Plan
from gumnut_tui.undo.selection import Selection
from gumnut_tui.undo.situation import Away, Situation
from gumnut_tui.usecases.copies import Sought
from gumnut_tui.usecases.history import gather_history

if TYPE_CHECKING:
    from gumnut_tui.usecases.reading import LibraryReading

FindCopies = Callable[[Sequence[Sought]], Awaitable[Mapping[str, Copy]]]
"""Searches disks for the bytes of photos, of which there may be none."""
OUT_OF_PLACE = 900 * SECOND
"""How far from its place in the feed the time of an event may lie, in µs: it is that of the writing transaction."""
_COMING = frozenset({Operation.CREATED, Operation.UPDATED, Operation.MOVED_IN})


async def undoable(
    reading: LibraryReading, wanted: EventFilter, *, changes: bool = False, exact: bool = False
) -> list[Event]:
    """The events that match and can be undone; with `changes` those of fields, too."""
    able = UNDOABLE if changes else DESTRUCTIVE
    operations = able if wanted.operations is None else wanted.operations & able
    events: list[Event] = []
    async with aclosing(reading.events(msgspec.structs.replace(wanted, operations=operations), exact=exact)) as batches:
        async for batch in batches:
            events += batch.events
    return events


@dataclass(frozen=True)
class Planner:
    """Makes plans for one library."""

    reading: LibraryReading
    tell: Callable[[str], object] = lambda _words: None
    """Called with what is being done."""

    async def plan(
        self,
        events: Sequence[Event],
        heading: Heading,
        *,
        changes: bool = False,
        find_copies: FindCopies | None = None,
    ) -> Plan:
        """The plan that undoes these events; raises what journal and service raise."""
        if not events:
            return Plan(heading, (), {})
        making = _Making(self, events, changes)
        await making.read_away()
        newcomers = await making.newcomers()
        await making.read_memberships()
        situation = await making.situation(newcomers, frozenset())
        if situation.successors:
            twins = frozenset((kind, twin) for (kind, _), twin in situation.successors.items())
            situation = await making.situation(newcomers, twins)
        if find_copies is not None:
            copies = await find_copies(sought(situation))
            situation = replace(situation, copies=copies, room=await making.room() if copies else None)
        return build_plan(situation, heading)


class _Making:
    def __init__(self, planner: Planner, events: Sequence[Event], changes: bool) -> None:
        self._reading = planner.reading
        self._opened = planner.reading.opened
        self._tell = planner.tell
        self._events = events
        self._changes = changes
        self._now = planner.reading.terms.clock()
        self._joined: list[Snapshot] = []
        self._away = Away()
        self._since = EventFilter(since_us=min(event.created_at_us for event in events) - OUT_OF_PLACE)
        """All that happened from the first of the events on."""

    async def situation(self, newcomers: Mapping[Reference, Fields], twins: frozenset[Reference]) -> Situation:
        history = await self._history(twins)
        sights = await self._sights(history)
        known = [self._sight(*reference, fields) for reference, fields in newcomers.items() if reference in twins]
        history = History(
            history.events,
            [*history.snapshots, *sights, *known, *self._joined],
            covered_us=history.covered_us,
            faces_elsewhere=self._away.faces,
        )
        selection = Selection(history, frozenset(event.cursor for event in self._events))
        return Situation(history, selection, newcomers, away=self._away, changes=self._changes)

    async def _history(self, twins: frozenset[Reference]) -> History:
        references = {reference for event in self._events for reference in concerned(event)} | twins
        references |= {("face", face) for face in self._away.faces}
        link = self._opened.link
        if link is not None and self._reading.comes_from_journal(self._since):
            found = await gather_history(link.journal, link.record, references)
            behind = enumerate(self._reading.tail.events, start=link.record.events)
            return History(
                [*found.events, *(Placed(*one) for one in behind)], found.snapshots, covered_us=found.covered_us
            )
        events: list[Placed] = []
        async with aclosing(self._reading.events(self._since)) as batches:
            async for batch in batches:
                events += (Placed(len(events) + at, event) for at, event in enumerate(batch.events))
        return History(_about(events, references), (), covered_us=self._since.since_us or 0)

    async def _sights(self, history: History) -> list[Snapshot]:
        """What the entities are now; none when the service is not asked."""
        service = self._opened.service
        if service is None:
            return []
        named: dict[str, dict[str, None]] = defaultdict(dict)
        for placed in history.events:
            for kind, entity_id in concerned(placed.event):
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

    async def newcomers(self) -> dict[Reference, Fields]:
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

    async def read_memberships(self) -> None:
        """Read the memberships that came since and whose events do not say what they join: photos put back by hand."""
        service, link = self._opened.service, self._opened.link
        if service is None or not any(event.kind in ("album", "album_asset", "asset") for event in self._events):
            return
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
        self._joined = [self._sight("album_asset", one, entity.fields) for one, entity in found.items()]

    async def _fields_now(self, kind: str, ids: Sequence[str]) -> dict[Reference, Fields]:
        if self._opened.service is not None:
            entities = await self._opened.service.entities(kind, ids, self._opened.library_id)
            return {(kind, one): entity.fields for one, entity in entities.items()}
        link = self._opened.link
        assert link is not None
        latest = await link.journal.latest(link.record, [(kind, one) for one in ids])
        return {reference: one.fields for reference, one in latest.items() if one.fields is not None}

    async def read_away(self) -> None:
        """Read which of the libraries this key can see hold the photos that were moved away, and who is on them."""
        moved = [
            event.entity_id
            for event in self._events
            if event.entity_type == "asset" and event.operation is Operation.MOVED_OUT
        ]
        service = self._opened.service
        if not moved or service is None:
            return
        found: dict[str, Fields] = {}
        holders: dict[str, str] = {}
        libraries = await self._reading.others()
        for library in libraries:
            with suppress(Forbidden, NotFound):
                there = await service.entities("asset", list(dict.fromkeys(moved)), library.id)
                found.update((one, entity.fields) for one, entity in there.items())
                holders.update(dict.fromkeys(there, library.id))
        self._away = Away(
            holders,
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


def sought(situation: Situation) -> list[Sought]:
    """The photos a copy of whose bytes would bring back."""
    found = []
    for asset in situation.selection.ids("asset", Operation.TRASHED, Operation.DELETED):
        file = situation.file(asset)
        size, checksum = fields_of.count(file, "file_size_bytes"), fields_of.raw_id(file, "checksum")
        is_gone = situation.presence(asset) is Presence.GONE and ("asset", asset) not in situation.successors
        if is_gone and checksum and size is not None:
            found.append(Sought(asset, size, checksum))
    return found


def _about(events: Iterable[Placed], references: Collection[Reference]) -> list[Placed]:
    """The events about any of these entities, or naming one in their payload."""
    ids = {entity_id for _, entity_id in references}
    return [one for one in events if any(entity_id in ids for _, entity_id in concerned(one.event))]


async def plan_heading(reading: LibraryReading, scope: str, configured: str) -> Heading:
    """What a plan for this library is for; `configured` is the server it would be run against."""
    from gumnut_tui.usecases.export import command_address

    opened = reading.opened
    record = None if opened.link is None else opened.link.record
    is_offline = opened.service is None
    if opened.service is not None:
        base_url, as_of = opened.service.base_url, reading.terms.clock()
    else:
        assert record is not None
        base_url, as_of = command_address(configured, record.key.base_url), record.as_of
    library = opened.library
    return Heading(opened.library_id, library.name if library else "", base_url, scope, as_of, is_offline)

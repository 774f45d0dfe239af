"""Gathers from the journal all that is known of the past of some entities and of what belongs to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from gumnut_tui.domain.fields import Fields, Reference, concerned, groups, naming_links, raw_id
from gumnut_tui.formatting.entity_names import NameOf, display_name
from gumnut_tui.journal import past
from gumnut_tui.report.history import History, Placed

if TYPE_CHECKING:
    from gumnut_tui.domain.models import Event
    from gumnut_tui.journal.journal import Journal
    from gumnut_tui.journal.records import LibraryRecord, Snapshot

BELONGINGS = {
    "album": (("album_asset", "album_id"),),
    "person": (("face", "person_id"), ("asset", "person_id")),
    "stack": (("asset", "stack_id"),),
    "asset": (("album_asset", "asset_id"), ("face", "asset_id")),
}
"""Of each kind: the kinds of entities that belong to one, and the field of theirs that says so."""
_TIES = {
    "album_asset": (("album", "album_id"), ("asset", "asset_id")),
    "face": (("asset", "asset_id"), ("person", "person_id")),
}
"""Kinds whose past depends on that of the entities they name, and the fields that name these."""


async def gather_history(
    journal: Journal,
    library: LibraryRecord,
    references: Collection[Reference],
    also: Iterable[Snapshot] = (),
    *,
    alone: Collection[Reference] = (),
    is_brief: bool = False,
) -> History:
    """The past of these entities, of their belongings, and of what those depend on.

    Of those `alone` without their belongings. `also` are sights that the journal does not hold. A brief history has of
    photos and faces only where they were and what they belonged to. Raises `JournalProblem`.
    """
    gathering = _Gathering(journal, library, references, list(also), is_brief)
    await gathering.take(alone)
    await gathering.run()
    covered_us = await journal.read(past.covered_us, library.row)
    events = (Placed(place, event) for place, event in sorted(gathering.events.items()))
    return History(events, gathering.snapshots, covered_us=covered_us)


async def names_in(journal: Journal, library: LibraryRecord, references: Collection[Reference]) -> NameOf:
    """Names of entities as last seen, and of those they are named by."""
    found = dict(await journal.last_known(library, references))
    parts = {part for one in found.values() for part in naming_links(one.kind, one.fields or {})}
    found |= await journal.last_known(library, parts - found.keys())

    def fields(kind: str, entity_id: str) -> Fields | None:
        known = found.get((kind, entity_id))
        return None if known is None else known.fields

    def name(kind: str, entity_id: str) -> str | None:
        known = fields(kind, entity_id)
        return None if known is None else display_name(kind, known, fields)

    return name


class _Gathering:
    def __init__(
        self,
        journal: Journal,
        library: LibraryRecord,
        references: Collection[Reference],
        also: list[Snapshot],
        is_brief: bool,
    ) -> None:
        self._journal = journal
        self._library = library
        self._seeds = frozenset(references)
        self._is_brief = is_brief
        self._asked: set[Reference] = set()
        self.snapshots = also
        self.events: dict[int, Event] = {}

    async def take(self, references: Iterable[Reference]) -> None:
        """Ask for these, without what names them or belongs to them."""
        await self._ask(references)

    async def run(self) -> None:
        """Ask for the seeds with all that names them, for what that is about, and for what it depends on."""
        await self._ask(self._seeds | await self._belongings(), [entity_id for _, entity_id in self._seeds])
        # What an event names a seed for is a belonging too: it may be gone before anybody read it.
        await self._ask((event.kind, event.entity_id) for event in list(self.events.values()))
        await self._ask(self._faces_seen())
        await self._ask(self._ties())
        if any(kind == "album" for kind, _ in self._seeds):
            # Any of these may have been in it.
            endless = await self._journal.read(past.endless, self._library.row)
            await self._ask(("album_asset", row) for row in endless)
        if any(kind == "person" for kind, _ in self._seeds):
            unowned = await self._journal.read(past.unowned, self._library.row)
            await self._ask(("face", face) for face in unowned)

    async def _belongings(self) -> set[Reference]:
        seeds = defaultdict[str, list[str]](list)
        for kind, entity_id in self._seeds:
            seeds[kind].append(entity_id)
        found: set[Reference] = set()
        for kind, ids in seeds.items():
            for other, key in BELONGINGS.get(kind, ()):
                linking = await self._journal.read(past.linking, self._library.row, other, key, ids)
                found.update((other, one) for one in linking)
        return found

    def _faces_seen(self) -> set[Reference]:
        """The faces that photos were seen with: of what was seen without its events one would believe it for ever."""
        photos = (one for one in self.snapshots if one.kind == "asset")
        faces = (face for photo in photos for face in groups(photo.fields or {}, "faces"))
        return {("face", face_id) for face in faces if (face_id := raw_id(face, "id"))}

    def _ties(self) -> set[Reference]:
        found: set[Reference] = set()
        for snapshot in self.snapshots:
            for kind, key in _TIES.get(snapshot.kind, ()):
                if entity_id := raw_id(snapshot.fields or {}, key):
                    found.add((kind, entity_id))
        for event in self.events.values():
            if event.kind in _TIES:
                found.update(concerned(event))
        return found

    async def _ask(self, references: Iterable[Reference], named: Collection[str] = ()) -> None:
        """Take in what is known of entities not asked for yet; of those `named`, all events that name them too."""
        new = {reference for reference in references if reference not in self._asked}
        if not new:
            return
        self._asked |= new
        self.snapshots += await self._journal.read(past.histories, self._library.row, new, is_brief=self._is_brief)
        ids = [one for _, one in new]
        self.events.update(await self._journal.read(past.about, self._library.row, ids, named))

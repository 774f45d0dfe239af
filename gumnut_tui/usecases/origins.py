"""Whether photos deleted for good came from the trash, where the events that were read do not settle it.

A purge deletes photos that had been in the trash for more than an hour (API, section 5.4). The event that put them
there may lie before the range: then the journal's older events tell, or the photo as it was last read.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import Awaitable, Callable, Mapping, Set
from typing import NamedTuple

from gumnut_tui.domain import fields as field
from gumnut_tui.domain.actions import IN_TRASH, Action, Family
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Entity, Operation, to_us
from gumnut_tui.feed.entity_cache import NameCache
from gumnut_tui.store.actions import Actions
from gumnut_tui.store.packed import encoded
from gumnut_tui.usecases.journals import JournalLink
from gumnut_tui.usecases.reading import parts

_ARRIVAL_TYPES = frozenset({"asset_created", "asset_moved_in"})
_TRASH_TYPES = frozenset({"asset_trashed", "asset_restored"})
_WHEREABOUTS = _ARRIVAL_TYPES | _TRASH_TYPES
"""From such an event of a photo on, all that happened to it was read."""
ARRIVING, TRASHING, SHOWING, DELETING = (
    EventFilter(entity_types=frozenset({"asset"}), event_types=types)
    for types in (_ARRIVAL_TYPES, _TRASH_TYPES, _WHEREABOUTS, frozenset({"asset_deleted"}))
)
"""The events by which photos come into a library, into the trash or out of it; both; and by which they go for good."""
SLICE = 2_000
"""Events looked at before keys are handled again."""

TrashHistory = Callable[[Mapping[str, int]], Awaitable[Mapping[str, bool]]]
"""Tells of photos that were deleted at these times, in µs, whether they had been in the trash for more than `IN_TRASH`.

Those of which it cannot be told are left out. Raises `JournalProblem`.
"""


async def no_trash_history(_deleted: Mapping[str, int]) -> Mapping[str, bool]:
    """Knows nothing of what was before."""
    return {}


class Origin(NamedTuple):
    """Where the photos of a deletion came from: of how many it is told only by what is known beside its events."""

    purged: int = 0
    """They had been in the trash."""
    untold: int = 0
    """Nobody knows."""


class Origins:
    """Looks for the origins of the photos that the actions of one store deleted."""

    def __init__(self, actions: Actions, names: NameCache, trash_history: TrashHistory = no_trash_history) -> None:
        self._actions = actions
        self._names = names
        self._trash_history = trash_history
        self._seen: tuple[int, Mapping[bytes, int]] = 0, {}
        """When photos were seen first, as it was found among so many events."""

    async def of(self, action: Action) -> Origin:
        """Where the photos came from that an action deleted; raises what `trash_history` raises."""
        unsettled = await self._unsettled(action) if action.family is Family.DELETE else {}
        if not unsettled:
            return Origin()
        told = dict(await self._trash_history(unsettled))
        for photo, us in unsettled.items():
            entity = self._names.last_read("asset", photo)
            if photo not in told and entity is not None:
                # What happened since that was read in this session.
                told[photo] = was_in_trash(entity, us)
        return Origin(sum(told.values()), len(unsettled) - len(told))

    async def _unsettled(self, action: Action) -> dict[str, int]:
        """The photos that no event read shows before they were deleted, and when they were."""
        store, found = self._actions.store, dict[str, int]()
        seen = await self._first_seen()
        for number, row in enumerate(self._actions.rows(action)):
            if store.columns.kind(row).event_type == "asset_deleted":
                event = store.event(row)
                us = seen.get(encoded(event.entity_id))
                if us is None or us > event.created_at_us:
                    found[event.entity_id] = event.created_at_us
            if number % SLICE == SLICE - 1:
                await asyncio.sleep(0)
        return found

    async def _first_seen(self) -> Mapping[bytes, int]:
        """When an event first said where a photo was, in µs, for all photos that were deleted, by their encoded ids."""
        store, columns = self._actions.store, self._actions.store.columns
        read = len(store)
        if self._seen[0] != read:
            found = dict[bytes, int]()
            deleted = {columns.entity_and_payload(row)[0] for row in store.view(DELETING)}
            for number, row in enumerate(store.view(SHOWING) if deleted else ()):
                photo, _ = columns.entity_and_payload(row)
                if photo in deleted:
                    us = store.created_at_us(row)
                    found[photo] = min(us, found.get(photo, us))
                if number % SLICE == SLICE - 1:
                    await asyncio.sleep(0)
            self._seen = read, found
        return self._seen[1]


def was_in_trash(photo: Entity, us: int) -> bool:
    """Whether a photo, as it was last read, had been in the trash for long at a time, in µs."""
    trashed_at = field.moment(photo.fields, "trashed_at")
    return trashed_at is not None and us - to_us(trashed_at) > IN_TRASH


class JournalTrashHistory:
    """What the journal of a library tells: its events, else the photos as they were last read."""

    def __init__(self, link: JournalLink) -> None:
        self._link = link
        self._trash_moments: dict[str, list[tuple[int, bool]]] = {}
        """When photos came into the trash (true) and out of it, in µs."""
        self._until_us: int | None = None
        """Up to when; None before it was read."""

    async def __call__(self, deleted: Mapping[str, int]) -> Mapping[str, bool]:
        if self._until_us is None or max(deleted.values()) > self._until_us:
            await self._read()
        told = dict[str, bool]()
        for photo, us in deleted.items():
            moments = self._trash_moments.get(photo, ())
            if before := bisect_right(moments, (us, True)):
                since, is_trashed = moments[before - 1]
                told[photo] = is_trashed and us - since > IN_TRASH
        left = [photo for photo in deleted if photo not in told]
        copies = await self._link.memory.entities([("asset", photo) for photo in left])
        told |= {photo: was_in_trash(copy, deleted[photo]) for (_, photo), copy in copies.items()}
        return told | dict.fromkeys(await self._came(set(deleted) - set(told)), False)

    async def _came(self, photos: Set[str]) -> Set[str]:
        """Those of some photos that came into the library in the time of the journal: what followed is in it, too."""
        if not photos:
            return photos
        found = set[str]()
        async for part in parts(self._link, ARRIVING):
            found |= photos & {event.entity_id for event in part.events}
        return found

    async def _read(self) -> None:
        journal = self._link.journal
        # More may have been written since it was opened.
        record = await journal.find(self._link.record.key) or self._link.record
        found = dict[str, list[tuple[int, bool]]]()
        async for part in parts(JournalLink(journal, record), TRASHING):
            for event in part.events:
                moment = event.created_at_us, event.operation is Operation.TRASHED
                found.setdefault(event.entity_id, []).append(moment)
        for moments in found.values():
            moments.sort()
        self._trash_moments, self._until_us = found, record.synced_us or 0

"""The feed of one library, kept in columns, and the vocabulary of its events."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from gumnut_tui.demo.world.ids import IdSpace

_NAMES: Final = (
    ("asset_created", "asset"),
    ("asset_updated", "asset"),
    ("asset_trashed", "asset"),
    ("asset_restored", "asset"),
    ("asset_deleted", "asset"),
    ("asset_moved_out", "asset"),
    ("asset_moved_in", "asset"),
    ("metadata_updated", "metadata"),
    ("album_created", "album"),
    ("album_updated", "album"),
    ("album_deleted", "album"),
    ("album_asset_added", "album_asset"),
    ("album_asset_removed", "album_asset"),
    ("person_created", "person"),
    ("person_updated", "person"),
    ("person_deleted", "person"),
    ("face_created", "face"),
    ("face_updated", "face"),
    ("face_deleted", "face"),
    ("stack_created", "stack"),
    ("stack_updated", "stack"),
    ("stack_deleted", "stack"),
    ("library_trashed", "library"),
    ("library_restored", "library"),
    ("asset_reindexed", "asset"),
    ("memory_created", "memory"),
)
EVENT_TYPES: Final = tuple(name for name, _ in _NAMES)
ENTITY_TYPES: Final = tuple(entity for _, entity in _NAMES)
"""The entity type of each event type, by the same index."""

(
    ASSET_CREATED,
    ASSET_UPDATED,
    ASSET_TRASHED,
    ASSET_RESTORED,
    ASSET_DELETED,
    ASSET_MOVED_OUT,
    ASSET_MOVED_IN,
    METADATA_UPDATED,
    ALBUM_CREATED,
    ALBUM_UPDATED,
    ALBUM_DELETED,
    ALBUM_ASSET_ADDED,
    ALBUM_ASSET_REMOVED,
    PERSON_CREATED,
    PERSON_UPDATED,
    PERSON_DELETED,
    FACE_CREATED,
    FACE_UPDATED,
    FACE_DELETED,
    STACK_CREATED,
    STACK_UPDATED,
    STACK_DELETED,
    LIBRARY_TRASHED,
    LIBRARY_RESTORED,
    ASSET_REINDEXED,
    MEMORY_CREATED,
) = range(len(_NAMES))

NO_PAYLOAD, EMPTY, FACE_MOVED, FACE_GONE, MEMBERSHIP, COVER, STACKED = range(7)

_PAYLOAD_KEYS: Final[dict[int, tuple[tuple[str, str], ...]]] = {
    EMPTY: (),
    FACE_MOVED: (("person_id", "person"), ("previous_person_id", "person")),
    FACE_GONE: (("previous_person_id", "person"),),
    MEMBERSHIP: (("album_id", "album"), ("asset_id", "asset")),
    COVER: (("album_cover_asset_id", "asset"),),
    STACKED: (("stack_id", "stack"),),
}


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event as the service stores it; `seq` counts over all libraries of the service, with gaps."""

    seq: int
    created_at_us: int
    entity_type: str
    entity_id: str
    event_type: str
    payload: dict[str, Any] | None


class Feed:
    """The events of one library in feed order; rows are made from the columns when asked for."""

    def __init__(self, ids: IdSpace) -> None:
        self._ids = ids
        self._seq = array("q")
        self._created_us = array("q")
        self._latest_us = array("q")
        self._event = array("B")
        self._number = array("i")
        self._payload = array("B")
        self._first = array("i")
        self._second = array("i")

    def append(self, seq: int, created_us: int, event: int, number: int, payload: int, first: int, second: int) -> None:
        """Add an event at the end; `first` and `second` are the payload's entities, -1 for null."""
        self._seq.append(seq)
        self._created_us.append(created_us)
        latest = self._latest_us
        latest.append(created_us if not latest or created_us > latest[-1] else latest[-1])
        self._event.append(event)
        self._number.append(number)
        self._payload.append(payload)
        self._first.append(first)
        self._second.append(second)

    def __len__(self) -> int:
        return len(self._seq)

    def __getitem__(self, index: int) -> EventRow:
        return self.row(index)

    def __iter__(self) -> Iterator[EventRow]:
        return map(self.row, range(len(self)))

    def row(self, index: int) -> EventRow:
        """The event at a place of the feed."""
        event = self._event[index]
        entity_type = ENTITY_TYPES[event]
        kind = "asset" if entity_type == "metadata" else entity_type
        return EventRow(
            seq=self._seq[index],
            created_at_us=self._created_us[index],
            entity_type=entity_type,
            entity_id=self._ids.encode(kind, self._number[index]),
            event_type=EVENT_TYPES[event],
            payload=self._payload_at(index),
        )

    def _payload_at(self, index: int) -> dict[str, Any] | None:
        keys = _PAYLOAD_KEYS.get(self._payload[index])
        if keys is None:
            return None
        numbers = (self._first[index], self._second[index])
        return {
            key: None if number < 0 else self._ids.encode(kind, number)
            for (key, kind), number in zip(keys, numbers, strict=False)
        }

    def seq(self, index: int) -> int:
        """The global sequence number at a place; ascending."""
        return self._seq[index]

    def index_after_seq(self, seq: int) -> int:
        """The first place whose sequence number is greater than `seq`."""
        return bisect_left(self._seq, seq + 1)

    def created_at_us(self, index: int) -> int:
        """When the event's transaction began, µs; not ascending."""
        return self._created_us[index]

    def entity_type(self, index: int) -> str:
        """The entity type at a place, without making the row."""
        return ENTITY_TYPES[self._event[index]]

    def event_type(self, index: int) -> str:
        """The event type at a place, without making the row."""
        return EVENT_TYPES[self._event[index]]

    def first_at_or_after(self, us: int, start: int = 0) -> int:
        """The first place from `start` on whose `created_at` is not before `us`; the length when there is none."""
        if start == 0 or start >= len(self) or self._latest_us[start - 1] < us:
            return bisect_left(self._latest_us, us, min(start, len(self)))
        # Something before `start` reached `us` already; only late events lie between, so this is a short walk.
        created = self._created_us
        return next((index for index in range(start, len(self)) if created[index] >= us), len(self))

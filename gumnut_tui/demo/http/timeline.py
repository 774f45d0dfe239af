"""A feed as one generation shows it: some rows hidden, some older kinds of row derived.

Every shown event has a *place*: its row's index times four, plus a slot. Slots 0 to 2 are events derived from the
row (the ``exif_*`` events of older generations), slot 3 is the row itself, so places sort in feed order.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from heapq import merge
from typing import Any

from gumnut_tui.demo.http.generations import Generation
from gumnut_tui.demo.http.library_world import EventFeed, EventRow
from gumnut_tui.demo.world.instants import instant

_EXIF_EVENTS = ("exif_created", "exif_updated", "exif_deleted")
_EXIF_CREATED, _EXIF_UPDATED, _EXIF_DELETED, _ROW = 0, 1, 2, 3


class Timeline:
    """One library's feed under ``generation``. Looks at every row once, and only when a type filter needs it."""

    def __init__(self, feed: EventFeed, generation: Generation) -> None:
        self._feed = feed
        self._generation = generation
        self._indexed = 0
        self._all: array[int] = array("Q")
        self._by_type: dict[str, array[int]] = {}
        self._seen_exif: set[str] = set()

    def __len__(self) -> int:
        """How many rows the feed holds."""
        return len(self._feed)

    def row(self, place: int) -> EventRow:
        return self._feed.row(place >> 2)

    def created_at_us(self, place: int) -> int:
        return self._feed.created_at_us(place >> 2)

    def places(self, start: int, types: Iterable[str] | None) -> Iterator[int]:
        """The places from ``start`` on, in order, of events of ``types`` (None: of every type)."""
        if types is None and not self._generation.has_exif:
            return self._plain(start)
        self._extend()
        if types is None:
            return _tail(self._all, start)
        chosen = [self._by_type[kind] for kind in types if kind in self._by_type]
        return merge(*(_tail(places, start) for places in chosen))

    def at_or_after(self, us: int, start: int) -> int:
        """A place at or after ``start`` before which no event is as young as ``us``."""
        return max(start, self._feed.first_at_or_after(us, start >> 2) << 2)

    def number(self, place: int, row: EventRow) -> int:
        """The event's global number, which older generations use as its cursor."""
        return row.seq * 2 + (place & 3 == _ROW) if self._generation.has_exif else row.seq

    def place_after(self, number: int) -> int:
        """The first place whose event's number is greater than ``number``."""
        if not self._generation.has_exif:
            return self._feed.index_after_seq(number) << 2
        seq, is_row = divmod(number, 2)
        if is_row:
            return self._feed.index_after_seq(seq) << 2
        return (self._feed.index_after_seq(seq - 1) << 2) + _ROW

    def event(self, place: int, row: EventRow, cursor: str) -> dict[str, Any]:
        """The event at ``place`` as JSON."""
        slot = place & 3
        return {
            "cursor": cursor,
            "entity_type": row.entity_type if slot == _ROW else "exif",
            "entity_id": row.entity_id,
            "event_type": row.event_type if slot == _ROW else _EXIF_EVENTS[slot],
            "created_at": instant(row.created_at_us),
            "payload": self._payload(row) if slot == _ROW else None,
        }

    def _payload(self, row: EventRow) -> dict[str, Any] | None:
        """The row's payload; that of a stack's members says nothing where there are no stacks."""
        unknown = row.payload and "stack_id" in row.payload and not self._generation.has_stacks
        return None if unknown else row.payload

    def _plain(self, start: int) -> Iterator[int]:
        hidden = self._generation.hidden_events
        places = range(start | _ROW, len(self._feed) << 2, 4)
        if not hidden:
            return iter(places)
        return (place for place in places if self._feed.event_type(place >> 2) not in hidden)

    def _extend(self) -> None:
        generation = self._generation
        for index in range(self._indexed, len(self._feed)):
            event_type = self._feed.event_type(index)
            if generation.has_exif and event_type in ("metadata_updated", "asset_deleted"):
                self._add_exif(index, event_type)
            entity_type = self._feed.entity_type(index)
            if event_type not in generation.hidden_events and (generation.has_metadata or entity_type != "metadata"):
                self._add(entity_type, (index << 2) + _ROW)
        self._indexed = len(self._feed)

    def _add(self, entity_type: str, place: int) -> None:
        self._all.append(place)
        self._by_type.setdefault(entity_type, array("Q")).append(place)

    def _add_exif(self, index: int, event_type: str) -> None:
        asset_id = self._feed.row(index).entity_id
        known = asset_id in self._seen_exif
        if event_type == "metadata_updated":
            self._seen_exif.add(asset_id)
            self._add("exif", (index << 2) + (_EXIF_UPDATED if known else _EXIF_CREATED))
        elif known:
            self._seen_exif.discard(asset_id)
            self._add("exif", (index << 2) + _EXIF_DELETED)


def _tail(places: array[int], start: int) -> Iterator[int]:
    return (places[at] for at in range(bisect_left(places, start), len(places)))

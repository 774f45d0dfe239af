"""The journal's records as values: libraries, syncs, snapshots."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec

from gumnut_tui.domain.models import LEAST_US, MOST_US, Entity, Event, from_us

Us = Annotated[int, msgspec.Meta(ge=LEAST_US, le=MOST_US)]
"""A time in µs since the epoch, within the calendar."""


class LibraryKey(msgspec.Struct, frozen=True):
    """Identifies a library: the same id may be another library on another server or account."""

    base_url: str
    account: str
    """The id of the user the key belongs to; empty when the key may not ask."""
    library_id: str
    """Empty when the service chose the only library."""


class Break(msgspec.Struct, frozen=True):
    """The server refused a cursor, so the feed was read again from its start."""

    at: datetime
    events: int
    """How many events the journal had then; they all stay."""
    cursor: str | None
    reason: str


class Snapshot(msgspec.Struct, frozen=True):
    """An entity as it was when it was read."""

    kind: str
    id: str
    read_at: datetime
    """When it was first read like this."""
    seen_at: datetime
    """When it was last read like this."""
    fields: dict[str, Any] | None
    """None: it did not exist. Addresses of pictures are without their signed query."""

    @property
    def entity(self) -> Entity | None:
        """The entity as it was; None when it did not exist."""
        return None if self.fields is None else Entity(self.kind, self.id, self.fields, self.seen_at)


class LibraryRecord(msgspec.Struct, frozen=True):
    """One library of the journal: where its stretch of the feed begins and ends. One field a column of its row."""

    row: int
    """Its row id in this file."""
    stretch: int
    """The row id of the stretch with its events; another one once the feed was read again."""
    key: LibraryKey
    name: str
    since_us: Us | None
    """Events before this time were not asked for; None: from the feed's beginning."""
    began_us: Us
    synced_us: Us | None
    """When the feed was last read to its end."""
    cursor: str | None
    """Where to continue."""
    events: int
    reread: int | None = None
    """Events read so far of a feed that is read again after a break; None when none is."""

    @property
    def as_of(self) -> datetime:
        """As of when the journal knows the library: its last sync, or when the first one began that is not over."""
        return from_us(self.began_us if self.synced_us is None else self.synced_us)


class FileCounts(msgspec.Struct, frozen=True):
    """Of how many photos the journal knows the file they were uploaded as: checksum, size and name."""

    photos: int
    unknown: int
    """Photos without."""
    lost: int
    """Those of them that were gone before it could be read."""


class LibraryInfo(msgspec.Struct, frozen=True):
    """What the journal holds of one library: one field a figure that `journal info` shows."""

    library: LibraryRecord
    first_us: int | None
    """The earliest and the latest `created_at`; None without events."""
    last_us: int | None
    snapshots: int
    entities: int
    """Entities with a snapshot."""
    unread: int
    """Entities mentioned by events that were not read yet."""
    size: int
    """Bytes of events and snapshots."""
    breaks: tuple[Break, ...]
    files: FileCounts


class Appended(msgspec.Struct, frozen=True):
    """The result of storing a page."""

    gained: tuple[Event, ...]
    """The new events; while a feed is read again none, until its last page returns them all."""
    record: LibraryRecord
    """The library after that."""

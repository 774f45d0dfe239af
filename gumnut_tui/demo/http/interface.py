"""What the server asks of a world: the seam between the simulation and the service that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


class EventRow(Protocol):
    """One change in a library's feed; ``created_at_us`` is µs since the epoch."""

    @property
    def seq(self) -> int: ...
    @property
    def created_at_us(self) -> int: ...
    @property
    def entity_type(self) -> str: ...
    @property
    def entity_id(self) -> str: ...
    @property
    def event_type(self) -> str: ...
    @property
    def payload(self) -> dict[str, Any] | None: ...


class EventFeed(Protocol):
    """One library's events in feed order; it only ever grows at the end."""

    def __len__(self) -> int: ...
    def row(self, index: int) -> EventRow: ...
    def seq(self, index: int) -> int:
        """The event's number in the whole service; ascending."""
        ...

    def index_after_seq(self, seq: int) -> int:
        """The first index whose number is greater than ``seq``."""
        ...

    def created_at_us(self, index: int) -> int: ...
    def entity_type(self, index: int) -> str: ...
    def event_type(self, index: int) -> str: ...
    def first_at_or_after(self, us: int, start: int = 0) -> int:
        """The index of the first event at ``us`` or later, not before ``start``; the length if there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Filters:
    """What entities must be like to be listed. An unknown id matches none; what a kind does not have is passed over."""

    state: str = "live"
    """`live`, `trashed` or `all`."""
    album_id: str | None = None
    asset_id: str | None = None
    person_ids: tuple[str, ...] = ()
    """All of them, where an entity can have several."""
    stack_id: str | None = None
    name_filter: str = "all"
    """`named`, `unnamed` or `all`."""
    include_hidden: bool = True


EVERY_LIVE = Filters()


class LibraryWorld(Protocol):
    """Libraries, entities and feeds of one user. Entities are whole JSON objects plus private ``_keys``."""

    @property
    def user(self) -> dict[str, Any]: ...
    def libraries(self, state: str = "live") -> list[dict[str, Any]]: ...
    def feed(self, library_id: str) -> EventFeed: ...
    def entity(self, kind: str, entity_id: str) -> dict[str, Any] | None: ...
    def ids(self, kind: str, library_id: str, filters: Filters = EVERY_LIVE) -> Sequence[str]: ...
    def advance(self, now: datetime) -> int: ...

"""What the server asks of a world: the seam between the simulation and the service that shows it."""

from __future__ import annotations

from collections.abc import Sequence
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


class LibraryWorld(Protocol):
    """Libraries, entities and feeds of one user. Entities are whole JSON objects plus private ``_keys``."""

    @property
    def user(self) -> dict[str, Any]: ...
    def libraries(self, state: str = "live") -> list[dict[str, Any]]: ...
    def feed(self, library_id: str) -> EventFeed: ...
    def entity(self, kind: str, entity_id: str) -> dict[str, Any] | None: ...
    def ids(
        self,
        kind: str,
        library_id: str,
        *,
        state: str = "live",
        album_id: str | None = None,
        asset_id: str | None = None,
        person_ids: Sequence[str] = (),
        stack_id: str | None = None,
        name_filter: str = "all",
        include_hidden: bool = True,
    ) -> Sequence[str]: ...
    def advance(self, now: datetime) -> int: ...

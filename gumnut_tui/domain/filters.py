"""Filters as comparable values; the empty one matches every event."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from gumnut_tui.domain.models import Event, Operation
from gumnut_tui.domain.search_text import folded, said, texts_in


class EventFilter(msgspec.Struct, frozen=True):
    """Which events to show: all parts must match; None or an empty text does not restrict."""

    entity_types: frozenset[str] | None = None
    operations: frozenset[Operation] | None = None
    event_types: frozenset[str] | None = None
    entity_id: str | None = None
    """Events about this entity, and events whose payload mentions it at any depth."""
    text: str = ""
    """Looked for in ids, event type, what the payload says and, where known, names; case and Unicode forms alike."""
    not_event_types: frozenset[str] = frozenset()
    """Types of events that do not match."""
    not_entity_ids: frozenset[str] = frozenset()
    """Entities whose events, and events that mention them, do not match."""
    since_us: int | None = None
    until_us: int | None = None
    """µs since the epoch, half-open: `since_us <= created_at < until_us`."""

    @property
    def is_empty(self) -> bool:
        """Whether it matches every event."""
        return self == EventFilter()

    @property
    def is_open(self) -> bool:
        """Whether it restricts nothing but the time range."""
        return self.without_range().is_empty

    def without_range(self) -> EventFilter:
        """The same filter over all of time."""
        return msgspec.structs.replace(self, since_us=None, until_us=None)

    def accepts_type(self, entity_type: str, event_type: str, operation: Operation) -> bool:
        """Whether such an event matches the parts about types and operations."""
        return (
            (self.entity_types is None or entity_type in self.entity_types)
            and (self.operations is None or operation in self.operations)
            and (self.event_types is None or event_type in self.event_types)
            and event_type not in self.not_event_types
        )

    @property
    def accepts_all_types(self) -> bool:
        """Whether it restricts neither types nor operations."""
        lists = (self.entity_types, self.operations, self.event_types)
        return not self.not_event_types and all(each is None for each in lists)

    def accepts_time(self, created_at_us: int) -> bool:
        """Whether a time lies in the range."""
        return (self.since_us is None or created_at_us >= self.since_us) and (
            self.until_us is None or created_at_us < self.until_us
        )

    def matches(self, event: Event, names: Collection[str] = ()) -> bool:
        """Whether the event matches; `names` are the display names known for it."""
        return (
            self.accepts_type(event.entity_type, event.event_type, event.operation)
            and self.accepts_time(event.created_at_us)
            and (self.entity_id is None or mentions(event, self.entity_id))
            and not any(mentions(event, entity_id) for entity_id in self.not_entity_ids)
            and (not self.text or contains(event, self.text, names))
        )


def mentions(event: Event, entity_id: str) -> bool:
    """Whether the event is about this entity, or its payload mentions it at any depth."""
    return event.entity_id == entity_id or entity_id in texts_in(bytes(event.payload))


def contains(event: Event, text: str, names: Collection[str] = ()) -> bool:
    """Whether an id, the event type, the payload or one of the names contains the text, compared `folded`."""
    wanted = folded(text)
    haystacks = (event.entity_id, event.event_type, event.cursor, said(bytes(event.payload)), *names)
    return any(wanted in folded(haystack) for haystack in haystacks)

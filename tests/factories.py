"""Events for tests: every field has a fixed value, and keywords change what a test is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from gumnut_tui.domain.models import NULL, Event

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
"""The instant at which every test takes place unless it says otherwise."""
RETENTION = timedelta(days=90)
"""How long the trash is kept in tests."""


def make_event(number: int = 1, **changes: Any) -> Event:
    """Event `number` of a library: a photo created `number` seconds after `NOW` less a day."""
    payload = changes.pop("payload", None)
    fields: dict[str, Any] = {
        "cursor": f"cursor-{number:06}",
        "entity_type": "asset",
        "entity_id": f"asset_{number:022}",
        "event_type": "asset_created",
        "created_at": NOW - timedelta(days=1) + timedelta(seconds=number),
        "payload": NULL if payload is None else msgspec.Raw(msgspec.json.encode(payload)),
    }
    return Event(**(fields | changes))


def make_events(count: int, start: int = 1, **changes: Any) -> list[Event]:
    """`count` events in feed order, numbered from `start`."""
    return [make_event(number, **changes) for number in range(start, start + count)]

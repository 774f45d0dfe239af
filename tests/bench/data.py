"""A made-up feed of any length: ids, cursors, types and payloads as long and as often as the service has them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from random import Random

import msgspec

from gumnut_tui.domain.kinds import kind_of
from gumnut_tui.domain.models import NULL, Event
from gumnut_tui.store.event_store import EventStore

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
MILLION = 1_000_000
BATCH = 10_000
"""Events made at a time."""
DAYS = 90
"""The feed reaches this far back, with most of it in imports of an hour or two."""

_ALPHABET = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_SPREAD = bytes(_ALPHABET[number % len(_ALPHABET)] for number in range(256))
_SHARES = {
    ("asset", "asset_updated"): 330,
    ("metadata", "metadata_updated"): 220,
    ("asset", "asset_created"): 135,
    ("face", "face_created"): 130,
    ("face", "face_updated"): 120,
    ("album_asset", "album_asset_added"): 37,
    ("stack", "stack_created"): 6,
    ("asset", "asset_trashed"): 8,
    ("asset", "asset_deleted"): 5,
    ("face", "face_deleted"): 3,
    ("person", "person_created"): 2,
    ("person", "person_updated"): 1,
    ("album_asset", "album_asset_removed"): 2,
    ("asset", "asset_restored"): 1,
}
"""How often each pair of types comes, as in the demo library."""
_PAYLOADS = {
    "album_asset_added": '{{"album_id":"album_{}","asset_id":"asset_{}"}}',
    "album_asset_removed": '{{"album_id":"album_{}","asset_id":"asset_{}"}}',
    "face_updated": '{{"person_id":"person_{}","previous_person_id":null}}',
    "face_deleted": '{{"previous_person_id":"person_{}"}}',
}


def make_feed(count: int) -> Iterator[list[Event]]:
    """`count` events in feed order, in batches; the same each time."""
    random = Random(7)
    for start in range(0, count, BATCH):
        yield _batch(random, start, min(BATCH, count - start), count)


@cache
def filled_store(count: int) -> EventStore:
    """A store of `count` events, made once; whoever appends to it makes one of its own."""
    return make_store(count)


def make_store(count: int) -> EventStore:
    """A store of `count` events."""
    store = EventStore()
    for batch in make_feed(count):
        store.append(batch)
    return store


def _batch(random: Random, start: int, size: int, count: int) -> list[Event]:
    texts = random.randbytes(size * 64).translate(_SPREAD).decode()
    kinds = random.choices(list(_SHARES), weights=list(_SHARES.values()), k=size)
    jitter = random.choices(range(4_000_000), k=size)
    times = accumulate((DAYS * 86_400_000_000 // count,) * (size - 1), initial=0)
    first = NOW - timedelta(days=DAYS) + timedelta(microseconds=start * (DAYS * 86_400_000_000 // count))
    events = []
    for at, (us, late, (entity_type, event_type)) in enumerate(zip(times, jitter, kinds, strict=True)):
        text = texts[at * 64 : at * 64 + 64]
        payload = _PAYLOADS.get(event_type)
        events.append(
            Event(
                cursor="c" + text[:20],
                entity_type=entity_type,
                entity_id=f"{kind_of(entity_type)}_{text[20:42]}",
                event_type=event_type,
                created_at=first + timedelta(microseconds=us + late),
                payload=NULL if payload is None else msgspec.Raw(payload.format(text[42:64], text[:22]).encode()),
            )
        )
    return events

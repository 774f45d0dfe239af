"""A made-up feed of any length: ids, cursors, types and payloads as long and as often as the service has them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from random import Random

import msgspec

from gumnut_tui.domain.kinds import kind_of
from gumnut_tui.domain.models import NULL, Event, from_us, to_us
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


def make_life(count: int) -> Iterator[list[Event]]:
    """`count` events as people leave them, in feed order and in batches: imports, and small things between.

    Half of the photos come in imports of up to some thousand, in which an event follows another within a second; what
    the service does to each comes within minutes (API, section 6.2). The same each time.
    """
    random = Random(11)
    batch, made, us = list[tuple[int, str, str, str, str]](), 0, to_us(NOW) - 3 * 365 * 86_400_000_000
    while made < count:
        us += int(random.expovariate(1 / 20_000) * 1_000_000)
        batch.extend(_spell(random, us))
        us = max(us, batch[-1][0])
        if len(batch) >= BATCH:
            yield [_event(*each) for each in batch[: count - made]]
            made += len(batch)
            batch.clear()


def life_store(count: int) -> EventStore:
    """A store of that many of such events."""
    store = EventStore()
    for batch in make_life(count):
        store.append(batch)
    return store


def _spell(random: Random, us: int) -> Iterator[tuple[int, str, str, str, str]]:
    """What somebody does in a while, in feed order: times are a little disordered."""
    luck = random.random()
    if luck < 0.45:
        spell = list(_import(random, us, min(4_000, int(random.lognormvariate(4, 1.2)) + 1)))
    elif luck < 0.6:
        spell = [(us + n * 400_000, "asset", _id(random), "asset_trashed", "") for n in range(random.randint(1, 60))]
    elif luck < 0.8:
        spell = [
            (us + n * 3_000_000, "metadata", _id(random), "metadata_updated", "") for n in range(random.randint(1, 30))
        ]
    elif luck < 0.9:
        album = _id(random)
        payload = f'{{"album_id":"album_{album}","asset_id":"asset_{album}"}}'
        spell = [(us, "album", album, "album_created", "")]
        spell += [
            (us + n * 50_000, "album_asset", _id(random), "album_asset_added", payload)
            for n in range(random.randint(1, 200))
        ]
    else:
        before, after = _id(random), _id(random)
        payload = f'{{"person_id":"person_{after}","previous_person_id":"person_{before}"}}'
        spell = [(us + n * 30_000, "face", _id(random), "face_updated", payload) for n in range(random.randint(1, 40))]
        spell.append((us + 2_000_000, "person", before, "person_deleted", ""))
    return (each for each in sorted(spell, key=lambda each: each[0] + random.randrange(4_000_000)))


def _import(random: Random, us: int, photos: int) -> Iterator[tuple[int, str, str, str, str]]:
    people = [_id(random) for _ in range(6)]
    for number in range(photos):
        photo, at = _id(random), us + number * 1_200_000
        yield at, "asset", photo, "asset_created", ""
        yield at + 9_000, "metadata", photo, "metadata_updated", ""
        for _ in range(random.randint(1, 3)):
            yield at + random.randrange(90_000_000), "asset", photo, "asset_updated", ""
        yield at + random.randrange(90_000_000), "metadata", photo, "metadata_updated", ""
        for _ in range(random.choice((0, 0, 1, 1, 2))):
            face, seen = _id(random), at + random.randrange(60_000_000)
            yield seen, "face", face, "face_created", ""
            payload = f'{{"person_id":"person_{random.choice(people)}","previous_person_id":null}}'
            yield seen + 180_000_000, "face", face, "face_updated", payload


def _id(random: Random) -> str:
    return random.randbytes(22).translate(_SPREAD).decode()


def _event(us: int, entity_type: str, entity_id: str, event_type: str, payload: str) -> Event:
    return Event(
        cursor=f"c{us}{entity_id[:6]}",
        entity_type=entity_type,
        entity_id=f"{kind_of(entity_type)}_{entity_id}",
        event_type=event_type,
        created_at=from_us(us),
        payload=msgspec.Raw(payload.encode()) if payload else NULL,
    )

"""The API's terms as values: events, pages, entities, libraries, and what an event did.

Everything here is frozen and lenient: unknown fields, event types and entity types pass through, because the
service adds new ones without notice and an auditor must show them all the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import lru_cache
from typing import Any

import msgspec

from gumnut_tui.domain.kinds import kind_of

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000
"""In µs, as times are counted."""
NULL = msgspec.Raw(b"null")


def utc_now() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)


def to_us(moment: datetime) -> int:
    """Microseconds since the epoch; a time without a zone counts as UTC, as old servers meant it."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - EPOCH) // MICROSECOND


def from_us(us: int) -> datetime:
    """The UTC time that lies `us` microseconds after the epoch."""
    return EPOCH + timedelta(0, 0, us)


LEAST_US = to_us(datetime.min)
MOST_US = to_us(datetime.max)
"""The first and the last time that can be represented, in µs since the epoch."""


class Operation(Enum):
    """What an event did, by the ending of its `event_type`; in the order of the sidebar."""

    CREATED = "created"
    ADDED = "added"
    UPDATED = "updated"
    RESTORED = "restored"
    MOVED_IN = "moved_in"
    MOVED_OUT = "moved_out"
    REMOVED = "removed"
    TRASHED = "trashed"
    DELETED = "deleted"
    OTHER = "other"

    @property
    def word(self) -> str:
        """The operation as shown: `moved out`."""
        return self.value.replace("_", " ")

    @property
    def glyph(self) -> str:
        """One cell wide; shown with the word, so that colour is never the only sign."""
        return _GLYPHS[self]

    @property
    def is_destructive(self) -> bool:
        """Something was removed: a link, a photo to the trash, an entity for good.

        Moving out is no deletion, but people who miss a photo look for it here.
        """
        return self in DESTRUCTIVE


_GLYPHS = {
    Operation.CREATED: "+",
    Operation.ADDED: "⊕",
    Operation.UPDATED: "~",
    Operation.RESTORED: "↺",
    Operation.MOVED_IN: "←",
    Operation.MOVED_OUT: "→",
    Operation.REMOVED: "−",
    Operation.TRASHED: "▽",
    Operation.DELETED: "✗",
    Operation.OTHER: "·",
}
GRAVITY = (Operation.DELETED, Operation.TRASHED, Operation.MOVED_OUT, Operation.REMOVED)
"""The operations after which something is missing, the worst first."""
DESTRUCTIVE = frozenset(GRAVITY)
UNDOABLE = DESTRUCTIVE | {Operation.UPDATED}
"""The operations that a plan can undo; those of fields only where they are asked for."""
_BY_ENDING = {f"_{operation.value}": operation for operation in Operation if operation is not Operation.OTHER}


@lru_cache(maxsize=1_000)
def operation_of(event_type: str) -> Operation:
    """The operation by the ending of an event type; `OTHER` for an unknown ending."""
    for ending, operation in _BY_ENDING.items():
        if event_type.endswith(ending):
            return operation
    return Operation.OTHER


class Event(msgspec.Struct, frozen=True):
    """One event of the feed: which entity changed, when and how, nothing about its state.

    Fields have the API's names; `payload` stays the JSON as received, to be decoded when needed.
    """

    cursor: str
    entity_type: str
    entity_id: str
    event_type: str
    created_at: datetime
    payload: msgspec.Raw = NULL

    @property
    def created_at_us(self) -> int:
        """`created_at` in µs since the epoch."""
        return to_us(self.created_at)

    @property
    def operation(self) -> Operation:
        """What the event did."""
        return operation_of(self.event_type)

    @property
    def kind(self) -> str:
        """The kind of entity `entity_id` names."""
        return kind_of(self.entity_type)

    @property
    def details(self) -> dict[str, Any]:
        """The payload decoded; empty for null, `{}`, or anything that is not an object."""
        return decode_payload(bytes(self.payload))


def decode_payload(payload: bytes) -> dict[str, Any]:
    """A payload's JSON as a dict; empty for null, no object, or JSON that is invalid, too deep or over a megabyte."""
    if payload == b"null" or not payload or len(payload) > LONGEST or not is_shallow(payload):
        return {}
    try:
        value = msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


class EventPage(msgspec.Struct, frozen=True):
    """One page of the feed, from any generation of the API."""

    events: tuple[Event, ...]
    next_cursor: str | None
    """Where to continue: the server's `next_cursor`, else the last event's, else the one sent; None at the start."""
    has_more: bool
    """False means nothing more is ready now, never that the feed has ended."""
    raw: tuple[bytes, ...] = ()
    """The JSON of each event as received, one to one with `events`; empty unless asked for."""


class Entity(msgspec.Struct, frozen=True):
    """An entity's fields as the service gave them at `read_at`: its state then, not at any event's time."""

    kind: str
    id: str
    fields: dict[str, Any]
    read_at: datetime


class Presence(Enum):
    """Whether an entity is still there, as far as a read can show."""

    LIVE = "live"
    TRASHED = "trashed"
    MOVED = "moved"
    GONE = "gone"
    AWAY = "away"
    """Not in the library any more: gone or moved. Only a batch read leaves that open, never the read of one."""


DEPARTURES = {Operation.DELETED: Presence.GONE, Operation.MOVED_OUT: Presence.MOVED}
"""What became of an entity, by the operation with which it left the library."""


def presence_in(fields: Mapping[str, Any]) -> Presence:
    """Whether an existing entity is live or in the trash, by its fields."""
    return Presence.TRASHED if fields.get("trashed_at") else Presence.LIVE


class EntityState(msgspec.Struct, frozen=True):
    """The answer to "what is this entity now": gone is an answer, never an error."""

    kind: str
    id: str
    presence: Presence
    read_at: datetime
    entity: Entity | None = None
    """None when gone."""


class Library(msgspec.Struct, frozen=True):
    """A library of the account; everything but id and name may be missing on older servers."""

    id: str
    name: str = ""
    description: str | None = None
    asset_count: int | None = None
    role: str | None = None
    trashed: bool = False


class User(msgspec.Struct, frozen=True):
    """The account a key belongs to."""

    id: str
    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    timezone: str | None = None


DEEPEST = 64
"""Levels of lists and objects; the service's own answers have five."""
LONGEST = 1024 * 1024
"""Bytes of a payload that is decoded."""

_OTHERS = bytes(set(range(256)) - set(b"[]{}"))
_SIGN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}]', re.DOTALL)


def is_shallow(raw: bytes) -> bool:
    """Whether lists and objects in JSON are nested at most `DEEPEST` levels deep."""
    signs = raw.translate(None, _OTHERS)
    if len(signs) <= 2 * DEEPEST:
        return True
    for _ in range(DEEPEST // 2):
        # Each pass removes at least the innermost ones.
        left = signs.replace(b"[]", b"").replace(b"{}", b"")
        if not left:
            return True
        if len(left) == len(signs):
            break
        signs = left
    return _depth(raw) <= DEEPEST


def _depth(raw: bytes) -> int:
    """The exact depth: brackets inside strings do not count."""
    depth = deepest = 0
    for sign in _SIGN.finditer(raw):
        match raw[sign.start()]:
            case 0x5B | 0x7B:
                depth += 1
                deepest = max(deepest, depth)
                if deepest > DEEPEST:
                    break
            case 0x5D | 0x7D:
                depth -= 1
            case _:
                pass
    return deepest

"""An event as text: the cells of its row, its record in full, what it means, and its line in a history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo

import msgspec

from gumnut_tui.domain import fields as field
from gumnut_tui.domain.fields import Fields
from gumnut_tui.domain.kinds import kind_of
from gumnut_tui.domain.models import Event, Operation, Presence
from gumnut_tui.formatting.entity_names import NameOf, link_name, short_id, stem
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.facts import Fact, Tone, tone_of
from gumnut_tui.formatting.interchange import compact_json
from gumnut_tui.formatting.times import age_of, exact_time, row_time

PresenceOf = Callable[[str, str], Presence | None]
"""Finds whether an entity (kind, id) is still there; None when that is not known."""

WHAT_LIMIT = 32
MORE_LIMIT = 120


class Cells(msgspec.Struct, frozen=True):
    """One row, escaped: when, what was done to what, and what else matters."""

    time: str
    """`12:03:22`, with the day if that is not today."""
    operation: Operation
    op: str
    """Glyph and word: `✗ deleted`; an unknown event type shows its own word: `· sparkled`."""
    what: str
    """The entity type in the API's words: `asset`, `metadata`, `album_asset`."""
    entity: str
    """A name, or a shortened id."""
    more: str


def event_cells(
    event: Event,
    *,
    zone: tzinfo,
    name: NameOf,
    now: datetime,
    presence: PresenceOf | None = None,
) -> Cells:
    """The row of an event. `name` and `presence` return what is known by now; neither may block."""
    operation = event.operation
    details = event.details
    return Cells(
        row_time(event.created_at_us, zone, now),
        operation,
        operation_words(operation, event.event_type, event.entity_type),
        visible(event.entity_type, WHAT_LIMIT),
        entity_name(event, details, name),
        visible(more(event, operation, details, name, presence), MORE_LIMIT),
    )


def operation_words(operation: Operation, event_type: str, entity_type: str) -> str:
    """Glyph and word of an operation; for an unknown one, the word in the event type itself."""
    if operation is Operation.OTHER:
        return f"{operation.glyph} {visible(event_type.removeprefix(entity_type + '_'), WHAT_LIMIT)}"
    return f"{operation.glyph} {operation.word}"


def entity_name(event: Event, details: Fields, name: NameOf) -> str:
    """What an event is about: its name, else a name made of what its payload says, else its shortened id."""
    return known_name(event, details, name) or short_id(kind_of(event.entity_type), event.entity_id)


def known_name(event: Event, details: Fields, name: NameOf) -> str | None:
    """The name of what an event is about, else one made of what its payload says; None when neither is known."""
    kind = kind_of(event.entity_type)
    known = name(kind, event.entity_id)
    if known is not None:
        return known
    if kind == "album_asset":
        asset, album = field.raw_id(details, "asset_id"), field.raw_id(details, "album_id")
        if asset and album:
            return link_name(named(name, "asset", asset), named(name, "album", album))
    return None


def named(name: NameOf, kind: str, entity_id: str) -> str:
    """The name of an entity, or its shortened id."""
    return name(kind, entity_id) or short_id(kind, entity_id)


def more(event: Event, operation: Operation, details: Fields, name: NameOf, presence: PresenceOf | None) -> str:
    """What else matters about an event: what its payload says, and whether what is gone can be recovered."""
    match event.entity_type:
        case "face":
            return _assignment(details, name, is_gone=operation is Operation.DELETED)
        case "album_asset":
            return _link_fate(details, presence) if operation is Operation.REMOVED else ""
        case "asset" if "stack_id" in details:
            stack = field.raw_id(details, "stack_id")
            return f"now in {named(name, 'stack', stack)}" if stack else "no longer in a stack"
        case "album" if "album_cover_asset_id" in details:
            cover = field.raw_id(details, "album_cover_asset_id")
            return f"cover {stem(named(name, 'asset', cover))}" if cover else "no cover"
    if operation is Operation.OTHER:
        return _unknown(event, details)
    if operation is Operation.TRASHED:
        return _trash_fate(event, presence)
    return _SHORT_MEANINGS.get((event.entity_type, operation), "")


_SHORT_MEANINGS = {
    ("asset", Operation.DELETED): "for good",
    ("album", Operation.DELETED): "its photos stay",
    ("person", Operation.DELETED): "or merged or regrouped",
    ("stack", Operation.DELETED): "its photos stay",
    ("asset", Operation.MOVED_OUT): "to another library",
    ("asset", Operation.MOVED_IN): "from another library",
    ("asset", Operation.RESTORED): "back from the trash",
    ("library", Operation.RESTORED): "back from the trash",
    ("library", Operation.DELETED): "for good",
}


def _assignment(details: Fields, name: NameOf, *, is_gone: bool) -> str:
    person, before = field.raw_id(details, "person_id"), field.raw_id(details, "previous_person_id")
    if person and before:
        return f"from {named(name, 'person', before)} to {named(name, 'person', person)}"
    if person:
        return f"assigned to {named(name, 'person', person)}"
    if before:
        return f"{'was' if is_gone else 'no longer'} {named(name, 'person', before)}"
    return "not assigned" if "person_id" in details else ""


_LINK_FATES = {
    Presence.LIVE: "photo still there",
    Presence.TRASHED: "photo is in the trash",
    Presence.MOVED: "photo in another library",
    Presence.GONE: "photo is gone too",
    Presence.AWAY: "photo is gone or moved",
}


def _link_fate(details: Fields, presence: PresenceOf | None) -> str:
    asset = field.raw_id(details, "asset_id")
    now = presence("asset", asset) if presence and asset else None
    return "photo may be safe" if now is None else _LINK_FATES[now]


_TRASH_FATES = {
    Presence.LIVE: "restored since",
    Presence.TRASHED: "recoverable",
    Presence.MOVED: "in another library since",
    Presence.GONE: "gone for good since",
    Presence.AWAY: "gone or moved since",
}


def _trash_fate(event: Event, presence: PresenceOf | None) -> str:
    now = presence(event.kind, event.entity_id) if presence else None
    return "recoverable" if now is None else _TRASH_FATES[now]


def _unknown(event: Event, details: Fields) -> str:
    pairs = (f"{key}={value}" for key, value in list(details.items())[:4])
    return " ".join((event.event_type, *pairs))


RAW_LIMIT = 2000
"""Characters of a raw value that are shown."""

UNKNOWN_MEANING = "An event type this program does not know: something about this entity changed."

_MEANINGS = {
    "asset_created": "An upload finished and the photo or video was added to the library.",
    "asset_updated": "The photo's record changed: description, size, version, preview, stack or the like.",
    "asset_trashed": "Moved to the trash. It can be restored until the service purges it.",
    "asset_restored": "Came back from the trash, with its faces and its places in albums.",
    "asset_deleted": "Removed for good: deleted, or purged from the trash. It cannot be restored.",
    "asset_moved_out": "Moved to another library, which the feed does not name. It may have come back.",
    "asset_moved_in": "Moved into this library from another one, with the same id.",
    "metadata_updated": "Camera, place, time or rating of the photo was written or changed. The id is the photo's.",
    "exif_created": "Camera and place data of the photo was written (older feed). The id is the photo's.",
    "exif_updated": "Camera and place data of the photo changed (older feed). The id is the photo's.",
    "exif_deleted": "Camera and place data was removed (older feed). The photo may be untouched.",
    "album_created": "A new album.",
    "album_updated": "Name, description or cover of the album changed.",
    "album_deleted": "The album and its links are gone; the photos in it stay. There are no events for each photo.",
    "album_asset_added": "A photo was put into an album.",
    "album_asset_removed": (
        "The link between photo and album is gone: taken out of the album, or the photo was deleted for good, "
        "which removes it from every album. By itself this does not touch the photo."
    ),
    "person_created": "A new person: a cluster of similar faces was found, or one was created by hand.",
    "person_updated": "Name, birth date, portrait or a flag of the person changed. Counts change without an event.",
    "person_deleted": "The person is gone: deleted, merged into another, or the cluster was dissolved. Photos stay.",
    "face_created": "A face was found or drawn on a photo. It is not assigned yet.",
    "face_updated": "The face was assigned to a person, moved to another, unassigned, or edited.",
    "face_deleted": "The face was removed. The photo stays.",
    "stack_created": "Photos were stacked, or a burst was found.",
    "stack_updated": "Cover or members of the stack changed.",
    "stack_deleted": "The stack was dissolved, as happens when fewer than two members are left. Its photos stay.",
    "library_trashed": "The whole library was moved to the trash. It can be restored for a while.",
    "library_restored": "The whole library came back from the trash.",
}

_GENERAL_MEANINGS = {
    Operation.CREATED: "Something new.",
    Operation.ADDED: "Something was added.",
    Operation.UPDATED: "Something about this entity changed.",
    Operation.RESTORED: "Came back from the trash.",
    Operation.MOVED_IN: "Moved in from another library.",
    Operation.MOVED_OUT: "Moved to another library.",
    Operation.REMOVED: "A link is gone; what it linked may be untouched.",
    Operation.TRASHED: "Moved to the trash, recoverable for a while.",
    Operation.DELETED: "Gone for good.",
}


def meaning(event: Event) -> str:
    """What an event says happened, in a sentence; never by whom, as the feed has no actor."""
    known = _MEANINGS.get(event.event_type)
    return known or _GENERAL_MEANINGS.get(event.operation, UNKNOWN_MEANING)


def event_lines(
    event: Event, *, zone: tzinfo, now: datetime, name: NameOf, presence: PresenceOf | None = None
) -> list[Fact]:
    """Every field of the record as received, and what it means."""
    operation = event.operation
    cells = event_cells(event, zone=zone, now=now, name=name, presence=presence)
    us = event.created_at_us
    return [
        Fact("", f"{operation_words(operation, event.event_type, event.entity_type)} {cells.what}", Tone.HEAD),
        Fact("", meaning(event), tone_of(operation)),
        Fact("entity", cells.entity),
        *([Fact("more", cells.more)] if cells.more else []),
        Fact("event_type", visible(event.event_type, RAW_LIMIT)),
        Fact("entity_type", visible(event.entity_type, RAW_LIMIT)),
        Fact("entity_id", visible(event.entity_id, RAW_LIMIT)),
        Fact("created_at", f"{exact_time(us, zone)}, {age_of(us, now)}"),
        *([Fact("in UTC", exact_time(us, UTC))] if exact_time(us, UTC) != exact_time(us, zone) else []),
        *_payload_lines(event),
        Fact("cursor", visible(event.cursor, RAW_LIMIT), Tone.DIM),
        Fact("", "created_at is when the write began; the feed may be ordered differently.", Tone.DIM),
    ]


def _payload_lines(event: Event) -> list[Fact]:
    details = event.details
    if details:
        return [Fact(f"payload.{visible(key, 60)}", compact_json(value, RAW_LIMIT)) for key, value in details.items()]
    raw = bytes(event.payload).decode("utf-8", "replace")
    return [Fact("payload", visible(raw, RAW_LIMIT) or "null", Tone.DIM)]


def history_line(
    event: Event, *, about: str, zone: tzinfo, now: datetime, name: NameOf, presence: PresenceOf | None = None
) -> Fact:
    """One event in the history of the entity `about`: when, and what; other entities are named."""
    cells = event_cells(event, zone=zone, now=now, name=name, presence=presence)
    other = "" if event.entity_id == about else cells.entity
    return Fact(
        cells.time,
        "  ".join(part for part in (cells.op, cells.what, other, cells.more) if part),
        tone_of(cells.operation),
    )

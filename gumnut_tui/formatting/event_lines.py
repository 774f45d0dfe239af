"""An event in full: every field of the record as it came, what it means, and its line in a history."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from gumnut_tui.domain.models import Event, Operation
from gumnut_tui.formatting.cells import event_cells, operation_words
from gumnut_tui.formatting.entity_names import NameOf
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.facts import Fact, Tone, tone_of
from gumnut_tui.formatting.interchange import compact_json
from gumnut_tui.formatting.times import age_of, exact_time

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
    "person_created": "A new person: a cluster of similar faces was found, or one was made by hand.",
    "person_updated": "Name, birth date, portrait or a mark of the person changed. Counts change without an event.",
    "person_deleted": "The person is gone: deleted, merged into another, or the cluster was dissolved. Photos stay.",
    "face_created": "A face was found or drawn on a photo. It is not assigned yet.",
    "face_updated": "The face was assigned to a person, moved to another, unassigned, or edited.",
    "face_deleted": "The face was removed. The photo stays.",
    "stack_created": "Photos were stacked, or a burst was found.",
    "stack_updated": "Cover or members of the stack changed.",
    "stack_deleted": "The stack was dissolved, which also happens below two members. Its photos stay.",
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
    """What an event says happened, in a sentence; never by whom, which the feed does not tell."""
    known = _MEANINGS.get(event.event_type)
    return known or _GENERAL_MEANINGS.get(event.operation, UNKNOWN_MEANING)


def event_lines(event: Event, *, zone: tzinfo, now: datetime, name: NameOf) -> list[Fact]:
    """Every field of the record, raw, beside what it means."""
    operation = event.operation
    cells = event_cells(event, zone=zone, now=now, name=name)
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
        Fact("in UTC", exact_time(us, UTC)),
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


def history_line(event: Event, *, about: str, zone: tzinfo, now: datetime, name: NameOf) -> Fact:
    """One event in the history of the entity `about`: when, and what; other entities are named."""
    cells = event_cells(event, zone=zone, now=now, name=name)
    other = "" if event.entity_id == about else cells.entity
    return Fact(
        cells.time,
        "  ".join(part for part in (cells.op, cells.what, other, cells.more) if part),
        tone_of(cells.operation),
    )

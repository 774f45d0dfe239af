"""An event as the cells of a table row; the screen and the command line print the same ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from gumnut_tui.domain import fields as field
from gumnut_tui.domain.fields import Fields
from gumnut_tui.domain.kinds import kind_of
from gumnut_tui.domain.models import Event, Operation, Presence
from gumnut_tui.formatting.entity_names import NameOf, link_name, short_id, stem
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.times import row_time

PresenceOf = Callable[[str, str], Presence | None]
"""Finds whether an entity (kind, id) is still there; None when that is not known."""

WHAT_LIMIT = 32
MORE_LIMIT = 120


@dataclass(frozen=True, slots=True)
class Cells:
    """One row, escaped: when, what was done to what, and what else matters."""

    time: str
    """`12:03:22`, with the day when it was not today."""
    operation: Operation
    op: str
    """Glyph and word: `✗ deleted`; an event type we do not know shows its own word: `· sparkled`."""
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
    """The row of an event. `name` and `presence` tell what is known by now; neither may wait."""
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
    """Glyph and word of an operation; of one we do not know, what the event type says itself."""
    if operation is Operation.OTHER:
        return f"{operation.glyph} {visible(event_type.removeprefix(entity_type + '_'), WHAT_LIMIT)}"
    return f"{operation.glyph} {operation.word}"


def entity_name(event: Event, details: Fields, name: NameOf) -> str:
    """What the event is about: its name, else what the payload tells, else its shortened id."""
    kind = kind_of(event.entity_type)
    known = name(kind, event.entity_id)
    if known is not None:
        return known
    if kind == "album_asset":
        asset, album = field.raw_id(details, "asset_id"), field.raw_id(details, "album_id")
        if asset and album:
            return link_name(named(name, "asset", asset), named(name, "album", album))
    return short_id(kind, event.entity_id)


def named(name: NameOf, kind: str, entity_id: str) -> str:
    """The name of an entity, or its shortened id."""
    return name(kind, entity_id) or short_id(kind, entity_id)


def more(event: Event, operation: Operation, details: Fields, name: NameOf, presence: PresenceOf | None) -> str:
    """What else matters about an event: what its payload says, and whether what went away can come back."""
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
    return _MEANINGS.get((event.entity_type, operation), "")


_MEANINGS = {
    ("asset", Operation.DELETED): "for good",
    ("album", Operation.DELETED): "its photos stay",
    ("person", Operation.DELETED): "or merged, or regrouped",
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
}


def _trash_fate(event: Event, presence: PresenceOf | None) -> str:
    now = presence(event.kind, event.entity_id) if presence else None
    return "recoverable" if now is None else _TRASH_FATES[now]


def _unknown(event: Event, details: Fields) -> str:
    pairs = (f"{key}={value}" for key, value in list(details.items())[:4])
    return " ".join((event.event_type, *pairs))

"""Reading an entity's fields as the service sent them, and which entities they refer to.

Any field may be missing, null or of another type. Those that hold ids are one table, for entities and payloads alike.
`search_text.texts_in` finds all ids that a payload mentions; here an id gets its kind as well, so that the entity can
be read.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from gumnut_tui.domain.kinds import KINDS, kind_of_id
from gumnut_tui.domain.models import Event
from gumnut_tui.domain.search_text import folded

Fields = Mapping[str, Any]

_NOTHING: Fields = {}


def raw_id(fields: Fields, key: str) -> str:
    """The id under `key` as received; empty when there is none."""
    value = fields.get(key)
    return value if isinstance(value, str) else ""


def amount(fields: Fields, key: str) -> float | None:
    """The finite number under `key`; None when missing or something else."""
    value = fields.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def count(fields: Fields, key: str) -> int | None:
    """The whole number under `key`, not below 0; None when missing or something else."""
    value = amount(fields, key)
    return None if value is None or value < 0 else int(value)


THUMBHASH_LIMIT = 200
"""Characters of a ThumbHash that are kept; real ones have some 28."""


def thumbhash_of(fields: Fields) -> str | None:
    """The ThumbHash of a photo; None when missing, or longer than one can be."""
    value = fields.get("thumbhash")
    return value if isinstance(value, str) and 0 < len(value) <= THUMBHASH_LIMIT else None


def group(fields: Fields, key: str) -> Fields:
    """The object under `key`; empty when missing or something else."""
    value = fields.get(key)
    return value if isinstance(value, Mapping) else _NOTHING


def groups(fields: Fields, key: str) -> Sequence[Fields]:
    """The objects in the list under `key`; empty when missing or something else."""
    value = fields.get(key)
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list | tuple) else []


def ids(fields: Fields, key: str) -> list[str]:
    """The ids in the list under `key`; empty when missing or something else."""
    value = fields.get(key)
    return [item for item in value if isinstance(item, str)] if isinstance(value, list | tuple) else []


def wall_moment(fields: Fields, key: str) -> datetime | None:
    """The time under `key` as written, which may lack a zone; None when missing or unreadable."""
    value = fields.get(key)
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or len(value) > 64:
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def moment(fields: Fields, key: str) -> datetime | None:
    """The time under `key`, taken as UTC when it has no zone; None when missing or unreadable."""
    value = wall_moment(fields, key)
    return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


_FILE_FIELDS = ("checksum", "device_asset_id", "device_id", "file_created_at", "file_modified_at", "file_size_bytes")


def file_of(photo: Fields) -> Fields:
    """The file a photo was uploaded as, by its `file_data`; empty where its checksum is not told.

    Servers before June 2026 have the same fields beside the others (API, section 4.4).
    """
    data = group(photo, "file_data")
    told = data if raw_id(data, "checksum") else photo
    return {key: told[key] for key in _FILE_FIELDS if key in told} if raw_id(told, "checksum") else _NOTHING


def checksum_of(photo: Fields) -> str:
    """The SHA-256 of the file a photo was uploaded as, base64; empty where it is not told."""
    return raw_id(file_of(photo), "checksum")


_SHAPE = re.compile(r"[a-z_]+_[2-9A-HJ-NP-Za-km-z]{22}")
"""How the service forms ids today."""

Reference = tuple[str, str]
"""The kind and the id of an entity."""


def references(kind: str, ids: Iterable[str]) -> list[Reference]:
    """Entities of one kind, by their ids."""
    return [(kind, entity_id) for entity_id in ids]


class Link(NamedTuple):
    """A field that holds the id of another entity, a list of such ids, or a list of the entities themselves."""

    key: str
    kind: str
    title: str
    """What the other entity is to the one that has the field, as shown."""


_TABLE = (
    Link("asset_id", "asset", "Photo"),
    Link("person_id", "person", "Person"),
    Link("previous_person_id", "person", "Person before"),
    Link("album_id", "album", "Album"),
    Link("stack_id", "stack", "Stack"),
    Link("album_cover_asset_id", "asset", "Cover"),
    Link("primary_asset_id", "asset", "Cover"),
    Link("thumbnail_face_id", "face", "Face on the thumbnail"),
    Link("people", "person", "People"),
    Link("faces", "face", "Faces"),
    Link("asset_ids", "asset", "Photos"),
)
LINKS = {link.key: link for link in _TABLE}


def links_of(fields: Fields) -> Iterator[tuple[str, list[Reference]]]:
    """The entities that an entity's fields refer to, each group with its title."""
    for link in _TABLE:
        if found := [(link.kind, entity_id) for entity_id in _ids(fields, link.key)]:
            yield link.title, found


def linked(fields: Fields) -> list[Reference]:
    """The entities that an entity's fields refer to."""
    return [reference for _, references in links_of(fields) for reference in references]


def naming_parts(kind: str, fields: Fields) -> dict[str, Reference]:
    """The entities needed to name one whose fields are known, by the preferred field for each.

    A face needs its photo and its person; a stack its cover, else its first photo.
    """
    known = KINDS.get(kind)
    named_by = known.named_by if known is not None else ()
    found = ((keys[0], _first(fields, keys)) for keys in named_by)
    return {key: reference for key, reference in found if reference is not None}


def naming_links(kind: str, fields: Fields) -> list[Reference]:
    """The entities needed to name one whose fields are known."""
    return list(naming_parts(kind, fields).values())


class Naming(NamedTuple):
    """By what an entity is found: its own name, folded, or else the ids of the entities it is named after."""

    entity_id: str
    name: str
    parts: tuple[str, ...] = ()


def naming_of(kind: str, entity_id: str, fields: Fields) -> Naming | None:
    """By what an entity with these fields is found; None when it has no name and is named after nothing."""
    known = KINDS.get(kind)
    key = "name" if known is None else known.name_field
    name = fields.get(key)
    if isinstance(name, str) and name:
        return Naming(entity_id, folded(name))
    parts = tuple(other for _, other in naming_links(kind, fields))
    return Naming(entity_id, "", parts) if parts else None


def row_links(event: Event) -> list[Reference]:
    """The entities needed to name an event's row, those in its payload first.

    A membership whose payload names both photo and album needs no more than those: it may be gone itself.
    """
    details = event.details
    told = [(link.kind, other) for key in details if (link := LINKS.get(key)) and (other := raw_id(details, key))]
    is_link_known = event.kind == "album_asset" and {kind for kind, _ in told} >= {"album", "asset"}
    own = [] if is_link_known or event.kind not in KINDS else [(event.kind, event.entity_id)]
    return list(dict.fromkeys((*told, *own)))


def mentioned(event: Event) -> list[Reference]:
    """The entities an event's payload mentions, at any depth, in lists too, each once.

    The kind follows from the field's name, else from the prefix of the id: payloads get new fields without notice.
    An id of unknown kind is left out, as it could not be read.
    """
    return list(dict.fromkeys(_named(event.details)))


def concerned(event: Event) -> list[Reference]:
    """The entity an event is about, and those its payload mentions."""
    own, details = (event.kind, event.entity_id), event.details
    return [own, *dict.fromkeys(_named(details))] if details else [own]


def _named(details: dict[str, Any]) -> Iterator[Reference]:
    waiting: list[tuple[str, Any]] = list(reversed(details.items()))
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, dict):
            # Entities in a list have the kind of its name: `people: [{id: …}]`.
            waiting += [(key if inner == "id" else inner, one) for inner, one in reversed(value.items())]
        elif isinstance(value, list):
            waiting += [(key, one) for one in reversed(value)]
        elif isinstance(value, str) and value and (kind := _kind_told(key, value)):
            yield kind, value


def _kind_told(key: str, value: str) -> str | None:
    if key in LINKS:
        return LINKS[key].kind
    # Not every text with the prefix of an id is one: `asset_trashed`.
    return kind_of_id(value) if key.endswith(("_id", "_ids")) or _SHAPE.fullmatch(value) else None


def _first(fields: Fields, keys: Iterable[str]) -> Reference | None:
    return next(((LINKS[key].kind, entity_id) for key in keys for entity_id in _ids(fields, key)), None)


def _ids(fields: Fields, key: str) -> list[str]:
    """The ids under a field: its text, the texts in its list, or the ids of the objects in it."""
    found = [raw_id(fields, key), *ids(fields, key)]
    found += [raw_id(one, "id") for one in groups(fields, key)]
    return [entity_id for entity_id in found if entity_id]

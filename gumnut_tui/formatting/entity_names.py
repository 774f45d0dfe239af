"""What to call an entity, and what has to be read before one can.

Names that come out of here are escaped. Names of others go in through a lookup, so nothing here reads anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from gumnut_tui.domain.models import Event
from gumnut_tui.formatting import fields as field
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.fields import Fields
from gumnut_tui.formatting.quantities import number

Reference = tuple[str, str]
"""The kind and the id of an entity."""

Related = Callable[[str, str], Fields | None]
"""Finds the fields of another entity by kind and id; None when they are not known."""

NameOf = Callable[[str, str], str | None]
"""Finds the escaped display name of an entity by kind and id; None when it is not known."""

READABLE_KINDS = frozenset({"asset", "album", "album_asset", "person", "face", "stack", "library"})
"""Kinds of entities the service can be asked for."""

ID_ENDING = 4
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{2,5}$")

_PAYLOAD_KINDS = {
    "album_id": "album",
    "asset_id": "asset",
    "person_id": "person",
    "previous_person_id": "person",
    "stack_id": "stack",
    "album_cover_asset_id": "asset",
}


def short_id(kind: str, entity_id: str) -> str:
    """An id one can recognise without reading all of it: `asset …9pLe`."""
    ending = entity_id if len(entity_id) <= ID_ENDING + 2 else f"…{entity_id[-ID_ENDING:]}"
    return f"{visible(kind, 24)} {visible(ending)}" if entity_id else f"{visible(kind, 24)} without an id"


def stem(name: str) -> str:
    """A file name without its extension, for names made of several: `IMG_2031`."""
    return _EXTENSION.sub("", name) or name


def link_name(asset: str, album: str) -> str:
    """The name of a photo's place in an album, made of both names: `IMG_2031 ← Italy`."""
    return f"{stem(asset)} ← {album}"


def display_name(kind: str, fields: Fields, related: Related) -> str:
    """What a person calls this entity; what is not known of the others is said by their shortened ids."""

    def name_of(other_kind: str, other_id: str) -> str:
        if not other_id:
            return f"unknown {other_kind}"
        known = related(other_kind, other_id)
        return short_id(other_kind, other_id) if known is None else display_name(other_kind, known, _nothing)

    match kind:
        case "asset":
            return field.text(fields, "original_file_name") or "photo without a name"
        case "person":
            return field.text(fields, "name") or "unnamed person"
        case "album" | "library":
            return field.text(fields, "name") or f"{kind} without a name"
        case "album_asset":
            return link_name(
                name_of("asset", field.raw_id(fields, "asset_id")),
                name_of("album", field.raw_id(fields, "album_id")),
            )
        case "face":
            return _face_name(fields, name_of)
        case "stack":
            return _stack_name(fields, name_of)
        case _:
            return field.text(fields, "name") or short_id(kind, field.raw_id(fields, "id"))


def _face_name(fields: Fields, name_of: Callable[[str, str], str]) -> str:
    photo = stem(name_of("asset", field.raw_id(fields, "asset_id")))
    person = field.raw_id(fields, "person_id")
    return f"face of {name_of('person', person)} on {photo}" if person else f"face on {photo}"


def _stack_name(fields: Fields, name_of: Callable[[str, str], str]) -> str:
    size = field.count(fields, "asset_count")
    words = "stack" if size is None else f"stack of {number(size)}"
    cover = _cover_of_stack(fields)
    return f"{words}, {stem(name_of('asset', cover))}" if cover else words


def _cover_of_stack(fields: Fields) -> str:
    return field.raw_id(fields, "primary_asset_id") or next(iter(field.ids(fields, "asset_ids")), "")


def _nothing(_kind: str, _id: str) -> None:
    return None


def wanted_names(event: Event) -> list[Reference]:
    """What has to be read to name an event's row, what its payload mentions first.

    A membership whose payload names both ends needs no more than those: the row itself may be gone.
    """
    mentioned = mentions(event)
    is_link_known = event.kind == "album_asset" and {kind for kind, _ in mentioned} >= {"album", "asset"}
    own = [] if is_link_known or event.kind not in READABLE_KINDS else [(event.kind, event.entity_id)]
    return list(dict.fromkeys((*mentioned, *own)))


def mentions(event: Event) -> list[Reference]:
    """The entities an event's payload names."""
    details = event.details
    named = ((kind, field.raw_id(details, key)) for key, kind in _PAYLOAD_KINDS.items())
    return [(kind, entity_id) for kind, entity_id in named if entity_id]


def second_hop(kind: str, fields: Fields) -> list[Reference]:
    """What has to be read to name an entity whose fields are known: a face needs its photo and its person."""
    match kind:
        case "face":
            wanted = [("asset", field.raw_id(fields, "asset_id")), ("person", field.raw_id(fields, "person_id"))]
        case "album_asset":
            wanted = [("asset", field.raw_id(fields, "asset_id")), ("album", field.raw_id(fields, "album_id"))]
        case "stack":
            wanted = [("asset", _cover_of_stack(fields))]
        case _:
            wanted = []
    return [(other, other_id) for other, other_id in wanted if other_id]

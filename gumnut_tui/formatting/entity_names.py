"""What to call an entity.

Names that come out of here are escaped. Names of others go in through a lookup, so nothing here reads anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from gumnut_tui.domain import fields as field
from gumnut_tui.domain.fields import Fields, naming_links
from gumnut_tui.domain.kinds import KINDS
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.quantities import number


def field_text(fields: Fields, key: str) -> str:
    """The text under `key`, escaped and stripped; empty when missing or not a text."""
    value = fields.get(key)
    return visible(value).strip() if isinstance(value, str) else ""


Related = Callable[[str, str], Fields | None]
"""Finds the fields of another entity by kind and id; None when they are not known."""

NameOf = Callable[[str, str], str | None]
"""Finds the escaped display name of an entity by kind and id; None when it is not known."""

ID_ENDING = 4
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{2,5}$")


def short_id(kind: str, entity_id: str) -> str:
    """An id short enough to recognise at a glance: `asset …9pLe`."""
    ending = entity_id if len(entity_id) <= ID_ENDING + 2 else f"…{entity_id[-ID_ENDING:]}"
    return f"{visible(kind, 24)} {visible(ending)}" if entity_id else f"{visible(kind, 24)} without an id"


def stem(name: str) -> str:
    """A file name without its extension, for names made of several: `IMG_2031`."""
    return _EXTENSION.sub("", name) or name


def link_name(asset: str, album: str) -> str:
    """The name of a photo's membership in an album, made of both names: `IMG_2031 ← Italy`."""
    return f"{stem(asset)} ← {album}"


def display_name(kind: str, fields: Fields, related: Related) -> str:
    """What a person calls this entity; related entities without a known name appear by their shortened ids."""

    def name_of(other_kind: str, other_id: str) -> str:
        if not other_id:
            return f"unknown {other_kind}"
        known = related(other_kind, other_id)
        return short_id(other_kind, other_id) if known is None else display_name(other_kind, known, _nothing)

    match kind:
        case "album_asset":
            return link_name(
                name_of("asset", field.raw_id(fields, "asset_id")),
                name_of("album", field.raw_id(fields, "album_id")),
            )
        case "face":
            return _face_name(fields, name_of)
        case "stack":
            return _stack_name(fields, name_of)
    known = KINDS.get(kind)
    if known is None:
        return field_text(fields, "name") or short_id(kind, field.raw_id(fields, "id"))
    return field_text(fields, known.name_field) or known.unnamed


def _face_name(fields: Fields, name_of: Callable[[str, str], str]) -> str:
    photo = stem(name_of("asset", field.raw_id(fields, "asset_id")))
    person = field.raw_id(fields, "person_id")
    return f"face of {name_of('person', person)} on {photo}" if person else f"face on {photo}"


def _stack_name(fields: Fields, name_of: Callable[[str, str], str]) -> str:
    size = field.count(fields, "asset_count")
    words = "stack" if size is None else f"stack of {number(size)}"
    cover = naming_links("stack", fields)
    return f"{words}, {stem(name_of(*cover[0]))}" if cover else words


def _nothing(_kind: str, _id: str) -> None:
    return None

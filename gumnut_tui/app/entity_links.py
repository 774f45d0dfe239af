"""Where an entity's fields lead: to other entities, and to its picture."""

from __future__ import annotations

from collections.abc import Iterable

from gumnut_tui.domain.models import Entity
from gumnut_tui.feed.entity_history import Belongings
from gumnut_tui.formatting import fields as field
from gumnut_tui.formatting.entity_names import Reference
from gumnut_tui.picture.pixels import Pixels
from gumnut_tui.picture.thumbhash import decode


def of_fields(entity: Entity) -> Iterable[tuple[str, list[Reference]]]:
    """What an entity's own fields point to."""
    fields = entity.fields
    single = (
        ("Photo", "asset", "asset_id"),
        ("Person", "person", "person_id"),
        ("Album", "album", "album_id"),
        ("Stack", "stack", "stack_id"),
        ("Cover", "asset", "album_cover_asset_id"),
        ("Cover", "asset", "primary_asset_id"),
        ("Face on the thumbnail", "face", "thumbnail_face_id"),
    )
    for title, kind, key in single:
        if other := field.raw_id(fields, key):
            yield title, [(kind, other)]
    yield "People", [("person", field.raw_id(person, "id")) for person in field.groups(fields, "people")]
    yield "Faces", [("face", field.raw_id(face, "id")) for face in field.groups(fields, "faces")]
    yield "Photos", [("asset", other) for other in field.ids(fields, "asset_ids")]


def albums_then(belongings: Belongings) -> list[Reference]:
    """The albums a photo was in when it was last seen."""
    return [("album", album) for album in belongings.albums]


def people_then(belongings: Belongings) -> list[Reference]:
    """The people that were on a photo when it was last seen."""
    return [("person", person) for person in belongings.people]


def thumbhash_picture(entity: Entity | None) -> Pixels | None:
    """The blurred picture that a photo's own fields hold; None without one that can be read."""
    thumbhash = None if entity is None else entity.fields.get("thumbhash")
    if not isinstance(thumbhash, str):
        return None
    try:
        return decode(thumbhash)
    except ValueError:
        return None


def thumbnail_url(entity: Entity) -> str | None:
    """Where the smallest picture of a photo is."""
    urls = field.group(entity.fields, "asset_urls")
    for rung in ("thumbnail", "thumbnail_image"):
        url = field.group(urls, rung).get("url")
        if isinstance(url, str):
            return url
    return None

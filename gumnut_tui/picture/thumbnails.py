"""The smallest pictures of a photo: the blurred one its fields hold, and where the service keeps a sharp one."""

from __future__ import annotations

from gumnut_tui.domain import fields as field
from gumnut_tui.domain.models import Entity
from gumnut_tui.picture.pixels import Pixels
from gumnut_tui.picture.thumbhash import decode


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

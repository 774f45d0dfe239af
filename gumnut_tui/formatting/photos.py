"""The technical side of a photo in words: size, place, exposure, rating."""

from __future__ import annotations

from gumnut_tui.formatting import fields as field
from gumnut_tui.formatting.fields import Fields
from gumnut_tui.formatting.quantities import byte_size, exposure, megapixels

RATING_MAX = 5


def size_words(fields: Fields) -> str:
    """`4032×3024 · 12.2 MP · 2.1 MB`; a width or height of 0 stands for unknown."""
    width, height = field.count(fields, "width"), field.count(fields, "height")
    size = field.count(fields, "file_size_bytes") or field.count(field.group(fields, "file_data"), "file_size_bytes")
    parts = [f"{width}×{height}", megapixels(width, height)] if width and height else ["unknown"]
    return " · ".join([*parts, *([byte_size(size)] if size else [])])


def place_words(metadata: Fields) -> str:
    """The ready-made place text, else city and country, else coordinates; empty when nothing is known."""
    label = field.text(metadata, "display_label") or field.text(metadata, "place_name")
    parts = [field.text(metadata, key) for key in ("city", "state", "country")]
    return label or ", ".join(dict.fromkeys(part for part in parts if part)) or _coordinates(metadata)


def _coordinates(metadata: Fields) -> str:
    latitude, longitude = field.amount(metadata, "latitude"), field.amount(metadata, "longitude")
    if latitude is None or longitude is None:
        return ""
    return f"{abs(latitude):.4f}° {'S' if latitude < 0 else 'N'}, {abs(longitude):.4f}° {'W' if longitude < 0 else 'E'}"


def exposure_words(metadata: Fields) -> str:
    """`1/125 s · f/1.8 · ISO 64 · 7 mm · −0.3 EV`, whatever of it is known."""
    seconds, aperture = field.amount(metadata, "exposure_time"), field.amount(metadata, "f_number")
    iso, focal = field.count(metadata, "iso"), field.amount(metadata, "focal_length")
    bias = field.amount(metadata, "exposure_bias")
    parts = [
        exposure(seconds) if seconds else "",
        f"f/{aperture:g}" if aperture else "",
        f"ISO {iso}" if iso else "",
        f"{focal:g} mm" if focal else "",
        f"{'−' if bias < 0 else '+'}{abs(bias):.1f} EV" if bias else "",
    ]
    return " · ".join(part for part in parts if part)


def rating_words(metadata: Fields) -> str:
    """`★★★☆☆ 3 of 5`; empty when there is none, or one out of range."""
    stars = field.count(metadata, "rating")
    if stars is None or stars > RATING_MAX:
        return ""
    return f"{'★' * stars}{'☆' * (RATING_MAX - stars)} {stars} of {RATING_MAX}"

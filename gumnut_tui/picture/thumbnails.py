"""The smallest pictures of a photo: the blurred ThumbHash its fields hold, and where the service keeps a sharp one.

A ThumbHash (Evan Wallace, public domain format) is some 25 bytes: a few terms of a cosine transform of four channels,
L brightness, P yellow against blue, Q red against green, and A alpha if the picture has any.

    24 bits   L mean 6 · P mean 6 · Q mean 6 · L scale 5 · has alpha 1
    16 bits   terms of L along the short edge 3 · P scale 6 · Q scale 6 · is landscape 1
     8 bits   A mean 4 · A scale 4, only with alpha
    then      the varying terms of L, P, Q and A, 4 bits each, low half of a byte first
"""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec

from gumnut_tui.domain import fields as field
from gumnut_tui.domain.models import Entity
from gumnut_tui.picture.pixels import Pixels

LONG_EDGE = 32
"""Pixels along the long edge of a decoded picture."""

_SATURATION = 1.25  # makes up for colour lost in rounding the terms to 4 bits
_LENGTH_MAX = 64

Terms = list[list[float]]
"""Cosine terms of a channel by row and column; the first one is half the mean."""


class _Header(msgspec.Struct, frozen=True):
    means: tuple[float, float, float, float]
    """L 0–1, P and Q −1–1, A 0–1."""
    scales: tuple[float, float, float, float]
    has_alpha: bool
    columns: int
    rows: int
    """Terms of L along either edge, whose ratio is about that of the picture."""

    @property
    def aspect(self) -> float:
        return self.columns / self.rows


def decode_thumbhash(thumbhash: bytes | str) -> Pixels:
    """The picture a ThumbHash (bytes, or base64 text) encodes; raises ValueError if it is not one."""
    data = _bytes_of(thumbhash)
    header = _read_header(data)
    channels = _read_channels(data, header)
    width, height = _size(header.aspect)
    planes = [_plane(terms, width, height) for terms in channels]
    brightness, yellow, red = planes[:3]
    alphas = planes[3] if header.has_alpha else [1.0] * (width * height)
    rgba = bytearray()
    for l, p, q, a in zip(brightness, yellow, red, alphas, strict=True):  # noqa: E741
        rgba += bytes(_byte(part) for part in (*_rgb(l, p, q), a))
    return Pixels(width, height, bytes(rgba))


def _bytes_of(thumbhash: bytes | str) -> bytes:
    if isinstance(thumbhash, bytes):
        return thumbhash
    try:
        return base64.b64decode(thumbhash[: _LENGTH_MAX * 2], validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("a ThumbHash has to be base64") from error


def _read_header(data: bytes) -> _Header:
    if not 5 <= len(data) <= _LENGTH_MAX:
        raise ValueError(f"{len(data)} bytes are no ThumbHash")
    first, second = int.from_bytes(data[:3], "little"), int.from_bytes(data[3:5], "little")
    has_alpha, is_landscape = bool(first >> 23), bool(second >> 15)
    if has_alpha and len(data) < 6:
        raise ValueError("a ThumbHash cut short")
    long_edge, short_edge = 5 if has_alpha else 7, second & 7
    if not short_edge:
        raise ValueError("a ThumbHash without a shape")
    return _Header(
        means=(
            (first & 63) / 63,
            (first >> 6 & 63) / 31.5 - 1,
            (first >> 12 & 63) / 31.5 - 1,
            (data[5] & 15) / 15 if has_alpha else 1.0,
        ),
        scales=(
            (first >> 18 & 31) / 31,
            (second >> 3 & 63) / 63 * _SATURATION,
            (second >> 9 & 63) / 63 * _SATURATION,
            (data[5] >> 4) / 15 if has_alpha else 0.0,
        ),
        has_alpha=has_alpha,
        columns=long_edge if is_landscape else short_edge,
        rows=short_edge if is_landscape else long_edge,
    )


def _read_channels(data: bytes, header: _Header) -> list[Terms]:
    sizes = [(max(3, header.columns), max(3, header.rows)), (3, 3), (3, 3), (5, 5)]
    nibbles = (half / 7.5 - 1 for byte in data[6 if header.has_alpha else 5 :] for half in (byte & 15, byte >> 4))
    return [
        _read_terms(nibbles, columns, rows, mean, scale)
        for (columns, rows), mean, scale in islice(
            zip(sizes, header.means, header.scales, strict=True), 4 if header.has_alpha else 3
        )
    ]


def _read_terms(nibbles: Iterator[float], columns: int, rows: int, mean: float, scale: float) -> Terms:
    """A triangle of terms: the finer along one edge, the fewer along the other."""
    terms: Terms = []
    for row in range(rows):
        count = -(-columns * (rows - row) // rows)
        varying = list(islice(nibbles, count if row else count - 1))
        if len(varying) < (count if row else count - 1):
            raise ValueError("a ThumbHash cut short")
        scaled = [value * scale for value in varying]
        terms.append(scaled if row else [mean / 2, *scaled])
    return terms


def _size(aspect: float) -> tuple[int, int]:
    """Pixels across and down; rounded to the nearest."""
    width, height = (LONG_EDGE, LONG_EDGE / aspect) if aspect > 1 else (LONG_EDGE * aspect, LONG_EDGE)
    return int(width + 0.5), int(height + 0.5)


def _plane(terms: Terms, width: int, height: int) -> list[float]:
    """The channel's value at every pixel: the terms of each line first, then of each pixel in it."""
    columns = max(map(len, terms))
    across = [_cosines(x, width, columns) for x in range(width)]
    plane: list[float] = []
    for y in range(height):
        down = _cosines(y, height, len(terms))
        line = [0.0] * columns
        for factor, row in zip(down, terms, strict=True):
            for column, term in enumerate(row):
                line[column] += 2 * factor * term
        plane += [sum(map(float.__mul__, line, cosines)) for cosines in across]
    return plane


def _cosines(position: int, length: int, count: int) -> list[float]:
    return [math.cos(math.pi / length * (position + 0.5) * index) for index in range(count)]


def _rgb(l: float, p: float, q: float) -> tuple[float, float, float]:  # noqa: E741
    blue = l - 2 / 3 * p
    red = (3 * l - blue + q) / 2
    return red, red - q, blue


def _byte(part: float) -> int:
    return int(255 * min(max(part, 0.0), 1.0))


def thumbhash_picture(entity: Entity | None) -> Pixels | None:
    """The blurred picture that a photo's own fields hold; None without one that can be read."""
    thumbhash = None if entity is None else entity.fields.get("thumbhash")
    if not isinstance(thumbhash, str):
        return None
    try:
        return decode_thumbhash(thumbhash)
    except ValueError:
        return None


_SMALLEST = ("thumbnail", "thumbnail_image")
_QUICK = ("preview", "preview_image", "small", "small_image", *_SMALLEST)
"""Sizes the service keeps, the largest that is still quick first; of a video only the stills are images."""


def thumbnail_url(entity: Entity) -> str | None:
    """Where the smallest picture of a photo is."""
    return _first_url(entity, _SMALLEST)


def picture_url(entity: Entity) -> str | None:
    """Where a picture of a photo is that is large enough for a window."""
    return _first_url(entity, _QUICK)


def _first_url(entity: Entity, sizes: Iterable[str]) -> str | None:
    urls = field.group(entity.fields, "asset_urls")
    found = (field.group(urls, size).get("url") for size in sizes)
    return next((url for url in found if isinstance(url, str)), None)

"""The demo library's photos: a seed chooses the scene, which is drawn on request, the same at every size."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Callable
from functools import lru_cache
from random import Random

from gumnut_tui.demo.pictures import closeups, landscapes
from gumnut_tui.demo.pictures.shapes import Scene
from gumnut_tui.demo.pictures.thumbhash_encoder import encode

_HASH_CELLS = 16
_LARGEST_EDGE = 2048


@lru_cache(maxsize=8192)
def thumbhash(picture_seed: int, width: int, height: int) -> str:
    """The ThumbHash (base64) of the picture of ``picture_seed``, a photo of ``width`` by ``height`` pixels."""
    aspect = _aspect(width, height)
    across, down = _fit(aspect, _HASH_CELLS)
    # Twice as many rows as columns: the painter smooths edges along a row only.
    rows = scene(picture_seed, aspect).rows(across, down * 2)
    channels = [(row[0::3], row[1::3], row[2::3]) for row in rows]
    return base64.b64encode(encode(channels, aspect=aspect)).decode()


def thumbnail(picture_seed: int, width: int, height: int, long_edge: int = 360) -> bytes:
    """The picture of ``picture_seed`` as PNG, its longer edge ``long_edge`` pixels (2048 at most)."""
    return _png(scene(picture_seed, _aspect(width, height)), long_edge)


def face_thumbnail(face_seed: int, long_edge: int = 360) -> bytes:
    """The likeness of ``face_seed`` as PNG, a little higher than wide."""
    return _png(portrait(face_seed, 0.8), long_edge)


def _aspect(width: int, height: int) -> float:
    """Width over height, within the bounds a camera keeps; unknown sizes count as square."""
    return min(4.0, max(0.25, width / height)) if width > 0 and height > 0 else 1.0


def _fit(aspect: float, long_edge: int) -> tuple[int, int]:
    if aspect >= 1:
        return long_edge, max(1, round(long_edge / aspect))
    return max(1, round(long_edge * aspect)), long_edge


def _png(picture: Scene, long_edge: int) -> bytes:
    width, height = _fit(picture.aspect, min(long_edge, _LARGEST_EDGE))
    raw = b"".join(b"\0" + row for row in picture.rows(width, height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(raw, 6)), _chunk(b"IEND", b""))
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


_SCENES: tuple[Callable[[Random, float], Scene], ...] = (
    landscapes.hills,
    landscapes.sea,
    landscapes.mountains,
    landscapes.city,
    closeups.portrait,
    closeups.plate,
    landscapes.forest,
    closeups.flower,
    landscapes.balloons,
    landscapes.cabin,
)


def scene(seed: int, aspect: float) -> Scene:
    """The scene of ``seed``, ``aspect`` times as wide as high."""
    random = Random(seed)
    return random.choice(_SCENES)(random, aspect)


def portrait(seed: int, aspect: float) -> Scene:
    """The likeness of ``seed``."""
    return closeups.portrait(Random(seed), aspect)

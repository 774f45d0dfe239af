"""A picture in memory: decoded from a file, written as one without a picture library, or drawn as half blocks."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Sequence
from io import BytesIO
from itertools import pairwise
from operator import mul

import msgspec


class Pixels(msgspec.Struct, frozen=True):
    """A picture row by row from the top left; four bytes a pixel, colour not multiplied by alpha."""

    width: int
    height: int
    rgba: bytes

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1 or len(self.rgba) != self.width * self.height * 4:
            raise ValueError(f"{len(self.rgba)} bytes are no picture of {self.width}×{self.height}")

    @property
    def is_opaque(self) -> bool:
        """No pixel is transparent."""
        return self.rgba[3::4].count(255) == self.width * self.height


FORMATS = ("PNG", "JPEG", "WEBP")
PIXELS_MAX = 40_000_000
"""Most pixels a picture may have; more would take more memory than a thumbnail is worth."""


def decode_image(data: bytes, max_edge: int = 360) -> Pixels | None:
    """The picture (PNG, JPEG or WebP), upright, its long edge at most `max_edge` pixels.

    None means that Pillow is not installed. Raises ValueError when the bytes are no picture, or one too large.
    """
    try:
        from PIL import Image, ImageOps
    except ImportError:
        return None
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > PIXELS_MAX:
                raise ValueError(f"a picture of {image.width}×{image.height} pixels is too large")
            image.draft("RGB", (max_edge, max_edge))
            image.thumbnail((max_edge, max_edge))
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except Exception as error:  # hostile bytes make decoders fail in any way they like
        raise ValueError(f"not a picture: {type(error).__name__}") from error
    return Pixels(upright.width, upright.height, upright.tobytes())


_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_RGB, _RGBA = 2, 6
_SUB = 1
"""The filter that stores how a pixel differs from the one to its left; blurred pictures pack well with it."""


def encode(pixels: Pixels) -> bytes:
    """The picture as a PNG file."""
    channels = 3 if pixels.is_opaque else 4
    data = _without_alpha(pixels.rgba) if channels == 3 else pixels.rgba
    stride = pixels.width * channels
    lines = (data[start : start + stride] for start in range(0, len(data), stride))
    packed = zlib.compress(b"".join(bytes([_SUB]) + _differences(line, channels) for line in lines), 9)
    header = struct.pack(">IIBBBBB", pixels.width, pixels.height, 8, _RGB if channels == 3 else _RGBA, 0, 0, 0)
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def data_url(pixels: Pixels) -> str:
    """The picture as a `data:` URL."""
    return f"data:image/png;base64,{base64.b64encode(encode(pixels)).decode()}"


def _without_alpha(rgba: bytes) -> bytes:
    data = bytearray(len(rgba) // 4 * 3)
    for channel in range(3):
        data[channel::3] = rgba[channel::4]
    return bytes(data)


def _differences(line: bytes, channels: int) -> bytes:
    left = bytes(channels) + line
    return bytes((here - before) & 0xFF for here, before in zip(line, left, strict=False))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


UPPER_HALF = "▀"

Color = tuple[int, int, int]
"""Red, green and blue, 0–255."""

HalfBlock = tuple[str, Color, Color]
"""The character, the colour of its upper half (foreground) and of its lower half (background)."""


def half_blocks(pixels: Pixels, columns: int, rows: int, background: Color = (0, 0, 0)) -> list[list[HalfBlock]]:
    """The picture in at most `columns` × `rows` cells, as large as its shape allows, without borders.

    A cell is taken to be twice as high as wide. Where the picture is transparent, the background shows. No cells
    at all when there is no room.
    """
    if columns < 1 or rows < 1:
        return []
    width, height = fitted_size(pixels.width, pixels.height, columns, rows)
    lines = _scale(pixels, width, height * 2, background)
    return [
        [(UPPER_HALF, upper, lower) for upper, lower in zip(lines[2 * row], lines[2 * row + 1], strict=True)]
        for row in range(height)
    ]


def fitted_size(width: int, height: int, columns: int, rows: int) -> tuple[int, int]:
    """The columns and rows a picture of this shape takes within those given."""
    scale = min(columns / width, 2 * rows / height)
    fitted_columns = min(max(round(width * scale), 1), columns)
    return fitted_columns, min(max(round(height * scale / 2), 1), rows)


def _scale(pixels: Pixels, width: int, height: int, background: Color) -> list[list[Color]]:
    """Each new pixel is the mean of the old ones it covers, at least one."""
    stride = pixels.width * 4
    source_lines = [pixels.rgba[start : start + stride] for start in range(0, len(pixels.rgba), stride)]
    spans = [(4 * first, 4 * last) for first, last in _spans(pixels.width, width)]
    mean = _mean if pixels.is_opaque else _blended_mean
    return [
        [mean(b"".join([line[first:last] for line in source_lines[top:bottom]]), background) for first, last in spans]
        for top, bottom in _spans(pixels.height, height)
    ]


def _spans(source: int, target: int) -> Sequence[tuple[int, int]]:
    starts = [index * source // target for index in range(target + 1)]
    return [(first, max(last, first + 1)) for first, last in pairwise(starts)]


def _mean(block: bytes, _background: Color) -> Color:
    count = len(block) // 4
    return sum(block[0::4]) // count, sum(block[1::4]) // count, sum(block[2::4]) // count


def _blended_mean(block: bytes, background: Color) -> Color:
    """Every pixel weighs as much as it is opaque."""
    alphas = block[3::4]
    whole = 255 * len(alphas)
    through = whole - sum(alphas)
    red, green, blue = (
        (sum(map(mul, block[channel::4], alphas)) + background[channel] * through) // whole for channel in range(3)
    )
    return red, green, blue

"""Small pictures as PNG files, made by hand: no picture library is needed for a report."""

from __future__ import annotations

import base64
import struct
import zlib

from gumnut_tui.picture.pixels import Pixels

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
    """The picture as an address that holds it."""
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

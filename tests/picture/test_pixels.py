"""Pictures from files, and as PNG files that others read."""

from __future__ import annotations

import io
import struct
import sys
import zlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from gumnut_tui.picture.pixels import PIXELS_MAX, Pixels, decode_image, encode
from gumnut_tui.picture.thumbnails import decode_thumbhash
from tests.report.cases import THUMBHASH


def encoded(kind: str, size: tuple[int, int] = (8, 4), mode: str = "RGB", **options: object) -> bytes:
    """A picture all in one colour."""
    data = BytesIO()
    Image.new(mode, size, (200, 100, 50, 128)[: len(mode)]).save(data, kind, **options)
    return data.getvalue()


def png_of_size(width: int, height: int) -> bytes:
    """A PNG that claims a size and has no pixels."""
    chunk = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_common_formats_are_decoded(kind: str) -> None:
    """The formats thumbnails come in are decoded to the pixels they had."""
    pixels = decode_image(encoded(kind))
    assert pixels is not None
    assert (pixels.width, pixels.height) == (8, 4)
    assert list(pixels.rgba[:4]) == pytest.approx([200, 100, 50, 255], abs=6)


def test_large_pictures_are_made_small() -> None:
    """The long edge is what was asked for, the shape is kept."""
    pixels = decode_image(encoded("JPEG", (1000, 500)), max_edge=100)
    assert pixels is not None
    assert (pixels.width, pixels.height) == (100, 50)


def test_turned_pictures_stand_upright() -> None:
    """A camera that was held upright says so in the file."""
    turned = Image.Exif()
    turned[0x0112] = 6
    pixels = decode_image(encoded("JPEG", (8, 4), exif=turned))
    assert pixels is not None
    assert (pixels.width, pixels.height) == (4, 8)


def test_alpha_is_kept() -> None:
    """Transparency is left to who draws."""
    pixels = decode_image(encoded("PNG", mode="RGBA"))
    assert pixels is not None
    assert pixels.rgba[:4] == bytes([200, 100, 50, 128])
    assert not pixels.is_opaque


@pytest.mark.parametrize(
    "data",
    [b"", b"<html>not found</html>", encoded("PNG")[:40], encoded("JPEG")[:-200], encoded("GIF", mode="L")]
    + [png_of_size(side, side) for side in (7_000, 12_000, 60_000)],
)
def test_what_is_no_thumbnail_is_refused(data: bytes) -> None:
    """Other bytes, cut files, other formats and bombs are refused before they cost memory."""
    assert PIXELS_MAX < 7_000 * 7_000
    with pytest.raises(ValueError, match="not a picture"):
        decode_image(data)


@given(st.binary(max_size=200), st.sampled_from([encoded("PNG"), encoded("JPEG"), encoded("WEBP")]), st.integers(0, 60))
def test_garbage_is_only_a_value_error(garbage: bytes, start: bytes, kept: int) -> None:
    """Whatever a decoder makes of hostile bytes, the caller sees ValueError or a picture."""
    try:
        decode_image(start[:kept] + garbage)
    except ValueError:
        return


def test_without_pillow_there_is_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pillow is optional: without it None comes back, and no error."""
    data = encoded("PNG")
    monkeypatch.setitem(sys.modules, "PIL", None)
    assert decode_image(data) is None


@given(st.integers(1, 5), st.integers(1, 5), st.data())
def test_every_pixel_comes_back(width: int, height: int, data: st.DataObject) -> None:
    """With and without transparency."""
    size = width * height * 4
    rgba = bytearray(data.draw(st.binary(min_size=size, max_size=size)))
    if data.draw(st.booleans()):
        rgba[3::4] = b"\xff" * (width * height)
    image = Image.open(io.BytesIO(encode(Pixels(width, height, bytes(rgba)))))
    assert image.size == (width, height)
    assert image.convert("RGBA").tobytes() == bytes(rgba)


def test_a_thumbhash_stays_small() -> None:
    """A report with a thousand of them is a few megabytes."""
    assert len(encode(decode_thumbhash(THUMBHASH))) < 2_500

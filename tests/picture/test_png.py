"""PNG files made by hand are those others read."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from gumnut_tui.picture.pixels import Pixels
from gumnut_tui.picture.png import encode
from gumnut_tui.picture.thumbhash import decode
from tests.report.cases import THUMBHASH


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
    assert len(encode(decode(THUMBHASH))) < 2_500

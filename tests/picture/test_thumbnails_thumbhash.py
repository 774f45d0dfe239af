"""Rules for ThumbHashes: decoded as the reference does, and never anything but ValueError on garbage."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.picture.pixels import Pixels
from gumnut_tui.picture.thumbnails import LONG_EDGE, decode_thumbhash
from tests.picture.vectors import VECTORS, Vector

every_vector = pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)


@every_vector
def test_pixels_are_those_of_the_reference(vector: Vector) -> None:
    """Size and colours agree with the reference implementation, to the last step of rounding."""
    pixels = decode_thumbhash(vector.thumbhash)
    assert (pixels.width, pixels.height) == vector.size
    for x, y, *color in vector.pixels:
        at = (y * pixels.width + x) * 4
        assert list(pixels.rgba[at : at + 4]) == pytest.approx(color, abs=1)
    sums = [sum(pixels.rgba[channel::4]) for channel in range(4)]
    assert sums == pytest.approx(list(vector.sums), abs=pixels.width * pixels.height // 50)


@every_vector
def test_every_shorter_hash_is_refused(vector: Vector) -> None:
    """A hash cut short anywhere is an error, never half a picture."""
    data = base64.b64decode(vector.thumbhash)
    for length in range(len(data)):
        with pytest.raises(ValueError, match="ThumbHash"):
            decode_thumbhash(data[:length])


@given(st.binary(max_size=80))
def test_garbage_is_a_picture_or_a_value_error(data: bytes) -> None:
    """Bytes from elsewhere give a small picture or ValueError, nothing else."""
    try:
        pixels = decode_thumbhash(data)
    except ValueError:
        return
    assert max(pixels.width, pixels.height) == LONG_EDGE


@pytest.mark.parametrize("text", ["", "not base64!", "é", "AAAA", "1QcSHQRnh493V4dIh4eXh1h4kJUI" * 1000])
def test_text_that_is_no_thumbhash_is_refused(text: str) -> None:
    """Text of any kind is refused with ValueError."""
    with pytest.raises(ValueError, match="ThumbHash"):
        decode_thumbhash(text)


def test_pixels_have_to_fill_their_size() -> None:
    """A picture cannot be built with too few bytes or without an area."""
    with pytest.raises(ValueError, match="no picture"):
        Pixels(2, 2, bytes(15))
    with pytest.raises(ValueError, match="no picture"):
        Pixels(0, 2, b"")

"""Generated pictures: each seed its own, the same at every size, with a ThumbHash that belongs to it."""

from __future__ import annotations

import base64
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageStat

from gumnut_tui.demo.pictures.drawing import face_thumbnail, thumbhash, thumbnail


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png))


@given(
    seed=st.integers(0, 2**32),
    width=st.integers(1, 20_000),
    height=st.integers(1, 20_000),
)
@settings(max_examples=60, deadline=None)
def test_any_seed_and_size_can_be_drawn(seed: int, width: int, height: int) -> None:
    """Every seed and photo size has a picture of the asked long edge and a short hash."""
    picture = opened(thumbnail(seed, width, height, 64))
    assert max(picture.size) == 64
    assert picture.mode == "RGB"
    assert len(thumbhash(seed, width, height)) <= 36


@pytest.mark.parametrize(("width", "height"), [(0, 0), (0, 300), (300, 0)])
def test_unknown_sizes_are_square(width: int, height: int) -> None:
    """A photo of unknown size has a square picture."""
    assert opened(thumbnail(3, width, height, 40)).size == (40, 40)


def test_pictures_differ_by_seed_and_not_by_time() -> None:
    """Each seed has its own picture, and always the same one."""
    pictures = {thumbnail(seed, 4, 3, 48) for seed in range(100)}
    assert len(pictures) == 100
    assert thumbnail(5, 4, 3, 48) == thumbnail(5, 4, 3, 48)
    assert len({thumbhash(seed, 4, 3) for seed in range(100)}) == 100


@pytest.mark.parametrize("seed", range(12))
def test_small_and_large_agree(seed: int) -> None:
    """A picture drawn small is the large one shrunk: the scene is one, whatever the size."""
    large = opened(thumbnail(seed, 4000, 3000, 480)).resize((40, 30), Image.Resampling.BOX)
    small = opened(thumbnail(seed, 4000, 3000, 160)).resize((40, 30), Image.Resampling.BOX)
    differences = zip(large.tobytes(), small.tobytes(), strict=True)
    assert sum(abs(one - other) for one, other in differences) / (40 * 30 * 3) < 4


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(("width", "height"), [(4000, 3000), (3000, 4000)])
def test_the_hash_belongs_to_the_picture(seed: int, width: int, height: int) -> None:
    """The mean colour in the hash is that of the picture, and it is landscape where the picture is."""
    raw = base64.b64decode(thumbhash(seed, width, height))
    head = int.from_bytes(raw[:3], "little")
    lightness = (head & 63) / 63
    p, q = ((head >> 6 & 63) / 31.5 - 1), ((head >> 12 & 63) / 31.5 - 1)
    blue = lightness - 2 / 3 * p
    red = (3 * lightness - blue + q) / 2
    mean = ImageStat.Stat(opened(thumbnail(seed, width, height, 200))).mean
    for channel, value in zip(mean, (red, red - q, blue), strict=True):
        assert abs(channel / 255 - value) < 0.06
    assert bool(raw[4] & 0x80) == (width > height)


def test_face_crops_are_portraits() -> None:
    """A face crop is a little higher than wide."""
    assert opened(face_thumbnail(9)).size == (288, 360)

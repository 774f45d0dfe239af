"""Rules for pictures in half blocks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.picture.pixels import Pixels, fitted_size, half_blocks

RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)


def picture(rows: list[list[tuple[int, ...]]]) -> Pixels:
    """A picture from its pixels; three numbers are an opaque one."""
    return Pixels(len(rows[0]), len(rows), bytes(part for row in rows for pixel in row for part in (*pixel, 255)[:4]))


def test_a_cell_shows_two_pixels() -> None:
    """The upper pixel is the foreground, the lower the background of the block."""
    assert half_blocks(picture([[RED], [BLUE]]), 1, 1) == [[("▀", RED, BLUE)]]


def test_shrinking_takes_the_mean() -> None:
    """Each new pixel is the mean of those it covers."""
    checks = picture([[RED, BLUE] * 2, [BLUE, RED] * 2] * 2)
    assert half_blocks(checks, 2, 1) == [[("▀", (127, 0, 127), (127, 0, 127))] * 2]


def test_growing_repeats_pixels() -> None:
    """A small picture fills the room it is given."""
    rows = half_blocks(picture([[RED, BLUE]]), 4, 1)
    assert [upper for _, upper, _ in rows[0]] == [RED, RED, BLUE, BLUE]


def test_the_background_shows_through() -> None:
    """Alpha blends with the background, and invisible colours do not bleed into it."""
    assert half_blocks(picture([[(255, 0, 0, 0)], [(0, 0, 255, 255)]]), 1, 1, WHITE) == [[("▀", WHITE, BLUE)]]
    hidden_red = picture([[(255, 0, 0, 0), (0, 0, 255, 255)]] * 2)
    assert half_blocks(hidden_red, 1, 1)[0][0][1] == (0, 0, 127)


@pytest.mark.parametrize(
    ("size", "cells"),
    [((400, 300), (40, 15)), ((300, 400), (22, 15)), ((1000, 10), (40, 1)), ((10, 1000), (1, 15)), ((2, 2), (30, 15))],
)
def test_the_shape_is_kept(size: tuple[int, int], cells: tuple[int, int]) -> None:
    """A picture is as large as its shape allows, in cells twice as high as wide."""
    assert fitted_size(*size, 40, 15) == cells


@given(
    st.integers(1, 40), st.integers(1, 40), st.integers(0, 30), st.integers(0, 20), st.binary(min_size=4, max_size=4)
)
def test_a_picture_never_leaves_its_room(width: int, height: int, columns: int, rows: int, pixel: bytes) -> None:
    """Whatever the sizes, the rows are equally long, inside the room, and made of colours."""
    blocks = half_blocks(Pixels(width, height, pixel * (width * height)), columns, rows)
    assert len(blocks) <= rows
    assert len({len(row) for row in blocks}) <= 1
    assert all(len(row) <= columns for row in blocks)
    assert all(0 <= part <= 255 for row in blocks for _, upper, lower in row for part in (*upper, *lower))


def test_no_room_no_picture() -> None:
    """Without a cell there is nothing to draw."""
    assert half_blocks(picture([[RED]]), 0, 5) == []

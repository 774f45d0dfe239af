"""Pictures as text: each cell is an upper half block, so it shows two pixels, one above the other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from operator import mul

from gumnut_tui.picture.pixels import Pixels

UPPER_HALF = "▀"

Color = tuple[int, int, int]
"""Red, green and blue, 0–255."""

HalfBlock = tuple[str, Color, Color]
"""The character, the colour of its upper half (foreground) and of its lower half (background)."""


def half_blocks(pixels: Pixels, columns: int, rows: int, background: Color = (0, 0, 0)) -> list[list[HalfBlock]]:
    """The picture in at most `columns` × `rows` cells, as large as its shape allows, without borders.

    A cell is taken to be twice as high as wide. Where the picture lets through, the background shows. No cells
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
    """Every pixel weighs as much as it hides the background."""
    alphas = block[3::4]
    whole = 255 * len(alphas)
    through = whole - sum(alphas)
    red, green, blue = (
        (sum(map(mul, block[channel::4], alphas)) + background[channel] * through) // whole for channel in range(3)
    )
    return red, green, blue

"""A picture in half blocks, fitted into the cells there are."""

from __future__ import annotations

from itertools import groupby

from rich.color import Color
from rich.segment import Segment
from rich.style import Style

from gumnut_tui.picture.halfblocks import Color as Rgb
from gumnut_tui.picture.halfblocks import half_blocks
from gumnut_tui.picture.pixels import Pixels

ROWS_MAX = 16
ROWS_MIN = 4
"""With less than this a picture is only noise, and is left out."""
LOW_PANE = 18
"""Rows a pane needs to have room for a picture."""


def rows_for_picture(width: int, pane_height: int) -> int:
    """Rows set aside for any picture: a third of the pane at most, so that the text never jumps with its shape."""
    if pane_height < LOW_PANE:
        return 0
    rows = min(pane_height // 3, -(-width * 3 // 8), ROWS_MAX)  # 3/8: two pixels a cell, landscape 4:3
    return rows if rows >= ROWS_MIN else 0


def picture_lines(pixels: Pixels, columns: int, rows: int, background: Rgb) -> list[list[Segment]]:
    """The picture as lines of half blocks, at most `columns` × `rows` cells."""
    return [
        [Segment(char * len(list(same)), _style(upper, lower)) for (char, upper, lower), same in groupby(line)]
        for line in half_blocks(pixels, columns, rows, background)
    ]


def _style(upper: Rgb, lower: Rgb) -> Style:
    return Style(color=Color.from_rgb(*upper), bgcolor=Color.from_rgb(*lower))

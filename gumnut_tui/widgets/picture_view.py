"""A picture in half blocks, fitted into the cells there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment

if TYPE_CHECKING:
    from gumnut_tui.picture.thumbhash import Pixels

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


def fitted(width: int, height: int, columns: int, rows: int) -> tuple[int, int]:
    """Columns and rows a picture of `width` × `height` pixels takes; a cell holds one pixel above another."""
    if width <= 0 or height <= 0:
        return 0, 0
    scale = min(columns / width, rows * 2 / height)
    return max(1, round(width * scale)), max(1, min(rows, round(height * scale / 2)))


def picture_lines(pixels: Pixels, columns: int, rows: int) -> list[list[Segment]]:
    """The picture as lines of half blocks, at most `columns` × `rows` cells."""
    from gumnut_tui.picture.halfblocks import half_blocks

    wide, high = fitted(pixels.width, pixels.height, columns, rows)
    return half_blocks(pixels, wide, high) if wide else []

"""Many small pictures on one sheet, as on a photographer's contact print."""

from __future__ import annotations

from collections.abc import Sequence

from gumnut_tui.picture.pixels import Pixels
from gumnut_tui.picture.thumbnails import decode_thumbhash

COLUMNS, ROWS = 6, 4
MOST = COLUMNS * ROWS
"""Pictures on a sheet."""
EDGE = 12
"""Pixels of a picture's place, which is square."""
GAP = 1


def make(thumbhashes: Sequence[str]) -> Pixels | None:
    """The first pictures side by side, each cut to a square; None when none can be read."""
    pictures = [picture for each in thumbhashes[:MOST] if (picture := _decoded(each)) is not None]
    if not pictures:
        return None
    columns = min(COLUMNS, len(pictures))
    rows = -(-len(pictures) // columns)
    step = EDGE + GAP
    width, height = columns * step - GAP, rows * step - GAP
    sheet = bytearray(width * height * 4)
    for number, picture in enumerate(pictures):
        left, top = number % columns * step, number // columns * step
        for y, line in enumerate(_square(picture)):
            start = ((top + y) * width + left) * 4
            sheet[start : start + len(line)] = line
    return Pixels(width, height, bytes(sheet))


def _decoded(thumbhash: str) -> Pixels | None:
    try:
        return decode_thumbhash(thumbhash)
    except ValueError:
        return None


def _square(picture: Pixels) -> list[bytes]:
    """The middle of the picture in so many lines of so many pixels."""
    side = min(picture.width, picture.height)
    left, top = (picture.width - side) // 2, (picture.height - side) // 2
    at = [number * side // EDGE for number in range(EDGE)]
    lines = []
    for y in at:
        start = (top + y) * picture.width + left
        lines.append(b"".join(picture.rgba[(start + x) * 4 : (start + x + 1) * 4] for x in at))
    return lines

"""Lines of exact width: text cut and padded by terminal cells, wide characters included."""

from __future__ import annotations

import re

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from gumnut_tui.formatting.escape import cell_width, fit


def fit_right(text: str, width: int) -> str:
    """The text at the right end of exactly `width` cells: for numbers."""
    return fit(" " * max(0, width - cell_width(text)) + text, width)


def fit_middle(text: str, width: int) -> str:
    """The text in the middle of exactly `width` cells."""
    return fit(" " * max(0, (width - cell_width(text)) // 2) + text, width)


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` cells, broken at spaces and where it has line breaks."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            if line and cell_width(line) + 1 + cell_width(word) > width:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}" if line else word
        lines.append(line)
    return lines


class LineBuilder:
    """One line under construction; whatever is added beyond `width` cells is cut."""

    def __init__(self, width: int) -> None:
        self._segments: list[Segment] = []
        self.room = width
        self._width = width

    def add(self, text: str, style: Style, cells: int | None = None) -> None:
        """Append text as far as there is room; `cells` is its width, where that is known."""
        length = cell_width(text) if cells is None else cells
        if length > self.room:
            text, length = fit(text, self.room), self.room
        self.room -= length
        # Spaces in front are a segment of their own: a picture of the screen would lose them otherwise.
        shown = text.lstrip(" ")
        if len(shown) < len(text):
            self._segments.append(Segment(" " * (len(text) - len(shown)), style))
        if shown:
            self._segments.append(Segment(shown, style))

    def add_with_hits(
        self, text: str, style: Style, cells: int, hits: re.Pattern[str] | None, hit_style: Style
    ) -> None:
        """Append text, `cells` wide, with every match of `hits` set off by `hit_style`."""
        if hits is None:
            self.add(text, style, cells)
            return
        at = 0
        for match in hits.finditer(text):
            self.add(text[at : match.start()], style)
            self.add(match.group(), style + hit_style)
            at = match.end()
        self.add(text[at:], style)

    def strip(self, style: Style) -> Strip:
        """The finished line; the rest is blank in `style`."""
        if self.room > 0:
            self._segments.append(Segment(" " * self.room, style))
            self.room = 0
        return Strip(self._segments, self._width)

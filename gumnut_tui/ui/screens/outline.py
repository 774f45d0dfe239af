"""What is painted first: the outline of the panes, with nothing in them, while the program behind is loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.screen import Screen

from gumnut_tui.ui.layout import LOW, pane_widths

NAME = " Gumnut activity"
WORDS = "Connecting…"
ABOVE_ROWS = 7
"""Lines of a pane above the rows: its border, the histogram, the header; on low screens border and header alone."""
BESIDE_ROWS = 3
"""Columns of the pane that are not for rows: its border and the scrollbar."""


class FirstScreen(Screen[None]):
    """One drawing, no widgets: it is on the screen before anything of the program's own is loaded."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: Callable[[int], Sequence[str]] = lambda _width: ()

    def show(self, rows: Callable[[int], Sequence[str]]) -> None:
        """Draw lines into the place of the table; `rows` gives them for a width in cells."""
        self._rows = rows
        self.refresh()

    def render(self) -> Content:
        """Title, panes and status, as wide and high as the screen."""
        width, height = self.size
        sidebar, detail = pane_widths(width)
        rows = self._rows(max(1, width - sidebar - detail - BESIDE_ROWS))
        bar = "on $panel"
        lines = [Content.styled(NAME.ljust(width)[:width], f"bold $text-primary {bar}")]
        above = ABOVE_ROWS if height >= LOW else 2
        lines += [_across(width, y, height - 2, rows, above) for y in range(max(0, height - 2))]
        lines.append(Content.styled(" " * width, bar))
        return Content("\n").join(lines[:height])


def _across(width: int, y: int, height: int, rows: Sequence[str], above: int) -> Content:
    """Line `y` of all panes."""
    sidebar, detail = pane_widths(width)
    row = rows[y - above] if above <= y < height - 1 and y - above < len(rows) else ""
    words = row or (WORDS if not rows and y == height // 2 else "")
    panes = [("Filters", sidebar, ""), ("Activity", width - sidebar - detail, words), ("detail", detail, "")]
    return Content("").join(
        Content.styled(piece, style)
        for title, columns, text in panes
        if columns > 0
        for piece, style in _pane(title, columns, y, height, text)
    )


def _pane(title: str, width: int, y: int, height: int, text: str) -> Iterator[tuple[str, str]]:
    """The pieces of one line of a pane, and their styles."""
    inside = max(0, width - 2)
    if y == 0:
        label = f" {title} "[: max(0, inside - 1)]
        yield "╭─", "$border"
        yield label, "$text-muted"
        yield f"{'─' * (inside - 1 - len(label))}╮", "$border"
    elif y == height - 1:
        yield f"╰{'─' * inside}╯", "$border"
    else:
        room = max(0, inside - cell_len(text))
        before = room // 2 if text is WORDS else 0
        yield "│", "$border"
        yield set_cell_size(f"{' ' * before}{text}", inside), "$text-muted"
        yield "│", "$border"

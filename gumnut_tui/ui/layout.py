"""Where the panes are on screens of each size: classes and widths for `app.tcss`, and the outline painted first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.screen import Screen

MIDDLE, WIDE, HUGE = 96, 120, 180
"""Columns from which the sidebar, and then the detail too, is beside the table instead of over it."""
LOW = 30
"""Lines below which the histogram is hidden."""
SIDEBAR = 25
"""Columns of the sidebar beside the table."""
DETAIL, HUGE_DETAIL = 40, 56
"""Columns of the detail beside the table."""
OVER_SIDEBAR, OVER_DETAIL = 30, 60
"""Columns of each where it lies over the table; for the detail, at most."""


def column_classes() -> list[tuple[int, str]]:
    """The class of a screen by its columns."""
    return [(0, "-narrow"), (MIDDLE, "-middle"), (WIDE, "-wide"), (HUGE, "-huge")]


def line_classes() -> list[tuple[int, str]]:
    """The class of a screen by its lines."""
    return [(0, "-low"), (LOW, "-high")]


def css_variables() -> Mapping[str, str]:
    """The widths as variables of the style sheet."""
    return {
        "sidebar-columns": str(SIDEBAR),
        "detail-columns": str(DETAIL),
        "huge-detail-columns": str(HUGE_DETAIL),
        "over-sidebar-columns": str(OVER_SIDEBAR),
        "over-detail-columns": str(OVER_DETAIL),
    }


def pane_widths(columns: int) -> tuple[int, int]:
    """Columns of the sidebar and of the detail beside the table; 0 where one lies over it."""
    sidebar = SIDEBAR if columns >= MIDDLE else 0
    detail = HUGE_DETAIL if columns >= HUGE else DETAIL if columns >= WIDE else 0
    return sidebar, detail


NAME = " Gumnut activity"
WORDS = "Connecting…"
ABOVE_ROWS = 7
"""Lines of a pane above the rows: its border, the histogram, the header; on low screens border and header alone."""
BESIDE_ROWS = 3
"""Columns of the pane that are not for rows: its border and the scrollbar."""


class FirstScreen(Screen[None]):
    """One drawing, no widgets: it is on the screen before the rest of the program is loaded."""

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

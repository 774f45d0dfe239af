"""Where the panes are on screens of each size: classes and widths for `app.tcss`, and the outline painted first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.css.styles import RulesMap
from textual.screen import Screen
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual

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


def size_classes(columns: int, lines: int) -> list[str]:
    """The classes of a screen of that size."""
    return [
        max(bound for bound in bounds if bound[0] <= size)[1]
        for bounds, size in ((column_classes(), columns), (line_classes(), lines))
    ]


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
BAR = "on $panel"
"""The style of title and status."""
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

    def render(self) -> Outline:  # type: ignore[override]  # Screen names fewer types than widgets can draw
        """Title, panes and status, as wide and high as the screen."""
        width, height = self.size
        return Outline(outline_lines(width, height, self._rows(max(1, width - sum(pane_widths(width)) - BESIDE_ROWS))))


class Outline(Visual):
    """Lines of which most are alike: each is made once, as this drawing is what one waits for."""

    def __init__(self, lines: Sequence[Content]) -> None:
        self.lines = lines

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """A strip for each line."""
        strips = {id(line): line.render_strips(width, 1, style, options)[0] for line in _distinct(self.lines)}
        return [strips[id(line)] for line in self.lines[:height]]

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """As wide as the screen."""
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        """As high as the screen."""
        return len(self.lines)


def _distinct(lines: Iterable[Content]) -> Iterable[Content]:
    return {id(line): line for line in lines}.values()


def outline_lines(width: int, height: int, rows: Sequence[str]) -> Sequence[Content]:
    """The lines of a screen with these rows; without any it says that it is connecting."""
    title = Content.styled(NAME.ljust(width)[:width], f"bold $text-primary {BAR}")
    panes = [_across(width, "│", "")] * (height - 2)
    if panes:
        panes[-1] = _across(width, "╰", "")
        panes[0] = _across(width, "╭", "")
    shown = dict(enumerate(rows, ABOVE_ROWS if height >= LOW else 2)) if rows else {height // 2 - 1: WORDS}
    for y, text in shown.items():
        if 0 < y < len(panes) - 1:
            panes[y] = _across(width, "│", text)
    return [title, *panes, Content.styled(" " * width, BAR)][:height]


def _across(width: int, edge: str, text: str) -> Content:
    """One line of all panes, with a text in that of the rows; `edge` is the sign at the left."""
    sidebar, detail = pane_widths(width)
    panes = [("Filters", sidebar, ""), ("Activity", width - sidebar - detail, text), ("detail", detail, "")]
    return Content("").join(
        Content.styled(piece, style)
        for title, columns, words in panes
        if columns > 0
        for piece, style in _pane(title, columns, edge, words)
    )


def _pane(title: str, width: int, edge: str, text: str) -> Iterator[tuple[str, str]]:
    """The pieces of one line of a pane, and their styles."""
    inside = max(0, width - 2)
    if edge == "╭":
        label = f" {title} "[: max(0, inside - 1)]
        yield "╭─", "$border"
        yield label, "$text-muted"
        yield f"{'─' * (inside - 1 - len(label))}╮", "$border"
    elif edge == "╰":
        yield f"╰{'─' * inside}╯", "$border"
    else:
        room = max(0, inside - cell_len(text))
        before = room // 2 if text is WORDS else 0
        yield "│", "$border"
        yield set_cell_size(f"{' ' * before}{text}", inside), "$text-muted"
        yield "│", "$border"

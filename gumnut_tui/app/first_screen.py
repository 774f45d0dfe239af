"""What is painted first: the outline of the panes, with nothing in them, while the program behind is loaded."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content
from textual.screen import Screen

from gumnut_tui.app.layout import pane_widths

NAME = " Gumnut activity"
WORDS = "Connecting…"


class FirstScreen(Screen[None]):
    """One drawing, no widgets: it is on the screen before anything of the program's own is loaded."""

    def render(self) -> Content:
        """Title, panes and status, as wide and high as the screen."""
        width, height = self.size
        bar = "on $panel"
        lines = [Content.styled(NAME.ljust(width)[:width], f"bold $text-primary {bar}")]
        lines += [self._across(width, y, height - 2) for y in range(max(0, height - 2))]
        lines.append(Content.styled(" " * width, bar))
        return Content("\n").join(lines[:height])

    def _across(self, width: int, y: int, height: int) -> Content:
        """Line `y` of all panes."""
        sidebar, detail = pane_widths(width)
        panes = [("Filters", sidebar), ("Activity", width - sidebar - detail), ("detail", detail)]
        return Content("").join(
            Content.styled(piece, style)
            for title, columns in panes
            if columns > 0
            for piece, style in _pane(title, columns, y, height)
        )


def _pane(title: str, width: int, y: int, height: int) -> Iterator[tuple[str, str]]:
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
        words = WORDS if title == "Activity" and y == height // 2 else ""
        yield "│", "$border"
        yield words.center(inside)[:inside], "$text-muted"
        yield "│", "$border"

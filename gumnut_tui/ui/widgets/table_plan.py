"""What each line of the table's window shows: a row in its state, words of the table itself, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from typing import NamedTuple, Protocol

from gumnut_tui.ui.widgets.styled_lines import wrap
from gumnut_tui.ui.widgets.table_columns import CURSOR, FOCUSED, IN_INCIDENT, MARKED, WITH_DAY
from gumnut_tui.ui.widgets.viewport import Edge, Viewport


class Rows(Protocol):
    """Row ids in the order of the screen."""

    def __len__(self) -> int: ...
    def __getitem__(self, index: int, /) -> int: ...


class RowLine(NamedTuple):
    """A line that shows a row, in the state its flags say."""

    row: int
    flags: int


class TextLine(NamedTuple):
    """A line that shows words of the table itself, or nothing."""

    text: str
    is_note: bool


TableLine = RowLine | TextLine
BLANK = TextLine("", False)


class TablePlan:
    """The lines of a window over rows, and what they are made from. `update` works them out anew."""

    def __init__(self) -> None:
        self.rows: Rows = ()
        self.marks: Container[int] = ()
        """Row ids drawn as marked."""
        self.incidents: Container[int] = ()
        """Row ids drawn as parts of an incident."""
        self.notes: dict[Edge, str] = {"top": "", "bottom": ""}
        """Words beyond the first and the last row."""
        self.empty = ""
        """Words in the middle of a window without rows."""
        self._lines: list[TableLine] = []

    def __len__(self) -> int:
        """How many lines the window has."""
        return len(self._lines)

    def line(self, y: int) -> TableLine:
        """What line `y` of the window shows."""
        return self._lines[y] if y < len(self._lines) else BLANK

    @property
    def first_row(self) -> int | None:
        """The id of the first row in the window."""
        return next((line.row for line in self._lines if isinstance(line, RowLine)), None)

    def lines_of(self, rows: Iterable[int]) -> list[int]:
        """The lines that show these row ids."""
        wanted = set(rows)
        return [y for y, line in enumerate(self._lines) if isinstance(line, RowLine) and line.row in wanted]

    def update(self, view: Viewport, day: Callable[[int], str], *, focused: bool, width: int) -> list[int]:
        """Work out each line anew; returns those that show something else now. `day` tells the day of a row id."""
        before = self._lines
        self._lines = self._over_rows(view, day, focused) if view.count else plan_empty(self.empty, width, view.height)
        if len(before) != len(self._lines):
            return list(range(len(self._lines)))
        return [y for y, line in enumerate(self._lines) if line != before[y]]

    def _over_rows(self, view: Viewport, day: Callable[[int], str], focused: bool) -> list[TableLine]:
        """A row carries its day when the row above it in the window has another."""
        lines: list[TableLine] = []
        day_above = ""
        for y in range(view.height):
            index = view.row_at(y)
            if index is None:
                edge: Edge = "top" if view.top + y < view.head else "bottom"
                lines.append(TextLine(self.notes[edge], True) if view.top + y < view.lines else BLANK)
                continue
            row = self.rows[index]
            its_day = day(row)
            flags = WITH_DAY if its_day != day_above else 0
            if index == view.cursor:
                flags |= CURSOR | FOCUSED if focused else CURSOR
            if row in self.marks:
                flags |= MARKED
            if row in self.incidents:
                flags |= IN_INCIDENT
            lines.append(RowLine(row, flags))
            day_above = its_day
        return lines


def plan_empty(words: str, width: int, height: int) -> list[TableLine]:
    """Words in the middle of a window without rows."""
    texts = wrap(words, max(1, width - 4))[:height]
    above = (height - len(texts)) // 2
    below = height - above - len(texts)
    return [*[BLANK] * above, *(TextLine(text, False) for text in texts), *[BLANK] * below]

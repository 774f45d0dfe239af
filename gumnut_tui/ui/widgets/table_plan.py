"""What each line of the table's window shows: a row in its state, a day, words of the table itself, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from typing import NamedTuple, Protocol

from gumnut_tui.ui.widgets.styled_lines import wrap
from gumnut_tui.ui.widgets.table_columns import CURSOR, FOCUSED, IN_INCIDENT, MARKED
from gumnut_tui.ui.widgets.viewport import Edge, Viewport


class Rows(Protocol):
    """Row ids in the order of the screen."""

    def __len__(self) -> int: ...
    def __getitem__(self, index: int, /) -> int: ...


DayOf = Callable[[int], str]
"""The day of a row id in words: `today`, `Thu 19 Nov`; asked for rows in sight, and those that would fill a window."""


class RowLine(NamedTuple):
    """A line that shows a row, in the state its flags say."""

    row: int
    flags: int


class DayLine(NamedTuple):
    """A line between rows of different days, with the day of those below it."""

    day: str


class TextLine(NamedTuple):
    """A line that shows words of the table itself, or nothing."""

    text: str
    is_note: bool


TableLine = RowLine | DayLine | TextLine
BLANK = TextLine("", False)
DAYS_KEPT = 4_000
"""Rows whose days are remembered: those of many windows."""


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
        self._day_of: DayOf = _no_day
        self._days: dict[int, str] = {}

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

    def read_days_from(self, day_of: DayOf | None) -> None:
        """Where the days of rows come from; without one there are none. What is remembered is forgotten."""
        self._day_of = day_of or _no_day
        self.forget_days()

    def forget_days(self) -> None:
        """The days of rows are others now."""
        self._days.clear()

    def day(self, row: int) -> str:
        """The day of a row id."""
        day = self._days.get(row)
        if day is None:
            if len(self._days) >= DAYS_KEPT:
                self._days.clear()
            day = self._days[row] = self._day_of(row)
        return day

    def begins_day(self, index: int) -> bool:
        """Whether the row at an index, from 1 on, is of another day than the one before it."""
        return self.day(self.rows[index]) != self.day(self.rows[index - 1])

    def update(self, view: Viewport, *, focused: bool, width: int) -> list[int]:
        """Work out each line anew; returns those that show something else now."""
        before = self._lines
        self._lines = (
            [self._planned(view, y, focused) for y in range(view.height)]
            if view.count
            else plan_empty(self.empty, width, view.height)
        )
        if len(before) != len(self._lines):
            return list(range(len(self._lines)))
        return [y for y, line in enumerate(self._lines) if line != before[y]]

    def _planned(self, view: Viewport, y: int, focused: bool) -> TableLine:
        index = view.row_at(y)
        if index is not None:
            return RowLine(row := self.rows[index], self._flags(row, focused, is_cursor=index == view.cursor))
        if (below := view.divider_at(y)) is not None:
            return DayLine(self.day(self.rows[below]))
        edge = view.note_at(y)
        return BLANK if edge is None else TextLine(self.notes[edge], True)

    def _flags(self, row: int, focused: bool, *, is_cursor: bool) -> int:
        flags = 0
        if is_cursor:
            flags |= CURSOR | FOCUSED if focused else CURSOR
        if row in self.marks:
            flags |= MARKED
        if row in self.incidents:
            flags |= IN_INCIDENT
        return flags


def _no_day(_row: int) -> str:
    return ""


def plan_empty(words: str, width: int, height: int) -> list[TableLine]:
    """Words in the middle of a window without rows."""
    texts = wrap(words, max(1, width - 4))[:height]
    above = (height - len(texts)) // 2
    below = height - above - len(texts)
    return [*[BLANK] * above, *(TextLine(text, False) for text in texts), *[BLANK] * below]

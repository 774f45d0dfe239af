"""What each line of the event table shows: rows with their state, notes, or words for an empty table."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import NamedTuple, Protocol

from gumnut_tui.ui.widgets.strips import wrap
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


Line = RowLine | TextLine
BLANK = TextLine("", False)


def plan_rows(
    view: Viewport,
    rows: Rows,
    day: Callable[[int], str],
    marks: Container[int],
    incidents: Container[int],
    focused: bool,
    notes: Mapping[Edge, str],
) -> list[Line]:
    """The lines of a window over rows. A row carries its day when the row above it in the window has another."""
    lines: list[Line] = []
    day_above = ""
    for y in range(view.height):
        index = view.row_at(y)
        if index is None:
            edge: Edge = "top" if view.top + y < view.head else "bottom"
            lines.append(TextLine(notes[edge], True) if view.top + y < view.lines else BLANK)
            continue
        row = rows[index]
        its_day = day(row)
        flags = WITH_DAY if its_day != day_above else 0
        if index == view.cursor:
            flags |= CURSOR | FOCUSED if focused else CURSOR
        if row in marks:
            flags |= MARKED
        if row in incidents:
            flags |= IN_INCIDENT
        lines.append(RowLine(row, flags))
        day_above = its_day
    return lines


def plan_empty(words: str, width: int, height: int) -> list[Line]:
    """Words in the middle of a window without rows."""
    texts = wrap(words, max(1, width - 4))[:height]
    above = (height - len(texts)) // 2
    below = height - above - len(texts)
    return [*[BLANK] * above, *(TextLine(text, False) for text in texts), *[BLANK] * below]

"""The columns of the event table: which fit at a width, and one row drawn into them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rich.style import Style
from textual.strip import Strip

from gumnut_tui.domain.models import Operation
from gumnut_tui.formatting.cells import Cells
from gumnut_tui.formatting.escape import fit
from gumnut_tui.ui.widgets.styled_lines import LineBuilder

CURSOR, FOCUSED, MARKED, WITH_DAY, IN_INCIDENT = 1, 2, 4, 8, 16
"""How a row is drawn, as flags: what its strip depends on besides the row itself."""

_GUTTERS = {0: " ", CURSOR: "▸", MARKED: "●", CURSOR | MARKED: "◉"}


@dataclass(frozen=True)
class Columns:
    """Widths in cells; 0 means the column does not fit and is left out."""

    width: int
    gutter: int
    day: int
    time: int
    operation: int
    what: int
    entity: int
    more: int


GAP = 1
ENTITY_FIRST = 36
"""Cells that names keep to themselves before the last column gets any."""


@lru_cache(maxsize=256)
def columns_for(width: int) -> Columns:
    """The columns that fit: the entity's name stays the longest, then time, operation, kind, the rest, the day."""
    gutter = 2 if width >= 30 else 1
    day = 8 if width >= 100 else 0
    time = 8 + GAP if width >= 28 else 0
    operation = 11 + GAP if width >= 44 else 2
    what = 11 + GAP if width >= 52 else 0
    rest = max(0, width - gutter - day - time - operation - what)
    more = max(14, rest * 40 // 100) if rest >= ENTITY_FIRST else 0
    return Columns(width, gutter, day, time, operation, what, rest - more, more)


@dataclass(frozen=True)
class RowStyles:
    """Resolved styles of the table; comparable, so that an unchanged theme keeps the drawn strips."""

    base: Style
    cursor: Style
    cursor_blurred: Style
    header: Style
    new: Style
    note: Style
    muted: Style
    day: Style
    hit: Style
    mark: Style
    operations: dict[Operation, Style]

    def background(self, flags: int) -> Style:
        """What a row with these flags is drawn upon."""
        if not flags & CURSOR:
            return self.base
        return self.cursor if flags & FOCUSED else self.cursor_blurred


def row_strip(cells: Cells, columns: Columns, styles: RowStyles, flags: int, hits: re.Pattern[str] | None) -> Strip:
    """One event as a line of exactly `columns.width` cells."""
    base = styles.background(flags)
    # The focused cursor has one strong background; only its own colour is sure to be readable on it.
    muted = base if flags & FOCUSED else base + styles.muted
    operation = cells.operation
    operation_ink = base if flags & FOCUSED else base + styles.operations[operation]
    line = LineBuilder(columns.width)
    sign = _GUTTERS[flags & (CURSOR | MARKED)]
    if flags & IN_INCIDENT and columns.gutter > 1:
        line.add(sign, base + styles.mark)
        line.add("▎", base + styles.operations[Operation.DELETED])
    else:
        line.add(fit(sign, columns.gutter), base + styles.mark)
    day = base if flags & FOCUSED else base + styles.day
    _add_time(line, cells.time, columns, muted, day if flags & WITH_DAY else None)
    label = cells.op if columns.operation > 2 else operation.glyph
    # A name may run on where nothing follows it.
    more = columns.more if cells.more else 0
    entity = columns.entity + columns.more - more
    for text, width, ink in (
        (_cell(label, columns.operation), columns.operation, operation_ink),
        (_cell(cells.what, columns.what), columns.what, muted),
        (_cell(cells.entity, entity, more), entity, base),
        (fit(cells.more, more), more, muted),
    ):
        line.add_with_hits(text, ink, width, hits, styles.hit)
    return line.strip(base)


def cells_text(cells: Cells, columns: Columns) -> str:
    """One event as plain text of exactly `columns.width` cells, where the cells stand in a drawn row."""
    more = columns.more if cells.more else 0
    pieces = (
        " " * (columns.gutter + columns.day),
        _cell(cells.time.rpartition(" ")[2], columns.time),
        _cell(cells.op if columns.operation > 2 else cells.operation.glyph, columns.operation),
        _cell(cells.what, columns.what),
        _cell(cells.entity, columns.entity + columns.more - more, more),
        fit(cells.more, more),
    )
    return fit("".join(pieces), columns.width)


def day_of(cells: Cells) -> str:
    """The day in a row's time; rows of today do not carry one."""
    return cells.time.rpartition(" ")[0] or "today"


def _add_time(line: LineBuilder, time: str, columns: Columns, clock_style: Style, day_style: Style | None) -> None:
    """The clock time; before it the day, where it is asked for and fits, else the day only marks the clock."""
    day, _, clock = time.rpartition(" ")
    if columns.day:
        line.add(
            fit((day or "today") if day_style is not None else "", columns.day + columns.time - GAP - len(clock)),
            clock_style if day_style is None else day_style,
        )
        line.add(clock + " " * GAP, clock_style)
    else:
        line.add(_cell(clock, columns.time), clock_style if day_style is None else day_style)


def header_strip(columns: Columns, styles: RowStyles, day: str, news: str) -> Strip:
    """The column titles; `news` ("37 new") stands at the right end over them.

    Where the day column does not fit, the day of the first row in sight takes the place of the title TIME.
    """
    line = LineBuilder(columns.width)
    news = f" {news} " if news else ""
    titles = (
        (" ", columns.gutter),
        ("", columns.day),
        ("TIME" if columns.day else day or "TIME", columns.time),
        ("OP" if columns.operation > 2 else "", columns.operation),
        ("WHAT", columns.what),
        ("ENTITY", columns.entity),
        ("MORE", columns.more),
    )
    text = "".join(fit(title, width) for title, width in titles).rstrip()
    line.add(fit(text, columns.width - len(news)) if len(news) < columns.width else "", styles.header)
    line.add(news, styles.new)
    return line.strip(styles.header)


def _cell(text: str, width: int, poller: int = 1) -> str:
    """The text with a gap behind it, except in the last column."""
    if width <= GAP:
        return fit(text, width - 1) + " " if width > 1 else fit("", width)
    return fit(text, width - GAP) + " " * GAP if poller else fit(text, width)

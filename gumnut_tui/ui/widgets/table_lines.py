"""The lines of the table's window: what each shows, and the strips they are drawn into, cached while they are valid."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

import msgspec
from textual.cache import LRUCache
from textual.color import Color
from textual.filter import LineFilter
from textual.strip import Strip
from textual.widget import Widget

from gumnut_tui.domain.search_text import folded
from gumnut_tui.formatting.escape import fit
from gumnut_tui.formatting.event_lines import Cells
from gumnut_tui.ui.widgets.styled_lines import (
    LineBuilder,
    component_names,
    fit_middle,
    full_style,
    ink,
    operation_css,
    operation_inks,
    wrap,
)
from gumnut_tui.ui.widgets.table_columns import (
    CURSOR,
    FOCUSED,
    IN_INCIDENT,
    INSIDE,
    MARKED,
    UNFOLDED,
    RowStyles,
    action_strip,
    columns_for,
    day_text,
    row_strip,
)
from gumnut_tui.ui.widgets.viewport import Edge, Viewport

if TYPE_CHECKING:
    from gumnut_tui.formatting.action_cells import ActionCells


class Rows(Protocol):
    """Row ids in the order of the screen."""

    def __len__(self) -> int: ...
    def __getitem__(self, index: int, /) -> int: ...


DayOf = Callable[[int], str]
"""The day of a row id in words: `today`, `Thu 19 Nov`; asked for rows in view, and those that would fill a window."""


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
    """The lines of a window over rows, and what they are made from. `update` works them out again."""

    def __init__(self) -> None:
        self.rows: Rows = ()
        self.marks: Container[int] = ()
        """Row ids drawn as marked."""
        self.incidents: Container[int] = ()
        """Row ids drawn as parts of an incident."""
        self.unfolded: Callable[[int], bool] | None = None
        """Whether the events of an action are shown; None while rows are not grouped into actions."""
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
        """Where the days of rows come from; None for no days. Remembered days are dropped."""
        self._day_of = day_of or _no_day
        self.forget_days()

    def forget_days(self) -> None:
        """The days of rows have changed."""
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
        """Work out each line again; returns the lines that changed."""
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
        if self.unfolded is not None:
            flags |= INSIDE if row >= 0 else UNFOLDED if self.unfolded(row) else 0
        return flags


def _no_day(_row: int) -> str:
    return ""


def plan_empty(words: str, width: int, height: int) -> list[TableLine]:
    """Words in the middle of a window without rows."""
    texts = wrap(words, max(1, width - 4))[:height]
    above = (height - len(texts)) // 2
    below = height - above - len(texts)
    return [*[BLANK] * above, *(TextLine(text, False) for text in texts), *[BLANK] * below]


CellsOf = Callable[[int], "Cells | ActionCells"]
"""The texts of a row id, of an action's where it is negative; asked for only when the row is drawn."""

TEXTS_KEPT = 1000
"""Rows whose texts are remembered."""
STRIPS_KEPT = 200
"""Rows whose drawn lines are remembered: a few screens of them. Each is a hundred objects for the garbage collector."""


class FinishedLine(Strip):
    """A line with a margin after it: Textual cuts it there for the scrollbar, without searching for the place.

    It does not refer to itself, as a strip does that was divided at its own end, so it is freed with its last use.
    """

    __slots__ = ("_pieces",)

    def __init__(self, line: Strip, margin: Strip) -> None:
        super().__init__([*line, *margin], line.cell_length + margin.cell_length)
        self._pieces = line, margin

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """The line in pieces that end at these cells."""
        ends = list(cuts)
        return self._pieces if ends == [self._pieces[0].cell_length, self.cell_length] else super().divide(ends)


class Finish(msgspec.Struct, frozen=True):
    """How a line is finished before it goes to the screen; comparable."""

    filters: Sequence[LineFilter]
    background: Color
    """The background the filters assume."""
    margin: Strip
    """Follows the line, under the scrollbar."""

    def __call__(self, strip: Strip) -> Strip:
        """The line as the screen wants it."""
        segments = list(strip)
        for line_filter in self.filters:
            segments = line_filter.apply(segments, self.background)
        return FinishedLine(Strip(segments, strip.cell_length), self.margin)


class RowPainter:
    """Draws rows by id; the strips are those of one width, one set of styles, one finish and one search text."""

    def __init__(self) -> None:
        self._cells_of: CellsOf | None = None
        self._cells: LRUCache[int, Cells | ActionCells] = LRUCache(TEXTS_KEPT)
        self._strips: LRUCache[int, dict[int, Strip]] = LRUCache(STRIPS_KEPT)
        self._drawn_with: tuple[int, RowStyles, Finish] | None = None
        self._highlight = self._wanted = ""
        self.drawn = 0
        """Rows laid out so far."""
        self.cache_hits = 0
        """Rows that came from the cache so far."""

    def read_from(self, cells: CellsOf) -> None:
        """Where the texts of rows come from; the cache is kept."""
        self._cells_of = cells

    @property
    def highlight(self) -> str:
        """Text highlighted wherever it occurs, compared as the search compares it."""
        return self._highlight

    @highlight.setter
    def highlight(self, text: str) -> None:
        self._highlight = text
        self._wanted = folded(text)
        self._strips.clear()

    def forget(self, rows: Iterable[int] | None = None) -> None:
        """Drop the texts of these rows, or of all, as they have changed."""
        if rows is None:
            self._cells.clear()
            self._strips.clear()
            return
        for row in rows:
            self._cells.discard(row)
            self._strips.discard(row)

    def cells(self, row: int) -> Cells | ActionCells:
        """The texts of a row."""
        cells = self._cells.get(row)
        if cells is None:
            assert self._cells_of is not None, "rows are shown together with their cells"
            cells = self._cells[row] = self._cells_of(row)
        return cells

    def strip(self, row: int, flags: int, width: int, styles: RowStyles, finish: Finish) -> Strip:
        """A row as a line of exactly `width` cells, in the state the flags say, and finished."""
        if self._drawn_with != (width, styles, finish):
            self._drawn_with = (width, styles, finish)
            self._strips.clear()
        states = self._strips.get(row)
        if states is None:
            states = self._strips[row] = {}
        strip = states.get(flags)
        if strip is not None:
            self.cache_hits += 1
            return strip
        self.drawn += 1
        cells = self.cells(row)
        line = (
            row_strip(cells, columns_for(width), styles, flags, self._wanted)
            if isinstance(cells, Cells)
            else action_strip(cells, width, styles, flags, self._wanted)
        )
        strip = states[flags] = finish(line)
        return strip


def text_strip(line: DayLine | TextLine, width: int, styles: RowStyles) -> Strip:
    """A line that shows no row: a day, or words of the table itself."""
    builder = LineBuilder(width)
    if isinstance(line, DayLine):
        builder.add(day_text(line.day, width), styles.base + styles.day)
    else:
        text = fit(f"  {line.text}", width) if line.is_note else fit_middle(line.text, width)
        builder.add(text, styles.note if line.text else styles.base)
    return builder.strip(styles.base)


def row_classes(prefix: str) -> set[str]:
    """The component classes of a widget that draws rows; they begin with `prefix`."""
    return component_names(prefix, _ROW_INKS)


def row_css(widget: str, prefix: str) -> str:
    """Default rules that style the rows in a widget type; a theme or app may override each."""
    rules = [f"{widget} > .{prefix}--{part} {{ {style} }}" for part, style in _ROW_INKS.items()]
    return "\n".join([*rules, operation_css(widget)])


_ROW_INKS = {
    "cursor": "background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold;",
    "cursor-blurred": "background: $block-cursor-blurred-background;",
    "header": "background: $panel; color: $text-muted; text-style: bold;",
    "new": "background: $accent; color: $text; text-style: bold reverse;",
    "note": "color: $text-muted; text-style: italic;",
    "muted": "color: $text-muted;",
    "day": "color: $text-secondary; text-style: bold;",
    "hit": "color: $text-warning; text-style: bold underline;",
    "mark": "color: $text-accent; text-style: bold;",
}
"""Parts of a row that have a style of their own, and that style by default."""


class RowStyling:
    """The styles of a widget that draws rows, resolved again only after they may have changed."""

    def __init__(self, widget: Widget, prefix: str) -> None:
        self._widget = widget
        self._prefix = prefix
        self._styles: RowStyles | None = None
        self.is_stale = True
        """A theme or a state of the widget changed."""

    def now(self) -> RowStyles:
        """The present styles; the same object as before unless one differs."""
        if self.is_stale or self._styles is None:
            self.is_stale = False
            styles = resolve_styles(self._widget, self._prefix)
            if styles != self._styles:
                self._styles = styles
        return self._styles


def resolve_styles(widget: Widget, prefix: str) -> RowStyles:
    """The styles of a widget whose component classes begin with `prefix`."""
    return RowStyles(
        base=widget.rich_style,
        cursor=full_style(widget, f"{prefix}--cursor"),
        cursor_blurred=full_style(widget, f"{prefix}--cursor-blurred"),
        header=full_style(widget, f"{prefix}--header"),
        new=full_style(widget, f"{prefix}--new"),
        note=full_style(widget, f"{prefix}--note"),
        muted=ink(widget, f"{prefix}--muted"),
        day=ink(widget, f"{prefix}--day"),
        hit=ink(widget, f"{prefix}--hit"),
        mark=ink(widget, f"{prefix}--mark"),
        operations=operation_inks(widget),
    )

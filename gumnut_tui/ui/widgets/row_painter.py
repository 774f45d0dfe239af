"""Rows drawn into strips, remembered for as long as they would come out the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from textual.cache import LRUCache
from textual.color import Color
from textual.filter import LineFilter
from textual.strip import Strip
from textual.widget import Widget

from gumnut_tui.domain.search_text import folded
from gumnut_tui.formatting.cells import Cells
from gumnut_tui.formatting.escape import fit
from gumnut_tui.ui.widgets.palette import full_style, ink, operation_inks
from gumnut_tui.ui.widgets.styled_lines import LineBuilder, fit_middle
from gumnut_tui.ui.widgets.table_columns import RowStyles, columns_for, day_text, row_strip
from gumnut_tui.ui.widgets.table_plan import DayLine, TextLine

CellsOf = Callable[[int], Cells]
"""The texts of a row id; asked for only when the row is drawn."""

TEXTS_KEPT = 1000
"""Rows whose texts are remembered."""
STRIPS_KEPT = 200
"""Rows whose drawn lines are remembered: a few screens of them. Each is a hundred objects for the garbage collector."""


class FinishedLine(Strip):
    """A line with a margin behind it: Textual cuts it there for the scrollbar, and need not look for the place.

    Nor does it refer to itself, as a strip does that was divided at its own end; it is freed with its last use.
    """

    __slots__ = ("_pieces",)

    def __init__(self, line: Strip, margin: Strip) -> None:
        super().__init__([*line, *margin], line.cell_length + margin.cell_length)
        self._pieces = line, margin

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """The line in pieces that end at these cells."""
        ends = list(cuts)
        return self._pieces if ends == [self._pieces[0].cell_length, self.cell_length] else super().divide(ends)


@dataclass(frozen=True)
class Finish:
    """What becomes of a line before it goes to the screen; comparable."""

    filters: Sequence[LineFilter]
    background: Color
    """What the filters take to be behind the text."""
    margin: Strip
    """Goes behind the line, where the scrollbar stands."""

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
        self._cells: LRUCache[int, Cells] = LRUCache(TEXTS_KEPT)
        self._strips: LRUCache[int, dict[int, Strip]] = LRUCache(STRIPS_KEPT)
        self._drawn_with: tuple[int, RowStyles, Finish] | None = None
        self._highlight = self._wanted = ""
        self.drawn = 0
        """Rows laid out so far."""
        self.cache_hits = 0
        """Rows that came from memory so far."""

    def read_from(self, cells: CellsOf) -> None:
        """Where the texts of rows come from; what is remembered stays."""
        self._cells_of = cells

    @property
    def highlight(self) -> str:
        """Text set off wherever it stands, compared as searching compares it."""
        return self._highlight

    @highlight.setter
    def highlight(self, text: str) -> None:
        self._highlight = text
        self._wanted = folded(text)
        self._strips.clear()

    def forget(self, rows: Iterable[int] | None = None) -> None:
        """The texts of these rows, or of all, are others now."""
        if rows is None:
            self._cells.clear()
            self._strips.clear()
            return
        for row in rows:
            self._cells.discard(row)
            self._strips.discard(row)

    def cells(self, row: int) -> Cells:
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
        strip = states[flags] = finish(row_strip(self.cells(row), columns_for(width), styles, flags, self._wanted))
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

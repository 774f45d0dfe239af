"""Rows drawn into strips, remembered for as long as they would come out the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from textual.cache import LRUCache
from textual.strip import Strip
from textual.widget import Widget

from gumnut_tui.formatting.cells import Cells
from gumnut_tui.widgets.columns import RowStyles, columns_for, row_strip
from gumnut_tui.widgets.palette import full_style, ink, operation_inks

CellsOf = Callable[[int], Cells]
"""The texts of a row id; asked for only when the row is drawn."""

ROWS_KEPT = 1000
"""Rows whose texts and drawn lines are remembered."""


class RowPainter:
    """Draws rows by id; the strips are those of one width, one set of styles and one search text."""

    def __init__(self) -> None:
        self._cells_of: CellsOf | None = None
        self._cells: LRUCache[int, Cells] = LRUCache(ROWS_KEPT)
        self._strips: LRUCache[int, dict[int, Strip]] = LRUCache(ROWS_KEPT)
        self._drawn_with: tuple[int, RowStyles] | None = None
        self._highlight = ""
        self._hits: re.Pattern[str] | None = None
        self.drawn = 0
        """Rows laid out so far."""
        self.cache_hits = 0
        """Rows that came from memory so far."""

    def read_from(self, cells: CellsOf) -> None:
        """Where the texts of rows come from; what is remembered stays."""
        self._cells_of = cells

    @property
    def highlight(self) -> str:
        """Text set off wherever it stands; case does not matter."""
        return self._highlight

    @highlight.setter
    def highlight(self, text: str) -> None:
        self._highlight = text
        self._hits = re.compile(re.escape(text), re.IGNORECASE) if text else None
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

    def strip(self, row: int, flags: int, width: int, styles: RowStyles) -> Strip:
        """A row as a line of exactly `width` cells, in the state the flags say."""
        if self._drawn_with != (width, styles):
            self._drawn_with = (width, styles)
            self._strips.clear()
        states = self._strips.get(row)
        if states is None:
            states = self._strips[row] = {}
        strip = states.get(flags)
        if strip is not None:
            self.cache_hits += 1
            return strip
        self.drawn += 1
        strip = states[flags] = row_strip(self.cells(row), columns_for(width), styles, flags, self._hits)
        return strip


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

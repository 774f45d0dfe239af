"""The window over the rows: which are in view, which is selected, what was reported of it, and its scrollbar.

It is arithmetic on indexes; nothing is held per row. Items are counted from the top of all there is to draw: an
optional note, the rows, an optional note. Each takes a line of the window, and one more where a divider is above it,
such as the words of a day; above the first line of the window none is drawn. So lines are known of what is in sight
only, and a window far away costs nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Literal, NamedTuple

import msgspec
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.widget import Widget

from gumnut_tui.ui import later

Edge = Literal["top", "bottom"]


def _undivided(_index: int) -> bool:
    return False


class Moved(NamedTuple):
    """Where rows are that were shown before, as others have come and gone: the window is not to move."""

    cursor: int
    """Index of the selected row."""
    first: int | None
    """Index of the row that was the first in sight; None when none was."""
    arrived: int
    """Rows more than before between what was in sight and the live edge."""


class Viewport(msgspec.Struct):
    """A window of `height` lines over `count` rows; no change of the rows moves what the reader is looking at.

    Its fields are its state, which tests set as they need it; a table begins with the defaults.
    """

    count: int = 0
    height: int = 0
    """Lines for rows and notes; 0 until laid out."""
    top: int = 0
    """The item at the top of the window."""
    cursor: int = 0
    """Index of the selected row; 0 when there is none."""
    head: int = 0
    """1 when there is a note before the first row."""
    tail: int = 0
    """1 when there is a note after the last row."""
    live: Edge | None = "top"
    """The edge at which new rows arrive; None when nothing new can come."""
    unseen: int = 0
    """Rows that arrived at the live edge out of view and have not been in view since."""
    pinned: bool = False
    """The selected row stays selected, at the live edge too, until the cursor moves."""
    divided: Callable[[int], bool] = _undivided
    """Whether there is a divider between the row at an index, from 1 on, and the one before."""
    _lines: list[int] = msgspec.field(default_factory=list)
    _lines_of: tuple[int, ...] = ()
    _max_top: int = 0
    _max_top_of: tuple[int, ...] = ()

    @property
    def items(self) -> int:
        """All there is to draw, dividers aside."""
        return self.head + self.count + self.tail

    @property
    def max_top(self) -> int:
        """The furthest item the window can start at."""
        shape = (self.count, self.height, self.head, self.tail)
        if shape != self._max_top_of:
            self._max_top, self._max_top_of = self._top_for(self.items - 1, self.height - 1), shape
        return self._max_top

    @property
    def span(self) -> tuple[int, int] | None:
        """First and last row in sight; None when none is."""
        items = self._laid_out()
        if not items:
            return None
        first, last = max(0, self.top - self.head), min(self.count - 1, _last(items) - self.head)
        return (first, last) if first <= last else None

    @property
    def edge_row(self) -> int:
        """Index of the row at the live edge."""
        return max(0, self.count - 1) if self.live == "bottom" else 0

    @property
    def following(self) -> bool:
        """The cursor rests on the live edge and the edge is in sight: new rows push in."""
        if self.live is None or self.pinned or self.cursor != self.edge_row:
            return False
        return self.height == 0 or (self.top >= self.max_top if self.live == "bottom" else self.top == 0)

    def row_at(self, line: int) -> int | None:
        """Index of the row on a line of the window; None for a divider, a note or nothing."""
        items = self._laid_out()
        row = items[line] - self.head if 0 <= line < len(items) else -1
        return row if 0 <= row < self.count else None

    def divider_at(self, line: int) -> int | None:
        """Index of the row below the divider on a line of the window; None for any other line."""
        items = self._laid_out()
        return ~items[line] - self.head if 0 <= line < len(items) and items[line] < 0 else None

    def note_at(self, line: int) -> Edge | None:
        """Which note is on a line of the window."""
        items = self._laid_out()
        if not 0 <= line < len(items) or items[line] < 0 or self.row_at(line) is not None:
            return None
        return "top" if items[line] < self.head else "bottom"

    def line_of(self, row: int) -> int:
        """The line of the window a row is on; outside 0…height-1 when out of sight."""
        item, items = row + self.head, self._laid_out()
        if item < self.top or not items:
            return item - self.top
        last = _last(items)
        return items.index(item) if item <= last else self.height + item - last - 1

    def in_sight(self, row: int) -> bool:
        """Whether a row is on a line of the window."""
        return 0 <= self.line_of(row) < self.height

    def rows_left(self, edge: Edge) -> int:
        """Rows beyond the window on this side."""
        span = self.span
        if span is None:
            return 0
        return span[0] if edge == "top" else self.count - 1 - span[1]

    def redivide(self) -> None:
        """The dividers have moved; the selected row keeps its line where possible."""
        line, seen = self.line_of(self.cursor), self.in_sight(self.cursor)
        self._forget_lines()
        if seen:
            self._settle(self._top_for(self.cursor + self.head, line))
            self._reveal()
        else:
            self._settle(self.top)

    def reset(self, count: int, cursor: int | Moved | None) -> None:
        """Other rows: the selected one keeps its line where possible. `cursor` None goes to the live edge."""
        if isinstance(cursor, Moved):
            self._exchange(count, cursor)
            return
        self.unseen = 0
        line = min(max(0, self.line_of(self.cursor)), max(0, self.height - 1))
        self.count = count
        self._forget_lines()
        if cursor is None:
            self._select(self.edge_row)
            self.top = self.max_top if self.live == "bottom" else 0
        else:
            self.cursor = cursor
            self._settle(self._top_for(self._clamped(cursor) + self.head, line))
        self._reveal()

    def insert(self, at: int, added: int) -> None:
        """`added` rows were inserted at index `at`.

        At the live edge the cursor stays on the edge; elsewhere the selected row keeps its line, or, when it is
        out of sight, the first row in sight does.
        """
        if added <= 0:
            return
        follow = self.following
        span = self.span
        anchor = self.cursor if self.in_sight(self.cursor) or span is None else span[0]
        line = self.line_of(anchor)
        was_empty = self.count == 0
        at_live_edge = (self.live == "top" and at == 0) or (self.live == "bottom" and at >= self.count)
        self.count += added
        if at < self.count - added:
            self._forget_lines()
        if follow and at_live_edge:
            self.go_live()
            return
        if not was_empty:
            self.cursor += added if at <= self.cursor else 0
            if at <= anchor:
                self.top = self._top_for(anchor + added + self.head, line)
        self.unseen += added if at_live_edge else 0
        self._settle(self.top)

    def resize(self, height: int) -> None:
        """Another window height; the selected row stays in sight when it was."""
        follow, seen = self.following, self.height == 0 or self.in_sight(self.cursor)
        self.height = height
        if follow:
            self.go_live()
        else:
            self._settle(self.top)
            if seen:
                self._reveal()

    def set_notes(self, head: bool, tail: bool) -> None:
        """Notes come or go at the edges; the rows keep their lines unless the edge itself is in sight."""
        follow = self.following
        if head != self.head and self.top > 0:
            self.top += 1 if head else -1
        self.head, self.tail = int(head), int(tail)
        if follow:
            self.go_live()
        else:
            self._settle(self.top)

    def _exchange(self, count: int, moved: Moved) -> None:
        """The selected row keeps its line; when it is out of sight, the first row in sight does."""
        span, unseen = self.span, self.unseen
        if self.in_sight(self.cursor) or moved.first is None or span is None:
            anchor, line = moved.cursor, self.line_of(self.cursor)
        else:
            anchor, line = moved.first, self.line_of(span[0])
        self.count, self.cursor, self.unseen = count, moved.cursor, unseen + moved.arrived
        self._forget_lines()
        self._settle(self._top_for(self._clamped(anchor) + self.head, line))

    def move_to(self, row: int) -> None:
        """Select a row and scroll just far enough to show it."""
        self._select(row)
        self._reveal()

    def jump_to(self, row: int) -> None:
        """Select a row; if it is out of view, it is scrolled to the middle."""
        self._select(row)
        if not self.in_sight(self.cursor):
            self._settle(self._top_for(self.cursor + self.head, self.height // 2))
        self._reveal()

    def page(self, lines: int) -> None:
        """Move window and cursor by so many lines: the cursor keeps its line, and no row is skipped."""
        line, seen = self.line_of(self.cursor), self.in_sight(self.cursor)
        self._select(self.cursor + self._rows_in(lines))
        if seen:
            self._settle(self._top_for(self.cursor + self.head, line))
        self._reveal()

    def scroll_to(self, top: int) -> None:
        """Move the window alone; the selected row may go out of sight."""
        self._settle(top)

    def go_live(self) -> None:
        """Select the row at the live edge and show it."""
        self._select(self.edge_row)
        self._settle(self.max_top if self.live == "bottom" else 0)

    # Lines

    def _cost(self, item: int) -> int:
        """Lines an item takes below another one: itself, and the divider above it."""
        row = item - self.head
        return 2 if 0 < row < self.count and self.divided(row) else 1

    def _laid_out(self) -> list[int]:
        """The item on each line of the window; of a divider the complement (`~`) of the item below it."""
        shape = (self.top, self.count, self.height, self.head, self.tail)
        if shape != self._lines_of:
            self._lines_of, self._lines = shape, []
            for item in range(self.top, min(self.items, self.top + self.height)):
                if item > self.top and self._cost(item) == 2:
                    self._lines.append(~item)
                self._lines.append(item)
            del self._lines[self.height :]
        return self._lines

    def _forget_lines(self) -> None:
        self._lines_of = self._max_top_of = ()

    def _top_for(self, item: int, line: int) -> int:
        """The item to start the window at, so that another is on a line of it, or as little above that as can be."""
        top = item
        while top > 0 and line >= (cost := self._cost(top)):
            line -= cost
            top -= 1
        return max(0, top)

    def _rows_in(self, lines: int) -> int:
        """How many items, at least one, go by as the window moves so many lines; negative upwards."""
        step = 1 if lines > 0 else -1
        item, left = self.top, abs(lines)
        while left >= (cost := self._cost(max(item, item + step))):
            left -= cost
            item += step
        return item - self.top or step * (lines != 0)

    def _select(self, row: int) -> None:
        self.cursor = self._clamped(row)
        self.pinned = False

    def _clamped(self, row: int) -> int:
        return max(0, min(row, self.count - 1))

    def _reveal(self) -> None:
        """Bring the selected row into the window, with the note beyond it when it is the first or last."""
        if self.height == 0:
            return
        row = self.cursor + self.head
        first = 0 if self.cursor == 0 else row
        last = self.items - 1 if self.cursor >= self.count - 1 else row
        top = min(self.top, first) if first < self.top else max(self.top, self._top_for(last, self.height - 1))
        self._settle(max(min(top, row), self._top_for(row, self.height - 1)))

    def _settle(self, top: int) -> None:
        self.cursor = self._clamped(self.cursor)
        self.top = max(0, min(top, self.max_top))
        hidden = self.rows_left(self.live) if self.live else 0
        self.unseen = min(self.unseen, hidden)


def _last(items: list[int]) -> int:
    """The last item in view; a divider on the last line is above one that is not."""
    return items[-1] if items[-1] >= 0 else ~items[-1] - 1


SCREENS_AHEAD = 2
"""An end is near when fewer than this many screens of rows remain: so many are kept ready beyond the window."""


class TableNews:
    """Reports what changed since it was last asked."""

    def __init__(self) -> None:
        self._row: int | None = None
        self._span: tuple[int, int] | None = None
        self._near: dict[Edge, int] = {}

    def forget_row(self) -> None:
        """Row ids refer to other rows now."""
        self._row = None

    def forget_span(self) -> None:
        """The same places may hold other rows now."""
        self._span = None

    def forget_ends(self) -> None:
        """Other rows have other ends."""
        self._near.clear()

    def row(self, row: int | None) -> int | None:
        """The selected row's id if it changed."""
        if row == self._row:
            return None
        self._row = row
        return row

    def span(self, span: tuple[int, int] | None) -> tuple[int, int] | None:
        """The first and last index in view if they changed."""
        if span is None or span == self._span:
            return None
        self._span = span
        return span

    def is_near(self, edge: Edge, view: Viewport) -> bool:
        """Whether that end came near, once per number of rows: an answer without rows is not requested again."""
        if view.height == 0 or view.rows_left(edge) >= SCREENS_AHEAD * view.height:
            self._near.pop(edge, None)
            return False
        if self._near.get(edge) == view.count:
            return False
        self._near[edge] = view.count
        return True


SCROLLBAR_INTERVAL = 0.1
"""Seconds between redraws of the scrollbar while rows stream in."""


class WindowScroll:
    """The scroll position of a widget that moves its own window, without the layout and full repaint of Textual's."""

    def __init__(self, widget: ScrollView) -> None:
        self._widget = widget
        self._timer: asyncio.TimerHandle | None = None
        self._thumb = (0, 0)

    @property
    def is_settled(self) -> bool:
        """Whether the scrollbar is up to date."""
        return self._timer is None

    def sync(self, top: int, lines: int) -> None:
        """The window now begins at line `top` of `lines`; the scrollbar follows a moment later."""
        widget = self._widget
        size = Size(widget.size.width, lines)
        if size == widget.virtual_size and top == widget.scroll_y:
            return
        widget.set_reactive(Widget.virtual_size, size)
        widget.set_reactive(Widget.scroll_y, float(top))
        widget.set_reactive(Widget.scroll_target_y, float(top))
        if widget.is_mounted and self._timer is None:
            self._timer = later(widget, SCROLLBAR_INTERVAL, self._move_scrollbar)

    def _move_scrollbar(self) -> None:
        """Redraw the bar when its thumb looks different; a page among a million rows does not move it."""
        self._timer = None
        widget = self._widget
        if not widget.show_vertical_scrollbar:
            return
        bar, top, lines = widget.vertical_scrollbar, round(widget.scroll_y), widget.virtual_size.height
        bar.set_reactive(ScrollBar.window_virtual_size, lines)
        bar.set_reactive(ScrollBar.position, top)
        eighths = widget.size.height * 8
        thumb = (top * eighths // lines, widget.size.height * eighths // lines)
        if thumb != self._thumb:
            self._thumb = thumb
            bar.refresh()

"""Which rows are in sight and which is selected: arithmetic on indexes, nothing is held per row.

Lines are counted from the top of all there is to draw: an optional note, the rows, an optional note.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Edge = Literal["top", "bottom"]


@dataclass
class Viewport:
    """A window of `height` lines over `count` rows; no change of the rows moves what the eye rests on."""

    count: int = 0
    height: int = 0
    """Lines for rows and notes; 0 until laid out."""
    top: int = 0
    """The line at the top of the window."""
    cursor: int = 0
    """Index of the selected row; 0 when there is none."""
    head: int = 0
    """1 when a note stands before the first row."""
    tail: int = 0
    """1 when a note stands after the last row."""
    live: Edge | None = "top"
    """The edge at which new rows arrive; None when nothing new can come."""
    unseen: int = 0
    """Rows that arrived at the live edge out of sight and were not looked at since."""
    pinned: bool = False
    """The selected row is held on to, at the live edge too, until the cursor moves."""

    @property
    def lines(self) -> int:
        """All there is to draw, in lines."""
        return self.head + self.count + self.tail

    @property
    def max_top(self) -> int:
        """The furthest line the window can start at."""
        return max(0, self.lines - self.height)

    @property
    def span(self) -> tuple[int, int] | None:
        """First and last row in sight; None when none is."""
        first = max(0, self.top - self.head)
        last = min(self.count, self.top - self.head + self.height) - 1
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
        """Index of the row on a line of the window."""
        row = self.top + line - self.head
        return row if 0 <= line < self.height and 0 <= row < self.count else None

    def line_of(self, row: int) -> int:
        """The line of the window a row is on; outside 0…height-1 when out of sight."""
        return row + self.head - self.top

    def in_sight(self, row: int) -> bool:
        """Whether a row is on a line of the window."""
        return 0 <= self.line_of(row) < self.height

    def rows_left(self, edge: Edge) -> int:
        """Rows beyond the window on this side."""
        span = self.span
        if span is None:
            return 0
        return span[0] if edge == "top" else self.count - 1 - span[1]

    def reset(self, count: int, cursor: int | None) -> None:
        """Other rows: the selected one keeps its line where possible. `cursor` None goes to the live edge."""
        self.unseen = 0
        line = min(max(0, self.line_of(self.cursor)), max(0, self.height - 1))
        self.count = count
        if cursor is None:
            self._select(self.edge_row)
            self.top = self.max_top if self.live == "bottom" else 0
        else:
            self.cursor = cursor
            self._settle(self._clamped(cursor) + self.head - line)
        self._reveal()

    def insert(self, at: int, added: int) -> None:
        """`added` rows now stand at index `at`.

        At the live edge the cursor stays on the edge; elsewhere the selected row keeps its line, or, when it is
        out of sight, the first row in sight does.
        """
        if added <= 0:
            return
        follow = self.following
        span = self.span
        anchor = self.cursor if self.in_sight(self.cursor) or span is None else span[0]
        was_empty = self.count == 0
        at_live_edge = (self.live == "top" and at == 0) or (self.live == "bottom" and at >= self.count)
        self.count += added
        if follow and at_live_edge:
            self.go_live()
            return
        if not was_empty:
            self.top += added if at <= anchor else 0
            self.cursor += added if at <= self.cursor else 0
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

    def move_to(self, row: int) -> None:
        """Select a row and scroll just as far as it takes to see it."""
        self._select(row)
        self._reveal()

    def jump_to(self, row: int) -> None:
        """Select a row; when it is out of sight it comes to the middle."""
        self._select(row)
        if not self.in_sight(self.cursor):
            self._settle(self.cursor + self.head - self.height // 2)
        self._reveal()

    def page(self, rows: int) -> None:
        """Move the cursor and the window together, so that the cursor keeps its line."""
        seen = self.in_sight(self.cursor)
        self._select(self.cursor + rows)
        if seen:
            self._settle(self.top + rows)
        self._reveal()

    def scroll_to(self, top: int) -> None:
        """Move the window alone; the selected row may go out of sight."""
        self._settle(top)

    def go_live(self) -> None:
        """Select the row at the live edge and show it."""
        self._select(self.edge_row)
        self._settle(self.max_top if self.live == "bottom" else 0)

    def _select(self, row: int) -> None:
        self.cursor = self._clamped(row)
        self.pinned = False

    def _clamped(self, row: int) -> int:
        return max(0, min(row, self.count - 1))

    def _reveal(self) -> None:
        """Bring the selected row into the window, with the note beyond it when it is the first or last."""
        if self.height == 0:
            return
        first = 0 if self.cursor == 0 else self.cursor + self.head
        last = self.lines - 1 if self.cursor >= self.count - 1 else self.cursor + self.head
        row = self.cursor + self.head
        top = min(self.top, first) if first < self.top else max(self.top, last - self.height + 1)
        self._settle(max(min(top, row), row - self.height + 1))

    def _settle(self, top: int) -> None:
        self.cursor = self._clamped(self.cursor)
        self.top = max(0, min(top, self.max_top))
        hidden = self.rows_left(self.live) if self.live else 0
        self.unseen = min(self.unseen, hidden)

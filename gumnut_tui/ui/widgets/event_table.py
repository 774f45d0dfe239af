"""The table of events: draws the rows in sight, moves the cursor, and holds nothing per row.

Rows are pulled by index from whoever owns them. Between two calls of `show` and `rows_changed` the rows handed in
must not change, or only beyond the last index.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from itertools import groupby
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from gumnut_tui.formatting.quantities import number
from gumnut_tui.ui.keymap import ROWS
from gumnut_tui.ui.widgets.table_columns import columns_for, header_strip
from gumnut_tui.ui.widgets.table_lines import (
    CellsOf,
    DayOf,
    Finish,
    RowLine,
    RowPainter,
    Rows,
    RowStyling,
    TablePlan,
    row_classes,
    row_css,
    text_strip,
)
from gumnut_tui.ui.widgets.viewport import Edge, Moved, TableNews, Viewport, WindowScroll

HEADER = 1
"""Lines above the rows."""


class _LastCounts(Message):
    """Of several that wait to be handled, only the last one counts."""

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, type(self))


class EventTable(ScrollView, can_focus=True, inherit_bindings=False):
    """Events in lines: time, operation, kind, name and the rest, as far as they fit."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = row_classes("event-table")
    DEFAULT_CSS = """
    EventTable {
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
    }
    """ + row_css("EventTable", "event-table")

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(action.keys, action.runs, action.words, show=False, id=action.name) for action in ROWS
    ]

    class Highlighted(_LastCounts):
        """Another row is selected."""

        def __init__(self, row: int) -> None:
            super().__init__()
            self.row = row

    class Opened(Message):
        """A row was opened, by enter or a double click."""

        def __init__(self, row: int) -> None:
            super().__init__()
            self.row = row

    class FoldAsked(Message):
        """The events of an action are to be shown below it, or folded away."""

        def __init__(self, row: int, unfold: bool) -> None:
            super().__init__()
            self.row = row
            self.unfold = unfold

    class NearEnd(Message):
        """Fewer than two screens of rows are left beyond the window on this side."""

        def __init__(self, edge: Edge) -> None:
            super().__init__()
            self.edge = edge

    class EndAsked(Message):
        """The very first or last row is wanted, whether it is loaded or not."""

        def __init__(self, edge: Edge) -> None:
            super().__init__()
            self.edge = edge

    class InSight(_LastCounts):
        """The rows on the screen are now those from index `first` to `last`, both included."""

        def __init__(self, first: int, last: int) -> None:
            super().__init__()
            self.first = first
            self.last = last

    def __init__(self, *, live: Edge | None = "top", id: str | None = None, classes: str | None = None) -> None:
        """`live` is the edge at which new rows arrive: top for newest first, bottom for oldest first."""
        super().__init__(id=id, classes=classes)
        # Always there; if it came with the first layout, the first rows would be drawn twice.
        self.set_reactive(Widget.show_vertical_scrollbar, True)
        self._view = Viewport(live=live)
        self._plan = TablePlan()
        self._view.divided = self._plan.begins_day
        self._revision = 0
        self.painter = RowPainter()
        """Draws the rows, and counts them."""
        self._styling = RowStyling(self, "event-table")
        self._header: tuple[str, str, bool] = ("", "", False)
        self._announcing = False
        self._news = TableNews()
        self.window_scroll = WindowScroll(self)

    # What the owner of the rows says

    def show(
        self,
        rows: Rows,
        cells: CellsOf,
        *,
        days: DayOf | None = None,
        revision: int = 0,
        cursor: int | Moved | None = None,
        live: Edge | None = "top",
        unfolded: Callable[[int], bool] | None = None,
    ) -> None:
        """Show other rows. The row at index `cursor` is selected and keeps its line; None goes to the live edge.

        Where rows are actions, an action has a negative id, and `unfolded` says whether its events are shown. `days`
        returns the day of a row; without it no day is shown. Row ids keep their meaning while `revision` is the same.
        """
        if revision != self._revision:
            self.painter.forget()
            self._news.forget_row()
        self._plan.rows, self._plan.unfolded, self._revision = rows, unfolded, revision
        self.painter.read_from(cells)
        self._plan.read_days_from(days)
        self._view.live = live
        self._news.forget_ends()
        self._news.forget_span()
        self._view.reset(len(rows), cursor)
        self._changed()

    def rows_changed(self, added_before: int = 0, added_after: int = 0) -> None:
        """Rows were added before the first and after the last."""
        self._view.insert(0, added_before)
        self._view.insert(self._view.count, added_after)
        if added_before:
            self._news.forget_span()
        self._changed()

    def refresh_rows(self, rows: Iterable[int] | None = None) -> None:
        """The texts of these rows, or of all, have changed: redraw those in view."""
        if rows is None:
            self.painter.forget()
            self._repaint(everything=True)
            return
        changed = set(rows)
        self.painter.forget(changed)
        self._refresh_lines(self._plan.lines_of(changed))

    def refresh_days(self) -> None:
        """The days of rows have changed, after midnight or with the zone, and with them their texts."""
        self._plan.forget_days()
        self._view.redivide()
        self.refresh_rows()

    def set_note(self, edge: Edge, text: str) -> None:
        """Words on a line beyond the first or last row; an empty string removes the line."""
        notes = self._plan.notes
        notes[edge] = text
        self._view.set_notes(bool(notes["top"]), bool(notes["bottom"]))
        self._changed()

    @property
    def empty(self) -> str:
        """Words drawn in the middle while there are no rows."""
        return self._plan.empty

    @empty.setter
    def empty(self, text: str) -> None:
        self._plan.empty = text
        self._repaint()

    @property
    def highlight(self) -> str:
        """Text highlighted wherever it occurs in a row; case does not matter."""
        return self.painter.highlight

    @highlight.setter
    def highlight(self, text: str) -> None:
        if text != self.painter.highlight:
            self.painter.highlight = text
            self._repaint(everything=True)

    @property
    def marks(self) -> Container[int]:
        """Row ids drawn as marked; assign again after a change."""
        return self._plan.marks

    @marks.setter
    def marks(self, rows: Container[int]) -> None:
        self._plan.marks = rows
        self._repaint()

    @property
    def incidents(self) -> Container[int]:
        """Row ids drawn as parts of an incident; assign again after a change."""
        return self._plan.incidents

    @incidents.setter
    def incidents(self, rows: Container[int]) -> None:
        self._plan.incidents = rows
        self._repaint()

    # What can be asked

    @property
    def is_grouped(self) -> bool:
        """Rows are actions, and events of those that are unfolded."""
        return self._plan.unfolded is not None

    @property
    def row_count(self) -> int:
        """Rows shown, in sight or not."""
        return self._view.count

    @property
    def cursor(self) -> int | None:
        """Index of the selected row; None when there are no rows."""
        return self._view.cursor if self._view.count else None

    @property
    def cursor_row(self) -> int | None:
        """Id of the selected row; None when there are no rows."""
        return self._plan.rows[self._view.cursor] if self._view.count else None

    @property
    def cursor_line(self) -> int | None:
        """The line of the window, 0 at its top, that the selected row is on; None when out of sight."""
        line = self._view.line_of(self._view.cursor)
        return line if self._view.count and 0 <= line < self._view.height else None

    @property
    def span(self) -> tuple[int, int] | None:
        """Indexes of the first and last row in sight."""
        return self._view.span

    @property
    def new_count(self) -> int:
        """Rows that arrived at the live edge, out of view, and have not been in view since."""
        return self._view.unseen

    @property
    def following(self) -> bool:
        """The cursor rests on the live edge, so that new rows push in."""
        return self._view.following

    # Moving

    def move_to(self, index: int) -> None:
        """Select a row, scrolling just far enough to show it."""
        self._view.move_to(index)
        self._changed()

    def jump_to(self, index: int) -> None:
        """Select a row far away: if it is out of view, it is scrolled to the middle."""
        self._view.jump_to(index)
        self._changed()

    def go_live(self) -> None:
        """Go to the live edge, where new rows push in."""
        self._view.go_live()
        self._changed()

    def action_move(self, rows: int) -> None:
        """Move the cursor by rows."""
        self.move_to(self._view.cursor + rows)

    def action_half_page(self, direction: int) -> None:
        """Move half a window."""
        self._view.page(direction * max(1, self._view.height // 2))
        self._changed()

    def action_page(self, direction: int) -> None:
        """Move by a window, less one line to keep the place."""
        self._view.page(direction * max(1, self._view.height - 1))
        self._changed()

    def action_first(self) -> None:
        """Select the first row, and say that the end of the screen is wanted."""
        self.move_to(0)
        self.post_message(self.EndAsked("top"))

    def action_last(self) -> None:
        """Select the last row, and say that the end of the screen is wanted."""
        self.move_to(self._view.count - 1)
        self.post_message(self.EndAsked("bottom"))

    def action_open(self) -> None:
        """Say that the selected row was opened; new rows do not take its place then."""
        row = self.cursor_row
        if row is None:
            return
        self._view.pinned = True
        if row < 0 and self._plan.unfolded is not None:
            self.post_message(self.FoldAsked(row, unfold=not self._plan.unfolded(row)))
        else:
            self.post_message(self.Opened(row))

    def fold(self, *, unfold: bool) -> bool:
        """Ask for the events of the selected action, or for an end of them; False when there is nothing to do."""
        row, unfolded = self.cursor_row, self._plan.unfolded
        if row is None or unfolded is None or unfolded(row) == unfold:
            return False
        self._view.pinned = True
        self.post_message(self.FoldAsked(row, unfold))
        return True

    def on_click(self, event: events.Click) -> None:
        """A click selects, a double click opens, one on the new count goes to the live edge."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        event.stop()
        if offset.y < HEADER:
            if self.new_count:
                self.go_live()
            return
        index = self._view.row_at(offset.y - HEADER)
        if index is not None:
            self.move_to(index)
            if event.chain == 2:
                self.action_open()

    # Scrolling: Textual moves `scroll_y` (wheel, scrollbar), we move the window; each follows the other

    def watch_scroll_y(self, _old_value: float, new_value: float) -> None:
        """The wheel or the scrollbar moved the window."""
        self._view.scroll_to(round(new_value))
        self._changed()

    def scroll_to(self, x: float | None = None, y: float | None = None, **_how: object) -> None:
        """Scroll at once, never in an animation."""
        self._scroll_to(x, y, animate=False)

    # Drawing

    def _changed(self, *, everything: bool = False) -> None:
        self.window_scroll.sync(self._view.top, self._view.max_top + self._view.height + HEADER)
        self._repaint(everything=everything)
        self._say_soon()

    def _repaint(self, *, everything: bool = False) -> None:
        """Work out what each line shows now, and redraw those that changed."""
        changed = self._plan.update(self._view, focused=self.has_focus, width=self.scrollable_size.width)
        if not self.is_mounted:
            return
        if (header := self._header_texts()) != self._header:
            self._header = header
            self.refresh(Region(0, 0, self.size.width, HEADER))
        self._refresh_lines(range(len(self._plan)) if everything else changed)

    def _refresh_lines(self, lines: Iterable[int]) -> None:
        """Redraw lines of the window, neighbours as one region."""
        for _, group in groupby(enumerate(lines), lambda pair: pair[1] - pair[0]):
            run = [y for _, y in group]
            self.refresh(Region(0, run[0] + HEADER, self.size.width, len(run)))

    def _header_texts(self) -> tuple[str, str, bool]:
        """The day of the first row in sight, how many new rows wait out of sight, and whether rows are actions."""
        first = self._plan.first_row
        day = self._plan.day(first) if first is not None else ""
        arrow = "↓" if self._view.live == "bottom" else "↑"
        return day, f"{arrow} {number(self.new_count)} new" if self.new_count else "", self.is_grouped

    def render_line(self, y: int) -> Strip:
        """The header, or a line of the window."""
        width = self.scrollable_size.width
        return self._drawn(y, width, self._finish(width))

    def _drawn(self, y: int, width: int, finish: Finish) -> Strip:
        styles = self._styling.now()
        if y < HEADER:
            return finish(header_strip(columns_for(width), styles, *self._header))
        line = self._plan.line(y - HEADER)
        if isinstance(line, RowLine):
            return self.painter.strip(line.row, line.flags, width, styles, finish)
        return finish(text_strip(line, width, styles))

    def _finish(self, width: int) -> Finish:
        margin = Strip.blank(self.size.width - width, self._styling.now().base)
        return Finish(self.get_line_filters(), self.background_colors[1], margin)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Lines as drawn: without border or opacity, Textual's cache of styled lines would only cost time."""
        if self.styles.gutter.totals != (0, 0) or self.opacity != 1 or self.styles.outline:
            return super().render_lines(crop)
        base = self.rich_style
        if base != self._styling.now().base:
            # The background of a container shows through, and only the container is told when it changes.
            self._styling.is_stale = True
        left, right = crop.column_span
        width = self.scrollable_size.width
        if left >= width:
            # Textual asks for what lies behind the scrollbar whenever that moves; it is never visible.
            return [Strip.blank(right - left, base)] * crop.height
        finish = self._finish(width)
        return [self._drawn(y, width, finish).crop(left, right) for y in crop.line_range]

    def notify_style_update(self) -> None:
        """A theme or a state changed: drawn strips stay valid unless a colour really differs."""
        super().notify_style_update()
        self._styling.is_stale = True

    def on_resize(self) -> None:
        """Another size: the selected row stays in view if it was."""
        self._view.resize(max(0, self.size.height - HEADER))
        self._changed(everything=True)

    def watch_has_focus(self, has_focus: bool) -> None:
        """The cursor looks different with the focus."""
        super().watch_has_focus(has_focus)
        self._repaint()

    # Saying what happened, once per burst of changes

    def _say_soon(self) -> None:
        if not self._announcing and self.is_mounted:
            self._announcing = True
            self.call_later(self._say)

    def _say(self) -> None:
        self._announcing = False
        if (row := self._news.row(self.cursor_row)) is not None:
            self.post_message(self.Highlighted(row))
        if (span := self._news.span(self._view.span)) is not None:
            self.post_message(self.InSight(*span))
        for edge in ("top", "bottom"):
            if self._news.is_near(edge, self._view):
                self.post_message(self.NearEnd(edge))

"""A scrolling list of lines, drawn line by line: the body of the detail pane, of the help and of the choosers."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from gumnut_tui.domain.models import Operation
from gumnut_tui.ui.widgets.styled_lines import (
    OPERATION_CLASSES,
    Ink,
    LineBuilder,
    Page,
    Row,
    component_names,
    operation_css,
)

EMPTY = Page(())


class LineList(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows a page of lines that is made for the width there is; picks one where the page has a choice.

    Drawing costs what is in sight, whatever the length of the page.
    """

    DEFAULT_CSS = """
    LineList {
        height: 1fr;
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
        scrollbar-background: $surface;
        scrollbar-background-hover: $surface;

        & > .line-list--text { color: $foreground; }
        & > .line-list--label { color: $foreground-muted; }
        & > .line-list--muted { color: $foreground-muted; }
        & > .line-list--heading { color: $foreground; text-style: bold; }
        & > .line-list--good { color: $text-success; }
        & > .line-list--warning { color: $text-warning; }
        & > .line-list--bad { color: $text-error; }
        & > .line-list--accent { color: $text-accent; }
        & > .line-list--cursor {
            color: $block-cursor-blurred-foreground;
            background: $block-cursor-blurred-background;
        }
        &:focus > .line-list--cursor {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
            text-style: $block-cursor-text-style;
        }
    }
    """ + operation_css("LineList")
    COMPONENT_CLASSES: ClassVar[set[str]] = component_names("line-list", ("cursor", *(ink.value for ink in Ink)))
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Next row", show=False, id="row.next"),
        Binding("up,k", "move(-1)", "Previous row", show=False, id="row.previous"),
        Binding("pagedown", "page(1)", "A page down", show=False, id="row.page_down"),
        Binding("pageup", "page(-1)", "A page up", show=False, id="row.page_up"),
        Binding("ctrl+d", "page(0.5)", "Half a page down", show=False, id="row.half_page_down"),
        Binding("ctrl+u", "page(-0.5)", "Half a page up", show=False, id="row.half_page_up"),
        Binding("home,g", "first", "First row", show=False, id="row.first"),
        Binding("end,G", "last", "Last row", show=False, id="row.last"),
        Binding("enter", "pick", "Open the row", show=False, id="row.open"),
    ]

    class Picked(Message):
        """A line with a choice was opened, by key or mouse."""

        def __init__(self, list: LineList, choice: object) -> None:
            super().__init__()
            self.list = list
            self.choice = choice

        @property
        def control(self) -> LineList:
            """The list it happened in."""
            return self.list

    def __init__(self, *, around: int = 0, id: str | None = None, classes: str | None = None) -> None:
        """`around` is how many rows of the screen a list of height `auto` leaves free."""
        super().__init__(id=id, classes=classes)
        self._around = around
        self._make: Callable[[int], Page] = lambda width: EMPTY
        self._page = EMPTY
        self._drawn: dict[int, Row | None] = {}
        """What each line in sight showed when it was drawn last."""
        self._cursor = 0

    @property
    def page(self) -> Page:
        """The current page."""
        return self._page

    @property
    def cursor(self) -> int:
        """The row under the cursor; meaningful where the page has choices."""
        return self._cursor

    @property
    def choice(self) -> object:
        """The choice under the cursor; None where nothing can be picked."""
        rows = self._page.rows
        return rows[self._cursor].choice if self._page.picks and self._cursor < len(rows) else None

    def show(self, make: Callable[[int], Page], *, anew: bool) -> None:
        """Shows the page `make` returns for a width in cells, from its start if `anew`, else at the same place."""
        held = None if anew else self.choice
        self._make = make
        self._rebuild()
        if anew:
            self.scroll_to(y=0, animate=False)
        self._put_cursor(self._page.start if held is None else self._row_of(held))

    def on_resize(self) -> None:
        """Lines are made for a width, so another width asks for them again; the choice stays."""
        held = self.choice
        self._rebuild()
        self._put_cursor(self._page.start if held is None else self._row_of(held))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """For a list whose height is `auto`: all lines, as far as the screen has room beside what is around it."""
        return min(
            len(self._make(width - self.styles.scrollbar_size_vertical).rows), max(1, viewport.height - self._around)
        )

    def render_line(self, y: int) -> Strip:
        """The line at `y` of what is in sight, filled to the exact width."""
        base = self._ink(Ink.TEXT)
        row = self._drawn[y] = self._row_at(y)
        line = LineBuilder(self.scrollable_size.width)
        if row is None:
            return line.strip(base)
        at_cursor = self._page.picks and y + self.scroll_offset.y == self._cursor and row.choice is not None
        cursor = self.get_component_rich_style("line-list--cursor") if at_cursor else None
        for text, ink in row.spans:
            line.add(text, self._ink(ink) if cursor is None else cursor)
        return line.strip(cursor or base)

    def on_click(self, event: events.Click) -> None:
        """A click on a line with a choice opens it."""
        offset = event.get_content_offset(self)
        row = offset.y + self.scroll_offset.y if offset is not None else len(self._page.rows)
        if self._page.picks and row < len(self._page.rows) and self._page.rows[row].choice is not None:
            self._put_cursor(row)
            self.action_pick()

    def action_move(self, step: int) -> None:
        """Moves the cursor to the next row with a choice, or the text where there is none."""
        if not self._page.picks:
            self.scroll_to(y=self.scroll_offset.y + step, animate=False)
        elif (row := self._seek(self._cursor + step, step)) is not None:
            self._put_cursor(row)
        else:  # nothing more to pick that way: still show the lines that are there
            self.scroll_to(y=self.scroll_offset.y + step, animate=False)

    def action_page(self, pages: float) -> None:
        """Moves by pages, or fractions of one."""
        step = int(pages * self.size.height) or (1 if pages > 0 else -1)
        if not self._page.picks:
            self.scroll_to(y=self.scroll_offset.y + step, animate=False)
            return
        wanted = min(max(0, self._cursor + step), len(self._page.rows) - 1)
        back = -1 if step > 0 else 1
        self._put_cursor_on(self._seek(wanted, -back), self._seek(wanted, back))

    def action_first(self) -> None:
        """Goes to the first line."""
        self.scroll_to(y=0, animate=False)
        if self._page.picks and (row := self._seek(0, 1)) is not None:
            self._cursor = row
            self.refresh()

    def action_last(self) -> None:
        """Goes to the last line."""
        self.scroll_to(y=self.max_scroll_y, animate=False)
        if self._page.picks:
            self._put_cursor_on(self._seek(len(self._page.rows) - 1, -1))

    def action_pick(self) -> None:
        """Opens the row under the cursor."""
        if (choice := self.choice) is not None:
            self.post_message(self.Picked(self, choice))

    def _ink(self, ink: Ink | Operation) -> Style:
        name = OPERATION_CLASSES[ink] if isinstance(ink, Operation) else f"line-list--{ink.value}"
        return self.get_component_rich_style(name)

    def _rebuild(self) -> None:
        width = self.scrollable_content_region.width
        self._page = self._make(width) if width else EMPTY
        before, size = self.virtual_size, Size(width, len(self._page.rows))
        if size != before:
            # Setting `virtual_size` would lay out the whole screen; only a bar that has a thumb has to know.
            self.set_reactive(Widget.virtual_size, size)
            if max(before.height, size.height) > self.size.height:
                self._scroll_update(size)
        if size.width != before.width:
            self.refresh()
        else:
            self._refresh_changed()

    def _refresh_changed(self) -> None:
        """Redraw the lines in view that differ from those drawn."""
        for y in range(self.size.height):
            if y not in self._drawn or self._drawn[y] != self._row_at(y):
                self.refresh(Region(0, y, self.size.width, 1))

    def _row_at(self, y: int) -> Row | None:
        """The row that a line in sight shows."""
        at = y + self.scroll_offset.y
        return self._page.rows[at] if at < len(self._page.rows) else None

    def _row_of(self, choice: object) -> int:
        """Where a choice is now; if it is gone, the row nearest to where it was."""
        row = self._page.row_of(choice)
        return min(self._cursor, max(0, len(self._page.rows) - 1)) if row is None else row

    def _seek(self, row: int, step: int) -> int | None:
        """The first row with a choice from `row` on, in the direction of `step`."""
        rows = self._page.rows
        while 0 <= row < len(rows):
            if rows[row].choice is not None:
                return row
            row += 1 if step > 0 else -1
        return None

    def _put_cursor_on(self, *candidates: int | None) -> None:
        for row in candidates:
            if row is not None:
                self._put_cursor(row)
                return

    def _put_cursor(self, row: int) -> None:
        if not self._page.picks:
            self._cursor = row
            return
        found = self._seek(row, 1)
        if found is None:
            found = self._seek(row, -1)
        self._cursor = found if found is not None else 0
        self._scroll_into_sight(self._cursor)
        self.refresh()

    def _scroll_into_sight(self, row: int) -> None:
        top, height = self.scroll_offset.y, self.size.height
        if row < top:
            self.scroll_to(y=row, animate=False)
        elif height and row >= top + height:
            self.scroll_to(y=row - height + 1, animate=False)

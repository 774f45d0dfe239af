"""The detail pane: one event, and the entity it is about as it is now."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from rich.segment import Segment
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from gumnut_tui.formatting.escape import visible
from gumnut_tui.ui.widgets.detail_head import DetailHead
from gumnut_tui.ui.widgets.detail_history import HistoryChoice
from gumnut_tui.ui.widgets.detail_pages import TABS, DetailState, Related, Tab, make_page
from gumnut_tui.ui.widgets.line_list import LineList


class TabStrip(Widget):
    """Names of tabs, one of them active; on more than one line where they do not fit."""

    DEFAULT_CSS = """
    TabStrip {
        height: auto;
        width: 1fr;

        & > .tab-strip--tab { color: $foreground-muted; }
        & > .tab-strip--active { color: $text-accent; text-style: bold underline; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"tab-strip--tab", "tab-strip--active"}

    class Clicked(Message):
        """A tab was clicked."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, names: Sequence[str], *, active: int = 0, id: str | None = None) -> None:
        super().__init__(id=id)
        self._names = tuple(names)
        self._active = active

    @property
    def active(self) -> int:
        """The index of the active tab."""
        return self._active

    @active.setter
    def active(self, index: int) -> None:
        if index != self._active:
            self._active = index
            self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the names take."""
        return len(self._lines(width))

    def render_line(self, y: int) -> Strip:
        """One line of tabs."""
        width = self.size.width
        tab = self.get_component_rich_style("tab-strip--tab")
        lines = self._lines(width)
        if y >= len(lines):
            return Strip.blank(width, tab)
        segments: list[Segment] = []
        for _, end, index in lines[y]:
            style = self.get_component_rich_style("tab-strip--active") if index == self._active else tab
            used = sum(segment.cell_length for segment in segments)
            name = self._names[index]
            segments.append(Segment(" " * (end - len(name) - used), tab))
            segments.append(Segment(name, style))
        return Strip(segments).adjust_cell_length(width, tab)

    def on_click(self, event: events.Click) -> None:
        """A click on a name asks for its tab."""
        offset = event.get_content_offset(self)
        lines = self._lines(self.size.width)
        if offset is None or offset.y >= len(lines):
            return
        for start, end, index in lines[offset.y]:
            if start <= offset.x < end:
                self.post_message(self.Clicked(index))

    def _lines(self, width: int) -> list[list[tuple[int, int, int]]]:
        """Where each name is, line by line: first cell, cell after the last, index."""
        total = sum(map(len, self._names))
        gaps = max(1, len(self._names) - 1)
        gap = max(1, min(3, (width - total) // gaps))
        if total + gap * gaps > width:
            gap = 2
        lines: list[list[tuple[int, int, int]]] = [[]]
        for index, name in enumerate(self._names):
            size = len(name)
            start = lines[-1][-1][1] + gap if lines[-1] else 0
            if lines[-1] and start + size > width:
                lines.append([])
                start = 0
            lines[-1].append((start, start + size, index))
        return lines


class DetailPane(Vertical):
    """Shows a `DetailState`; keeps nothing but the active tab and how far it is scrolled.

    Only the visible tab is made. The pane requests nothing by itself: `TabShown` says that a tab is visible now, so
    that what it needs can be read.
    """

    DEFAULT_CSS = """
    DetailPane {
        border: round $border-blurred;
        padding: 0 0 0 1;

        &:focus-within { border: round $border; }
        & > TabStrip { margin-top: 1; }
        &.-empty > TabStrip { display: none; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right_square_bracket,right,l", "turn_tab(1)", "Next tab", show=False, id="detail.next_tab"),
        Binding("left_square_bracket,left,h", "turn_tab(-1)", "Previous tab", show=False, id="detail.previous_tab"),
    ]

    class HistoryChosen(Message):
        """An event of the entity's history was opened; `row` is its row in the store."""

        def __init__(self, row: int) -> None:
            super().__init__()
            self.row = row

    class RelatedChosen(Message):
        """A related entity was opened."""

        def __init__(self, kind: str, id: str) -> None:
            super().__init__()
            self.kind = kind
            self.id = id

    class TabShown(Message):
        """Another tab is shown."""

        def __init__(self, tab: Tab) -> None:
            super().__init__()
            self.tab = tab

    def __init__(self, *, tab: Tab = Tab.EVENT, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._tab = tab
        self._state = DetailState()
        self._is_ready = False
        self._kind: str | None = None
        self._head = DetailHead()
        self._strip = TabStrip([each.value for each in TABS], active=TABS.index(tab))
        self._body = LineList(id="detail-body")

    def compose(self) -> ComposeResult:
        """Head, tabs, and the list all tabs share."""
        yield self._head
        yield self._strip
        yield self._body

    def on_mount(self) -> None:
        """Begins with the hint, or with what was shown before the pane was on the screen."""
        self._is_ready = True
        self._draw(anew=True)

    @property
    def state(self) -> DetailState:
        """What is being shown."""
        return self._state

    @property
    def tab(self) -> Tab:
        """The active tab."""
        return self._tab

    def show(self, state: DetailState) -> None:
        """Shows a state at once. For another event the tab begins at its top; for the same one nothing moves."""
        anew = not state.is_about(self._state)
        self._state = state
        if self._is_ready:
            self._draw(anew=anew)

    def show_tab(self, tab: Tab) -> None:
        """Turn to a tab."""
        if tab is self._tab:
            return
        self._tab = tab
        self._strip.active = TABS.index(tab)
        self._show_body(anew=True)
        self.post_message(self.TabShown(tab))

    def action_turn_tab(self, step: int) -> None:
        """Turn to the next or previous tab, wrapping around."""
        self.show_tab(TABS[(TABS.index(self._tab) + step) % len(TABS)])

    def focus(self, scroll_visible: bool = True) -> DetailPane:
        """The focus goes to the body, which is the part that scrolls."""
        self._body.focus(scroll_visible)
        return self

    def _draw(self, *, anew: bool) -> None:
        kind = visible(self._state.kind, 40) or "detail"
        if kind != self._kind:
            self._kind = kind
            self._entitle(kind)
        self.set_class(self._state.is_empty, "-empty")
        self._head.show(self._state)
        self._show_body(anew=anew)

    def _entitle(self, kind: str) -> None:
        # Assigning `border_title` redraws the whole pane, which costs more than all its contents.
        self._border_title = Content(kind)
        self.refresh(Region(-self.content_offset.x, -self.content_offset.y, self.outer_size.width, 1))

    def _show_body(self, *, anew: bool) -> None:
        self._body.show(partial(make_page, self._tab, self._state), anew=anew)

    @on(TabStrip.Clicked)
    def _tab_clicked(self, message: TabStrip.Clicked) -> None:
        message.stop()
        self.show_tab(TABS[message.index])

    @on(LineList.Picked)
    def _line_picked(self, message: LineList.Picked) -> None:
        message.stop()
        match message.choice:
            case HistoryChoice(row):
                self.post_message(self.HistoryChosen(row))
            case Related(kind=kind, id=id):
                self.post_message(self.RelatedChosen(kind, id))

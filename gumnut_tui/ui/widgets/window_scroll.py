"""Tells Textual where a window of lines stands, cheaply: rows stream in, and few of them move the scrollbar's thumb."""

from __future__ import annotations

import asyncio

from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.widget import Widget

from gumnut_tui.ui.timers import later

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
        """Whether the scrollbar shows what was told last."""
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

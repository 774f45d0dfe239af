"""A line of tabs, drawn by itself: Textual's own costs several widgets and a layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget


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

    @dataclass
    class Clicked(Message):
        """A tab was clicked."""

        index: int

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
        """Where each name stands, line by line: first cell, cell after the last, index."""
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

"""Lines as values: what the line-drawing widgets show, measured in terminal cells, and the colours they have.

Text in here has passed `formatting.escape`; nothing in it is ever read as markup.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import Enum
from typing import NamedTuple

import msgspec
from rich.cells import chop_cells
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from gumnut_tui.domain.models import Operation
from gumnut_tui.domain.search_text import spans_of
from gumnut_tui.formatting.cells import cell_width
from gumnut_tui.formatting.escape import fit
from gumnut_tui.formatting.facts import Fact, Tone

_COLOURS = {
    Operation.CREATED: "$text-success",
    Operation.ADDED: "$text-success",
    Operation.UPDATED: "$text-primary",
    Operation.RESTORED: "$text-success",
    Operation.MOVED_IN: "$text-success",
    Operation.MOVED_OUT: "$text-warning",
    Operation.REMOVED: "$text-warning",
    Operation.TRASHED: "$text-warning",
    Operation.DELETED: "$text-error",
    Operation.OTHER: "$foreground",
}

OPERATION_CLASSES = {operation: f"operation--{operation.value}" for operation in Operation}
"""The component class that carries an operation's colour, the same in every widget."""


def operation_css(widget: str) -> str:
    """Default rules that colour the operations in a widget type; a theme or app may override each."""
    return "\n".join(
        f"{widget} > .{OPERATION_CLASSES[operation]} {{ color: {colour}; }}" for operation, colour in _COLOURS.items()
    )


def full_style(widget: Widget, name: str) -> Style:
    """A component's colours blended over the widget's own background."""
    return widget.get_component_rich_style(name)


def ink(widget: Widget, name: str) -> Style:
    """A component's foreground and text style alone, to be laid over any background."""
    style = widget.get_component_rich_style(name)
    return Style(
        color=style.color,
        bold=style.bold or None,
        dim=style.dim or None,
        italic=style.italic or None,
        underline=style.underline or None,
    )


def operation_inks(widget: Widget) -> dict[Operation, Style]:
    """The ink of each operation in this widget."""
    return {operation: ink(widget, name) for operation, name in OPERATION_CLASSES.items()}


def component_names(prefix: str, parts: Iterable[str]) -> set[str]:
    """Component classes of a widget's own parts, those of the operations included."""
    return {f"{prefix}--{part}" for part in parts} | set(OPERATION_CLASSES.values())


LABEL_WIDTH = 14
"""Cells a column of labels takes at most."""
NARROWEST_VALUE = 14
"""Cells a value needs beside its label; with fewer it goes below it."""
GAP = 2


class Ink(Enum):
    """What a piece of text is, which decides its colour in the theme."""

    TEXT = "text"
    LABEL = "label"
    MUTED = "muted"
    HEADING = "heading"
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"
    ACCENT = "accent"


INK_OF_TONE = {
    Tone.NORMAL: Ink.TEXT,
    Tone.DIM: Ink.MUTED,
    Tone.GOOD: Ink.GOOD,
    Tone.WARN: Ink.WARNING,
    Tone.BAD: Ink.BAD,
    Tone.HEAD: Ink.HEADING,
}
"""The ink each tone of a formatted line is drawn with."""


class Span(NamedTuple):
    """A piece of a line."""

    text: str
    ink: Ink | Operation = Ink.TEXT


class Row(NamedTuple):
    """One line on the screen; `choice` is what picking it means, None for a line that cannot be picked."""

    spans: tuple[Span, ...] = ()
    choice: object = None


BLANK = Row()


class Page(msgspec.Struct, frozen=True):
    """What a list of lines shows at one width."""

    rows: Sequence[Row]
    picks: bool = False
    """Some rows can be picked, so there is a cursor."""
    start: int = 0
    """The row the cursor begins on."""
    find: Callable[[object], int | None] | None = None
    """Finds the row of a choice, where searching would have to make every row."""

    def row_of(self, choice: object) -> int | None:
        """The row of a choice; None when there is none."""
        if self.find is not None:
            return self.find(choice)
        return next((row for row, line in enumerate(self.rows) if line.choice == choice), None)


def clip(text: str, width: int) -> str:
    """The text in at most `width` cells, with an ellipsis if it was longer."""
    return fit(text, width).rstrip()


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` cells, broken where it has line breaks and at spaces.

    Words are broken only where they are too long for a line.
    """
    return [line for paragraph in text.split("\n") for line in _wrap_paragraph(paragraph, max(2, width))]


def _wrap_paragraph(text: str, width: int) -> list[str]:
    if cell_width(text) <= width:
        return [text]
    lines: list[str] = []
    line = ""
    for word in _WORDS.findall(text):
        if cell_width(line) + cell_width(word) <= width:
            line += word
            continue
        if line:
            lines.append(line)
            word = word.lstrip(" ")
        *full, line = chop_cells(word, width) or [""]
        lines.extend(full)
    return [*lines, line] if line else lines


_WORDS = re.compile(" *[^ ]+| +$")
"""Words with the spaces before them."""


def text_rows(text: str, width: int, ink: Ink = Ink.TEXT) -> Iterator[Row]:
    """The text as wrapped rows."""
    for line in wrap(text, width):
        yield Row((Span(line, ink),))


def labelled_rows(lines: Iterable[Fact], width: int) -> Iterator[Row]:
    """Labels in one column and values in the next, wrapped under themselves; without a label, the value alone.

    Where the pane is too narrow for two columns the value goes below its label.
    """
    lines = list(lines)
    column = min(LABEL_WIDTH, max((cell_width(line.label) for line in lines), default=0)) + GAP
    stacked = width - column < NARROWEST_VALUE
    for line in lines:
        ink = INK_OF_TONE[line.tone]
        if not line.label:
            yield from text_rows(line.value, width, ink)
        elif stacked or cell_width(line.label) > LABEL_WIDTH:
            yield Row((Span(clip(line.label, width), Ink.LABEL),))
            for part in wrap(line.value, width - GAP):
                yield Row((Span(" " * GAP), Span(part, ink)))
        else:
            yield from _beside(line.label, wrap(line.value, width - column), column, ink)


def _beside(label: str, lines: Sequence[str], column: int, ink: Ink) -> Iterator[Row]:
    for index, line in enumerate(lines):
        shown = label if index == 0 else ""
        yield Row((Span(fit(shown, column), Ink.LABEL), Span(line, ink)))


def fit_right(text: str, width: int) -> str:
    """The text at the right end of exactly `width` cells: for numbers."""
    return fit(" " * max(0, width - cell_width(text)) + text, width)


def fit_middle(text: str, width: int) -> str:
    """The text in the middle of exactly `width` cells."""
    return fit(" " * max(0, (width - cell_width(text)) // 2) + text, width)


class LineBuilder:
    """One line under construction; whatever is added beyond `width` cells is cut."""

    def __init__(self, width: int) -> None:
        self._segments: list[Segment] = []
        self.room = width
        self._width = width

    def add(self, text: str, style: Style, cells: int | None = None) -> None:
        """Append text as far as there is room; `cells` is its width, where that is known."""
        length = cell_width(text) if cells is None else cells
        if length > self.room:
            text, length = fit(text, self.room), self.room
        self.room -= length
        # Leading spaces are a segment of their own: a screenshot would lose them otherwise.
        shown = text.lstrip(" ")
        if len(shown) < len(text):
            self._segments.append(Segment(" " * (len(text) - len(shown)), style))
        if shown:
            self._segments.append(Segment(shown, style))

    def add_with_hits(self, text: str, style: Style, cells: int, wanted: str, hit_style: Style) -> None:
        """Append text, `cells` wide, with a folded text highlighted by `hit_style` wherever it occurs."""
        if not wanted:
            self.add(text, style, cells)
            return
        at = 0
        for start, end in spans_of(wanted, text):
            self.add(text[at:start], style)
            self.add(text[start:end], style + hit_style)
            at = end
        self.add(text[at:], style)

    def strip(self, style: Style) -> Strip:
        """The finished line; the rest is blank in `style`."""
        if self.room > 0:
            self._segments.append(Segment(" " * self.room, style))
            self.room = 0
        return Strip(self._segments, self._width)

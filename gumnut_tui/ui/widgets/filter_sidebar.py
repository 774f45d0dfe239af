"""The filter sidebar: one list of choices with counts; it says what was chosen and changes nothing itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import msgspec
from rich.style import Style
from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from gumnut_tui.domain.models import Operation
from gumnut_tui.domain.when import PRESETS
from gumnut_tui.formatting.cells import cell_width
from gumnut_tui.formatting.escape import fit, visible
from gumnut_tui.formatting.quantities import number
from gumnut_tui.ui.widgets.styled_lines import (
    OPERATION_CLASSES,
    LineBuilder,
    component_names,
    fit_right,
    full_style,
    ink,
    operation_css,
)

CUSTOM = "custom…"


class TypeFacet(msgspec.Struct, frozen=True):
    """An entity type: how many loaded events are of it, and whether the filter includes it."""

    entity_type: str
    count: int
    checked: bool = True


class OperationFacet(msgspec.Struct, frozen=True):
    """An operation: how many loaded events did it, and whether the filter includes it."""

    operation: Operation
    count: int
    checked: bool = True


class SidebarState(msgspec.Struct, frozen=True):
    """All the sidebar shows: a field for each of its sections, and what is chosen in it."""

    libraries: Sequence[tuple[str, str]] = ()
    """Id and name of each library of the account."""
    library: str | None = None
    """Id of the one shown."""
    presets: Sequence[str] = PRESETS
    preset: str | None = "24h"
    """The preset in force; None for a custom range."""
    custom: str = ""
    """The custom range in words, when there is one: `3 – 7 Nov`."""
    types: Sequence[TypeFacet] = ()
    operations: Sequence[OperationFacet] = ()
    text: str = ""
    """The text searched for as a filter."""
    suspended: bool = False
    """The filters are set but suspended."""


class LibraryItem(msgspec.Struct, frozen=True):
    """A library to choose."""

    id: str


class PresetItem(msgspec.Struct, frozen=True):
    """A time range to choose; the custom one asks for its range."""

    name: str


@dataclass(frozen=True, slots=True)
class TypeItem:
    """An entity type to include or exclude."""

    entity_type: str
    checked: bool = field(compare=False, default=True)


@dataclass(frozen=True, slots=True)
class OperationItem:
    """An operation to include or exclude."""

    operation: Operation
    checked: bool = field(compare=False, default=True)


class TextItem(msgspec.Struct, frozen=True):
    """The text filter."""


Item = LibraryItem | PresetItem | TypeItem | OperationItem | TextItem


class Piece(msgspec.Struct, frozen=True):
    """Text on a line: `ink` names how it is coloured, `item` what it chooses."""

    text: str
    ink: str = ""
    item: Item | None = None


SidebarLine = tuple[Piece, ...]


def sidebar_lines(state: SidebarState, width: int) -> list[SidebarLine]:
    """The sidebar's lines at a width, section by section."""
    return [*_lines(state, max(width, 1))]


def _lines(state: SidebarState, width: int) -> Iterator[SidebarLine]:
    yield _title("Library")
    for library_id, name in state.libraries:
        chosen = library_id == state.library
        text = f" {'●' if chosen else '○'} {visible(name) or visible(library_id)}"
        yield (Piece(fit(text, width), "chosen" if chosen else "", LibraryItem(library_id)),)
    yield ()
    yield _title("Time")
    yield from _flow(_range_pieces(state), width)
    if state.preset is None and state.custom:
        yield from _custom_range(state.custom, width)
    yield ()
    yield _title("Entities", " off" if state.suspended else "")
    for facet in state.types:
        item = TypeItem(facet.entity_type, facet.checked)
        yield _checked(item, facet.checked, (), visible(facet.entity_type), facet.count, width)
    yield ()
    yield _title("Operations", " off" if state.suspended else "")
    for fact in state.operations:
        operation = fact.operation
        glyph = (Piece(f"{operation.glyph} ", operation.value, OperationItem(operation, fact.checked)),)
        item_ = OperationItem(operation, fact.checked)
        yield _checked(item_, fact.checked, glyph, operation.word, fact.count, width)
    yield ()
    yield _title("Text", " off" if state.suspended and state.text else "")
    text = f" {visible(state.text)}" if state.text else " none"
    yield (Piece(fit(text, width), "chosen" if state.text else "muted", TextItem()),)


def _title(text: str, note: str = "") -> SidebarLine:
    return (Piece(text, "title"), Piece(note, "muted"))


def _range_pieces(state: SidebarState) -> Iterable[Piece]:
    for name in state.presets:
        yield _choice(name, name == state.preset, PresetItem(name))
    if state.preset is not None or not state.custom:
        yield _choice(CUSTOM, state.preset is None, PresetItem(CUSTOM))


def _custom_range(words: str, width: int) -> Iterator[SidebarLine]:
    """On one line, or where that is too narrow its end on a second one."""
    text = f"‹{visible(words)}›"
    start, dash, end = text.partition(" – ")
    lines = (text,) if cell_width(text) <= width or not dash else (start, f"– {end}")
    for line in lines:
        yield (Piece(line, "chosen", PresetItem(CUSTOM)),)


def _choice(text: str, chosen: bool, item: Item) -> Piece:
    return Piece(f"‹{text}›" if chosen else f" {text} ", "chosen" if chosen else "", item)


def _flow(pieces: Iterable[Piece], width: int) -> Iterator[SidebarLine]:
    """The pieces side by side, on as many lines as they need."""
    line: list[Piece] = []
    used = 0
    for piece in pieces:
        size = cell_width(piece.text)
        if line and used + size > width:
            yield tuple(line)
            line, used = [], 0
        line.append(piece)
        used += size
    if line:
        yield tuple(line)


def _checked(item: Item, checked: bool, glyph: SidebarLine, label: str, count: int, width: int) -> SidebarLine:
    """A box, the operation's glyph if any, a name, and the count at the right end."""
    ink = "" if checked else "muted"
    before = 4 + sum(cell_width(piece.text) for piece in glyph)
    amount = number(count)
    room = max(0, width - before - len(amount) - 1)
    rest = fit(label, room) + fit_right(amount, width - before - room)
    return (Piece("[x] " if checked else "[ ] ", ink, item), *glyph, Piece(rest, ink, item))


_OPERATION_INKS = {operation.value: name for operation, name in OPERATION_CLASSES.items()}


class FilterSidebar(ScrollView, can_focus=True, inherit_bindings=False):
    """Library, time range, entity types, operations and text, as one list of lines."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = component_names(
        "filter-sidebar", ("title", "chosen", "muted", "cursor", "cursor-blurred")
    )
    DEFAULT_CSS = """
    FilterSidebar { overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; }
    FilterSidebar > .filter-sidebar--title { color: $text-primary; text-style: bold; }
    FilterSidebar > .filter-sidebar--chosen { color: $text-accent; text-style: bold; }
    FilterSidebar > .filter-sidebar--muted { color: $text-muted; }
    FilterSidebar > .filter-sidebar--cursor {
        background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold reverse;
    }
    FilterSidebar > .filter-sidebar--cursor-blurred { background: $block-cursor-blurred-background; }
    """ + operation_css("FilterSidebar")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Next choice", show=False, id="sidebar.next"),
        Binding("up,k", "move(-1)", "Previous choice", show=False, id="sidebar.previous"),
        Binding("right,l", "sideways(1)", "Choice to the right", show=False, id="sidebar.right"),
        Binding("left,h", "sideways(-1)", "Choice to the left", show=False, id="sidebar.left"),
        Binding("home,g", "edge(0)", "First choice", show=False, id="sidebar.first"),
        Binding("end,G", "edge(-1)", "Last choice", show=False, id="sidebar.last"),
        Binding("enter,space", "choose", "Choose or toggle", show=False, id="sidebar.choose"),
        Binding("plus", "only", "Only this value", show=False, id="sidebar.only"),
        Binding("minus", "exclude", "Not this value", show=False, id="sidebar.exclude"),
    ]

    class LibraryChosen(Message):
        """Another library is wanted."""

        def __init__(self, library_id: str) -> None:
            super().__init__()
            self.library_id = library_id

    class PresetChosen(Message):
        """One of the time ranges is wanted."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    class CustomRangeAsked(Message):
        """A custom time range is wanted."""

    class TypeToggled(Message):
        """An entity type was toggled; with `only`, all others are to be excluded."""

        def __init__(self, entity_type: str, only: bool) -> None:
            super().__init__()
            self.entity_type = entity_type
            self.only = only

    class OperationToggled(Message):
        """An operation was toggled; with `only`, all others are to be excluded."""

        def __init__(self, operation: Operation, only: bool) -> None:
            super().__init__()
            self.operation = operation
            self.only = only

    class TextAsked(Message):
        """The text filter is to be set."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._state = SidebarState()
        self._lines: list[SidebarLine] = []
        self._places: list[tuple[Item, int]] = []
        self._width = 0
        """The width the lines are laid out for."""
        self._item: Item = PresetItem("24h")

    @property
    def state(self) -> SidebarState:
        """What the sidebar shows; assigning redraws the lines that differ."""
        return self._state

    @state.setter
    def state(self, state: SidebarState) -> None:
        if state != self._state:
            self._state = state
            self._lay_out()

    @property
    def item(self) -> Item:
        """The choice under the cursor."""
        return self._item

    def _lay_out(self) -> None:
        before, width = self._lines, self.scrollable_size.width
        self._width = width
        self._lines = sidebar_lines(self._state, width)
        self._places = []
        for y, line in enumerate(self._lines):
            for item in dict.fromkeys(piece.item for piece in line if piece.item is not None):
                self._places.append((item, y))
        # The cursor stays on its choice; when that is gone, it goes to the first one.
        self._item = next((item for item, _ in self._places if item == self._item), self._places[0][0])
        self.virtual_size = Size(width, len(self._lines))
        if len(before) != len(self._lines):
            self.refresh()
            return
        for y, line in enumerate(self._lines):
            if line != before[y]:
                self.refresh_line(y)

    def on_resize(self) -> None:
        """The lines depend on the width."""
        self._lay_out()

    def watch_has_focus(self, has_focus: bool) -> None:
        """The cursor looks different with the focus."""
        super().watch_has_focus(has_focus)
        self.refresh()

    # Moving

    def _index(self) -> int:
        return next((at for at, (item, _) in enumerate(self._places) if item == self._item), 0)

    def _go(self, index: int) -> None:
        old = self._places[self._index()][1]
        self._item, new = self._places[index]
        self.refresh_line(old)
        self.refresh_line(new)
        height = self.scrollable_size.height
        top = self.scroll_offset.y
        # The first choice brings the first title into sight with it.
        first = 0 if index == 0 else new
        if first < top:
            self.scroll_to(y=first, animate=False)
        elif new >= top + height:
            self.scroll_to(y=new - height + 1, animate=False)

    def action_move(self, direction: int) -> None:
        """Go to the next line with a choice, to the choice nearest in column."""
        at = self._index()
        line = self._places[at][1]
        lines = [y for _, y in self._places if (y - line) * direction > 0]
        if not lines:
            return
        target = min(lines) if direction > 0 else max(lines)
        column = sum(1 for _, y in self._places[:at] if y == line)
        there = [index for index, (_, y) in enumerate(self._places) if y == target]
        self._go(there[min(column, len(there) - 1)])

    def action_sideways(self, direction: int) -> None:
        """Go to the neighbour on the same line; at the end of the line the key is left to the app."""
        at = self._index()
        neighbour = at + direction
        if not 0 <= neighbour < len(self._places) or self._places[neighbour][1] != self._places[at][1]:
            raise SkipAction
        self._go(neighbour)

    def action_edge(self, index: int) -> None:
        """Go to the first or last choice."""
        self._go(index % len(self._places))

    # Choosing

    def action_choose(self) -> None:
        """Choose or toggle what is under the cursor."""
        match self._item:
            case LibraryItem(library_id):
                self.post_message(self.LibraryChosen(library_id))
            case PresetItem(name) if name == CUSTOM:
                self.post_message(self.CustomRangeAsked())
            case PresetItem(name):
                self.post_message(self.PresetChosen(name))
            case TypeItem(entity_type):
                self.post_message(self.TypeToggled(entity_type, only=False))
            case OperationItem(operation):
                self.post_message(self.OperationToggled(operation, only=False))
            case TextItem():
                self.post_message(self.TextAsked())

    def action_only(self) -> None:
        """Include only this entity type or operation."""
        match self._item:
            case TypeItem(entity_type):
                self.post_message(self.TypeToggled(entity_type, only=True))
            case OperationItem(operation):
                self.post_message(self.OperationToggled(operation, only=True))

    def action_exclude(self) -> None:
        """Exclude this entity type or operation."""
        for item, _ in self._places:
            if item == self._item and isinstance(item, TypeItem | OperationItem) and item.checked:
                self.action_choose()

    def on_click(self, event: events.Click) -> None:
        """A click chooses what it hits."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        event.stop()
        item = self._item_at(offset.x, offset.y + self.scroll_offset.y)
        if item is not None:
            self._go(next(index for index, (other, _) in enumerate(self._places) if other == item))
            self.action_choose()

    def _item_at(self, x: int, y: int) -> Item | None:
        if not 0 <= y < len(self._lines):
            return None
        end = 0
        for piece in self._lines[y]:
            end += cell_width(piece.text)
            if x < end:
                return piece.item
        return None

    # Drawing

    def render_line(self, y: int) -> Strip:
        """A line of the list."""
        width, base = self.scrollable_size.width, self.rich_style
        if width != self._width:
            # A hidden sidebar is not always told its size when it is shown.
            self._lay_out()
        line = LineBuilder(width)
        at = y + self.scroll_offset.y
        for piece in self._lines[at] if at < len(self._lines) else ():
            line.add(piece.text, self._style(piece.ink, piece.item == self._item and piece.item is not None))
        return line.strip(base)

    def _style(self, name: str, is_cursor: bool) -> Style:
        if is_cursor and self.has_focus:
            return full_style(self, "filter-sidebar--cursor")
        base = full_style(self, "filter-sidebar--cursor-blurred") if is_cursor else self.rich_style
        if not name:
            return base
        return base + ink(self, _OPERATION_INKS.get(name) or f"filter-sidebar--{name}")

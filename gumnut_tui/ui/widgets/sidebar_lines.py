"""What the filter sidebar says, as a value, and the lines it is laid out in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from gumnut_tui.domain.models import Operation
from gumnut_tui.domain.when import PRESETS
from gumnut_tui.formatting.escape import cell_width, fit, visible
from gumnut_tui.formatting.quantities import number
from gumnut_tui.ui.widgets.styled_lines import fit_right

CUSTOM = "custom…"


@dataclass(frozen=True)
class TypeFacet:
    """An entity type: how many loaded events are of it, and whether they pass."""

    entity_type: str
    count: int
    checked: bool = True


@dataclass(frozen=True)
class OperationFacet:
    """An operation: how many loaded events did it, and whether they pass."""

    operation: Operation
    count: int
    checked: bool = True


@dataclass(frozen=True)
class SidebarState:
    """All the sidebar shows."""

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
    """The filters are set but do not act now."""


@dataclass(frozen=True)
class LibraryItem:
    """A library to choose."""

    id: str


@dataclass(frozen=True)
class PresetItem:
    """A time range to choose; the custom one asks for its range."""

    name: str


@dataclass(frozen=True)
class TypeItem:
    """An entity type to let pass or not."""

    entity_type: str
    checked: bool = field(compare=False, default=True)


@dataclass(frozen=True)
class OperationItem:
    """An operation to let pass or not."""

    operation: Operation
    checked: bool = field(compare=False, default=True)


@dataclass(frozen=True)
class TextItem:
    """The text filter."""


Item = LibraryItem | PresetItem | TypeItem | OperationItem | TextItem


@dataclass(frozen=True)
class Piece:
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
    """The pieces side by side, on as many lines as it takes."""
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

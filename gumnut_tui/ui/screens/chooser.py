"""A list to choose one thing from: a library, a related entity, what to copy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from gumnut_tui.domain.search_text import folded
from gumnut_tui.formatting.cells import cell_width
from gumnut_tui.formatting.escape import fit, visible
from gumnut_tui.ui.widgets.line_list import LineList
from gumnut_tui.ui.widgets.styled_lines import Ink, Page, Row, Span, clip

T = TypeVar("T")

ROWS_MAX = 16
"""Rows shown at once; more scroll."""


@dataclass(frozen=True, slots=True)
class Item(Generic[T]):
    """One thing to choose: its label, a note that tells it apart, and the value that is returned."""

    label: str
    note: str
    value: T


@dataclass(frozen=True, slots=True)
class _Choice:
    index: int


class Chooser(ModalScreen[T | None]):
    """Offers items to choose from; returns the value of the one chosen, or None if it was closed without a choice."""

    DEFAULT_CSS = """
    Chooser {
        align: center middle;

        & > #chooser {
            width: 72;
            max-width: 92%;
            height: auto;
            max-height: 90%;
            background: $surface;
            border: round $border;
            padding: 0 1;
        }
        & Input { margin: 0 0 1 0; }
        & .chooser--words { height: auto; margin: 0 0 1 0; }
        & .chooser--hint { color: $text-muted; margin-top: 1; height: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Close", show=False, id="chooser.close"),
        Binding("down", "move(1)", "Down", show=False, id="chooser.down"),
        Binding("up", "move(-1)", "Up", show=False, id="chooser.up"),
    ]
    AUTO_FOCUS = "Input, LineList"

    def __init__(
        self,
        title: str,
        items: Sequence[Item[T]],
        *,
        words: str = "",
        filterable: bool = False,
        empty: str = "Nothing here.",
    ) -> None:
        """`words` are shown above the items: what to know before choosing."""
        super().__init__()
        self._words = words
        self._title = title
        self._items = tuple(items)
        self._filterable = filterable
        self._empty = empty
        self._text = ""
        self._list = LineList(id="chooser-list")

    def compose(self) -> ComposeResult:
        """The box: a filter if there is to be one, the items, and the keys."""
        with Vertical(id="chooser") as box:
            box.border_title = Content(clip(visible(self._title), 60))
            if self._words:
                yield Static(self._words, classes="chooser--words", markup=False)
            if self._filterable:
                yield Input(placeholder="type to filter", compact=True)
            self._list.styles.height = max(1, min(len(self._items), ROWS_MAX))  # does not shrink as one filters
            yield self._list
            keys = "↑ ↓ move" if self._filterable else "j k move"
            yield Static(f"{keys} · enter choose · esc close", classes="chooser--hint", markup=False)

    def on_mount(self) -> None:
        """Fills the list."""
        self._list.show(self._page, anew=True)

    def on_click(self, event: events.Click) -> None:
        """A click beside the box closes it."""
        if event.widget is self:
            self.dismiss(None)

    def action_move(self, step: int) -> None:
        """Moves in the list while the filter is being typed."""
        self._list.action_move(step)

    def action_back(self) -> None:
        """Clears the filter; with none, closes."""
        if self._text:
            self.query_one(Input).value = ""
        else:
            self.dismiss(None)

    @on(Input.Changed)
    def _filter_changed(self, message: Input.Changed) -> None:
        self._text = message.value
        self._list.show(self._page, anew=True)

    @on(Input.Submitted)
    def _filter_submitted(self) -> None:
        self._list.action_pick()

    @on(LineList.Picked)
    def _picked(self, message: LineList.Picked) -> None:
        message.stop()
        if isinstance(message.choice, _Choice):
            self.dismiss(self._items[message.choice.index].value)

    def _page(self, width: int) -> Page:
        wanted = folded(self._text).split()
        shown = [
            (index, visible(item.label), visible(item.note))
            for index, item in enumerate(self._items)
            if all(word in folded(f"{item.label} {item.note}") for word in wanted)
        ]
        if not shown:
            words = "Nothing matches." if self._text else self._empty
            return Page([Row((Span(clip(words, width), Ink.MUTED),))])
        column = min(max(cell_width(label) for _, label, _ in shown), width)
        if any(note for _, _, note in shown):
            column = min(column, width * 2 // 3)
        return Page([_row(index, label, note, column, width) for index, label, note in shown], picks=True)


def _row(index: int, label: str, note: str, column: int, width: int) -> Row:
    spans = [Span(fit(label, column))]
    if note and width > column + 2:
        spans.append(Span("  "))
        spans.append(Span(clip(note, width - column - 2), Ink.MUTED))
    return Row(tuple(spans), _Choice(index))

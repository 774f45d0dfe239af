"""The help: every key and what it does, in groups."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from gumnut_tui.formatting.cells import cell_width
from gumnut_tui.formatting.escape import fit
from gumnut_tui.ui.widgets.line_list import LineList
from gumnut_tui.ui.widgets.styled_lines import BLANK, Ink, Page, Row, Span, wrap

COLUMN_WIDTH = 37
"""Cells a column of keys needs to be read at ease."""
COLUMNS_MAX = 3
KEYS_WIDTH_MAX = 16
ROWS_AROUND = 6
"""Rows of the screen for the border, the hint, and a little of what is behind."""
GAP = 2


@dataclass(frozen=True, slots=True)
class HelpGroup:
    """Keys that belong together: their names as a person reads them, and what they do."""

    title: str
    keys: tuple[tuple[str, str], ...]


def groups_of(
    bindings: Iterable[Binding], key_words: Callable[[Binding], str], *, otherwise: str = "Other"
) -> tuple[HelpGroup, ...]:
    """The help of a list of bindings, by the description of their group; keys of one action are listed together.

    Bindings without a description, and those the system keeps to itself, are left out.
    """
    found: dict[str, dict[str, tuple[list[str], str]]] = {}
    for binding in bindings:
        if binding.system or not binding.description:
            continue
        title = binding.group.description if binding.group else otherwise
        keys, _ = found.setdefault(title, {}).setdefault(binding.action, ([], binding.description))
        words = key_words(binding)
        if words not in keys:
            keys.append(words)
    return tuple(
        HelpGroup(title, tuple((" ".join(keys), words) for keys, words in actions.values()))
        for title, actions in found.items()
    )


class HelpScreen(ModalScreen[None]):
    """Shows groups of keys in as many columns as fit; scrolls where the screen is low."""

    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;

        & > #help {
            width: 124;
            max-width: 96%;
            height: auto;
            background: $surface;
            border: round $border;
            padding: 0 1;
        }
        & LineList { height: auto; }
        & Static { color: $text-muted; height: 1; margin-top: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q,f1", "dismiss", "Close", show=False, id="help.close"),
    ]

    def __init__(self, groups: Sequence[HelpGroup], legend: Sequence[HelpGroup] = (), *, title: str = "Keys") -> None:
        """The `legend` of the signs follows the keys."""
        super().__init__()
        self._groups = tuple(groups)
        self._legend = tuple(legend)
        self._title = title

    def compose(self) -> ComposeResult:
        """The box with the keys."""
        with Vertical(id="help") as box:
            box.border_title = self._title
            yield LineList(id="help-list", around=ROWS_AROUND)
            below = " · the signs are below" if self._legend else ""
            yield Static(f"j k scroll{below} · esc close", markup=False)

    def on_mount(self) -> None:
        """Fills the box."""
        self.query_one(LineList).show(self._page, anew=True)

    def on_click(self, event: events.Click) -> None:
        """A click beside the box closes it."""
        if event.widget is self:
            self.dismiss()

    def _page(self, width: int) -> Page:
        return Page([*help_rows(self._groups, width), *help_rows(self._legend, width)])


def help_rows(groups: Sequence[HelpGroup], width: int) -> list[Row]:
    """The groups as lines, in columns of about the same height; a group is never split."""
    count = max(1, min(COLUMNS_MAX, (width + GAP) // COLUMN_WIDTH, len(groups)))
    column_width = (width - GAP * (count - 1)) // count
    blocks = [_block(group, column_width) for group in groups]
    columns = _in_columns(blocks, count)
    height = max(map(len, columns), default=0)
    return [
        _across([column[y] if y < len(column) else BLANK for column in columns], column_width) for y in range(height)
    ]


def _block(group: HelpGroup, width: int) -> list[Row]:
    column = min(KEYS_WIDTH_MAX, max((cell_width(keys) for keys, _ in group.keys), default=0)) + GAP
    rows = [Row((Span(group.title, Ink.HEADING),))]
    for keys, words in group.keys:
        lines = wrap(words, width - column)
        if cell_width(keys) > KEYS_WIDTH_MAX:
            rows.append(Row((Span(keys, Ink.ACCENT),)))
            keys = ""
        for line in lines:
            rows.append(Row((Span(fit(keys, column), Ink.ACCENT), Span(line))))
            keys = ""
    return [*rows, BLANK]


def _in_columns(blocks: Sequence[list[Row]], count: int) -> list[list[Row]]:
    """The blocks in their order, the next column begun where it brings the heights closest together."""
    height = _lowest_height(blocks, count)
    columns: list[list[Row]] = [[]]
    for block in blocks:
        if columns[-1] and len(columns[-1]) + len(block) > height:
            columns.append([])
        columns[-1].extend(block)
    return columns


def _lowest_height(blocks: Sequence[list[Row]], count: int) -> int:
    """The least height at which the blocks, in order, fit into `count` columns."""
    height = max((len(block) for block in blocks), default=0)
    while True:
        columns, used = 1, 0
        for block in blocks:
            if used and used + len(block) > height:
                columns, used = columns + 1, 0
            used += len(block)
        if columns <= count:
            return height
        height += 1


def _across(rows: Sequence[Row], width: int) -> Row:
    spans: list[Span] = []
    for index, row in enumerate(rows):
        if index:
            spans.append(Span(" " * GAP))
        spans.extend(row.spans)
        used = sum(cell_width(span.text) for span in row.spans)
        spans.append(Span(" " * max(0, width - used)))
    return Row(tuple(spans))

"""An entity as of an event, beside what it is now."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from gumnut_tui.formatting.escape import fit
from gumnut_tui.report.then_and_now import Pair, ThenAndNow
from gumnut_tui.ui.widgets.line_list import LineList
from gumnut_tui.ui.widgets.styled_lines import BLANK, GAP, LABEL_WIDTH, Ink, Page, Row, Span, labelled_rows, wrap

MARK = "≠ "
"""Precedes what differs."""
NARROWEST_COLUMN = 18
"""Cells each of the two values needs to stand beside the other; with fewer they stand below each other."""


class PastScreen(ModalScreen[bool]):
    """Returns whether to go to the event in the table."""

    DEFAULT_CSS = """
    PastScreen {
        align: center middle;

        & > #past {
            width: 110;
            max-width: 96%;
            height: auto;
            max-height: 92%;
            background: $surface;
            border: round $border;
            padding: 0 1;
        }
        & LineList { height: auto; max-height: 36; }
        & #past-hint { color: $text-muted; height: 1; margin-top: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave(False)", "Back", show=False, id="past.close"),
        Binding("enter", "leave(True)", "Go to the event", show=False, priority=True, id="past.go"),
    ]

    def __init__(self, title: str, compared: ThenAndNow) -> None:
        super().__init__()
        self._title = title
        self._compared = compared

    def compose(self) -> ComposeResult:
        """The box: the comparison, and the keys."""
        with Vertical(id="past") as box:
            box.border_title = self._title
            yield LineList(id="past-lines", around=8)
            yield Static("enter go to the event · esc back", id="past-hint", markup=False)

    def on_mount(self) -> None:
        """Fills the box."""
        self.query_one(LineList).show(self._page, anew=True)

    def on_click(self, event: events.Click) -> None:
        """A click beside the box closes it."""
        if event.widget is self:
            self.dismiss(False)

    def action_leave(self, goes: bool) -> None:
        """Closes the box."""
        self.dismiss(goes)

    def _page(self, width: int) -> Page:
        compared = self._compared
        rows = [*labelled_rows(compared.head, width), BLANK, *pair_rows(compared.heading, compared.pairs, width)]
        return Page([*rows, *([BLANK] if compared.since else ()), *labelled_rows(compared.since, width)])


def pair_rows(heading: str, pairs: tuple[Pair, ...], width: int) -> Iterator[Row]:
    """A row each, or more where a value is long: a mark where it differs, what it is, then and now."""
    column = (width - len(MARK) - LABEL_WIDTH - 2 * GAP) // 2
    if column < NARROWEST_COLUMN:
        for pair in pairs:
            yield from _below(heading, pair, width)
        return
    gap = " " * (len(MARK) + LABEL_WIDTH + GAP)
    yield Row((Span(gap), Span(fit(heading, column + GAP), Ink.HEADING), Span("now", Ink.HEADING)))
    for pair in pairs:
        ink = Ink.WARNING if pair.differs else Ink.TEXT
        lines = zip_longest(wrap(pair.then, column), wrap(pair.now, column), fillvalue="")
        for at, (then, now) in enumerate(lines):
            mark, label = (MARK if pair.differs else "", pair.label) if at == 0 else ("", "")
            lead = (Span(fit(mark, len(MARK)), Ink.WARNING), Span(fit(label, LABEL_WIDTH + GAP), Ink.LABEL))
            yield Row((*lead, Span(fit(then, column + GAP), ink), Span(now, ink)))


def _below(heading: str, pair: Pair, width: int) -> Iterator[Row]:
    ink = Ink.WARNING if pair.differs else Ink.TEXT
    yield Row((Span(MARK if pair.differs else "  ", Ink.WARNING), Span(pair.label, Ink.LABEL)))
    told = ((heading, pair.then), ("now", pair.now)) if pair.differs else (("", pair.now),)
    for when, value in told:
        for line in wrap(f"{when}: {value}" if when else value, width - len(MARK) - GAP):
            yield Row((Span(" " * (len(MARK) + GAP)), Span(line, ink)))

"""A text to take away, in one or more forms: shown in full, copied, or saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from gumnut_tui.formatting.escape import visible
from gumnut_tui.ui.widgets.line_list import LineList
from gumnut_tui.ui.widgets.styled_lines import Page, Row, Span, wrap

LONGEST_LINE = 20_000
"""Characters of a line that are shown; a longer one can be copied and saved in full."""


class Form(NamedTuple):
    """One form of the text."""

    name: str
    text: str
    ending: str
    """The usual ending of a file's name, without the dot."""


Copy = Callable[[str, str], None]
"""Copies a text to the clipboard; the second argument says in a few words what it is."""


class TextScreen(ModalScreen[Form | None]):
    """Returns the form that is to be saved, or None."""

    DEFAULT_CSS = """
    TextScreen {
        align: center middle;

        & > #text {
            width: 100;
            max-width: 96%;
            height: auto;
            max-height: 90%;
            background: $surface;
            border: round $border;
            padding: 0 1;
        }
        & LineList { height: auto; max-height: 30; }
        & #text-words { height: auto; margin-bottom: 1; }
        & #text-hint { color: $text-muted; height: 1; margin-top: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "back", "Close", show=False, id="text.close"),
        Binding("y", "copy", "Copy the text", show=False, id="text.copy"),
        Binding("w", "save", "Save the text", show=False, id="text.save"),
        Binding("tab", "form(1)", "Next form", show=False, id="text.next"),
        Binding("shift+tab", "form(-1)", "Previous form", show=False, id="text.previous"),
    ]

    def __init__(self, title: str, words: str, forms: Sequence[Form], copy: Copy) -> None:
        """`words` say what to know about the text; the first form is shown at first."""
        super().__init__()
        self._title = title
        self._words = words
        self._forms = tuple(forms)
        self._copy = copy
        self._shown = 0

    def compose(self) -> ComposeResult:
        """The box: what to know, the text, and the keys."""
        with Vertical(id="text") as box:
            box.border_title = self._title
            if self._words:
                yield Static(self._words, id="text-words", markup=False)
            yield LineList(id="text-lines", around=13)
            yield Static(id="text-hint", markup=False)

    def on_mount(self) -> None:
        """Fills the box."""
        self._fill()

    def on_click(self, event: events.Click) -> None:
        """A click beside the box closes it."""
        if event.widget is self:
            self.dismiss(None)

    def action_back(self) -> None:
        """Closes the box."""
        self.dismiss(None)

    def action_copy(self) -> None:
        """Copies the form that is shown."""
        form = self._forms[self._shown]
        self._copy(form.text, f"{self._title} ({form.name})")

    def action_save(self) -> None:
        """Leaves, to save the form that is shown."""
        self.dismiss(self._forms[self._shown])

    def action_form(self, step: int) -> None:
        """Shows another form."""
        self._shown = (self._shown + step) % len(self._forms)
        self._fill()

    def _fill(self) -> None:
        form = self._forms[self._shown]
        other = self._forms[(self._shown + 1) % len(self._forms)]
        lines = self.query_one(LineList)
        lines.show(self._page, anew=True)
        # As high as the text, which may be longer than before.
        lines.refresh(layout=True)
        self.query_one("#text").border_title = f"{self._title}: {form.name}" if len(self._forms) > 1 else self._title
        turn = f"tab as {other.name} · " if len(self._forms) > 1 else ""
        self.query_one("#text-hint", Static).update(f"{turn}y copy · w save · esc close")

    def _page(self, width: int) -> Page:
        lines = self._forms[self._shown].text.splitlines() or [""]
        return Page([Row((Span(part),)) for line in lines for part in _parts(line, width)])


def _parts(line: str, width: int) -> Sequence[str]:
    indent = line[: len(line) - len(line.lstrip(" "))]
    parts = wrap(visible(line.lstrip(" "), LONGEST_LINE), max(1, width - len(indent)))
    return [indent + part for part in parts] or [""]

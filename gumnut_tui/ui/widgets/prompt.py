"""A one-line question at the bottom of the screen: search, go to a time, a custom range."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

if TYPE_CHECKING:
    from textual.widgets import Input


class Prompt(Vertical):
    """Hidden until `ask` is called; the field is made the first time it is needed."""

    DEFAULT_CSS = """
    Prompt { height: auto; display: none; background: $panel; }
    Prompt.-asking { display: block; }
    Prompt > .prompt--problem { color: $text-error; padding: 0 1; height: auto; display: none; }
    Prompt.-failed > .prompt--problem { display: block; }
    Prompt > Horizontal { height: 1; }
    Prompt .prompt--label { color: $text-accent; text-style: bold; padding: 0 1; width: auto; height: 1; }
    Prompt Input { width: 1fr; min-width: 10; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", show=False, id="prompt.cancel"),
    ]

    class Submitted(Message):
        """Enter was pressed. The prompt stays until `close`, so that a wrong value can be corrected."""

        def __init__(self, purpose: str, text: str, again: bool) -> None:
            super().__init__()
            self.purpose = purpose
            self.text = text
            self.again = again

        """The same text was refused just now and is submitted again, to confirm it."""

    class Cancelled(Message):
        """Escape was pressed; the prompt is closed."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._purpose = ""
        self._label = Static(classes="prompt--label", markup=False)
        self._problem = Static(classes="prompt--problem", markup=False)
        self._input: Input | None = None

    def compose(self) -> ComposeResult:
        """A line for a problem, and the label; the field is added when first asked."""
        yield self._problem
        with Horizontal():
            yield self._label

    @property
    def purpose(self) -> str:
        """What is being asked for; empty when nothing is."""
        return self._purpose

    async def ask(self, purpose: str, label: str, text: str = "", placeholder: str = "") -> None:
        """Show the line with a field holding `text`, all of it selected, and put the focus there."""
        self._purpose = ""
        # Earlier notices would cover the line.
        self.app.clear_notifications()
        field = await self._field()
        self._label.update(Content(label))
        self.remove_class("-failed")
        field.placeholder = placeholder
        with field.prevent(field.Changed):
            field.value = text
        self._purpose = purpose
        self.add_class("-asking")
        field.action_select_all()
        field.focus()

    async def _field(self) -> Input:
        if self._input is None:
            # The module behind Input costs milliseconds that the first paint must not pay.
            from textual.widgets import Input

            self._input = Input(compact=True, select_on_focus=False)
            await self.query_one(Horizontal).mount(self._input)
        return self._input

    def fail(self, problem: str) -> None:
        """Say above the field why its text cannot be taken, on as many lines as that needs."""
        # Earlier notices would cover it.
        self.app.clear_notifications()
        self._problem.update(Content(problem))
        self.add_class("-failed")

    def close(self) -> None:
        """Hide the line; the focus is the app's to give."""
        self._purpose = ""
        self.remove_class("-asking")

    def action_cancel(self) -> None:
        """Close without an answer."""
        self.close()
        self.post_message(self.Cancelled())

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Post the answer."""
        event.stop()
        if self._purpose:
            self.post_message(self.Submitted(self._purpose, event.value, again=self.has_class("-failed")))

    def on_input_changed(self, event: Input.Changed) -> None:
        """The text changed: the problem with the old one no longer applies."""
        event.stop()
        if self._purpose:
            self.remove_class("-failed")

"""The first start: where to get a key, entering and testing it, and whether to save it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static
from textual.worker import Worker

from gumnut_tui.domain.errors import GumnutError, KeyRefused, explain
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.facts import Fact
from gumnut_tui.ui.widgets.line_list import LineList
from gumnut_tui.ui.widgets.styled_lines import Ink, Page, Row, Span, clip, labelled_rows

Check = Callable[[str], Awaitable[str]]
"""Tests a key with the service; returns words on what it can read, or raises a GumnutError."""

STEPS = (
    ("1", "Log in to the Gumnut dashboard and open API Keys."),
    ("2", "Create a key with read access: this program changes nothing."),
    ("3", "Copy the key, which is shown only once, and paste it here."),
)
GOOD, WARNING, BAD, MUTED = "$text-success", "$text-warning", "$text-error", "$text-muted"
REFUSED_ADVICE = "Was it copied in full? It may also have been revoked in the dashboard."


class Keep(Enum):
    """Where a key is kept."""

    CONFIG = "config"
    KEYRING = "keyring"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class KeyGiven:
    """A key the service accepted."""

    key: str = field(repr=False)
    keep: Keep


@dataclass(frozen=True, slots=True)
class OpenDemo:
    """The demo library instead of a key."""


@dataclass(frozen=True, slots=True)
class Quit:
    """Neither: leave the program."""


WelcomeResult = KeyGiven | OpenDemo | Quit


class WelcomeScreen(Screen[WelcomeResult]):
    """Asks for a key and tests it; the key is never shown, not even within the service's answer."""

    DEFAULT_CSS = """
    WelcomeScreen {
        align: center middle;
        background: $background;

        & > #welcome {
            width: 74;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            background: $surface;
            border: round $border;
            padding: 0 3;
            overflow-y: auto;
        }
        & Static { height: auto; }
        & #welcome-name { text-style: bold; color: $text-accent; }
        & #welcome-promise { color: $text-muted; margin-bottom: 1; }
        & #welcome-reason { color: $text-error; margin-bottom: 1; display: none; }
        & #welcome-reason.-shown { display: block; }
        & LineList { scrollbar-size-vertical: 0; }
        & #welcome-steps { height: 3; margin-bottom: 1; }
        & Input { border: tall $border-blurred; }
        & Input:focus { border: tall $border; }
        & #welcome-words { min-height: 2; max-height: 6; }
        & #welcome-choices { height: 4; }
        & #welcome-keys { color: $text-muted; margin-top: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back, or quit", show=False, id="welcome.back"),
        Binding("d", "demo", "Open the demo library", show=False, id="welcome.demo"),
        Binding("down", "leave_input", "To the choices", show=False, id="welcome.down"),
        Binding("ctrl+q,ctrl+c", "quit_program", "Quit", show=False, priority=True, id="welcome.quit"),
    ]
    AUTO_FOCUS = "Input"

    def __init__(self, check: Check, *, config_path: str, has_keyring: bool = False, reason: str = "") -> None:
        """`reason` says why a key is asked for if this is not the first start: the configured one was refused."""
        super().__init__()
        self._check = check
        self._config_path = config_path
        self._has_keyring = has_keyring
        self._reason = reason
        self._accepted: str | None = None
        self._has_words = False
        self._asking: Worker[None] | None = None

    def compose(self) -> ComposeResult:
        """One box, from top to bottom in the order of the steps."""
        with Vertical(id="welcome"):
            yield Static("gumnut-tui", id="welcome-name", markup=False)
            yield Static("What happened in your photo library, and when.", id="welcome-promise", markup=False)
            yield Static(
                visible(self._reason), id="welcome-reason", classes="-shown" if self._reason else "", markup=False
            )
            steps = LineList(id="welcome-steps")
            steps.can_focus = False
            yield steps
            yield Input(password=True, placeholder="API key, apikey_…", id="welcome-key")
            yield Static("", id="welcome-words", markup=False)
            yield LineList(id="welcome-choices")
            yield Static("", id="welcome-keys", markup=False)

    def on_mount(self) -> None:
        """Shows the steps, and the choices there are without a key."""
        self.query_one("#welcome-steps", LineList).show(_steps_page, anew=True)
        self._show()

    def action_back(self) -> None:
        """From the test, or the choice what to do with a key, back to the key; from there out of the program."""
        if self._is_asking:
            self._stop_asking()
            self._say("Cancelled.", MUTED)
        elif self._accepted is not None:
            self._accepted = None
            self._say()
        else:
            self.dismiss(Quit())
            return
        self._show()
        self._input.focus()

    def action_demo(self) -> None:
        """Opens the demo library."""
        self._stop_asking()
        self.dismiss(OpenDemo())

    def action_quit_program(self) -> None:
        """Leaves the program."""
        self._stop_asking()
        self.dismiss(Quit())

    def action_leave_input(self) -> None:
        """Down from the key to the choices below it."""
        self._choices.focus()

    @property
    def _input(self) -> Input:
        return self.query_one(Input)

    @property
    def _choices(self) -> LineList:
        return self.query_one("#welcome-choices", LineList)

    @property
    def _is_asking(self) -> bool:
        return self._asking is not None and not self._asking.is_finished

    @on(Input.Changed)
    def _key_changed(self) -> None:
        """The message was about another key."""
        self._stop_asking()
        if self._accepted is not None or self._has_words:
            self._accepted = None
            self._say()
            self._show()

    @on(Input.Submitted)
    def _key_submitted(self) -> None:
        self._test()

    @on(LineList.Picked)
    def _picked(self, message: LineList.Picked) -> None:
        message.stop()
        match message.choice:
            case Keep() as keep if self._accepted is not None:
                self.dismiss(KeyGiven(self._accepted, keep))
            case "test":
                self._test()
            case "demo":
                self.action_demo()
            case "quit":
                self.action_quit_program()

    def _test(self) -> None:
        key = self._input.value.strip()
        if complaint := _complaint(key):
            self._say(complaint, WARNING)
            return
        self._stop_asking()
        self._say("Checking the key…", MUTED)
        self._asking = self.run_worker(partial(self._ask, key), exclusive=True)

    async def _ask(self, key: str) -> None:
        try:
            words = await self._check(key)
        except GumnutError as error:
            self._say(*_words_of(error, key))
            # Another key replaces this one; pasted after it, both would be wrong.
            self._input.action_select_all()
            return
        self._accepted = key
        self._say(f"✓ {_without(words, key)}", GOOD)
        self._show()
        self._choices.focus()

    def _stop_asking(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    def _say(self, words: str = "", style: str = "", advice: str = "") -> None:
        self._has_words = bool(words)
        after = f"\n{visible(advice)}" if advice else ""
        self.query_one("#welcome-words", Static).update(Content.assemble((visible(words), style), after))

    def _show(self) -> None:
        self._choices.show(self._choices_page, anew=True)
        self._show_keys()

    @on(events.DescendantFocus)
    def _show_keys(self) -> None:
        """The keys that act where the focus is: in the field, letters are text."""
        is_known, types = self._accepted is not None, self._input.has_focus
        escape = "another key" if is_known else "quit"
        enter = "test the key" if types else "choose"
        move = "↓ choices" if types else "tab key · d demo"
        self.query_one("#welcome-keys", Static).update(f"enter {enter} · {move} · esc {escape}")

    def _choices_page(self, width: int) -> Page:
        if self._accepted is None:
            choices: list[tuple[str, str, object]] = [
                ("Test the key", "", "test"),
                ("Open the demo library", "no key, no network", "demo"),
                ("Quit", "", "quit"),
            ]
            heading = "What now?"
        else:
            heading = "Save the key for next time?"
            choices = [("In the config file", f"{self._config_path}, readable only by you", Keep.CONFIG)]
            if self._has_keyring:
                choices.append(("In the keyring", "of this machine", Keep.KEYRING))
            choices.append(("Not at all", "it is forgotten when you quit", Keep.NOT))
        rows = [Row((Span(heading, Ink.MUTED),)), *(_choice_row(*choice, width) for choice in choices)]
        return Page(rows, picks=True)


def _steps_page(width: int) -> Page:
    return Page(list(labelled_rows((Fact(number, words) for number, words in STEPS), width)))


def _choice_row(label: str, note: str, choice: object, width: int) -> Row:
    text = f"  {label}"
    rest = clip(f"  {visible(note)}", width - len(text)) if note else ""
    return Row((Span(text), Span(rest, Ink.MUTED)), choice)


def _complaint(key: str) -> str:
    """What is plainly wrong with a key, before any request."""
    if not key:
        return "Paste a key first, or open the demo library."
    if not (key.isascii() and key.isprintable()) or " " in key:
        return "This is not a key: it contains spaces or characters that keys never have."
    return ""


def _words_of(error: GumnutError, key: str) -> tuple[str, str, str]:
    explanation = explain(error)
    advice = REFUSED_ADVICE if isinstance(error, KeyRefused) else explanation.advice
    return f"✗ {_without(explanation.what, key)}", BAD, _without(advice, key)


def _without(words: str, key: str) -> str:
    """The service's words, without the key should they repeat it."""
    return words.replace(key, "…")

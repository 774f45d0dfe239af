"""What controllers ask of the screen they work for. They know neither the screen nor the app behind it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

import msgspec

if TYPE_CHECKING:
    from textual.screen import Screen

    from gumnut_tui.ui.widgets.detail_pages import DetailState

T = TypeVar("T")

Severity = Literal["information", "warning", "error"]


NOTICE_SECONDS = 10.0
"""How long a message is shown in the status line."""
NAMES = "names"
"""What messages about names that cannot be read are about."""

Take = Callable[[str, bool], None]
"""Takes an answer, and whether it repeats one that was just refused. Raises `UsageProblem` to refuse it."""


class Question(msgspec.Struct, frozen=True):
    """A question that is answered by typing one line."""

    name: str
    label: str
    take: Take
    text: str = ""
    """What is in the line at first."""
    placeholder: str = ""


class Notices(Protocol):
    """Shows messages to the user."""

    def say(self, words: str, *, about: str = "", seconds: float | None = NOTICE_SECONDS) -> None:
        """Show it in the status line for so long, or, without a limit, until the next message.

        `about` names what it is about.
        """

    def unsay(self, about: str) -> None:
        """Take away the message in the status line if it is about this."""

    def notify(
        self, words: str, *, title: str = "", severity: Severity = "information", seconds: float | None = None
    ) -> None:
        """Show it in a notice over the screen for `seconds`, or as long as notices last by default."""


class Dialogs(Protocol):
    """Asks the user something."""

    async def ask(self, question: Question) -> None:
        """Show the question; its `take` is called with the answer, unless it is cancelled."""

    async def choose(
        self,
        title: str,
        choices: Iterable[tuple[str, str, T]],
        *,
        words: str = "",
        filterable: bool = False,
        empty: str = "Nothing here.",
    ) -> T | None:
        """Offer a list of labels, notes and values; returns the value chosen, or None if it was cancelled."""
        ...

    async def show(self, dialog: Screen[T]) -> T:
        """Show a dialog of its own kind until it is answered."""
        ...


class Job(Protocol):
    """Something that runs in the background."""

    def cancel(self) -> None:
        """Stop it where it waits."""


class Background(Protocol):
    """Runs jobs in the background; a fault in one ends the program."""

    def run(self, work: Callable[[], Coroutine[Any, Any, None]], group: str, *, exclusive: bool = True) -> Job:
        """Start a job; one that is `exclusive` replaces the others in its group, started or not."""
        ...

    def after(self, seconds: float, call: Callable[[], None]) -> None:
        """Call something after so many seconds."""


class Ports(Notices, Dialogs, Background, Protocol):
    """Everything the screen does for a controller."""

    def copy(self, text: str, what: str) -> None:
        """Copy a text to the clipboards and say so; `what` says in a few words what it is."""

    def leave(self) -> None:
        """End the program."""


class DetailView(Protocol):
    """Shows what is selected."""

    def show_detail(self, state: DetailState) -> None:
        """Show this state soon."""

    @property
    def is_history_shown(self) -> bool:
        """Whether the history is on the screen."""
        ...

    @property
    def is_related_shown(self) -> bool:
        """Whether the tab of related entities is shown."""
        ...

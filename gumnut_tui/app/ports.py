"""What controllers ask of the screen they work for. They know neither the screen nor the app behind it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

if TYPE_CHECKING:
    from textual.screen import Screen

    from gumnut_tui.ui.widgets.detail_pages import DetailState

T = TypeVar("T")

Severity = Literal["information", "warning", "error"]


Take = Callable[[str, bool], None]
"""Takes an answer, and whether it was refused just now and is insisted upon. Raises `UsageProblem` to refuse it."""


@dataclass(frozen=True, slots=True)
class Question:
    """One line to be typed."""

    name: str
    label: str
    take: Take
    text: str = ""
    """What stands in the line to begin with."""
    placeholder: str = ""


class Notices(Protocol):
    """Tells the person something."""

    def say(self, words: str) -> None:
        """Say it in the status line, until the next word."""

    def notify(
        self, words: str, *, title: str = "", severity: Severity = "information", seconds: float | None = None
    ) -> None:
        """Say it in a notice that lies over the screen for `seconds`, or as long as notices do."""


class Dialogs(Protocol):
    """Asks the person something."""

    async def ask(self, question: Question) -> None:
        """Show the question; its `take` is called with the answer, unless one goes away without answering."""

    async def choose(
        self,
        title: str,
        choices: Iterable[tuple[str, str, T]],
        *,
        words: str = "",
        filterable: bool = False,
        empty: str = "Nothing here.",
    ) -> T | None:
        """Let one choose from a list of labels, notes and values; None when one went away without choosing."""
        ...

    async def show(self, dialog: Screen[T]) -> T:
        """Show a dialog of its own kind until it is answered."""
        ...


class Job(Protocol):
    """Something that runs in the background."""

    def cancel(self) -> None:
        """Stop it where it waits."""


class Background(Protocol):
    """Runs things beside the keys; a fault in one ends the program."""

    def run(self, work: Callable[[], Coroutine[Any, Any, None]], group: str, *, exclusive: bool = True) -> Job:
        """Start a job; one that is `exclusive` takes the place of the others in its group, begun or not."""
        ...

    def after(self, seconds: float, call: Callable[[], None]) -> None:
        """Call something later."""


class Ports(Notices, Dialogs, Background, Protocol):
    """All that the screen does for a controller."""

    def copy(self, text: str, what: str) -> None:
        """Take a text into the clipboards, and say so; `what` it is, in a few words."""

    def leave(self) -> None:
        """End the program."""


class DetailView(Protocol):
    """Shows what is selected."""

    def show_detail(self, state: DetailState) -> None:
        """Show this state soon."""

    @property
    def is_related_shown(self) -> bool:
        """Whether related entities are being looked at."""
        ...

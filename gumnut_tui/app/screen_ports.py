"""The ports of the controllers, fitted to a Textual screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from typing import Any, TypeVar

from textual.screen import Screen
from textual.worker import Worker

from gumnut_tui.app.pane_presenter import PanePresenter
from gumnut_tui.app.ports import NOTICE_SECONDS, Job, Question, Severity, Take
from gumnut_tui.domain.errors import UsageProblem
from gumnut_tui.formatting.escape import visible
from gumnut_tui.ui import later
from gumnut_tui.ui.widgets.prompt import Prompt

T = TypeVar("T")


class ScreenPorts:
    """Does what controllers ask for on one screen, with its status line and its prompt."""

    def __init__(
        self, screen: Screen[None], presenter: PanePresenter, prompt: Prompt, fill_clipboard: Callable[[str], bool]
    ) -> None:
        """`fill_clipboard` fills the platform's clipboard; it may be slow and runs in a thread."""
        self._screen = screen
        self._presenter = presenter
        self._prompt = prompt
        self._fill_clipboard = fill_clipboard
        self._take: Take | None = None

    def say(self, words: str, *, about: str = "", seconds: float | None = NOTICE_SECONDS) -> None:
        """Show it in the status line for so long, or until the next message."""
        self._presenter.say(words, about=about, seconds=seconds)

    def unsay(self, about: str) -> None:
        """Take away the message in the status line if it is about this."""
        self._presenter.unsay(about)

    def notify(
        self, words: str, *, title: str = "", severity: Severity = "information", seconds: float | None = None
    ) -> None:
        """Show it in a notice over the screen for `seconds`, or as long as notices last by default."""
        self._screen.notify(words, title=title, severity=severity, timeout=seconds, markup=False)

    async def ask(self, question: Question) -> None:
        """Show the question in the prompt."""
        self._take = question.take
        await self._prompt.ask(question.name, question.label, question.text, question.placeholder)

    def answered(self, message: Prompt.Submitted) -> bool:
        """Pass the answer to the asker; False when it was refused, and the prompt says why."""
        try:
            if self._take is not None:
                self._take(message.text.strip(), message.again)
        except UsageProblem as problem:
            self._prompt.fail(visible(str(problem), 300))
            return False
        self._prompt.close()
        return True

    async def choose(
        self,
        title: str,
        choices: Iterable[tuple[str, str, T]],
        *,
        words: str = "",
        filterable: bool = False,
        empty: str = "Nothing here.",
    ) -> T | None:
        """Offer a list to choose from; its module is heavy, so it is loaded when first needed."""
        from gumnut_tui.ui.screens.chooser import Chooser, Item

        items = [Item(label, note, value) for label, note, value in choices]
        return await self.show(Chooser(title, items, words=words, filterable=filterable, empty=empty))

    async def show(self, dialog: Screen[T]) -> T:
        """Show a dialog until it is answered."""
        answer: T = await self._screen.app.push_screen_wait(dialog)
        return answer

    def run(self, work: Callable[[], Coroutine[Any, Any, None]], group: str, *, exclusive: bool = True) -> Job:
        """Start a worker of the screen."""
        worker: Worker[None] = self._screen.run_worker(work, group=group, exclusive=exclusive)
        return worker

    def after(self, seconds: float, call: Callable[[], None]) -> None:
        """Call something after so many seconds."""
        later(self._screen, seconds, call)

    def copy(self, text: str, what: str) -> None:
        """Copy a text to the terminal's clipboard and the desktop's."""
        self._screen.app.copy_to_clipboard(text)
        self.run(partial(self._copy, text, what), "clipboard", exclusive=False)

    async def _copy(self, text: str, what: str) -> None:
        is_copied = await asyncio.to_thread(self._fill_clipboard, text)
        # Whether a terminal takes it, and a multiplexer lets it pass, is never known.
        self.notify(f"Copied: {what}" if is_copied else f"Sent to the terminal's clipboard: {what}")

    def leave(self) -> None:
        """End the program."""
        self._screen.app.exit()

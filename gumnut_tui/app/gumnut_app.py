"""The program on the screen. It paints an outline first, and loads everything that is heavy behind that."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace
from rich.console import RenderableType
from rich.text import Text
from textual import constants, work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen

from gumnut_tui.app import ScreenOptions
from gumnut_tui.app.services import Services
from gumnut_tui.domain.errors import (
    ConfigProblem,
    GumnutError,
    RefusedAddress,
    UsageProblem,
    clip,
    fault_lines,
)
from gumnut_tui.ui import later
from gumnut_tui.ui.contrast import contrast_for
from gumnut_tui.ui.layout import FirstScreen, css_variables, size_classes

if TYPE_CHECKING:
    from gumnut_tui.app.main_screen import MainScreen
    from gumnut_tui.app.terminal_driver import TerminalDriver
    from gumnut_tui.usecases.journals import JournalAccess

PROGRAM = "gumnut-tui"
COLOUR_SYSTEMS = ("auto", "standard", "256", "truecolor", "windows")
FIRST_FRAME = 0.001
"""Seconds the first frame takes to reach the terminal; another thread writes it, and loading would delay that."""


QUIT_ANYWHERE = "quit.anywhere"
"""The action that ends the program also where letters are text."""


class GumnutApp(App[None], inherit_bindings=False):
    """One window onto one account."""

    TITLE = "Gumnut activity"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "quit", "quit", id="quit.interrupt", show=False, priority=True, system=True),
        Binding("ctrl+q", "quit", "quit", id=QUIT_ANYWHERE, show=False, priority=True, system=True),
        Binding("ctrl+z", "suspend_process", "suspend; `fg` in the shell resumes", id="suspend", show=False),
    ]

    def __init__(self, options: ScreenOptions, services: Services) -> None:
        if constants.COLOR_SYSTEM not in COLOUR_SYSTEMS:
            raise ConfigProblem(
                f"TEXTUAL_COLOR_SYSTEM: expected one of {', '.join(COLOUR_SYSTEMS)}, "
                f"got '{clip(constants.COLOR_SYSTEM or '', 60)}'."
            )
        super().__init__()
        theme = options.settings.theme
        if theme is not None and theme not in self.available_themes:
            from gumnut_tui.formatting.escape import visible

            words = f"There is no theme “{visible(theme, 60)}”; the palette lists them."
            options = replace(options, notices=(*options.notices, words))
        self._options = options
        self._services = services
        self._first = FirstScreen()
        self._main: MainScreen | None = None
        if options.settings.keys:
            self.set_keymap(_keymap(options.settings.keys))

    @property
    def problem(self) -> GumnutError | None:
        """What keeps a library from being opened."""
        return self._main.startup.problem if self._main else None

    def get_css_variables(self) -> dict[str, str]:
        """The theme's colours, and the widths of the panes."""
        return {**super().get_css_variables(), **css_variables()}

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What lines go through on their way to the terminal; the last one sees to it that words can be read."""
        return [*super().get_line_filters(), contrast_for(self._services.colours or self.console.color_system)]

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours that the themes of the terminal's own colours leave out."""
        return {"foreground-disabled": "ansi_bright_black"}

    def get_driver_class(self) -> type[Driver]:
        """Our own driver where a terminal is one of Unix; Windows and browsers have Textual's."""
        if sys.platform == "win32" or constants.DRIVER is not None:
            try:
                return super().get_driver_class()
            except Exception as error:  # whatever importing it meets
                raise ConfigProblem(f"TEXTUAL_DRIVER: {clip(constants.DRIVER or '', 60)} is no driver.") from error
        from gumnut_tui.app.terminal_driver import TerminalDriver

        return TerminalDriver

    def get_default_screen(self) -> Screen[None]:
        """The outline, until the main screen is loaded."""
        return self._first

    def on_mount(self) -> None:
        """Paint first."""
        if self._options.settings.theme in self.available_themes:
            self.theme = self._options.settings.theme or self.theme
        if self._services.open_journal is not None:
            # There is time for this while Textual waits for the first frame.
            self.run_worker(partial(import_module, "gumnut_tui.journal.journal"), thread=True, group="load")
        self.call_after_refresh(later, self, FIRST_FRAME, self._load)

    @work(group="connect")
    async def _load(self) -> None:
        from gumnut_tui.usecases.journals import JournalAccess

        access = JournalAccess(self._services.open_journal)
        if (access.is_allowed and self._options.key is not None) or self._options.offline:
            await self._preview(access)
        await asyncio.to_thread(import_module, "gumnut_tui.app.main_screen")
        from gumnut_tui.app.main_screen import MainScreen

        main = self._main = MainScreen(self._options, self._services, access)
        # Set now, as setting them later styles everything once more.
        main.add_class(*size_classes(*self.size), update=False)
        # A mode has its own stack of screens, so that the outline does not stay below.
        self.add_mode("main", lambda: main)
        await self.switch_mode("main")
        later(self, self._services.loading, self._services.loaded)
        main.startup.start()

    async def _preview(self, access: JournalAccess) -> None:
        """Draw the journal's newest rows into the outline, before all that the table needs is loaded."""
        from gumnut_tui.app.journal_access import preview, row_texts

        try:
            rows = await preview(access, self._options, self._services.clock(), self.size.height)
        except GumnutError:
            # Startup opens the same journal, and says what is wrong with it.
            return
        if rows:
            self._first.show(lambda width: row_texts(rows, width))
            await asyncio.sleep(FIRST_FRAME)

    def on_terminal_driver_ended(self, message: TerminalDriver.Ended) -> None:
        """A signal ends the program, or the terminal is gone; the exit code is the one shells give that signal."""
        self.exit(return_code=128 + message.number)

    def on_terminal_driver_failed(self, message: TerminalDriver.Failed) -> None:
        """A fault of ours stopped the reading of the terminal."""
        self._handle_exception(message.error)

    def action_suspend_process(self) -> None:
        """Give the terminal to the shell that started us, until `fg`."""
        if getattr(self._driver, "has_shell", True):
            super().action_suspend_process()
        else:
            self.notify("There is no shell to resume it from.", title="Not suspended", markup=False)

    def panic(self, *_renderables: RenderableType) -> None:
        """End with the fault in a few redacted lines: what Textual prints has all locals, the key among them."""
        self._return_code = self._return_code or 1
        self._fatal_error()

    def _fatal_error(self) -> None:
        error = self._exception or RuntimeError("the screen ended")
        if not self._exit_renderables:
            # A worker's fault is wrapped; the fault itself is the one to report.
            lines = fault_lines(getattr(error, "error", error), self._options.environ)
            self._exit_renderables.append(Text(f"{PROGRAM}: " + "\n".join(lines)))
        self._close_messages_no_wait()

    async def on_unmount(self) -> None:
        """Close the client and the journal."""
        if self._main is not None:
            await self._main.startup.close()

    def action_help(self) -> None:
        """Show all keys, grouped by purpose."""
        from gumnut_tui.app.main_screen import bindings
        from gumnut_tui.ui.screens.help import HelpScreen, groups_of
        from gumnut_tui.ui.screens.legend import legend
        from gumnut_tui.ui.widgets.event_table import EventTable

        own = [binding for binding in EventTable.BINDINGS if isinstance(binding, Binding)]
        groups = groups_of([*own, *bindings()], self._key_words, otherwise="Rows")
        self.push_screen(HelpScreen(groups, legend()))

    def _key_words(self, binding: Binding) -> str:
        keys = self._options.settings.keys.get(binding.id or "", binding.key)
        return " ".join(self.get_key_display(Binding(key, "", "")) for key in keys.split(","))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every key's action, by name."""
        from gumnut_tui.app.main_screen import bindings

        yield SystemCommand("Theme", "Choose a colour theme", self.search_themes)
        for binding in bindings():
            words = f"{binding.description[:1].upper()}{binding.description[1:]}"
            yield SystemCommand(words, self._key_words(binding), self._runner(binding.action))

    def _runner(self, action: str) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            if self._main is not None:
                await self._main.run_action(action)

        return run


def _keymap(keys: Mapping[str, str]) -> dict[str, str]:
    """The keys of the settings; other keys to quit with take the place of ctrl+q, too."""
    if "quit" not in keys:
        return dict(keys)
    return {**keys, QUIT_ANYWHERE: ",".join(key for key in keys["quit"].split(",") if key.startswith("ctrl+"))}


def run_screen(options: ScreenOptions) -> int:
    """Show the screen until it is closed; returns the exit code.

    Raises what was wrong with usage or configuration, so that no library could be opened.
    """
    from gumnut_tui.app.services import real_services

    app = GumnutApp(options, real_services(options))
    app.run()
    if not app.return_code and isinstance(app.problem, (UsageProblem, RefusedAddress)):
        raise app.problem
    return app.return_code or 0

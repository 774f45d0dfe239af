"""Everything a command touches outside this program, handed in so that tests can stand in for it."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gumnut_tui.app.screen_options import ScreenOptions
from gumnut_tui.cli.console.output import Output, wants_colour
from gumnut_tui.cli.console.progress import Talk
from gumnut_tui.config.settings import default_config_path
from gumnut_tui.domain.defaults import DEMO_EVENTS
from gumnut_tui.domain.models import utc_now
from gumnut_tui.domain.service_clock import ServiceClock
from gumnut_tui.domain.zones import LOCALTIME
from gumnut_tui.journal.journal_file import default_journal_folder

if TYPE_CHECKING:
    from gumnut_tui.config.key_sources import Keyring


def show_screen(options: ScreenOptions) -> int:
    """Open the screen and stay until it is left; returns the exit code."""
    from gumnut_tui.app import run_screen

    return int(run_screen(options) or 0)


def ask_keyring() -> Keyring | None:
    """The system's keyring, if there is one."""
    from gumnut_tui.config.key_sources import system_keyring

    return system_keyring()


@dataclass(frozen=True)
class Runtime:
    """Streams, environment, clock and network of one run.

    One field for each thing outside this program, more than a constructor should take: a test replaces those it is
    about, and none can be reached past this value.
    """

    environ: Mapping[str, str]
    output: Output
    talk: Talk
    has_terminal: bool
    """A person sits in front of both input and output, or a browser is served in the place of a terminal."""
    clock: Callable[[], datetime] = utc_now
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    config_path: Callable[[], Path] = default_config_path
    journal_folder: Callable[[], Path] = default_journal_folder
    """Where journals lie unless a file is named."""
    localtime: Path = LOCALTIME
    transport: Any | None = None
    """Replaces the network; any httpx transport."""
    keyring: Callable[[], Keyring | None] = field(default=ask_keyring)
    screen: Callable[[ScreenOptions], int] = show_screen
    demo_events: int = DEMO_EVENTS
    """Events of the embedded library."""

    @classmethod
    def real(cls) -> Runtime:
        """The process we run in."""
        is_terminal = sys.stdout.isatty()
        return cls(
            clock=ServiceClock(),
            environ=os.environ,
            output=Output(
                sys.stdout.buffer,
                is_terminal=is_terminal,
                encoding=sys.stdout.encoding or "utf-8",
                columns=shutil.get_terminal_size().columns,
                colour=wants_colour(os.environ, is_terminal),
            ),
            talk=Talk(sys.stderr, is_terminal=sys.stderr.isatty()),
            has_terminal=(is_terminal and sys.stdin.isatty()) or "TEXTUAL_DRIVER" in os.environ,
        )

"""What the screen needs from outside, handed in: clients, clock, pace, clipboard, browser."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from gumnut_tui.app import ScreenOptions
from gumnut_tui.domain.defaults import POLL_SECONDS, Pace
from gumnut_tui.domain.key import Key
from gumnut_tui.domain.models import utc_now
from gumnut_tui.domain.service_clock import ServiceClock

if TYPE_CHECKING:
    from gumnut_tui.api.caller import Wait
    from gumnut_tui.api.client import Client
    from gumnut_tui.config.key_sources import Keep
    from gumnut_tui.journal.journal import Journal
    from gumnut_tui.journal.verify import Renewed
    from gumnut_tui.usecases.journals import OpenJournal

OnWait = Callable[["Wait"], None]
PATIENCE = 2.0
"""Seconds a clipboard program may take."""


def clipboard_command(environ: Mapping[str, str], platform: str = sys.platform) -> Sequence[str] | None:
    """The program that fills the clipboard here; None where there is no desktop or no such program."""
    if platform == "darwin":
        candidates = [["pbcopy"]]
    elif platform == "win32" or "WSL_DISTRO_NAME" in environ:
        candidates = [["clip.exe"]]
    elif "WAYLAND_DISPLAY" in environ:
        candidates = [["wl-copy"]]
    elif "DISPLAY" in environ:
        candidates = [["xclip", "-selection", "clipboard"], ["xsel", "--clipboard", "--input"]]
    else:
        candidates = []
    return next((command for command in candidates if shutil.which(command[0])), None)


def fill_clipboard(text: str, command: Sequence[str]) -> bool:
    """Give the text to the clipboard program; False when that failed."""
    try:
        subprocess.run(
            command,
            input=text.encode("utf-8", "replace"),
            check=True,
            timeout=PATIENCE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def platform_clipboard(text: str) -> bool:
    """Fill the clipboard of the desktop, if there is one."""
    command = clipboard_command(os.environ)
    return command is not None and fill_clipboard(text, command)


def open_url(url: str) -> None:
    """Open a web address in the browser."""
    import webbrowser

    webbrowser.open(url)


class JournalRepair(msgspec.Struct, frozen=True):
    """What can be done about a damaged journal; both are called in a thread, with the journal closed."""

    put_aside: Callable[[], Path]
    """Rename the file; returns the new name, raises `JournalProblem`."""
    renew: Callable[[], Renewed]
    """Keep its events and let the rest be read again; raises `JournalProblem`."""


class Services(msgspec.Struct, frozen=True):
    """What is outside this program, or takes time; the first four are called in a thread.

    One field for each such thing, more than a constructor should take: a test replaces those it is about.
    """

    demo: Callable[[OnWait], Client]
    """A client of the demo library."""
    account: Callable[[Key, OnWait], Client]
    """A client of the configured server; raises `RefusedAddress`."""
    keep_key: Callable[[Key, Keep], str]
    """Keep a key for the next start and say where; raises `ConfigProblem`."""
    has_keyring: Callable[[], bool]
    open_journal: OpenJournal | None = None
    """Open the journal; None means no journal. Raises `JournalProblem`."""
    journal_repair: JournalRepair | None = None
    clock: Callable[[], datetime] = utc_now
    open_url: Callable[[str], None] = open_url
    fill_clipboard: Callable[[str], bool] = lambda _text: False
    """Fill the platform's clipboard, beside the terminal's; called in a thread; False when there is none."""
    pace: Pace = Pace()
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    patience: float = 1.5
    """Seconds for which libraries are waited for before the screen is shown without them."""
    debounce: float = 0.15
    """Seconds the cursor rests before an entity is read."""
    unasked: int = 5_000
    """Rows of a range that are read without scrolling, so that counts and histogram cover most of it."""
    settle: float = 0.08
    """Seconds between two redraws while pages come in, and before names are read."""
    passing: float = 0.25
    """Seconds between two redraws while rows go by too fast to be read: drawing them would only hold up the reading."""
    covered: float = 1.0
    """Seconds between two frames of what lies under a dialog."""
    loading: float = 1.5
    """Seconds after which everything needed has been loaded."""
    loaded: Callable[[], None] = lambda: None
    """Called after that."""
    frame: float = 0.02
    """Seconds in which a frame is sure to be drawn; Textual draws at most sixty a second."""
    colours: str | None = "truecolor"
    """The colours the terminal has, by rich's name for them; None asks the terminal."""
    tick: float | None = POLL_SECONDS
    """Seconds between updates of the words that count seconds; None never updates them."""


def real_services(options: ScreenOptions) -> Services:
    """The services of a real run."""
    pace, clock = Pace(poll=options.settings.poll_interval), ServiceClock()
    return Services(
        clock=clock,
        demo=_demo,
        account=partial(_account, options, clock),
        keep_key=partial(_keep_key, options),
        has_keyring=_has_keyring,
        fill_clipboard=platform_clipboard,
        open_journal=None if options.journal is None else partial(open_journal_at, options.journal, clock=clock),
        journal_repair=None if options.journal is None else repair_at(options.journal, clock=clock),
        pace=pace,
        loaded=_collect_garbage_again,
        colours=None,
    )


# Neither clients nor journals are loaded before the first paint.


def _demo(on_wait: OnWait) -> Client:
    from gumnut_tui.usecases.account import demo_client

    return demo_client(clock=utc_now, on_wait=on_wait)


def _account(options: ScreenOptions, clock: ServiceClock, key: Key, on_wait: OnWait) -> Client:
    from gumnut_tui.usecases.account import account_client

    return account_client(options.settings, key, clock=clock, environ=options.environ, on_wait=on_wait)


def _collect_garbage_again() -> None:
    # What is loaded stays: each full collection of it would block the keys for 60 ms.
    gc.freeze()
    gc.enable()


def _keep_key(options: ScreenOptions, key: Key, where: Keep) -> str:
    from gumnut_tui.config.key_sources import keep

    return keep(key, where, options.settings)


def open_journal_at(path: Path, create: bool, *, clock: Callable[[], datetime] = utc_now) -> Journal | None:
    """The journal in a file, which is created only if `create`; raises `JournalProblem`."""
    from gumnut_tui.usecases.journals import open_existing, open_or_create

    return open_or_create(path, clock=clock) if create else open_existing(path, write=True, clock=clock)


def repair_at(path: Path, *, clock: Callable[[], datetime] = utc_now) -> JournalRepair:
    """What can be done about the journal in a file."""

    def put_aside() -> Path:
        from gumnut_tui.journal.journal import put_aside_unless_held

        return put_aside_unless_held(path, clock)

    def renewed() -> Renewed:
        from gumnut_tui.feed.sync import newest_mentions
        from gumnut_tui.journal.verify import renew

        return renew(path, newest_mentions, clock)

    return JournalRepair(put_aside, renewed)


def _has_keyring() -> bool:
    from gumnut_tui.config.key_sources import system_keyring

    return system_keyring() is not None

"""Everything a command touches outside this program, handed in so that tests can replace it."""

from __future__ import annotations

import asyncio
import errno
import os
import select
import shutil
import stat
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, TextIO

import msgspec

from gumnut_tui.app import ScreenOptions
from gumnut_tui.config.settings import default_cache_folder, default_config_path
from gumnut_tui.domain.defaults import DEMO_EVENTS, OVERDUE_SECONDS
from gumnut_tui.domain.errors import OutputClosed, OutputFull, OutputProblem
from gumnut_tui.domain.models import utc_now
from gumnut_tui.domain.service_clock import ServiceClock
from gumnut_tui.domain.zones import LOCALTIME
from gumnut_tui.formatting.encodings import encoded, readable
from gumnut_tui.journal.journal_file import default_journal_folder

if TYPE_CHECKING:
    from gumnut_tui.config.key_sources import Keyring


TRACING = (
    "TEXTUAL", "TEXTUAL_DEBUG", "TEXTUAL_LOG", "TEXTUAL_PRESS",
    "TEXTUAL_SCREENSHOT", "TEXTUAL_SCREENSHOT_FILENAME", "TEXTUAL_SCREENSHOT_LOCATION",
)  # fmt: skip
"""Variables that make Textual write what is typed, a key included, to files or other programs; they are ignored."""


SIZE = ("COLUMNS", "LINES")
"""Variables with the size of a terminal: of another one, or before this one was resized, if it says another itself."""


class PipeClosed(Exception):
    """The reader of our output went away, as `head` does; there is nothing left to do."""


class Output(msgspec.Struct, frozen=True):
    """Where data goes: in UTF-8 for programs, in the terminal's encoding for a person."""

    stream: BinaryIO
    is_terminal: bool = False
    encoding: str = "utf-8"
    columns: int = 80
    """Cells a line of the terminal holds."""
    colour: bool = False
    before: Callable[[], None] = lambda: None
    """Called before anything is written to a terminal: it takes a progress line away."""

    def data(self, content: bytes) -> None:
        """Write and flush bytes; raises PipeClosed when nobody reads them, OutputProblem when that fails."""
        if self.is_terminal:
            self.before()
        try:
            descriptor = _waited_for(self.stream)
            if descriptor is None:
                self.stream.write(content)
                self.stream.flush()
            elif not write_as_taken(descriptor, content):
                let_go(self.stream)
        except (BrokenPipeError, ConnectionResetError):
            raise PipeClosed from None
        except OSError as error:
            raise _output_problem(error) from error

    def text(self, text: str) -> None:
        """Write text for a person; what the terminal's encoding lacks is replaced by something readable."""
        self.data(encoded(text, self.encoding))

    def line(self, text: str = "") -> None:
        """Write one line for a person."""
        self.text(f"{text}\n")

    def check_reader(self) -> None:
        """Raise PipeClosed if the reader has gone, without writing; where the platform cannot tell, do nothing."""
        if self.is_terminal or not hasattr(select, "poll"):
            return
        try:
            descriptor = self.stream.fileno()
        except OSError:
            return
        poll = select.poll()
        poll.register(descriptor, 0)
        if any(state & select.POLLERR for _, state in poll.poll(0)):
            raise PipeClosed


def _output_problem(error: OSError) -> OutputProblem:
    match error.errno:
        case errno.EBADF:
            return OutputClosed("the output cannot be written: standard output is closed.")
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            return OutputFull(f"the output cannot be written: {error.strerror}.")
        case _:
            return OutputProblem(f"the output cannot be written: {error.strerror}.")


AT_ONCE = getattr(select, "PIPE_BUF", 512)
"""Bytes that a pipe takes without anyone waiting, once it takes any."""
LOOK_SECONDS = 0.2
UNTAKEN_SECONDS = 1.5
"""How long a reader may take nothing, once the command was interrupted."""


def _waited_for(stream: IO[Any]) -> int | None:
    """The descriptor of a stream whose reader may let us wait; None for a file, and where the platform cannot tell."""
    if not hasattr(select, "poll"):
        return None
    try:
        descriptor = stream.fileno()
        return None if stat.S_ISREG(os.fstat(descriptor).st_mode) else descriptor
    except (OSError, ValueError):
        return None


def write_as_taken(descriptor: int, content: bytes) -> bool:
    """Write bytes as their reader takes them; False if it takes no more while the command is to end."""
    left = memoryview(content)
    while left:
        if not is_taken(descriptor):
            return False
        # Another process may have set what it shares with us so that nobody waits for it.
        with suppress(BlockingIOError):
            left = left[os.write(descriptor, left[:AT_ONCE]) :]
    return True


def is_taken(descriptor: int) -> bool:
    """Wait until something can be written, or fails; False if that takes long and the command was interrupted.

    A write would wait for ever, as a signal only cancels the task, which goes on when the write has ended.
    """
    poll = select.poll()
    poll.register(descriptor, select.POLLOUT)
    untaken = 0.0
    while not poll.poll(LOOK_SECONDS * 1000):
        untaken = untaken + LOOK_SECONDS if _is_interrupted() else 0.0
        if untaken >= UNTAKEN_SECONDS:
            return False
    return True


def _is_interrupted() -> bool:
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return False
    return task is not None and task.cancelling() > 0


def let_go(stream: object) -> None:
    """Point a stream nowhere, once its pipe is closed, its disk full or its terminal gone.

    Otherwise the interpreter would flush it once more at exit, fail, and exit with a code of its own.
    """
    try:
        descriptor = stream.fileno()  # type: ignore[attr-defined]
    except (OSError, ValueError):  # no file, or closed
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def wants_colour(environ: Mapping[str, str], is_terminal: bool) -> bool:
    """Whether to print in colour: on a terminal that has it, unless NO_COLOR is set."""
    return is_terminal and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"


REFRESH_SECONDS = 0.1


class Talk:
    """Messages on standard error: a progress line, only on a terminal, and warnings, always."""

    def __init__(self, stream: TextIO, *, is_terminal: bool, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._is_terminal = is_terminal
        self._elapsed = elapsed
        self._shown_at: float | None = None
        self._is_unheard = False

    def progress(self, text: str, *, at_once: bool = False) -> None:
        """Show progress in place of the line before, at most ten times a second."""
        if not self._is_terminal:
            return
        now = self._elapsed()
        if self._shown_at is None or at_once or now - self._shown_at >= REFRESH_SECONDS:
            self._shown_at = now
            self.write(f"\r\x1b[2K{text}")

    def clear(self) -> None:
        """Clear the progress line, before something else is written."""
        if self._shown_at is not None:
            self._shown_at = None
            self.write("\r\x1b[2K")

    def note(self, text: str) -> None:
        """Say something that matters only to a person at a terminal."""
        if self._is_terminal:
            self.warn(text)

    def warn(self, text: str) -> None:
        """Say something on a line of its own."""
        self.clear()
        self.write(f"{text}\n")

    def write(self, text: str) -> None:
        """Write text in what the stream's encoding has; once the stream is gone, write nothing more."""
        if self._is_unheard:
            return
        try:
            descriptor = _waited_for(self._stream)
            if descriptor is not None and os.get_blocking(descriptor):
                self._is_unheard = not is_taken(descriptor)
            if not self._is_unheard:
                self._stream.write(readable(text, self._stream.encoding or "utf-8"))
                self._stream.flush()
        except (OSError, ValueError):
            # The data matters, the messages do not.
            self._is_unheard = True
        if self._is_unheard:
            let_go(self._stream)


def show_screen(options: ScreenOptions) -> int:
    """Show the screen until it is closed; returns the exit code."""
    for name in (*TRACING, *(SIZE if _knows_its_size() else ())):
        os.environ.pop(name, None)
    from gumnut_tui.app.gumnut_app import run_screen

    return int(run_screen(options) or 0)


def _knows_its_size() -> bool:
    try:
        return all(os.get_terminal_size(1))
    except OSError:
        return False


def ask_keyring() -> Keyring | None:
    """The system's keyring, if there is one."""
    from gumnut_tui.config.key_sources import system_keyring

    return system_keyring()


class Runtime(msgspec.Struct, frozen=True):
    """Streams, environment, clock and network of one run.

    One field for each thing outside this program, more than a constructor should take: a test replaces those it is
    about, and none can be reached past this value.
    """

    environ: Mapping[str, str]
    output: Output
    talk: Talk
    has_terminal: bool
    """Both input and output are a terminal, or a browser is served in its place."""
    clock: Callable[[], datetime] = utc_now
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    config_path: Callable[[], Path] = default_config_path
    journal_folder: Callable[[], Path] = default_journal_folder
    """Where journals are kept unless a file is named."""
    cache_folder: Callable[[], Path] = default_cache_folder
    """Where sums of files are kept."""
    localtime: Path = LOCALTIME
    transport: Any | None = None
    """Replaces the network; any httpx transport."""
    keyring: Callable[[], Keyring | None] = ask_keyring
    screen: Callable[[ScreenOptions], int] = show_screen
    patience: float = OVERDUE_SECONDS
    """Seconds without an answer after which the journal answers, where it can."""
    demo_events: int = DEMO_EVENTS
    """Events of the embedded library."""

    @classmethod
    def real(cls) -> Runtime:
        """The streams and environment of this process."""
        is_terminal = sys.stdout.isatty()
        talk = Talk(sys.stderr, is_terminal=sys.stderr.isatty())
        return cls(
            clock=ServiceClock(),
            environ=os.environ,
            output=Output(
                sys.stdout.buffer,
                is_terminal=is_terminal,
                encoding=sys.stdout.encoding or "utf-8",
                columns=shutil.get_terminal_size().columns,
                colour=wants_colour(os.environ, is_terminal),
                before=talk.clear,
            ),
            talk=talk,
            has_terminal=(is_terminal and sys.stdin.isatty()) or "TEXTUAL_DRIVER" in os.environ,
        )

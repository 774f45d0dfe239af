"""The terminal as the screen uses it: Textual's driver, hardened against whatever a terminal sends or suffers.

Textual reads strict UTF-8, and polls a terminal that is gone for ever. Here any bytes may come, a terminal that is gone
or a signal that ends the program ends it in order, and ctrl+z works wherever the program was started from.
"""

from __future__ import annotations

import errno
import os
import re
import select
import signal
import sys
import termios
import threading
import time
from collections.abc import Callable
from time import monotonic
from types import FrameType
from typing import Any, cast

from textual import events
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from gumnut_tui.app.terminal_input import Pasted, TerminalInput
from gumnut_tui.domain.defaults import ENDING_SIGNALS
from gumnut_tui.formatting.cells import cell_width, has_spacing_marks, overhang
from gumnut_tui.formatting.encodings import encoded

LAST_TRIES, LAST_PAUSE = 50, 0.002
"""How many attempts at a last write, and seconds between them, on a terminal that takes nothing."""

_PIECES = re.compile("\x1b(?:\\[[0-?]*[ -/]*[@-~]|[^\\[])|[^\x1b\r\n]+")
"""Control sequences, and the text between them."""


def anchored(text: str) -> str:
    """The text, so that what follows letters of disputed width is still in its place.

    Their cells are made blank and then written on, without the blanks at the end that a wider form will need.
    """
    return _PIECES.sub(_anchor, text) if has_spacing_marks(text) else text


def _anchor(piece: re.Match[str]) -> str:
    text = piece[0]
    more = 0 if text.startswith("\x1b") else overhang(text)
    if not more:
        return text
    width = cell_width(text)
    blanks = min(more, len(text) - len(text.rstrip(" ")))
    return f"\x1b7\x1b[{width}X{text[: len(text) - blanks]}\x1b8\x1b[{width}C"


class TerminalOutput:
    """The file Textual's writer thread writes to; it never raises, for the thread would end and the screen wait."""

    def __init__(self, descriptor: int, encoding: str, gone: Callable[[], None]) -> None:
        self._descriptor = descriptor
        self._encoding = encoding
        self._gone = gone
        self._is_gone = False
        self._writer: int | None = None

    def fileno(self) -> int:
        """The descriptor of the terminal."""
        return self._descriptor

    def isatty(self) -> bool:
        """True: it was checked to be a terminal."""
        return True

    def flush(self) -> None:
        """Nothing is buffered."""

    def write(self, text: str) -> int:
        """Write all of the text, waiting for a slow terminal; says once that the terminal is gone."""
        self._writer = threading.get_ident()
        rest = memoryview(encoded(anchored(text), self._encoding, keep_width=True))
        while rest and not self._is_gone:
            try:
                rest = rest[os.write(self._descriptor, rest) :]
            except BlockingIOError:  # another program has set it not to wait
                select.select([], [self._descriptor], [])
            except OSError:
                self._is_gone = True
                self._gone()
        return len(text)

    def write_last(self, data: bytes) -> None:
        """Write this in place of all that the terminal has not taken yet, and nothing after it; raises OSError."""
        self._is_gone = True
        os.set_blocking(self._descriptor, False)
        signal.signal(signal.SIGURG, lambda _number, _frame: None)
        try:
            if self._writer is not None:
                # The thread hangs in a write, which a harmless signal ends.
                signal.pthread_kill(self._writer, signal.SIGURG)
            for _ in range(LAST_TRIES):
                termios.tcflush(self._descriptor, termios.TCOFLUSH)
                try:
                    os.write(self._descriptor, data)
                except BlockingIOError:
                    time.sleep(LAST_PAUSE)
                else:
                    return
        finally:
            os.set_blocking(self._descriptor, True)


MOST_COLUMNS, MOST_LINES = 1000, 500
"""What is drawn of a terminal that says it is larger: no screen is, and drawing more takes seconds."""
POLL_SECONDS = 0.1
"""Seconds between checks of the reading thread whether it should stop."""
READ_BYTES = 4096
END_SECONDS = 3.0
"""Seconds after a signal in which everything is closed, or else abandoned."""
GRACE_SECONDS, GRACE_PAUSE = 1.0, 0.02
"""How long a program resumed in the background waits to be called to the foreground, and between looks."""
SAME_SECONDS = 1.0
"""Seconds within which several signals count as one: a window that closes sends more than one."""
LEAVE = (
    "\x1b[?2004l\x1b[?7h\x1b[?2048l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l\x1b[<u"
    "\x1b[?1049l\x1b[?25h\x1b[?1004l"
)
"""Resets a terminal when there is no time for Textual to do so."""


class TerminalDriver(LinuxDriver):
    """Reads and draws on the terminal of standard input and output."""

    class Ended(Message):
        """A signal or a terminal that is gone ends the program."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    class Failed(Message):
        """Reading from the terminal met a fault of ours."""

        def __init__(self, error: Exception) -> None:
            super().__init__()
            self.error = error

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        # Standard output was checked to be a terminal; standard error may be a file.
        assert sys.__stdout__ is not None
        self._output = TerminalOutput(sys.__stdout__.fileno(), sys.__stdout__.encoding, self._gone)
        self._file = cast(Any, self._output)
        self._size = self._size or self._get_terminal_size()
        self._ended_by: int | None = None
        self._ended_at = 0.0
        self._has_come_back = False
        signal.signal(signal.SIGTSTP, self._on_stop)
        signal.signal(signal.SIGCONT, self._on_continue)
        for name in ("SIGINT", *ENDING_SIGNALS):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._on_end)

    def _get_terminal_size(self) -> tuple[int, int]:
        return _drawn(*super()._get_terminal_size())

    # The end

    def _on_end(self, number: int, _frame: FrameType | None = None) -> None:
        """A signal: end in order, but not for ever; a second signal does not wait."""
        if self._ended_by is None:
            self._ended_by, self._ended_at = number, monotonic()
        elif monotonic() - self._ended_at < SAME_SECONDS:
            return
        else:
            self._end_at_once()
        if self._loop.is_closed():
            self._end_at_once()
        signal.signal(signal.SIGALRM, lambda _number, _frame: self._end_at_once())
        signal.setitimer(signal.ITIMER_REAL, END_SECONDS)
        self._tell(self.Ended(number))

    def _gone(self) -> None:
        """The terminal is gone; called from any thread."""
        self._loop.call_soon_threadsafe(self._end_if_running)

    def _end_if_running(self) -> None:
        if self._ended_by is None:
            self._on_end(int(signal.SIGHUP))

    def _tell(self, message: Message) -> None:
        """Send the app a message, from any thread or a signal's handler."""
        self._loop.call_soon_threadsafe(self._app.post_message, message)

    def _end_at_once(self) -> None:
        """Reset the terminal and end at once, as the event loop hangs."""
        assert self._ended_by is not None
        try:
            if self.attrs_before is not None:
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
            self._output.write_last(LEAVE.encode("ascii"))
        except (OSError, termios.error):
            pass  # it is gone, as we are
        os._exit(128 + self._ended_by)

    def start_application_mode(self) -> None:
        """Take the terminal, once it is ours."""
        self._wait_for_foreground()
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def _wait_for_foreground(self) -> None:
        """Stop for as long as a shell keeps us in the background.

        Not at once: a shell that calls us before it has heard that we stopped does not resume us. The kernel asks and
        stops in one step; Textual's own handler stops later, when the shell may have called already.
        """
        patience = monotonic() + GRACE_SECONDS
        while self._is_in_background() and monotonic() < patience:
            time.sleep(GRACE_PAUSE)
        while True:
            try:
                termios.tcsetattr(self.fileno, termios.TCSANOW, termios.tcgetattr(self.fileno))
            except termios.error as error:
                if error.args[0] == errno.EINTR:  # stopped and resumed
                    continue
            return

    def _is_in_background(self) -> bool:
        try:
            return os.tcgetpgrp(self.fileno) != os.getpgrp()
        except OSError:  # it is gone, which the first write will tell
            return False

    def stop_application_mode(self) -> None:
        """Reset the terminal to what it was."""
        if self._mouse_pixels:
            self.write("\x1b[?1016l")
        super().stop_application_mode()

    # ctrl+z and fg

    @property
    def has_shell(self) -> bool:
        """Whether a shell with job control started us, which gives each job a process group of its own."""
        return os.getpgrp() != os.getsid(0)

    def _on_stop(self, _number: int, _frame: FrameType | None) -> None:
        # Not here, where the queue to the writer may be locked.
        self._loop.call_soon_threadsafe(self._stop)

    def _on_continue(self, _number: int, _frame: FrameType | None) -> None:
        self._loop.call_soon_threadsafe(self._continue)

    def _stop(self) -> None:
        """Give the terminal back and stop, until the shell resumes us; not while the program ends."""
        if self._ended_by is not None:
            return
        if self._auto_restart:
            self.suspend_application_mode()
        if self.has_shell:
            # The whole process group stops, or the shell would not come back.
            signal.signal(signal.SIGTSTP, signal.SIG_DFL)
            os.killpg(os.getpgrp(), signal.SIGTSTP)
            signal.signal(signal.SIGTSTP, self._on_stop)
        else:
            os.kill(os.getpid(), signal.SIGSTOP)
        if self._auto_restart:
            self._has_come_back = True
            self._come_back()

    def _continue(self) -> None:
        """Go on after a stop; if it was not ours, as by SIGSTOP, the terminal is in an unknown state."""
        if self._has_come_back:
            self._has_come_back = False
        elif self._auto_restart and self._ended_by is None:
            self.suspend_application_mode()
            self._come_back()

    def _come_back(self) -> None:
        self.resume_application_mode()
        self._app.refresh(layout=True)
        self._app.app_resume_signal.publish(self._app)

    # Input

    def run_input_thread(self) -> None:
        """Read until the driver stops, or the terminal is gone; a fault ends the program."""
        try:
            self._read_input()
        except Exception as error:
            self._tell(self.Failed(error))

    def _read_input(self) -> None:
        source, parser, heard = TerminalInput(), _ForgivingParser(), monotonic()
        while not self.exit_event.is_set():
            wait = min(POLL_SECONDS, source.patience or POLL_SECONDS)
            if select.select([self.fileno], [], [], wait)[0]:
                heard = monotonic()
                data = self._read()
                if data is None:
                    self._gone()
                    return
                self._take(source.read(data), parser)
            elif source.patience is not None and monotonic() - heard >= source.patience:
                self._take(source.quiet(), parser)
            for message in parser.tick():
                self.process_message(message)

    def _take(self, pieces: list[str | Pasted], parser: _ForgivingParser) -> None:
        for piece in pieces:
            for message in [events.Paste(piece.text)] if isinstance(piece, Pasted) else parser.feed(piece):
                if not isinstance(message, events.Resize):
                    self.process_message(message)
                elif self._in_band_window_resize and message.size:
                    self.process_message(events.Resize.from_dimensions(_drawn(*message.size), message.pixel_size))

    def _read(self) -> bytes | None:
        """What was typed; None when the terminal is gone."""
        try:
            return os.read(self.fileno, READ_BYTES) or None
        except BlockingIOError:  # another program has set it not to wait
            return b""
        except OSError:
            return None


def _drawn(columns: int, lines: int) -> tuple[int, int]:
    return min(columns, MOST_COLUMNS), min(lines, MOST_LINES)


class _ForgivingParser:
    """Textual's parser, restarted after a sequence it fails on, such as one with a number that is no character."""

    def __init__(self) -> None:
        self._parser = XTermParser()

    def feed(self, text: str) -> list[Message]:
        """The messages of a text, sequence by sequence."""
        found: list[Message] = []
        for number, part in enumerate(text.split("\x1b")):
            part = f"\x1b{part}" if number else part
            if part:
                found += self._try(part)
        return found

    def tick(self) -> list[Message]:
        """The messages of a sequence whose end has not come in time."""
        try:
            return list(self._parser.tick())
        except (ValueError, OverflowError, ArithmeticError, StopIteration):
            self._begin_anew()
            return []

    def _try(self, part: str) -> list[Message]:
        try:
            return list(self._parser.feed(part))
        except (ValueError, OverflowError, ArithmeticError, StopIteration):
            self._begin_anew()
            return []

    def _begin_anew(self) -> None:
        old, self._parser = self._parser, XTermParser()
        self._parser.mouse_pixels = old.mouse_pixels
        self._parser.terminal_size = old.terminal_size
        self._parser.terminal_pixel_size = old.terminal_pixel_size

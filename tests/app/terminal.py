"""The whole program in a pseudo-terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyte

from tests.clock import SHIFTED

COLUMNS, LINES = 120, 40
USUAL_MODES = {"7", "25"}
"""On in every terminal: lines wrap, the cursor shows."""
PATIENCE = 40.0
"""Seconds until a fact is taken never to come."""


PROGRAM = (sys.executable, "-m", "gumnut_tui")


class Terminal:
    """A program in a pseudo-terminal, with an empty home and nothing configured."""

    def __init__(
        self,
        home: Path,
        *arguments: str,
        program: Sequence[str] = PROGRAM,
        ignored: Sequence[signal.Signals] = (),
        size: tuple[int, int] = (COLUMNS, LINES),
        variables: Mapping[str, str] | None = None,
    ) -> None:
        columns, lines = size
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self.sent = bytearray()
        environ = {"HOME": str(home), "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
        environ |= {"PATH": os.environ["PATH"], **SHIFTED, "PYTHONPATH": str(Path(__file__).parents[2]), "TZ": "UTC"}
        environ |= variables or {}
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            for number in ignored:
                signal.signal(number, signal.SIG_IGN)
            os.execve(program[0], [*program, *arguments], environ)
        self._say_size(columns, lines)
        self._is_open = True
        self.is_deaf = False
        """Nothing of what is drawn is read."""
        self._code: int | None = None
        self.before = termios.tcgetattr(self._master)

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(self.screen.display)

    @property
    def modes(self) -> set[str]:
        """The private modes of the terminal that were switched on and not off again, by their number."""
        switched = re.findall(rb"\x1b\[\?([0-9]+)([hl])", bytes(self.sent))
        return {number.decode() for number, switch in dict(switched).items() if switch == b"h"} - USUAL_MODES

    def resize(self, columns: int, lines: int) -> None:
        """Make it larger or smaller; what is read into `screen` is at most as large as a real one."""
        self.screen.resize(min(lines, 200), min(columns, 400))
        self._say_size(columns, lines)

    def _say_size(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def press(self, keys: str) -> None:
        """Type."""
        self.type(keys.encode())

    def type(self, data: bytes) -> None:
        """Type bytes, reading what is drawn meanwhile."""
        while data:
            _, writable, _ = select.select([], [self._master], [], 0.05)
            if writable:
                data = data[os.write(self._master, data[:1000]) :]
            self._read(0)

    def wait_until(self, fact: Callable[[], object], within: float = PATIENCE) -> None:
        """Read what the program draws until a fact holds."""
        deadline = time.monotonic() + within
        while not fact():
            assert time.monotonic() < deadline, f"what was waited for did not come:\n{self.text}"
            self._read()

    def stuff(self, data: bytes) -> None:
        """Type, and read nothing of what is drawn: the program waits for the terminal in the end."""
        for start in range(0, len(data), 2):
            os.write(self._master, data[start : start + 2])
            time.sleep(0.02)

    def pause(self, seconds: float) -> None:
        """Read what is drawn for a while, where what is waited for is that nothing happens."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._read()

    def leave(self, within: float = PATIENCE) -> int:
        """Wait so many seconds for the program's end; its exit code."""

        def has_ended() -> bool:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._code = os.waitstatus_to_exitcode(status)
            return self.has_ended

        self.wait_until(has_ended, within)
        self.is_deaf = False
        while self._read():
            pass
        assert self._code is not None
        return self._code

    @property
    def has_ended(self) -> bool:
        """Whether the program's end was seen."""
        return self._code is not None

    def hang_up(self) -> None:
        """The terminal is gone, as when its window is closed or the connection breaks."""
        os.close(self._master)
        self._is_open = False

    @property
    def mode(self) -> list[object]:
        """How the terminal handles keys now."""
        return termios.tcgetattr(self._master)

    def close(self, *, is_running: bool) -> None:
        """Give the terminal back."""
        if is_running:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        if self._is_open:
            os.close(self._master)

    def _read(self, patience: float = 0.05) -> bool:
        if not self._is_open or self.is_deaf:
            time.sleep(0.01)
            return False
        if not select.select([self._master], [], [], patience)[0]:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:  # the other end is closed
            return False
        self.sent += data
        self._stream.feed(data)
        return bool(data)


@contextmanager
def running(terminal: Terminal) -> Iterator[Terminal]:
    """A program that is ended at the end of the block, if it has not ended itself."""
    try:
        yield terminal
    finally:
        terminal.close(is_running=not terminal.has_ended)

"""One run of the whole program in a terminal of its own."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pyte
import pytest

COLUMNS, LINES = 120, 40
PATIENCE = 40.0
"""Seconds until a fact is taken never to come."""
ALTERNATE_SCREEN, MOUSE, CURSOR = b"\x1b[?1049", b"\x1b[?1000", b"\x1b[?25"


class Terminal:
    """A program in a pseudo-terminal, with an empty home and nothing configured."""

    def __init__(self, home: Path, *arguments: str, **variables: str) -> None:
        self.screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self.screen)
        self.sent = bytearray()
        environ = {"HOME": str(home), "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
        environ |= {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2]), "TZ": "UTC"}
        environ |= variables
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            os.execve(sys.executable, [sys.executable, "-m", "gumnut_tui", *arguments], environ)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        self.before = termios.tcgetattr(self._master)

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(self.screen.display)

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._master, keys.encode())

    def wait_until(self, fact: Callable[[], object]) -> None:
        """Read what the program draws until a fact holds."""
        deadline = time.monotonic() + PATIENCE
        while not fact():
            assert time.monotonic() < deadline, f"what was waited for did not come:\n{self.text}"
            self._read()

    def leave(self) -> int:
        """Wait for the program's end; its exit code."""
        code: list[int] = []

        def has_ended() -> bool:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            code.extend([os.waitstatus_to_exitcode(status)] if pid else [])
            return bool(code)

        self.wait_until(has_ended)
        while self._read():
            pass
        return code[0]

    @property
    def mode(self) -> list[object]:
        """How the terminal handles keys now."""
        return termios.tcgetattr(self._master)

    def close(self, *, is_running: bool) -> None:
        """Give the terminal back."""
        if is_running:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._master)

    def _read(self) -> bool:
        if not select.select([self._master], [], [], 0.05)[0]:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:  # the other end is closed
            return False
        self.sent += data
        self._stream.feed(data)
        return bool(data)


def test_the_demo_runs_in_a_terminal(tmp_path: Path) -> None:
    """One line shows a library; keys move and filter; q leaves with 0 and gives the terminal back as it was."""
    terminal = Terminal(tmp_path, "--demo")
    is_running = True
    try:
        terminal.wait_until(lambda: "Family Photos (demo)" in terminal.text and "LIVE" in terminal.text)
        terminal.wait_until(lambda: "updated" in terminal.text or "created" in terminal.text)
        terminal.press("jj")
        terminal.press("d")
        terminal.wait_until(lambda: "[destructive ×]" in terminal.text)
        terminal.press("?")
        terminal.wait_until(lambda: "esc close" in terminal.text)
        terminal.press("\x1b")
        terminal.wait_until(lambda: "esc close" not in terminal.text)
        terminal.press("q")
        code = terminal.leave()
        is_running = False
        assert code == 0
        for switch in (ALTERNATE_SCREEN, MOUSE):
            assert terminal.sent.rindex(switch + b"l") > terminal.sent.rindex(switch + b"h")
        assert terminal.sent.rindex(CURSOR + b"h") > terminal.sent.rindex(CURSOR + b"l")
        assert terminal.mode == terminal.before
        assert b"Traceback" not in terminal.sent
        assert list(tmp_path.iterdir()) == []
    finally:
        terminal.close(is_running=is_running)


SECRET, PASSWORD = "apikey_7Kq2mXzVbN4tRwYcHd9pLe", "pr0xy-passw0rd"


@pytest.mark.parametrize("frames", ["", "1"])
@pytest.mark.parametrize("broken", [{"SSL_CERT_FILE": "/nonexistent/ca.pem"}, {"SSLKEYLOGFILE": "/nonexistent/x"}])
def test_a_fault_shows_no_secret(tmp_path: Path, broken: dict[str, str], frames: str) -> None:
    """Whatever stops the screen is told in a few lines, with exit code 1: no local variable, no header, no key."""
    configured = {"GUMNUT_API_KEY": SECRET, "GUMNUT_BASE_URL": "https://gumnut.invalid"}
    proxy = {"ALL_PROXY": f"http://user:{PASSWORD}@127.0.0.1:9"}
    terminal = Terminal(tmp_path, **configured, **proxy, **broken, GUMNUT_TUI_TRACEBACK=frames)
    is_running = True
    try:
        code = terminal.leave()
        is_running = False
        assert code == 1
        assert terminal.mode == terminal.before
        assert b"something went wrong" in terminal.sent
        assert (b"create_ssl_context" in terminal.sent) == bool(frames)
        for secret in (SECRET, PASSWORD, "Authorization", "locals"):
            assert secret.encode() not in terminal.sent
    finally:
        terminal.close(is_running=is_running)

"""What the screen looks like in tmux, which has a measure of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from wcwidth import wcwidth

from gumnut_tui.formatting.cells import overhang
from tests.app.shown_in_tmux import NAMES
from tests.clock import SHIFTED

ROOT = Path(__file__).parents[2]
PATIENCE = 20.0

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux")


class Tmux:
    """A server of its own, with one window of 80 columns and 24 lines."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket

    def __call__(self, *arguments: str) -> str:
        environ = {
            **SHIFTED,
            "PATH": os.environ["PATH"],
            "LC_ALL": "C.UTF-8",
            "HOME": str(ROOT),
            "PYTHONPATH": str(ROOT),
        }
        environ |= {"COLORTERM": "truecolor", "TERM": "xterm-256color"}
        command = ["tmux", "-u", "-S", str(self._socket), "-f", os.devnull, *arguments]
        return subprocess.run(
            command, env=environ, capture_output=True, check=False, text=True, encoding="utf-8"
        ).stdout

    @property
    def lines(self) -> list[str]:
        """What stands on the screen."""
        return self("capture-pane", "-p").splitlines()

    def wait_until(self, fact: Callable[[list[str]], object]) -> list[str]:
        """The screen, as soon as the fact holds of it; what is being drawn may not be whole yet."""
        deadline = time.monotonic() + PATIENCE
        while not fact(lines := self.lines):
            assert time.monotonic() < deadline, "\n".join(lines)
            time.sleep(0.05)
        return lines


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[Tmux]:
    """A tmux that shows the names, and is gone behind the test."""
    server = Tmux(tmp_path / "tmux")
    server("new-session", "-d", "-x", "80", "-y", "24", f"{sys.executable} -m tests.app.shown_in_tmux")
    yield server
    server("kill-server")


def is_framed(lines: list[str]) -> bool:
    """Whether each line between head and foot ends with its border in the last column."""
    framed = lines[1:-1]
    return len(framed) > 20 and all(_width(line) == 80 and line[-1] in "│╮╯" for line in framed)


def _width(line: str) -> int:
    # tmux gives spacing marks a cell of their own.
    return sum(map(wcwidth, line)) + overhang(line)


def test_borders_hold_whatever_a_name_holds(tmux: Tmux) -> None:
    """Every line of the table, and of the detail over it, is as wide as it should be."""
    tmux.wait_until(lambda lines: "beach" in "".join(lines))
    shown = set()
    for key in ("g", *["j"] * len(NAMES), "Enter", *["k"] * len(NAMES)):
        tmux("send-keys", key)
        shown.update(tmux.wait_until(is_framed))
    for words in ("👨👩👧👦 beach", "👍👍.png", "PTJPP", "❤☀ heart", "12 first", "각국", "‹U+2630›"):
        assert [line for line in shown if words in line], words

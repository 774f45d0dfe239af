"""What reaches the terminal: in its encoding, in its place, and nothing once it is gone."""

from __future__ import annotations

import os
import pty

import pyte
import pytest

from gumnut_tui.app.terminal_driver import TerminalOutput, anchored
from gumnut_tui.formatting.escape import fit, visible


def drawn(text: str, screen: pyte.Screen) -> str:
    """The first line of a terminal that was sent the text."""
    pyte.Stream(screen).feed(text)
    return str(screen.display[0])


@pytest.mark.parametrize("name", ["कि क्षि.jpg", "plain.jpg", "தமிழ் படம்.png"])
def test_what_stands_behind_disputed_letters_stands_in_its_place(name: str) -> None:
    """The border is in the last column whether the terminal gives spacing marks a cell or not."""
    line = f"\x1b[1m{fit(visible(name), 18)}\x1b[0m│"
    screen = pyte.Screen(20, 1)
    drawn(anchored(line), screen)
    assert screen.buffer[0][18].data == "│"
    assert name.isascii() == (anchored(line) == line)


def test_room_is_left_for_a_wider_form() -> None:
    """As many blanks are not written as the letters may take cells more, so that nothing behind them is overwritten."""
    assert anchored("कि   ") == "\x1b7\x1b[4Xकि  \x1b8\x1b[4C"


def test_a_terminal_that_is_gone_is_said_once_and_never_an_error() -> None:
    """The thread that writes must go on, or the screen would wait for it for ever."""
    ours, theirs = pty.openpty()
    gone: list[str] = []
    output = TerminalOutput(theirs, "utf-8", lambda: gone.append("gone"))
    output.write("seen")
    assert os.read(ours, 100) == b"seen"
    os.close(ours)
    for _ in range(3):
        output.write("unseen")
    assert gone == ["gone"]
    os.close(theirs)


def test_signs_the_terminal_lacks_take_as_many_cells() -> None:
    """A frame stays a frame in any encoding."""
    ours, theirs = pty.openpty()
    output = TerminalOutput(theirs, "ascii", lambda: None)
    output.write("╭─ é … 漢 ─╮")
    assert os.read(ours, 100) == b"+- e . ?? -+"
    os.close(ours)
    os.close(theirs)

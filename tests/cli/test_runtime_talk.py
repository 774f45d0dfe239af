"""Talk on standard error stays out of the data's way."""

from __future__ import annotations

import io
import os
from contextlib import suppress

from gumnut_tui.cli.runtime import Talk


def test_progress_is_overwritten_and_taken_away() -> None:
    """Progress is one line, drawn again at most ten times a second, and gone before anything else is written."""
    now = [0.0]
    stream = io.StringIO()
    talk = Talk(stream, is_terminal=True, elapsed=lambda: now[0])
    talk.progress("one")
    talk.progress("too soon")
    now[0] += 1
    talk.progress("two")
    talk.warn("careful")
    talk.clear()
    assert stream.getvalue() == "\r\x1b[2Kone\r\x1b[2Ktwo\r\x1b[2Kcareful\n"


def test_a_full_pipe_that_waits_for_nobody_is_not_waited_for() -> None:
    """What is said matters less than that the command ends."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    with suppress(BlockingIOError):
        while True:
            os.write(writer, b"x" * 4096)
    with os.fdopen(writer, "w", encoding="utf-8") as stream:
        Talk(stream, is_terminal=False).warn("careful")
    os.close(reader)


def test_talk_nobody_listens_to_is_dropped() -> None:
    """A standard error that is closed does not stop the data."""

    class Closed(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    Talk(Closed(), is_terminal=True).warn("careful")

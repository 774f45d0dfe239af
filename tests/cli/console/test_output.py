"""Data goes out whole and safe; talk stays out of its way."""

from __future__ import annotations

import io
import os

import pytest

from gumnut_tui.cli.console.output import Output, PipeClosed, wants_colour
from gumnut_tui.cli.console.progress import Talk


def test_a_closed_pipe_is_noticed_without_writing() -> None:
    """While following, a reader that has gone is noticed before the next event comes."""
    reader, writer = os.pipe()
    with os.fdopen(writer, "wb", buffering=0) as stream:
        output = Output(stream)
        output.check_reader()
        os.close(reader)
        with pytest.raises(PipeClosed):
            output.check_reader()
        with pytest.raises(PipeClosed):
            output.data(b"x")


@pytest.mark.parametrize(
    ("environ", "is_terminal", "expected"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({"TERM": "dumb"}, True, False),
    ],
)
def test_colour_is_for_terminals_that_want_it(environ: dict[str, str], is_terminal: bool, expected: bool) -> None:
    """NO_COLOR counts when it is not empty, as its convention says."""
    assert wants_colour(environ, is_terminal) is expected


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


def test_talk_nobody_listens_to_is_dropped() -> None:
    """A standard error that is closed does not stop the data."""

    class Closed(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    Talk(Closed(), is_terminal=True).warn("careful")

"""Data goes out whole, and its reader's end is noticed."""

from __future__ import annotations

import os

import pytest

from gumnut_tui.cli.runtime import Output, PipeClosed, wants_colour


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

"""Data goes out whole and safe; talk stays out of its way."""

from __future__ import annotations

import io
import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.cli.console.event_writers import json_line
from gumnut_tui.cli.console.output import Output, PipeClosed, wants_colour
from gumnut_tui.cli.console.progress import Talk

TERMINAL = Output(io.BytesIO(), is_terminal=True)
PIPE = Output(io.BytesIO())

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(JSON, st.sampled_from([None, 2]))
def test_a_json_line_means_what_was_received(value: object, indent: int | None) -> None:
    """Into a pipe and onto a terminal the line holds the same value, on one line, however it was laid out."""
    raw = json.dumps(value, ensure_ascii=False, indent=indent).encode("utf-8", "surrogatepass")
    for output in (PIPE, TERMINAL):
        line = json_line(raw, output)
        assert b"\n" not in line
        assert json.loads(line) == value


def test_json_on_one_line_is_passed_on_byte_for_byte() -> None:
    """Spacing, escapes and number forms stay as the service wrote them."""
    raw = b'{ "a" : 1.50e3,"b":"\\u00e9\xc3\xa9" }'
    assert json_line(raw, PIPE) == raw


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_json_line_on_a_terminal_holds_nothing_it_would_obey(text: str) -> None:
    """No control or format character is left, whatever a string holds."""
    line = json_line(json.dumps({"a": text}, ensure_ascii=False).encode(), TERMINAL).decode()
    assert all(character.isprintable() for character in line)


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

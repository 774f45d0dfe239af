"""Data goes out whole, and its reader's end is noticed."""

from __future__ import annotations

import errno
import io
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from gumnut_tui.cli.runtime import Output, PipeClosed, wants_colour
from gumnut_tui.domain.errors import OutputProblem, explain


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


def test_a_pipe_that_waits_for_nobody_gets_everything() -> None:
    """A shell or an editor sets its own end so, and that holds for ours too."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    content = bytes(range(256)) * 4000
    with ThreadPoolExecutor(1) as thread, os.fdopen(reader, "rb") as stream:
        read = thread.submit(stream.read)
        with os.fdopen(writer, "wb") as ours:
            Output(ours).data(content)
        assert read.result(30) == content


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


def test_a_progress_line_is_taken_away_before_data_is_written() -> None:
    """Data for a person never stands behind it on the same line; into a pipe nothing is added."""
    written = io.BytesIO()
    Output(written, is_terminal=True, before=lambda: written.write(b"<cleared>")).line("a")  # type: ignore[arg-type]
    Output(written, before=lambda: written.write(b"<cleared>")).line("b")  # type: ignore[arg-type]
    assert written.getvalue() == b"<cleared>a\nb\n"


class _Refusing(io.RawIOBase):
    """A stream that nothing can be written to."""

    def __init__(self, reason: int) -> None:
        super().__init__()
        self._reason = reason

    def writable(self) -> bool:
        return True

    def write(self, _content: object) -> int:
        raise OSError(self._reason, os.strerror(self._reason))


@pytest.mark.parametrize(
    ("reason", "what", "advice"),
    [
        (errno.ENOSPC, "No space left on device", "Free some space"),
        (errno.EDQUOT, "Disk quota exceeded", "Free some space"),
        (errno.EFBIG, "File too large", "Free some space"),
        (errno.EBADF, "standard output is closed", "`>&-`"),
        (errno.EIO, "Input/output error", "The output is incomplete."),
    ],
)
def test_what_to_do_about_output_that_fails_depends_on_why(reason: int, what: str, advice: str) -> None:
    """A full disk is no advice for a stream that is closed."""
    with pytest.raises(OutputProblem) as caught:
        Output(_Refusing(reason)).data(b"x")  # type: ignore[arg-type]
    explained = explain(caught.value)
    assert explained.what == f"the output cannot be written: {what}."
    assert advice in explained.advice
    assert ("space" in explained.advice) == (advice == "Free some space")

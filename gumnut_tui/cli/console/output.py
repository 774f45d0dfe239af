"""Standard output: data only, written at once, and quiet when nobody reads it any more."""

from __future__ import annotations

import errno
import os
import select
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from gumnut_tui.domain.errors import OutputProblem
from gumnut_tui.formatting.encodings import encoded


class PipeClosed(Exception):
    """The reader of our output went away, as `head` does; there is nothing left to do."""


@dataclass(frozen=True, slots=True)
class Output:
    """Where data goes. Rows are UTF-8 for programs; for a person they are in the terminal's encoding."""

    stream: BinaryIO
    is_terminal: bool = False
    encoding: str = "utf-8"
    columns: int = 80
    """Cells a line of the terminal holds."""
    colour: bool = False

    def data(self, content: bytes) -> None:
        """Write bytes and hand them on; raises PipeClosed when nobody reads them, OutputProblem when they cannot go."""
        try:
            self.stream.write(content)
            self.stream.flush()
        except (BrokenPipeError, ConnectionResetError):
            raise PipeClosed from None
        except OSError as error:
            reason = "standard output is closed" if error.errno == errno.EBADF else error.strerror
            raise OutputProblem(f"the output cannot be written: {reason}.") from error

    def text(self, text: str) -> None:
        """Write text for a person; what the terminal's encoding lacks becomes something one can read."""
        self.data(encoded(text, self.encoding))

    def line(self, text: str = "") -> None:
        """Write one line for a person."""
        self.text(f"{text}\n")

    def check_reader(self) -> None:
        """Raise PipeClosed if the reader has gone, without writing; where the platform cannot tell, do nothing."""
        if self.is_terminal or not hasattr(select, "poll"):
            return
        try:
            descriptor = self.stream.fileno()
        except OSError:
            return
        poll = select.poll()
        poll.register(descriptor, 0)
        if any(state & select.POLLERR for _, state in poll.poll(0)):
            raise PipeClosed


def let_go(stream: object) -> None:
    """Let nothing more be written to a stream: its pipe is closed, its disk full, its terminal gone.

    Otherwise the interpreter would try once more when it ends, and end with a code of its own.
    """
    try:
        descriptor = stream.fileno()  # type: ignore[attr-defined]
    except (OSError, ValueError):  # no file, or closed
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def wants_colour(environ: Mapping[str, str], is_terminal: bool) -> bool:
    """Colour is for terminals that have it, and for people who did not say NO_COLOR."""
    return is_terminal and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"

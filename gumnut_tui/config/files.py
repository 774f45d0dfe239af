"""Opening files that the surroundings name: whatever stands at their place, nobody waits for it for ever."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

_NOT_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)


def open_without_waiting(path: Path) -> BinaryIO:
    """The file, to be read; a pipe is not waited for until somebody writes to it. Raises `OSError`."""
    descriptor = os.open(path, os.O_RDONLY | _NOT_WAITING)
    try:
        if os.name == "posix":
            os.set_blocking(descriptor, True)
        file = os.fdopen(descriptor, "rb")
    except OSError:
        os.close(descriptor)
        raise
    if is_pipe(path) and not file.peek(1):
        file.close()
        raise _nobody_at_its_other_end(path)
    return file


def check_written_without_waiting(path: Path) -> None:
    """Raise `OSError` for a pipe that nobody reads: opening it to write would wait for a reader."""
    if is_pipe(path):
        try:
            os.close(os.open(path, os.O_WRONLY | _NOT_WAITING))
        except OSError as error:
            raise (_nobody_at_its_other_end(path) if error.errno == errno.ENXIO else error) from None


def is_pipe(path: Path) -> bool:
    """Whether a pipe stands there."""
    try:
        return stat.S_ISFIFO(os.stat(path).st_mode)
    except (OSError, ValueError):
        return False


def _nobody_at_its_other_end(path: Path) -> OSError:
    return OSError(errno.ENXIO, "it is a pipe with nobody at its other end", str(path))

"""A fault of this program in a few lines: what kind, where in our code, how to report it.

Local variables are never read: they hold headers, the key and a proxy's password. Even the words of an unforeseen
exception may quote them, so they are left out unless the person asks for the frames, and then redacted.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

from gumnut_tui.domain.redaction import redact

TRACEBACK_VARIABLE = "GUMNUT_TUI_TRACEBACK"
"""Set, a fault of this program is shown with the frames it passed."""
PACKAGE = str(Path(__file__).parents[1])
"""Files below here are ours."""


def fault_lines(error: BaseException, environ: Mapping[str, str]) -> list[str]:
    """The fault in words; with `GUMNUT_TUI_TRACEBACK` in the environment also its frames, without locals."""
    reason = f": {error.strerror}" if isinstance(error, OSError) and error.strerror else ""
    lines = [f"something went wrong ({type(error).__name__} in {_place(error)}){reason}."]
    if environ.get(TRACEBACK_VARIABLE):
        frames = traceback.TracebackException.from_exception(error, capture_locals=False).format()
        lines += "".join(frames).splitlines()
        lines.append("This is a fault in gumnut-tui: please report the lines above; keys are taken out of them.")
    else:
        lines.append(f"This is a fault in gumnut-tui: please report it, with {TRACEBACK_VARIABLE}=1 set for details.")
    return [redact(line) for line in lines]


def _place(error: BaseException) -> str:
    """The last place in our own code that the error passed, else the last one at all."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith(PACKAGE)]
    if not frames:
        return "an unknown place"
    last = (ours or frames)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"


def catch_stray_faults(environ: Mapping[str, str], write: Callable[[str], object]) -> None:
    """From now on whatever nobody caught, in any thread or task or at exit, is written as `fault_lines`, redacted."""

    def tell(error: BaseException | None) -> None:
        if error is not None and not isinstance(error, (KeyboardInterrupt, SystemExit)):
            write("".join(f"{line}\n" for line in fault_lines(error, environ)))

    def uncaught(_kind: type[BaseException], error: BaseException, _frames: TracebackType | None) -> None:
        tell(error)

    sys.excepthook = uncaught
    threading.excepthook = lambda fault: tell(fault.exc_value)
    sys.unraisablehook = lambda fault: tell(fault.exc_value)
    logging.lastResort = _RedactedLog(tell, write)


class _RedactedLog(logging.Handler):
    """What libraries log as a warning or worse, asyncio's lost exceptions among it."""

    def __init__(self, tell: Callable[[BaseException | None], None], write: Callable[[str], object]) -> None:
        super().__init__(logging.WARNING)
        self._tell = tell
        self._write = write

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record without what it may hold of ours."""
        if record.exc_info:
            self._tell(record.exc_info[1])
        else:
            self._write(f"{redact(record.getMessage())}\n")

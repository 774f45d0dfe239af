"""What is drawn goes to the terminal in its encoding, and nowhere once the terminal is gone."""

from __future__ import annotations

import os
import re
import select
import signal
import termios
import threading
import time
from collections.abc import Callable

from gumnut_tui.formatting.encodings import encoded
from gumnut_tui.formatting.escape import cell_width, has_spacing_marks, overhang

LAST_TRIES, LAST_PAUSE = 50, 0.002
"""How often, and seconds between, the last words are tried on a terminal that takes nothing."""

_PIECES = re.compile("\x1b(?:\\[[0-?]*[ -/]*[@-~]|[^\\[])|[^\x1b\r\n]+")
"""Control sequences, and the text between them."""


def anchored(text: str) -> str:
    """What is drawn, so that behind letters whose width terminals dispute all stands where it belongs.

    Their cells are made blank and then written on, without the blanks at the end that a wider form will need.
    """
    return _PIECES.sub(_anchor, text) if has_spacing_marks(text) else text


def _anchor(piece: re.Match[str]) -> str:
    text = piece[0]
    more = 0 if text.startswith("\x1b") else overhang(text)
    if not more:
        return text
    width = cell_width(text)
    blanks = min(more, len(text) - len(text.rstrip(" ")))
    return f"\x1b7\x1b[{width}X{text[: len(text) - blanks]}\x1b8\x1b[{width}C"


class TerminalOutput:
    """The file Textual's writer thread writes to; it never raises, for the thread would end and the screen wait."""

    def __init__(self, descriptor: int, encoding: str, gone: Callable[[], None]) -> None:
        self._descriptor = descriptor
        self._encoding = encoding
        self._gone = gone
        self._is_gone = False
        self._writer: int | None = None

    def fileno(self) -> int:
        """The descriptor of the terminal."""
        return self._descriptor

    def isatty(self) -> bool:
        """It was checked to be one."""
        return True

    def flush(self) -> None:
        """Nothing is held back."""

    def write(self, text: str) -> int:
        """Write all of the text, waiting for a slow terminal; says once that the terminal is gone."""
        self._writer = threading.get_ident()
        rest = memoryview(encoded(anchored(text), self._encoding, keep_width=True))
        while rest and not self._is_gone:
            try:
                rest = rest[os.write(self._descriptor, rest) :]
            except BlockingIOError:  # another program has set it not to wait
                select.select([], [self._descriptor], [])
            except OSError:
                self._is_gone = True
                self._gone()
        return len(text)

    def write_last(self, data: bytes) -> None:
        """Write that instead of all that a terminal has not taken yet, and nothing after it; raises OSError."""
        self._is_gone = True
        os.set_blocking(self._descriptor, False)
        signal.signal(signal.SIGURG, lambda _number, _frame: None)
        try:
            if self._writer is not None:
                # The thread hangs in a write, which a signal of no meaning ends.
                signal.pthread_kill(self._writer, signal.SIGURG)
            for _ in range(LAST_TRIES):
                termios.tcflush(self._descriptor, termios.TCOFLUSH)
                try:
                    os.write(self._descriptor, data)
                except BlockingIOError:
                    time.sleep(LAST_PAUSE)
                else:
                    return
        finally:
            os.set_blocking(self._descriptor, True)

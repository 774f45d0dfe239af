"""Talk on standard error: one line that is overwritten, only on a terminal; warnings always."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO

from gumnut_tui.cli.console.output import let_go
from gumnut_tui.formatting.encodings import readable

REFRESH_SECONDS = 0.1


class Talk:
    """What is said beside the data."""

    def __init__(self, stream: TextIO, *, is_terminal: bool, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._is_terminal = is_terminal
        self._elapsed = elapsed
        self._shown_at: float | None = None
        self._is_unheard = False

    def progress(self, text: str, *, at_once: bool = False) -> None:
        """Show how far we are, in place of what was shown before, at most ten times a second."""
        if not self._is_terminal:
            return
        now = self._elapsed()
        if self._shown_at is None or at_once or now - self._shown_at >= REFRESH_SECONDS:
            self._shown_at = now
            self.write(f"\r\x1b[2K{text}")

    def clear(self) -> None:
        """Take the progress line away, before something else is written."""
        if self._shown_at is not None:
            self._shown_at = None
            self.write("\r\x1b[2K")

    def note(self, text: str) -> None:
        """Say something that only a person at a terminal cares for."""
        if self._is_terminal:
            self.warn(text)

    def warn(self, text: str) -> None:
        """Say something on a line of its own."""
        self.clear()
        self.write(f"{text}\n")

    def write(self, text: str) -> None:
        """Write text as it is, in what the stream's encoding has; when nobody can hear it, say no more."""
        if self._is_unheard:
            return
        try:
            self._stream.write(readable(text, self._stream.encoding or "utf-8"))
            self._stream.flush()
        except (OSError, ValueError):
            # The data matters, the talk does not.
            self._is_unheard = True
            let_go(self._stream)

"""How a command ends: exit codes, which error has which, and what a signal or a lost terminal does.

Signals end it the way ctrl+c does, so that the journal is closed and a page is kept whole or not at all; the exit
code then is 128 and the signal's number, as shells have it.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from time import monotonic
from types import FrameType

from gumnut_tui.domain.defaults import ENDING_SIGNALS
from gumnut_tui.domain.errors import (
    GumnutError,
    KeyMissing,
    KeyRefused,
    NetworkProblem,
    RefusedAddress,
    UsageProblem,
)


class Exit(IntEnum):
    """The exit codes, for scripts to tell apart."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    NETWORK = 3
    KEY = 4
    RULE_MET = 5
    HUNG_UP = 129
    INTERRUPTED = 130
    TERMINATED = 143

    @property
    def meaning(self) -> str:
        """The code in words, for the help."""
        return _MEANINGS[self]


_MEANINGS = {
    Exit.DONE: "done",
    Exit.FAILED: "the API or this program failed",
    Exit.USAGE: "wrong usage or configuration",
    Exit.NETWORK: "no answer from the network",
    Exit.KEY: "the API key is missing or was refused",
    Exit.RULE_MET: "a rule of `watch --fail-on` was met",
    Exit.HUNG_UP: "the terminal is gone (SIGHUP)",
    Exit.INTERRUPTED: "interrupted (ctrl+c, SIGINT)",
    Exit.TERMINATED: "terminated (SIGTERM)",
}


def exit_code(error: GumnutError) -> Exit:
    """The exit code of an error."""
    match error:
        case UsageProblem() | RefusedAddress():
            return Exit.USAGE
        case NetworkProblem():
            return Exit.NETWORK
        case KeyMissing() | KeyRefused():
            return Exit.KEY
        case _:
            return Exit.FAILED


GONE_WITHIN = 50
"""Milliseconds within which it shows that a failure came of a terminal that has gone."""
SAME_SECONDS = 1.0
"""Seconds within which several signals count as one: a window that closes sends more than one."""


class Signals:
    """Remembers which signal ended the program."""

    def __init__(self) -> None:
        self._number: int | None = None
        self._at = 0.0
        self._is_over = False
        self._terminal: int | None = None
        """A descriptor of one's own of the terminal that standard output was when the program began."""

    def install(self) -> None:
        """From now on whatever signal ends the program does so as ctrl+c does; what `nohup` ignores stays ignored."""
        for name in ENDING_SIGNALS:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._end)

    def watch_terminal(self, descriptor: int) -> None:
        """End as on SIGHUP once the terminal of standard output is gone, even where that signal is ignored."""
        if hasattr(signal, "pthread_kill") and hasattr(select, "poll") and os.isatty(descriptor):
            # Standard output is pointed elsewhere once it cannot be written.
            self._terminal = os.dup(descriptor)
            threading.Thread(target=self._watch, args=(self._terminal,), name="terminal-watch", daemon=True).start()

    def disarm(self) -> None:
        """From now on no signal interrupts: the command is over, and only its exit code is to be settled."""
        self._is_over = True

    def code(self, code: int) -> int:
        """The exit code of an interrupted program, from what interrupted it."""
        # A write may fail before the watching thread has seen why.
        if (
            (code >= 128 or code == Exit.FAILED)
            and self._terminal is not None
            and _is_gone(self._terminal, GONE_WITHIN)
        ):
            return Exit.HUNG_UP
        return 128 + self._number if code == Exit.INTERRUPTED and self._number is not None else code

    def _end(self, number: int, frame: FrameType | None) -> None:
        if self._number is None:
            self._number, self._at = number, monotonic()
        elif monotonic() - self._at < SAME_SECONDS:
            return
        if self._is_over:
            return
        interrupt = signal.getsignal(signal.SIGINT)
        # While asyncio runs, this is its own handler, which cancels the main task.
        (interrupt if callable(interrupt) else signal.default_int_handler)(signal.SIGINT, frame)

    def _watch(self, descriptor: int) -> None:
        while not _is_gone(descriptor, None):
            pass
        # Not SIGHUP, which may be ignored; sent to the main thread, which waits for the network or sleeps.
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)


@contextmanager
def interrupted_at_once() -> Iterator[None]:
    """Within, ctrl+c and signals end what blocks: asyncio's handler would only cancel the task that waits for it."""
    handler = signal.getsignal(signal.SIGINT)
    is_ours = threading.current_thread() is threading.main_thread() and callable(handler)
    if is_ours:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        if is_ours:
            signal.signal(signal.SIGINT, handler)


def _is_gone(descriptor: int, timeout: int | None) -> bool:
    """Whether the terminal has hung up; waits at most `timeout` ms for that, or, with None, as long as it takes."""
    poll = select.poll()
    poll.register(descriptor, 0)
    return any(state & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for _, state in poll.poll(timeout))


def open_closed_streams() -> None:
    """Replace standard streams that were closed, as by `>&-`, before a file is given their number.

    Nothing can be read from such a standard input. Writing to such a standard output fails, as for any output that
    cannot be written; what goes to such a standard error is lost.
    """
    for descriptor, flags in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(descriptor)
        except OSError:
            os.set_inheritable(os.open(os.devnull, flags), True)
    sys.stdin = sys.stdin or open(0, closefd=False)  # noqa: SIM115
    sys.stdout = sys.stdout or open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", closefd=False)  # noqa: SIM115

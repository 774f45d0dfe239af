"""A process in a pseudo-terminal, as a person would start it: what it writes is read, keys are sent."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import struct
import sys
import tempfile
import termios
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen
from time import perf_counter
from typing import Any

COLUMNS, LINES = 140, 45


class Terminal:
    """A running process and what it has written."""

    def __init__(self, descriptor: int, process: Popen[bytes]) -> None:
        self._descriptor = descriptor
        self._process = process
        self._written = b""

    def send(self, keys: bytes) -> None:
        """Type."""
        os.write(self._descriptor, keys)

    def wait_for(self, text: bytes, *, seconds: float = 60) -> None:
        """Return once the text was written, from now on or since the last wait; raises `TimeoutError`."""
        limit = perf_counter() + seconds
        while text not in self._written:
            if not self._read(limit - perf_counter()):
                raise TimeoutError(f"{text!r} was not written; the last was {self._written[-2000:]!r}")
        self._written = self._written.partition(text)[2]

    def wait_for_anything(self, *, seconds: float = 10) -> None:
        """Return once something more was written; raises `TimeoutError`."""
        if not self._read(seconds):
            raise TimeoutError("nothing was written")

    def drain(self, seconds: float) -> None:
        """Read until nothing was written for so long."""
        while self._read(seconds):
            pass
        self._written = b""

    def wait_for_file(self, path: Path, *, seconds: float) -> None:
        """Return once the process has left a file; raises `TimeoutError`."""
        limit = perf_counter() + seconds
        while not path.exists():
            self._read(0.2)
            if perf_counter() > limit or self._process.poll() is not None:
                raise TimeoutError(f"{path.name} was not left; the last was {self._written[-2000:]!r}")
            self._written = self._written[-2000:]

    def _read(self, seconds: float) -> bool:
        if not select.select([self._descriptor], [], [], max(0.0, seconds))[0]:
            return False
        try:
            more = os.read(self._descriptor, 1 << 16)
        except OSError:  # how Linux says that the process has gone
            return False
        self._written += more
        return bool(more)


@contextmanager
def running(command: Sequence[str], **environ: str) -> Iterator[Terminal]:
    """The command in a terminal of 140×45 with a home of its own; ended when the block ends."""
    with tempfile.TemporaryDirectory() as home:
        ours, its = pty.openpty()
        fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        process = Popen([sys.executable, *command], stdin=its, stdout=its, stderr=its, env=environment(home) | environ)
        os.close(its)
        try:
            yield Terminal(ours, process)
        finally:
            process.kill()
            process.wait()
            os.close(ours)


def report_of(command: Sequence[str], *, seconds: float = 240) -> Any:
    """What a process in a terminal leaves as JSON in the file it is given as its last argument."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        with running([*command, str(report)]) as terminal:
            terminal.wait_for_file(report, seconds=seconds)
        return json.loads(report.read_text(encoding="utf-8"))


def leave_report(path: str, value: object) -> None:
    """Write the report of this process, all at once."""
    half = Path(path + ".half")
    half.write_text(json.dumps(value), encoding="utf-8")
    half.rename(path)


def environment(home: str) -> dict[str, str]:
    """The person's environment, but with byte code kept, and without settings of theirs."""
    inherited = {name: os.environ[name] for name in ("PATH", "LANG", "PYTHONPATH", "VIRTUAL_ENV") if name in os.environ}
    return inherited | {"HOME": home, "TERM": "xterm-256color", "COLORTERM": "truecolor", "TZ": "UTC"}

"""Runs the program many times, each in a process of its own that is forked from one that has loaded everything.

A run has an environment, an encoding and streams of its own, and ends as a process does: with what the interpreter
does at its end, and an exit code. As a module this is the process that forks; `Forks` talks to it.
"""

from __future__ import annotations

import gc
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, NoReturn

PATIENCE = 60.0
"""Seconds after which a run is taken to hang."""
LOADED = (
    "gumnut_tui.cli.main", "gumnut_tui.cli.runtime", "gumnut_tui.api.client", "gumnut_tui.journal.journal",
    "gumnut_tui.report.build", "gumnut_tui.domain.errors",
)  # fmt: skip
"""What is loaded before the first fork, beside every command."""


@dataclass(frozen=True)
class Run:
    """What is run, and in what surroundings; a stream is `open`, `closed`, `full`, or `gone` as a pipe may be."""

    arguments: tuple[str, ...]
    environ: Mapping[str, str] = field(default_factory=dict)
    stdin: str = "open"
    stdout: str = "open"
    stderr: str = "open"
    encoding: str = "utf-8"


@dataclass(frozen=True)
class Ended:
    """How a run ended; `hung` ones were killed."""

    code: int
    out: str
    err: str
    hung: bool


class Forks:
    """The process that forks."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        self._process = process
        self._folder = folder

    def run(self, run: Run) -> Ended:
        """Run once."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        told = {**asdict(run), "out": str(self._folder / "out"), "err": str(self._folder / "err")}
        self._process.stdin.write(json.dumps(told).encode() + b"\n")
        self._process.stdin.flush()
        code, hung = json.loads(self._process.stdout.readline())
        out, err = ((self._folder / name).read_bytes().decode(run.encoding, "replace") for name in ("out", "err"))
        return Ended(code, out, err, hung)


@contextmanager
def forking(folder: Path) -> Iterator[Forks]:
    """A process that has loaded everything and forks while the block runs."""
    command = [sys.executable, "-m", "tests.cli.forks"]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield Forks(process, folder)
        assert process.stdin is not None
        process.stdin.close()


def _serve() -> dict[str, Any] | None:
    """Fork for each line; returns in the child, with what it is to be, and None at the end of lines."""
    commands = import_module("gumnut_tui.cli.commands")
    for name in (*LOADED, *(f"{commands.__name__}.{module.name}" for module in iter_modules(commands.__path__))):
        import_module(name)
    gc.collect()
    gc.freeze()
    for line in sys.stdin.buffer:
        told: dict[str, Any] = json.loads(line)
        pid = os.fork()
        if pid == 0:
            return told
        sys.stdout.buffer.write(json.dumps(_wait(pid)).encode() + b"\n")
        sys.stdout.buffer.flush()
    return None


def _wait(pid: int) -> tuple[int, bool]:
    deadline = time.monotonic() + PATIENCE
    is_late = False
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status), is_late
        if time.monotonic() > deadline:
            is_late = True
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.002)


def _become(told: dict[str, Any]) -> NoReturn:
    """Be the program in the surroundings told, as if it had been started in them."""
    os.environ.clear()
    os.environ.update(told["environ"])
    for path in (told["out"], told["err"]):
        Path(path).write_bytes(b"")
    _put(0, told["stdin"], os.devnull, os.O_RDONLY)
    _put(1, told["stdout"], told["out"], os.O_WRONLY)
    _put(2, told["stderr"], told["err"], os.O_WRONLY)
    encoding = told["encoding"]
    sys.stdin = sys.__stdin__ = _stream(0, "r", encoding, "strict")  # type: ignore[misc]
    sys.stdout = sys.__stdout__ = _stream(1, "w", encoding, "strict")  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = _stream(2, "w", encoding, "backslashreplace")  # type: ignore[misc]
    sys.argv = ["gumnut-tui", *told["arguments"]]
    from gumnut_tui.__main__ import main

    main()
    raise AssertionError("it ends with an exit code")


def _put(descriptor: int, state: str, path: str, flags: int) -> None:
    if state == "closed":
        os.close(descriptor)
        return
    if state == "gone":
        reader, opened = os.pipe()
        os.close(reader)
    else:
        opened = os.open("/dev/full" if state == "full" else path, flags)
    os.dup2(opened, descriptor)
    os.close(opened)


def _stream(descriptor: int, mode: str, encoding: str, errors: str) -> io.TextIOWrapper | None:
    try:
        os.fstat(descriptor)
    except OSError:
        return None
    return open(descriptor, mode, encoding=encoding, errors=errors, closefd=False)  # type: ignore[return-value]


if __name__ == "__main__":
    wanted = _serve()
    if wanted is not None:
        _become(wanted)

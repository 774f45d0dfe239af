"""How commands end: by a signal, or because their terminal is gone; and what stands in for closed streams."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import pytest

from gumnut_tui.cli.exit_codes import Exit, Signals
from tests.app.terminal import Terminal, running
from tests.cli.harness import FAMILY

FOLLOWING = {
    "events --follow": ("events", "--demo", "--follow", "--since", "1h", "--library", FAMILY, "--format", "jsonl"),
    "watch": ("watch", "--demo", "--library", FAMILY, "--fail-on", "deleted>100000/1h"),
    "demo serve": ("demo", "serve", "--port", "0", "--events", "300"),
}
ENDS = [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130), (signal.SIGUSR1, 138)]


def begun(terminal: Terminal) -> bool:
    """Whether the command is at work."""
    return any(words in terminal.text for words in ("cursor", "checked", "http://"))


HANGING_UP = [(command, ()) for command in FOLLOWING] + [("events --follow", (signal.SIGHUP,))]


@pytest.mark.parametrize(("command", "ignored"), HANGING_UP, ids=[*FOLLOWING, "SIGHUP ignored"])
def test_what_follows_ends_with_its_terminal(tmp_path: Path, command: str, ignored: tuple[signal.Signals, ...]) -> None:
    """It does not go on asking for ever for nobody, also where SIGHUP is ignored."""
    with running(Terminal(tmp_path, *FOLLOWING[command], ignored=ignored)) as terminal:
        terminal.wait_until(lambda: begun(terminal))
        terminal.hang_up()
        assert terminal.leave(within=3.0) == 129


ENDED = [("events --follow", *end) for end in ENDS] + [(command, signal.SIGTERM, 143) for command in FOLLOWING][1:]


@pytest.mark.parametrize(("command", "number", "code"), ENDED, ids=lambda value: str(value))
def test_a_signal_ends_a_command_with_a_code_of_its_own(
    tmp_path: Path, command: str, number: signal.Signals, code: int
) -> None:
    """Quietly, as ctrl+c does."""
    with running(Terminal(tmp_path, *FOLLOWING[command])) as terminal:
        terminal.wait_until(lambda: begun(terminal))
        os.kill(terminal.pid, number)
        assert terminal.leave() == code
        assert b"Traceback" not in terminal.sent
        assert b"wrong" not in terminal.sent


def test_what_nohup_ignores_is_ignored(tmp_path: Path) -> None:
    """A command that was to live on without its terminal's signal does, while the terminal is there."""
    with running(Terminal(tmp_path, *FOLLOWING["watch"], ignored=(signal.SIGHUP,))) as terminal:
        terminal.wait_until(lambda: begun(terminal))
        os.kill(terminal.pid, signal.SIGHUP)
        terminal.pause(0.5)
        os.kill(terminal.pid, signal.SIGTERM)
        assert terminal.leave() == 143


def test_a_lost_terminal_is_known_after_its_stream_was_pointed_elsewhere() -> None:
    """What could not be written made the command let go of standard output before anyone asked why."""
    master, ours = os.openpty()
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signals = Signals()
    signals.watch_terminal(ours)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, ours)
    os.close(nowhere)
    os.close(master)
    try:
        for thread in threading.enumerate():
            if thread.name == "terminal-watch":  # its signal is not to come after this test
                thread.join()
        assert signals.code(Exit.FAILED) == Exit.HUNG_UP
    finally:
        os.close(ours)
        signal.signal(signal.SIGTERM, before)

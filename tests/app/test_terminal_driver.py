"""The screen in a terminal that ends it, goes away, types anything, or stops and continues it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.app.terminal import PROGRAM, Terminal, running
from tests.cli.harness import FAMILY
from tests.clock import SHIFTED
from tests.demo.servers import running as serving
from tests.demo.worlds import make_world

SMALL = (80, 24)
FAILING = {"TEXTUAL_DRIVER": "tests.app.failing_driver:FailingDriver"}
ROOT = Path(__file__).parents[2]


@contextmanager
def demo(home: Path, *arguments: str, **changes: object) -> Iterator[Terminal]:
    """The demo library on the screen, read and live."""
    with running(Terminal(home, "--demo", *arguments, size=SMALL, **changes)) as terminal:  # type: ignore[arg-type]
        terminal.wait_until(lambda: "LIVE" in terminal.text)
        yield terminal


def answers(terminal: Terminal) -> None:
    """The screen is there, and obeys keys."""
    # By its title: a notice may lie over its last line.
    terminal.press("?")
    terminal.wait_until(lambda: "─ Keys ─" in terminal.text)
    terminal.press("\x1b")
    terminal.wait_until(lambda: "─ Keys ─" not in terminal.text)


def stays(terminal: Terminal) -> None:
    """The screen is there, and obeys keys until it is left."""
    answers(terminal)
    terminal.press("q")
    assert terminal.leave() == 0


ENDS = [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130), (signal.SIGUSR1, 138), (signal.SIGALRM, 142)]


@pytest.mark.parametrize(("number", "code"), ENDS, ids=lambda value: str(value))
def test_a_signal_leaves_the_terminal_as_it_was(tmp_path: Path, number: signal.Signals, code: int) -> None:
    """No mode stays on, nothing is said, and the exit code is 128 and the signal's number."""
    with demo(tmp_path) as terminal:
        assert terminal.modes
        os.kill(terminal.pid, number)
        assert terminal.leave() == code
        assert terminal.modes == set()
        assert terminal.mode == terminal.before
        assert b"Traceback" not in terminal.sent
        assert b"wrong" not in terminal.sent


def test_a_signal_closes_the_journal(tmp_path: Path) -> None:
    """The lock is given back and the file is sound, so that the next run just goes on."""
    journal = tmp_path / "journal.db"
    lock = journal.with_name("journal.db.lock")
    with serving(make_world(events=2_000, days=20)) as address:
        service = {"GUMNUT_BASE_URL": address.base_url, "GUMNUT_API_KEY": address.key, "GUMNUT_TUI_LIBRARY": FAMILY}
        environ = {
            **SHIFTED,
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "PYTHONPATH": str(ROOT),
            "TZ": "UTC",
            **service,
        }
        told = [*PROGRAM, "sync", "--journal", str(journal)]
        subprocess.run(told, env=environ, check=True, capture_output=True)
        with running(Terminal(tmp_path, "--journal", str(journal), size=SMALL, variables=service)) as terminal:
            terminal.wait_until(lambda: "LIVE" in terminal.text and f'"pid":{terminal.pid}' in lock.read_text())
            os.kill(terminal.pid, signal.SIGTERM)
            assert terminal.leave() == 143
            assert lock.read_text() == ""
    told = [*PROGRAM, "journal", "verify", "--journal", str(journal)]
    verified = subprocess.run(told, env=environ, capture_output=True, check=False)
    assert (verified.returncode, verified.stdout) == (0, b"")


@pytest.mark.parametrize("ignored", [(), (signal.SIGHUP,)], ids=["SIGHUP", "SIGHUP ignored"])
def test_a_terminal_that_is_gone_ends_the_screen(tmp_path: Path, ignored: tuple[signal.Signals, ...]) -> None:
    """Nobody can see or type anything any more; it does not go on for nobody."""
    with demo(tmp_path, ignored=ignored) as terminal:
        terminal.hang_up()
        assert terminal.leave(within=3.0) == 129


def test_a_terminal_that_takes_nothing_is_put_back_all_the_same(tmp_path: Path) -> None:
    """A signal ends the program even while it waits for a terminal that does not read."""
    with demo(tmp_path) as terminal:
        terminal.stuff(b"?\x1b" * 40)
        os.kill(terminal.pid, signal.SIGTERM)
        terminal.is_deaf = True
        assert terminal.leave() == 143
        assert terminal.modes == set()
        assert terminal.mode == terminal.before


WILD = random.Random(7)
TYPED: dict[str, bytes] = {
    "no UTF-8": b"\xe9a",
    "stray": b"\xe9",
    "alt and j in eight bits": b"\xea",
    "click beyond column 95": b"\x1b[M \x85*\x1b[M#\x85*",
    "click in urxvt's form": b"\x1b[32;100;12M\x1b[35;100;12M",
    "truncated": b"\x1b[",
    "truncated click": b"\x1b[M ",
    "truncated UTF-8": b"\xf0\x9f",
    "no such character": b"\x1b[9999999999;1u",
    "two numbers for a key": b"\x1b[97:65;1:3u",
    "size of nothing": b"\x1b[48;0;0;0;0t\x1b[<0;5;5M",
    "far away": b"\x1b[<0;99999;99999M\x1b[<0;99999;99999m",
    "pasted binary": b"\x1b[200~" + WILD.randbytes(1 << 20).replace(b"\x1b[201~", b"") + b"\x1b[201~",
    "pasted keys": b"\x1b[200~qqq\x1b[31m" + b"q" * 100 + b"\x03\x11\x1b[201~",
    "pasted binary, unmarked": WILD.randbytes(1 << 16),
    "pasted words, unmarked": b"to be quite quiet\n" * 100,
}


def test_whatever_is_typed_the_screen_stays(tmp_path: Path) -> None:
    """What is no key is left out, what was pasted is text: neither ends the screen nor is taken for a command."""
    with demo(tmp_path) as terminal:
        for name, typed in TYPED.items():
            terminal.type(typed)
            terminal.pause(0.3)
            assert not terminal.has_ended, name
            answers(terminal)
        terminal.press("q")
        assert terminal.leave() == 0


def test_a_fault_while_reading_keys_never_ends_with_0(tmp_path: Path) -> None:
    """It is told in words, without a traceback, and the terminal is as it was."""
    with running(Terminal(tmp_path, "--demo", variables=FAILING)) as terminal:
        terminal.wait_until(lambda: terminal.modes)
        terminal.press("?")
        assert terminal.leave() == 1
        assert b"something went wrong (LookupError in terminal_driver.py:" in terminal.sent
        assert b"Traceback" not in terminal.sent
        assert terminal.modes == set()


@pytest.mark.parametrize(("encoding", "line"), [("latin-1", b"-"), ("ascii", b"-"), ("cp437", b"\xc4")])
def test_the_screen_in_a_terminal_without_our_signs(tmp_path: Path, encoding: str, line: bytes) -> None:
    """Lines and signs the encoding lacks are drawn with those it has, cell by cell."""
    with running(Terminal(tmp_path, "--demo", variables={"PYTHONIOENCODING": encoding})) as terminal:
        terminal.wait_until(lambda: b"LIVE" in terminal.sent)
        assert line * 10 in terminal.sent
        assert "─".encode() not in terminal.sent
        assert encoding != "ascii" or terminal.sent.isascii()
        terminal.press("q")
        assert terminal.leave() == 0


def stop_reported(terminal: Terminal) -> bool:
    """Whether the program, a child of ours, has stopped."""
    pid, status = os.waitpid(terminal.pid, os.WUNTRACED | os.WNOHANG)
    return bool(pid) and os.WIFSTOPPED(status)


@pytest.mark.parametrize("number", [signal.SIGTSTP, signal.SIGSTOP], ids=lambda number: number.name)
def test_a_program_that_was_stopped_comes_back_whole(tmp_path: Path, number: signal.Signals) -> None:
    """After SIGTSTP the terminal is the shell's; whatever the stop, the screen is drawn anew when it continues."""
    with demo(tmp_path) as terminal:
        os.kill(terminal.pid, number)
        terminal.wait_until(lambda: stop_reported(terminal))
        if number == signal.SIGTSTP:
            terminal.wait_until(lambda: not terminal.modes)
            assert terminal.mode == terminal.before
        terminal.screen.reset()
        os.kill(terminal.pid, signal.SIGCONT)
        terminal.wait_until(lambda: terminal.modes and "LIVE" in terminal.text)
        stays(terminal)
        assert terminal.modes == set()
        assert terminal.mode == terminal.before


def test_without_a_shell_nothing_is_suspended(tmp_path: Path) -> None:
    """A window whose only program this is could never bring it back."""
    with demo(tmp_path) as terminal:
        terminal.press("\x1a")
        terminal.wait_until(lambda: "Not suspended" in terminal.text)
        stays(terminal)


def at_prompt(terminal: Terminal) -> None:
    """Wait for the shell: what is typed before it reads again may be thrown away with what the screen left unread."""
    terminal.wait_until(lambda: "1049" not in terminal.modes and terminal.sent.endswith(b"$ "))


@pytest.mark.skipif(not Path("/bin/bash").exists(), reason="needs a shell with job control")
def test_ctrl_z_and_fg(tmp_path: Path) -> None:
    """The shell is there after ctrl+z, as often as one likes; fg brings the screen back, at once after bg or later."""
    shell = ("/bin/bash", "--norc", "--noprofile", "-i")
    with running(Terminal(tmp_path, program=shell, size=SMALL, variables={"PS1": "$ "})) as terminal:
        terminal.press(f"bind 'set enable-bracketed-paste off'; {sys.executable} -m gumnut_tui --demo\n")
        terminal.wait_until(lambda: "LIVE" in terminal.text)
        for way in ("fg", "fg", "bg; fg", "bg; until jobs -s | grep -q .; do sleep .1; done; fg"):
            terminal.press("\x1a")
            at_prompt(terminal)
            terminal.screen.reset()
            terminal.press("echo $((6 * 7))\n")
            terminal.wait_until(lambda: "42" in terminal.text)
            terminal.screen.reset()
            terminal.press(f"{way}\n")
            terminal.wait_until(lambda: "1049" in terminal.modes and "LIVE" in terminal.text)
            terminal.press("?")
            terminal.wait_until(lambda: "esc close" in terminal.text)
            terminal.press("\x1b")
            terminal.wait_until(lambda: "esc close" not in terminal.text)
        terminal.screen.reset()
        terminal.press("q")
        # A program that leaves drops what was typed ahead: the shell's prompt says that it has gone.
        terminal.wait_until(lambda: "1049" not in terminal.modes and "$ " in terminal.text)
        terminal.press("echo left with $?\n")
        terminal.wait_until(lambda: "left with 0" in terminal.text)
        terminal.press("exit\n")
        terminal.leave()

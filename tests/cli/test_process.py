"""The program as a process: pipes, signals, and what it loads."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import termios
import time
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest

from tests.cli.harness import FAMILY
from tests.clock import SHIFTED
from tests.demo.servers import running
from tests.demo.worlds import make_world

ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-m", "gumnut_tui")


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """An environment in which the demo library is served over HTTP and nothing else is configured."""
    world = make_world(events=30_000, days=20)
    with running(world) as address:
        home = str(tmp_path_factory.mktemp("home"))
        yield {
            **SHIFTED,
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PYTHONIOENCODING": "utf-8",
            "HOME": home,
            "XDG_CONFIG_HOME": home,
            "GUMNUT_BASE_URL": address.base_url,
            "GUMNUT_API_KEY": "demo",
            "GUMNUT_TUI_LIBRARY": FAMILY,
        }


def start(environ: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*PROGRAM, *arguments], env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )


@pytest.mark.parametrize("order", ["oldest", "newest"])
def test_a_reader_that_goes_away_ends_the_program_quietly(environ: dict[str, str], order: str) -> None:
    """As with `| head -5`: rows come before the feed was read to its end, and the rest is not read."""
    with start(environ, "events", "--since", "all", "--order", order) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        rows = [json.loads(process.stdout.readline()) for _ in range(5)]
        process.stdout.close()
        assert process.wait(timeout=30) == 0
        assert process.stderr.read() == ""
    assert len({row["cursor"] for row in rows}) == 5


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_full_disk_is_said_in_plain_words(environ: dict[str, str]) -> None:
    """What went wrong and what to look at; no traceback, not even when the interpreter ends."""
    with open("/dev/full", "wb") as full:
        ran = subprocess.run(
            [*PROGRAM, "events", "--since", "all"],
            env=environ,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    first, second = ran.stderr.splitlines()
    assert "the output cannot be written: No space left on device" in first
    assert "Free some space" in second
    assert ran.returncode == 1


def test_ctrl_c_ends_following_with_130(environ: dict[str, str]) -> None:
    """An interrupt leaves whole lines behind, no traceback, and its own exit code."""
    with start(environ, "events", "--follow", "--since", "all", "--types", "stack") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        rest = process.stdout.readlines()
        assert process.wait(timeout=30) == 130
        assert process.stderr.read().strip() == ""
    assert all(json.loads(line)["cursor"] for line in [first, *rest])


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("arguments", [("--format", "json"), ("--follow",)])
def test_a_reader_that_takes_nothing_keeps_no_interrupted_program(
    environ: dict[str, str], number: signal.Signals, code: int, arguments: tuple[str, ...]
) -> None:
    """As `| less` that nobody scrolls: writing waits for it, and the signal alone would only be noted."""
    with start(environ, "events", "--since", "all", *arguments) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        wait_until(lambda: unread(process.stdout) >= 40_000)
        process.send_signal(number)
        assert process.wait(timeout=30) == code
        assert process.stderr.read().strip() == ""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_key_command_that_waits_is_ended(
    environ: dict[str, str], number: signal.Signals, code: int, tmp_path: Path
) -> None:
    """As one that asks for a password; nothing of it is left."""
    asks = f"sh -c 'echo $$ > {tmp_path}/pid; exec sleep 100'"
    with start({**environ, "GUMNUT_API_KEY": "", "GUMNUT_TUI_KEY_COMMAND": asks}, "events") as process:
        wait_until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text().strip())
        process.send_signal(number)
        assert process.wait(timeout=30) == code
        wait_until(lambda: not is_there(int((tmp_path / "pid").read_text())))


def is_there(pid: int) -> bool:
    """Whether there is a process of that number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def unread(stream: IO[str] | None) -> int:
    """Bytes that wait in a pipe."""
    waiting = array("i", [0])
    fcntl.ioctl(stream.fileno() if stream else -1, termios.FIONREAD, waiting)
    return waiting[0]


def wait_until(holds: Callable[[], object]) -> None:
    """Wait for a fact."""
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_served_demo_announces_its_address_and_ends_with_ctrl_c(environ: dict[str, str]) -> None:
    """The address is printed once it answers, so that a script can read it."""
    with start(environ, "demo", "serve", "--port", "0", "--events", "300") as server:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        ran = subprocess.run(
            [*PROGRAM, "libraries"],
            env={**environ, "GUMNUT_BASE_URL": url},
            capture_output=True,
            timeout=30,
            check=True,
        )
        assert ran.stdout.count(b"\n") >= 2
        server.send_signal(signal.SIGINT)
        _, err = server.communicate(timeout=30)
    assert server.returncode == 130
    assert "Traceback" not in err


def test_what_is_printed_in_a_plain_locale(environ: dict[str, str]) -> None:
    """A terminal encoding without our glyphs gets question marks, not a crash; JSON stays UTF-8."""
    plain = {**environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    table = subprocess.run(
        [*PROGRAM, "events", "--since", "all", "--format", "table", "--limit", "5"],
        env=plain,
        capture_output=True,
        timeout=30,
        check=True,
    )
    assert table.stdout.isascii()
    assert len(table.stdout.splitlines()) == 6


LOADED = """
import json, sys
from msgspec.structs import replace
from gumnut_tui.cli.main import run
from gumnut_tui.cli.runtime import Runtime
code = run(sys.argv[1:], replace(Runtime.real(), has_terminal=True, screen=lambda options: 0))
print(json.dumps([code, sorted(sys.modules)]))
"""


@pytest.mark.parametrize("arguments", [[], ["--demo", "--since", "7d", "--ops", "deleted"]])
def test_the_screen_opens_without_loading_what_it_does_not_need_yet(
    environ: dict[str, str], arguments: list[str]
) -> None:
    """Neither network nor demo code nor any command is loaded before the first paint."""
    ran = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments], env=environ, capture_output=True, timeout=30, check=True
    )
    code, modules = json.loads(ran.stdout)
    assert code == 0
    heavy = {"httpx", "starlette", "uvicorn", "rich", "tomllib", "textual", "sqlite3", "PIL", "keyring"}
    ours = {
        "gumnut_tui.demo",
        "gumnut_tui.api",
        "gumnut_tui.feed",
        "gumnut_tui.cli.commands.events",
        "gumnut_tui.cli.commands.doctor",
    }
    assert sorted((heavy | ours) & set(modules)) == []


LOADING = """
import sys
class Interrupting:
    def find_spec(self, name, *rest):
        if name == sys.argv[1]:
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupting())
from gumnut_tui.__main__ import main
main()
"""


@pytest.mark.parametrize("module", ["gumnut_tui.cli.exit_codes", "gumnut_tui.cli.main", "gumnut_tui.domain.errors"])
def test_ctrl_c_while_modules_load_is_no_traceback(environ: dict[str, str], module: str) -> None:
    """Whoever types a wrong command stops it at once."""
    ran = subprocess.run(
        [sys.executable, "-c", LOADING, module], env=environ, capture_output=True, timeout=30, check=False
    )
    assert (ran.returncode, ran.stderr) == (130, b"")


def test_shell_completion_comes_with_the_program(environ: dict[str, str]) -> None:
    """The shell's completion lists commands and options."""
    asked = {**environ, "_GUMNUT_TUI_COMPLETE": "bash_complete", "COMP_WORDS": "gumnut-tui ev", "COMP_CWORD": "1"}
    ran = subprocess.run(PROGRAM, env=asked, capture_output=True, text=True, timeout=30, check=True)
    assert ran.stdout.strip() == "plain,events"

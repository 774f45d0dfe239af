"""The table of trust: environment by command by state of the streams, and answer of the server by command.

Whatever meets, the exit code is one of those documented, and what is expected of the two; there is no traceback and no
fault, no secret in anything written, and an end. GUMNUT_TEST_COMBINATIONS=all runs them all instead of a cut through.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest

from gumnut_tui.cli.exit_codes import Exit
from tests.cli.forks import Ended, Forks, Run, forking
from tests.cli.harness import FAMILY, Ran, Ticking, gumnut, runtime
from tests.cli.odd_server import ANSWERS, odd_server
from tests.clock import SHIFTED
from tests.demo.servers import running
from tests.demo.worlds import still_world

ALL = os.environ.get("GUMNUT_TEST_COMBINATIONS") == "all"
SECRET = "apikey_7Kq2mXzVbN4tRwYcHd9pLe"
PASSWORD = "pr0xy-passw0rd"


def faults(ran: Ended | Ran) -> list[str]:
    """What must never be in anything written."""
    written = ran.out + ran.err
    return [words for words in ("Traceback", "something went wrong", SECRET[7:], PASSWORD) if words in written]


# Environment by command by state of the streams


@dataclass(frozen=True)
class Command:
    """A command, and the exit code of a run where nothing is odd."""

    arguments: tuple[str, ...]
    code: Exit = Exit.DONE
    environ: Mapping[str, str] | None = None


NOBODY = {"GUMNUT_BASE_URL": "http://127.0.0.1:9"}
FAR = {"GUMNUT_BASE_URL": "https://gumnut.invalid", "GUMNUT_API_KEY": SECRET}
SOCKS = f"socks://user:{PASSWORD}@127.0.0.1:1"
COMMANDS: Mapping[str, Command] = {
    "--help": Command(("--help",)),
    "events --help": Command(("events", "--help")),
    "journal --help": Command(("journal", "--help")),
    "--version": Command(("--version",)),
    "screen": Command((), Exit.USAGE),
    "no such option": Command(("events", "--nonsense"), Exit.USAGE),
    "no such command": Command(("evens",), Exit.USAGE),
    "no such time": Command(("events", "--since", "yesterday’s"), Exit.USAGE),
    "events": Command(("events", "--since", "all", "--limit", "3")),
    "events table": Command(("events", "--since", "all", "--limit", "3", "--format", "table")),
    "events csv": Command(("events", "--since", "all", "--order", "newest", "--limit", "3", "--format", "csv")),
    "libraries": Command(("libraries",)),
    "doctor": Command(("doctor",)),
    "config show": Command(("config", "show")),
    "config path": Command(("config", "path")),
    "deletions": Command(("deletions", "--since", "all")),
    "diff": Command(("diff", "--from", "1d"), Exit.USAGE),
    "entity": Command(("entity", "asset_nosuch"), Exit.FAILED),
    "sync": Command(("sync", "--since", "1h", "--no-snapshots")),
    "watch": Command(("watch", "--once", "--since", "1h", "--fail-on", "deleted>100000/1h")),
    "journal info": Command(("journal", "info"), Exit.USAGE),
    "no key": Command(("libraries",), Exit.KEY, {"GUMNUT_API_KEY": ""}),
    "nobody there": Command(("doctor",), Exit.NETWORK, NOBODY),
    "no certificates": Command(("events",), Exit.USAGE, {**FAR, "SSL_CERT_FILE": "/nonexistent/ca.pem"}),
    "no such proxy": Command(("watch", "--fail-on", "deleted>1/1h"), Exit.USAGE, {**FAR, "ALL_PROXY": SOCKS}),
    "no such header": Command(("doctor",), Exit.USAGE, {"GUMNUT_CUSTOM_HEADERS": "X-Team: Caf\u00e9"}),
}
ENCODINGS = ("utf-8", "latin-1", "koi8-r", "cp437", "cp850", "ascii")
ENVIRONMENTS: Mapping[str, Mapping[str, str]] = {
    "plain": {},
    "no colour": {"NO_COLOR": "1", "TERM": "dumb"},
    "no terminal type": {"TERM": "", "COLUMNS": "0", "LINES": "junk"},
    "C": {"LC_ALL": "C", "LANG": ""},
    "no such locale": {"LC_ALL": "xx_YY.ISO-8859-1"},
    "traceback": {"GUMNUT_TUI_TRACEBACK": "1"},
    "zone": {"TZ": "CET-1CEST,M3.5.0,M10.5.0/3"},
    "no home": {"HOME": "/nonexistent"},
}
OUTPUTS = ("open", "closed", "full", "gone")
STREAMS = tuple(product(("open", "closed"), OUTPUTS, OUTPUTS))


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The demo library over HTTP, configured."""
    home = str(tmp_path_factory.mktemp("home"))
    with running(still_world()) as address:
        yield {
            **SHIFTED,
            "PATH": os.environ["PATH"],
            "HOME": home,
            "XDG_CONFIG_HOME": home,
            "GUMNUT_BASE_URL": address.base_url,
            "GUMNUT_API_KEY": "demo",
            "GUMNUT_TUI_LIBRARY": FAMILY,
        }


@pytest.fixture(scope="module")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    """A process to fork from."""
    with forking(tmp_path_factory.mktemp("forks")) as process:
        yield process


def surroundings(number: int) -> list[tuple[tuple[str, str, str], str, str]]:
    """Streams, encoding and environment for a command: each pair of them.

    Or a cut through: every state of input and output with one of errors, so that all states meet some commands.
    """
    names = [*ENVIRONMENTS]
    if ALL:
        by_encoding = enumerate(product(STREAMS, ENCODINGS))
        by_environment = enumerate(product(ENCODINGS, names))
        return [(streams, encoding, names[at % len(names)]) for at, (streams, encoding) in by_encoding] + [
            (STREAMS[at % len(STREAMS)], encoding, around) for at, (encoding, around) in by_environment
        ]
    return [
        (streams, ENCODINGS[(at + number) % len(ENCODINGS)], names[(at + number) % len(names)])
        for at, streams in enumerate(STREAMS)
        if (at + at // len(OUTPUTS) + number) % len(OUTPUTS) == 0
    ]


def expected(code: Exit, has_output: bool, stdout: str) -> Exit:
    """The exit code: output that cannot be written is a failure, a reader that went away is none."""
    if not has_output or stdout == "open":
        return code
    return Exit.DONE if stdout == "gone" else Exit.FAILED


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_in_every_environment(name: str, service: dict[str, str], forks: Forks, tmp_path: Path) -> None:
    """Streams may be closed, full or gone, the locale and the terminal what they like."""
    command = COMMANDS[name]
    environ = {**service, "XDG_DATA_HOME": str(tmp_path), **(command.environ or {})}
    plain = forks.run(Run(command.arguments, environ))
    assert (plain.code, faults(plain)) == (command.code, []), plain
    found = {}
    for streams, encoding, around in surroundings([*COMMANDS].index(name)):
        run = Run(command.arguments, {**environ, **ENVIRONMENTS[around]}, *streams, encoding)
        ended = forks.run(run)
        wanted = expected(command.code, bool(plain.out), run.stdout)
        if ended.hung or ended.code != wanted or faults(ended):
            found[(streams, encoding, around)] = (wanted, ended)
    assert found == {}


SAMPLES: Sequence[tuple[str, str]] = (
    (">&-", "--help"), ("2>&-", "config show"), (">/dev/full", "--version"), ("2>/dev/full", "--nonsense"),
    (">&- 2>&- <&-", "config show"), ("<&-", "config show"),
)  # fmt: skip


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a shell and a disk that is always full")
@pytest.mark.parametrize(("streams", "arguments"), SAMPLES)
def test_forked_runs_are_as_real_ones(
    streams: str, arguments: str, service: dict[str, str], forks: Forks, tmp_path: Path
) -> None:
    """A process that is started by a shell with its streams ends with the same code and the same words."""
    shell = f"exec {sys.executable} -m gumnut_tui {arguments} >{tmp_path}/out 2>{tmp_path}/err {streams}"
    environ = {**service, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONIOENCODING": "utf-8"}
    code = subprocess.run(["/bin/sh", "-c", shell], env=environ, check=False, timeout=60).returncode
    states = {">&-": ("stdout", "closed"), "2>&-": ("stderr", "closed"), "<&-": ("stdin", "closed")}
    states |= {">/dev/full": ("stdout", "full"), "2>/dev/full": ("stderr", "full")}
    ended = forks.run(Run(tuple(arguments.split()), service, **dict(states[one] for one in streams.split())))
    assert (ended.code, ended.out, ended.err) == (
        code, (tmp_path / "out").read_text(), (tmp_path / "err").read_text(),
    )  # fmt: skip


# Answer of the server by command

ASKING: Mapping[str, tuple[str, ...]] = {
    "events": ("events",),
    "newest": ("events", "--order", "newest", "--limit", "3", "--format", "csv"),
    "follow": ("events", "--follow", "--since", "now"),
    "doctor": ("doctor",),
    "libraries": ("libraries",),
    "entity": ("entity", "asset_1"),
    "deletions": ("deletions",),
    "sync": ("sync",),
    "watch": ("watch", "--fail-on", "deleted>5/1h"),
    "watch once": ("watch", "--once", "--fail-on", "deleted>5/1h"),
}
GOES_ON = ("follow", "watch")
"""What waits for better times ends with ctrl+c."""
PAUSES = 60
"""Pauses until somebody presses ctrl+c: longer than the minute for which trouble at the start is waited out."""
BY_NAME = ("events", "newest", "entity", "deletions", "sync", "watch once")
"""They need the list of libraries to find one by its name, and do not wait for it."""
BROKEN = {
    "half json", "no gzip", "closes", "garbage", "no status", "HTTP/0.9", "half head", "half body", "half chunk",
    "odd length", "header of spaces", "header without end", "100 only", "101",
}  # fmt: skip
"""No answer came, or none that is whole."""
FED = {"libraries": Exit.DONE, "entity": Exit.FAILED, "watch once": Exit.RULE_MET} | dict.fromkeys(
    GOES_ON, Exit.INTERRUPTED
)
"""How commands end when the feed can be read, whatever one of its events is; others are done."""
SPECIAL = {
    ("list", "libraries"): Exit.DONE,
    ("list", "doctor"): Exit.FAILED,
    ("list", "sync"): Exit.FAILED,
    ("feed: html", "libraries"): Exit.DONE,
    ("feed: html", "doctor"): Exit.FAILED,
    ("feed: all the same", "watch once"): Exit.DONE,
}


def code_of(answer: str, command: str) -> Exit:
    """The exit code an answer leads to."""
    if (answer, command) in SPECIAL:
        return SPECIAL[answer, command]
    if answer in ("401", "echo 401"):
        return Exit.KEY
    if answer == "list" or (answer == "403" and command in BY_NAME):
        return Exit.USAGE
    if answer in BROKEN:
        return Exit.NETWORK
    if answer.startswith("feed: ") and answer != "feed: html":
        return FED.get(command, Exit.DONE)
    return Exit.FAILED


@pytest.fixture(scope="module")
def odd() -> Iterator[str]:
    """Where the odd server listens."""
    with running(still_world()) as beside, odd_server(beside.base_url) as url:
        yield url


def asked(answer: str) -> list[str]:
    """The commands an answer is tried on: all, or three in turns."""
    names = [*ASKING]
    first = [*ANSWERS].index(answer)
    return names if ALL else [names[(first * 3 + more) % len(names)] for more in range(3)]


@pytest.mark.parametrize("answer", ANSWERS)
def test_every_command_with_every_answer(answer: str, odd: str, tmp_path: Path) -> None:
    """An answer is refused, waited for or read, in words; the key it may echo is not in them."""
    found = {}
    for command in asked(answer):
        environ = {
            "GUMNUT_BASE_URL": odd,
            "GUMNUT_API_KEY": SECRET,
            "GUMNUT_CUSTOM_HEADERS": f"X-Answer: {answer}",
            "GUMNUT_TUI_LIBRARY": FAMILY,
        }
        around = runtime(environ, sleep=Ticking(PAUSES).sleep, journal_folder=lambda: tmp_path)
        ran = gumnut(around, *ASKING[command])
        if ran.code != code_of(answer, command) or faults(ran):
            found[command] = (code_of(answer, command), ran.code, faults(ran), ran.err)
    assert found == {}


# Fault of the environment by command

SHUT = "/nonexistent/x"
FAULTS: Mapping[str, Mapping[str, str]] = {
    "SSL_CERT_FILE": {"SSL_CERT_FILE": SHUT},
    "SSL_CERT_DIR": {"SSL_CERT_DIR": SHUT},
    "SSLKEYLOGFILE": {"SSLKEYLOGFILE": SHUT},
    "ALL_PROXY": {"ALL_PROXY": SOCKS},
    "HTTPS_PROXY": {"HTTPS_PROXY": f"http://user:{PASSWORD}@proxy:99999"},
    "https_proxy": {"https_proxy": f"ftp://user:{PASSWORD}@proxy"},
    "NO_PROXY": {"NO_PROXY": "fd00::/8, 10.0.0.0/99", "ALL_PROXY": f"http://user:{PASSWORD}@127.0.0.1:9"},
    "GUMNUT_CUSTOM_HEADERS": {"GUMNUT_CUSTOM_HEADERS": f"X-Team: Caf\u00e9 {PASSWORD}"},
    "GUMNUT_API_KEY": {"GUMNUT_API_KEY": f"{SECRET}\u00e9"},
    "GUMNUT_TUI_POLL_INTERVAL": {"GUMNUT_TUI_POLL_INTERVAL": "nan"},
    "GUMNUT_TUI_RETENTION": {"GUMNUT_TUI_RETENTION": "-1"},
    "the base URL": {"GUMNUT_BASE_URL": f"https://user:{PASSWORD}@gumnut.invalid"},
    "plain http": {"GUMNUT_BASE_URL": "http://gumnut.invalid"},
    "not a port": {"GUMNUT_BASE_URL": "https://gumnut.invalid:99999"},
}
"""What is named in the words, and the variables that are at fault."""


@pytest.mark.parametrize("named", FAULTS)
def test_every_command_with_every_fault_of_the_environment(named: str, tmp_path: Path) -> None:
    """One line that names what is at fault, exit code 2, and nothing is asked; `doctor` goes on, and ends with it."""
    environ = {**FAR, "GUMNUT_TUI_LIBRARY": FAMILY, **FAULTS[named]}
    found = {}
    for command, arguments in ASKING.items():
        ran = gumnut(runtime(environ, journal_folder=lambda: tmp_path), *arguments)
        said = [line for line in (ran.out + ran.err).splitlines() if named in line or SHUT in line]
        if ran.code != Exit.USAGE or faults(ran) or not said:
            found[command] = (ran.code, faults(ran), ran.err)
    assert found == {}

"""The frame around the commands: help, errors, exit codes, the screen's options."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import NoReturn

import pytest
from msgspec.structs import replace

from gumnut_tui.app import ScreenOptions
from gumnut_tui.cli.exit_codes import Exit, exit_code
from gumnut_tui.cli.main import COMMANDS
from gumnut_tui.config.settings import DEFAULT_SETTINGS, VARIABLES
from gumnut_tui.config.values import Order
from gumnut_tui.domain.errors import (
    ApiProblem,
    ConfigProblem,
    ConnectionFailed,
    Forbidden,
    GumnutError,
    KeyMissing,
    KeyRefused,
    RefusedAddress,
    TimedOut,
    UnsupportedFeed,
    UsageProblem,
)
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.incidents import IncidentRules
from gumnut_tui.domain.key import Key
from gumnut_tui.domain.models import Operation
from gumnut_tui.formatting.facts import in_words
from tests.cli.harness import FAMILY, gumnut, runtime, service
from tests.demo.faults import Fault, always

SECRET = "apikey_do_not_show_me"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageProblem("x"), 2),
        (ConfigProblem("x"), 2),
        (RefusedAddress("x"), 2),
        (ConnectionFailed("GET /x", "broken"), 3),
        (TimedOut("GET /x", "slow"), 3),
        (KeyMissing("x"), 4),
        (KeyRefused("GET /x", 401), 4),
        (Forbidden("GET /x", 403), 1),
        (ApiProblem("GET /x", 500), 1),
        (UnsupportedFeed("GET /x", "a", "b", "c"), 1),
    ],
)
def test_each_error_has_its_exit_code(error: GumnutError, code: int) -> None:
    """Scripts can tell usage, network, key and everything else apart."""
    assert exit_code(error) == code


def test_a_failure_is_two_escaped_lines() -> None:
    """What was asked and came back, then what to do; server text cannot reach the terminal as it is."""
    lines = in_words(ApiProblem("GET /api/events", 500, "\x1b[2Jboom" + "x" * 5000, "req_1"))
    assert len(lines) <= 2
    assert lines[0].startswith("GET /api/events was answered 500: ␛[2Jboom")
    assert "req_1" in lines[0]
    assert len(lines[0]) < 400


def test_a_failure_goes_to_standard_error_only() -> None:
    """Standard output stays data; the message names program, request, status and advice."""
    ran = gumnut(service(key=SECRET), "events")
    assert (ran.code, ran.out) == (4, "")
    assert ran.err.splitlines()[0].startswith("gumnut-tui: GET /api/")
    assert len(ran.err.splitlines()) == 2
    assert SECRET not in ran.err


def test_a_key_the_server_repeats_is_hidden() -> None:
    """A server that puts the key into its answer does not make us print it."""
    echo = Fault(401, {"content-type": "application/json"}, f'{{"detail": "bad key {SECRET}"}}'.encode())
    for command in ("events", "doctor", "libraries"):
        ran = gumnut(service(key=SECRET, faults=always(echo)), command)
        assert ran.code == 4
        assert SECRET not in ran.out + ran.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["evnts"], "there is no command 'evnts'; did you mean events?"),
        (["zzz"], "there is no command 'zzz'; there are events, actions, entity"),
        (["--nope"], "No such option"),
        (["--since", "7d", "--ops", "deleted", "libraries"], "`libraries` takes no --since and no --ops."),
        (["--offline", "journal", "info"], "`journal info` takes no --offline."),
        (["events", "--limit", "0"], "--limit"),
        (["events", "--format", "xml"], "--format"),
        (["events", "--ops", "xyz"], "'xyz' is not an operation; there are created, added,"),
        (["events", "--ops", "delted"], "'delted' is not an operation; did you mean deleted?"),
        (["events", "--types", "a,,b"], "--types: 'a,,b' has an empty part"),
        (["events", "--search", " "], "--search needs some text"),
        (["events", "--since", "soon"], "--since: expected a time (24h, 1h30m"),
        (["events", "--until", "soon"], "'soon' is not a time; write 24h, 1h30m"),
        (["events", "--since", "1h", "--until", "2h"], "is empty"),
        (["events", "--tz", "Europe/Lisbn"], "did you mean Europe/Lisbon?"),
        (["events", "--tz", "UTC", "--utc"], "--tz and --utc"),
        (["events", "--profile", "x"], "has no profile 'x'"),
        (["events", "--config", "/nonexistent/x.toml"], "there is no config file /nonexistent/x.toml"),
        (["entity"], "ID"),
        ([], "needs a terminal"),
    ],
)
def test_wrong_usage_names_what_is_wrong(arguments: list[str], words: str) -> None:
    """Exit code 2, one or two lines on standard error, nothing on standard output."""
    ran = gumnut(service(), *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err
    assert len(ran.err.splitlines()) <= 2


def test_a_fault_of_ours_is_told_without_a_traceback() -> None:
    """Only kind and place are shown, as the message could hold anything; a variable brings the rest."""

    def broken() -> NoReturn:
        raise RuntimeError(SECRET)

    ran = gumnut(service(clock=broken), "events")
    assert ran.code == 1
    assert "something went wrong (RuntimeError in session.py:" in ran.err
    assert SECRET not in ran.err
    ran = gumnut(service(clock=broken, environ={"GUMNUT_TUI_TRACEBACK": "1"}), "events")
    assert ran.code == 1
    assert "in broken" in ran.err
    assert SECRET not in ran.err


def test_help_has_groups_examples_environment_and_exit_codes() -> None:
    """The help of the program tells all one needs without a manual."""
    ran = gumnut(runtime(), "--help")
    assert ran.code == 0
    text = ran.out
    for heading in ("Commands:", "Which events:", "Library, time zone and settings:", "Environment:", "Exit codes:"):
        assert heading in text
    assert text.split("Examples:")[1].split("Environment:")[0].count("gumnut-tui ") >= 3
    for code in Exit:
        assert f"{int(code)} " in text
    for command in COMMANDS:
        assert f"  {command} " in text


@pytest.mark.parametrize("command", [["events"], ["entity"], ["libraries"], ["doctor"], ["demo", "serve"]])
def test_each_command_helps_with_examples(command: list[str]) -> None:
    """Each command has grouped options and three examples."""
    ran = gumnut(runtime(), *command, "--help")
    assert ran.code == 0
    text = ran.out
    examples = text.split("Examples:\n")[1].partition("\n\n")[0].splitlines()
    assert len([line for line in examples if "gumnut-tui" in line]) == 3
    assert "Options:" not in text


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_tells_environment_and_exit_codes(command: str) -> None:
    """Whoever writes a script looks there."""
    text = gumnut(runtime(), command, "--help").out
    assert "GUMNUT_API_KEY" in text.split("Environment:")[1]
    for code in Exit:
        assert f"{int(code)} " in text.split("Exit codes:")[1]


@pytest.mark.parametrize("group", ["journal", "config", "demo"])
def test_a_group_without_a_command_helps(group: str) -> None:
    """As `--help` does."""
    ran = gumnut(runtime(), group)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == gumnut(runtime(), group, "--help").out
    assert "Commands:" in ran.out


def test_the_help_shows_the_defaults() -> None:
    """As they are where they are used, not typed a second time."""
    text = " ".join(gumnut(runtime(), "deletions", "--help").out.split())
    for words in (
        f"(default {DEFAULT_SETTINGS.since}, ",
        f"(default {IncidentRules().pause:g}s)",
        f"(default {IncidentRules().size})",
    ):
        assert words in text


def test_the_help_knows_no_variable_that_is_not_read() -> None:
    """Every variable of ours that the help spells out is one that is read."""
    help_text = gumnut(runtime(), "--help").out
    named = {word.strip(",") for word in help_text.split() if word.startswith("GUMNUT_")}
    assert named <= VARIABLES


@pytest.mark.parametrize("flag", ["-V", "--version"])
def test_the_version_is_printed(flag: str) -> None:
    """It goes to standard output."""
    assert gumnut(runtime(), flag).out.startswith("gumnut-tui ")


def opened(*arguments: str, environ: dict[str, str] | None = None, config: Path | None = None) -> ScreenOptions:
    """The options with which the screen opens."""
    seen: list[ScreenOptions] = []

    def screen(options: ScreenOptions) -> int:
        seen.append(options)
        return 7

    around = runtime(environ, terminal=True, screen=screen)
    if config is not None:
        around = replace(around, config_path=lambda: config)
    ran = gumnut(around, *arguments)
    assert (ran.code, ran.out, ran.err) == (7, "", "")
    return seen[0]


def test_without_a_command_the_screen_opens() -> None:
    """The screen gets the configured key and the defaults, and its exit code is that of the program."""
    options = opened(environ={"GUMNUT_API_KEY": "k"})
    assert (options.key, options.demo, options.order, options.since) == (Key("k"), False, Order.NEWEST, "24h")
    assert (options.until, options.library, options.filter) == (None, None, EventFilter())


def test_the_screen_opens_without_a_key() -> None:
    """The first-start screen asks for it."""
    assert opened().key is None


def test_the_screen_takes_the_same_filters() -> None:
    """Every filter of the commands means the same for the screen."""
    options = opened(
        *["--since", "7d", "--until", "1d", "--ops", "trashed,deleted", "--types", "asset", "--search", "italy"],
        *[
            "--order",
            "oldest",
            "--library",
            "x",
            "--exact",
            "--utc",
            "--entity",
            "asset_1",
            "--events",
            "a,b",
            "--allow-unknown",
        ],
    )
    assert (options.since, options.until, options.order, options.library, options.exact) == (
        "7d",
        "1d",
        Order.OLDEST,
        "x",
        True,
    )
    assert options.filter == EventFilter(
        entity_types=frozenset({"asset"}),
        operations=frozenset({Operation.TRASHED, Operation.DELETED}),
        event_types=frozenset({"a", "b"}),
        entity_id="asset_1",
        text="italy",
    )


@pytest.mark.parametrize("arguments", [("--types", "assset"), ("--events", "asset_deletedd")])
def test_the_screen_does_not_open_with_a_type_that_nobody_knows(arguments: tuple[str, str]) -> None:
    """It would show that nothing happened."""
    ran = gumnut(runtime(terminal=True), *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert f"'{arguments[1]}' is known; did you mean asset" in ran.err


def test_the_demo_screen_gets_nothing_of_the_users() -> None:
    """Neither the key nor server, headers or a library of the account go into the demo."""
    environ = {
        "GUMNUT_API_KEY": SECRET,
        "GUMNUT_BASE_URL": "https://x.example",
        "GUMNUT_CUSTOM_HEADERS": "X-Auth: 1",
        "GUMNUT_TUI_LIBRARY": "mine",
        "GUMNUT_TUI_SINCE": "7d",
    }
    options = opened("--demo", environ=environ)
    assert (options.key, options.demo, options.library, options.since) == (None, True, FAMILY, "7d")
    assert (options.settings.key, options.settings.headers) == (None, ())
    assert options.settings.base_url == "https://api.gumnut.ai"
    assert opened("--demo", "--library", "x", environ=environ).library == "x"


def test_a_config_file_others_may_read_stops_the_screen(tmp_path: Path) -> None:
    """A key that is not private is told before anything is sent."""
    path = tmp_path / "config.toml"
    path.write_text(f'key = "{SECRET}"')
    path.chmod(0o644)
    ran = gumnut(runtime(terminal=True, config_path=lambda: path))
    assert ran.code == 2
    assert f"chmod 600 {path}" in ran.err
    assert SECRET not in ran.err


@pytest.mark.parametrize("arguments", [[], ["config", "show"], ["doctor"], ["events"]])
def test_a_misspelt_action_stops_the_program(tmp_path: Path, arguments: list[str]) -> None:
    """Before the screen opens or anything is asked: exit code 2, and the place in the file."""
    path = tmp_path / "config.toml"
    path.write_text('[keys]\n"row.pagedown" = "ctrl+f"\n')
    ran = gumnut(runtime(terminal=True, config_path=lambda: path), *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert f"{path}, table [keys]: there is no action 'row.pagedown' (did you mean row.page_down?)" in ran.err


def test_keys_that_exist_get_to_the_screen(tmp_path: Path) -> None:
    """As the config file names them."""
    path = tmp_path / "config.toml"
    path.write_text('[keys]\n"row.page_down" = ["pagedown", "ctrl+f"]\n')
    assert opened(config=path).settings.keys == {"row.page_down": "pagedown,ctrl+f"}


def test_a_command_collects_garbage() -> None:
    """The program is loaded without; only the screen goes on like that, for as long as it loads."""
    gc.disable()
    try:
        gumnut(runtime(), "config", "path")
        assert gc.isenabled()
    finally:
        gc.enable()

"""`libraries`, `doctor`, `config` and `demo serve`."""

from __future__ import annotations

from pathlib import Path

import pytest

from gumnut_tui.demo.http.auth import SELECTED_KEY
from tests.cli.harness import FAMILY, Ran, gumnut, runtime, service
from tests.demo.faults import always, bad_gateway, on_path, unavailable
from tests.demo.worlds import still_world

SECRET = "apikey_do_not_show_me"


def test_libraries_are_listed_with_their_ids() -> None:
    """A table for a person, JSON lines for a pipe; both have every live library."""
    table = gumnut(service(terminal=True), "libraries").out
    rows = gumnut(service(), "libraries").rows
    assert [row["id"] for row in rows] == [library["id"] for library in still_world().libraries()]
    assert all(row["name"] in table and row["id"] in table for row in rows)


def test_trashed_libraries_are_listed_on_demand() -> None:
    """`--state all` brings at least the live ones."""
    states = {state: gumnut(service(), "libraries", "--state", state).rows for state in ("live", "trashed", "all")}
    assert states["all"] == states["live"] + states["trashed"]


def test_a_key_that_may_not_list_libraries_is_told() -> None:
    """403 is exit code 1 and says what to do."""
    ran = gumnut(service(key=SELECTED_KEY), "libraries")
    assert ran.code == 1
    assert "--library ID" in ran.err


def doctor(**changes: object) -> Ran:
    return gumnut(service(**changes), "doctor")  # type: ignore[arg-type]


def test_doctor_says_where_everything_comes_from() -> None:
    """Settings with their origin, the account, the libraries, the API's form, and this machine; never the key."""
    ran = doctor(environ={"COLORTERM": "truecolor", "TERM": "xterm", "GUMNUT_TUI_LIBARY": "x"}, terminal=True)
    assert ran.code == 0
    for words in (
        "environment GUMNUT_BASE_URL",
        "environment GUMNUT_API_KEY",
        "set, not shown",
        "key accepted    ✓",
        FAMILY,
        "current form, with events",
        "GUMNUT_TUI_LIBARY is set, but means nothing",
        "16 million",
        "100 columns",
        "none is kept",
        "time zone       UTC",
    ):
        assert words in ran.out


def test_doctor_tells_the_older_form() -> None:
    """A server of an older generation is told as such."""
    assert "cursor form" in doctor(generation="seed1").out


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"key": SECRET}, 4),
        ({"library": None}, 2),
        ({"library": "nope"}, 2),
        ({"faults": always(bad_gateway())}, 1),
        ({"faults": on_path("/api/events", [unavailable()] * 3)}, 1),
        ({"environ": {"GUMNUT_BASE_URL": "http://example.com"}}, 2),
        ({"environ": {"GUMNUT_BASE_URL": "https://elsewhere.invalid"}}, 3),
    ],
)
def test_doctor_goes_on_after_a_failure_and_tells_it_in_the_exit_code(changes: dict[str, object], code: int) -> None:
    """What does not work is named; the rest is still reported; the code is that of the first failure."""
    ran = doctor(**changes)
    assert ran.code == code
    assert "✗" in ran.out
    assert "This machine" in ran.out
    assert SECRET not in ran.out + ran.err


def test_doctor_without_a_key() -> None:
    """Exit code 4 and where a key can come from."""
    ran = gumnut(runtime(), "doctor")
    assert ran.code == 4
    assert "GUMNUT_API_KEY" in ran.out


def test_doctor_accepts_a_key_limited_to_a_library() -> None:
    """A key that may not list libraries is a finding, not a failure."""
    ran = doctor(key=SELECTED_KEY, library=None)
    assert ran.code == 0
    assert "may not list them" in ran.out


def test_config_show_never_shows_a_secret(tmp_path: Path) -> None:
    """Every setting with its value and origin; of the key, headers and a command only that they are there."""
    path = tmp_path / "config.toml"
    path.write_text(f'key = "{SECRET}"\n[profiles.x]\nkey_command = "echo {SECRET}"\n[keys]\nquit = "q"\n')
    path.chmod(0o600)
    around = runtime({"GUMNUT_CUSTOM_HEADERS": f"X-Auth: {SECRET}", "GUMNUT_BASE_URL": f"https://me:{SECRET}@x"})
    for profile in ([], ["--profile", "x"]):
        ran = gumnut(around, "config", "show", "--config", str(path), *profile)
        assert ran.code == 0
        assert SECRET not in ran.out + ran.err
    assert "quit = q" in ran.out
    assert "runs echo" in ran.out


def test_config_path_works_when_the_config_does_not(tmp_path: Path) -> None:
    """The path is printed also of a file that cannot be used: that is when one needs it."""
    path = tmp_path / "config.toml"
    path.write_text("nonsense")
    assert gumnut(runtime(config_path=lambda: path), "config", "path").out == f"{path}\n"
    assert gumnut(runtime({"GUMNUT_TUI_CONFIG": "/x/y.toml"}), "config", "path").out == "/x/y.toml\n"


@pytest.mark.parametrize("arguments", [["--port", "70000"], ["--events", "0"], ["--generation", "z"], ["--seed", "x"]])
def test_demo_serve_checks_its_options(arguments: list[str]) -> None:
    """A wrong value is a usage error that names the option."""
    ran = gumnut(runtime(), "demo", "serve", *arguments)
    assert ran.code == 2
    assert arguments[0] in ran.err

"""Settings: precedence, strictness and places."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.config.settings import (
    ConfigFile,
    Settings,
    Source,
    config_path,
    load,
    parse_config,
    read_config_file,
    resolve,
    unknown_variables,
    user_path,
)
from gumnut_tui.config.values import Order
from gumnut_tui.domain.errors import ConfigProblem, UsageProblem
from gumnut_tui.domain.key import Key

PATH = Path("config.toml")
SECRET = "apikey_do_not_show_me"


def config(text: str) -> ConfigFile:
    return parse_config(PATH, text.encode())


def settle(text: str = "", environ: dict[str, str] | None = None, **flags: object) -> Settings:
    return resolve(flags, environ or {}, config(text))


def write(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


def test_without_anything_the_defaults_hold() -> None:
    """No flag, no variable, no file: the service's address, a day, newest first, local time."""
    settings = settle()
    assert settings == Settings(config_path=PATH)
    assert settings.origin("since").source is Source.DEFAULT
    assert (settings.base_url, settings.since, settings.order) == ("https://api.gumnut.ai", "24h", Order.NEWEST)


FULL = """
library = "in file"
since = "1h"
profile = "work"
[profiles.work]
library = "in profile"
[profiles.home]
library = "at home"
"""


def test_the_stronger_source_wins_and_is_remembered() -> None:
    """Flag > environment > profile > config file > default, each with its exact name."""
    environ = {"GUMNUT_TUI_LIBRARY": "in environment"}
    by_flag = settle(FULL, environ, library="in flag")
    by_environment = settle(FULL, environ)
    by_profile = settle(FULL)
    by_file = settle('library = "in file"')
    assert [(one.library, str(one.origin("library"))) for one in (by_flag, by_environment, by_profile, by_file)] == [
        ("in flag", "flag --library"),
        ("in environment", "environment GUMNUT_TUI_LIBRARY"),
        ("in profile", "profile [profiles.work] in config.toml"),
        ("in file", "config file config.toml"),
    ]


def test_a_profile_is_chosen_by_flag_variable_or_file() -> None:
    """What the profile does not say comes from the rest of the file."""
    home = settle(FULL, {"GUMNUT_TUI_PROFILE": "home"})
    assert (home.library, home.since, home.profile) == ("at home", "1h", "home")
    assert settle(FULL, {"GUMNUT_TUI_PROFILE": "home"}, profile="work").library == "in profile"


def test_an_unknown_profile_is_named_with_the_known_ones() -> None:
    """Asking for a profile that is not in the file is a config problem."""
    with pytest.raises(ConfigProblem, match="no profile 'job'; known: home, work"):
        settle(FULL, profile="job")


def test_an_empty_variable_is_unset() -> None:
    """`GUMNUT_TUI_LIBRARY= gumnut-tui` means no library, as it does in a shell."""
    assert settle(environ={"GUMNUT_TUI_LIBRARY": " ", "GUMNUT_API_KEY": ""}) == Settings(config_path=PATH)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('libary = "x"', r"config.toml: unknown key 'libary' \(did you mean library\?\)"),
        ('[profiles.work]\nbase_ulr = "x"', r"table \[profiles.work\]: unknown key 'base_ulr' \(did you mean base_url"),
        ("[profiles.work]\nprofile = 'x'", r"table \[profiles.work\]: unknown key 'profile'"),
        ("zebra = 1", "unknown key 'zebra'; known: base_url"),
        ("library = 1", "config.toml, key library: expected text, got 1"),
        ('since = "soon"', "config.toml, key since: expected a time .*got 'soon'"),
        ('order = "up"', "config.toml, key order: expected newest or oldest, got 'up'"),
        ("order = [1]", "key order: expected newest or oldest"),
        ('timezone = "Europe/Lisbn"', "key timezone: expected a time zone .*did you mean Europe/Lisbon"),
        ("utc = 1", "key utc: expected true or false, got 1"),
        ("poll_interval = 0.1", "key poll_interval: expected a time between 0.5s and 1h, like 2 or 10s, got 0.1"),
        ("poll_interval = true", "key poll_interval: expected"),
        ("incident_pause = 0", "key incident_pause: expected a time between 0.1s and 1d, like 30 or 2m, got 0"),
        ("incident_size = 1", "key incident_size: expected a whole number from 2 on, like 10, got 1"),
        ("incident_size = 2.5", "key incident_size: expected"),
        ("incident_size = true", "key incident_size: expected"),
        ("retention = 0", "key retention: expected days from 1 on, like 90, got 0"),
        ("slack = nan", "key slack: expected a time up to 7d"),
        ('slack = "ten"', "key slack: expected a time up to 7d, like 10m, got 'ten'"),
        ('base_url = "api.gumnut.ai"', "key base_url: expected an address"),
        ("[keys]\nquit = 3", 'key keys: expected keys like "q" .* for the action quit'),
        ("keys = 3", r"key keys: expected a table like \[keys\]"),
        ("profiles = 3", "key profiles: expected tables"),
        ("profiles.work = 3", r"table \[profiles.work\]: expected a table"),
        ("library = " + "[" * 3000 + "]" * 3000, "config.toml: not a config file"),
        ("retention = " + "9" * 5000, "config.toml: not a config file"),
        ("library = \n", "config.toml: not valid TOML: Invalid value .*line 1"),
        ('utc = true\ntimezone = "UTC"', "choose either a time zone or utc"),
        ('key = "a"\nkey_command = "b"', "choose either key or key_command"),
        ('key_command = "pass \'show"', "key key_command: expected a command"),
        ("key_command = []", "key key_command: expected a command"),
    ],
)
def test_a_wrong_file_is_named_with_its_place(text: str, message: str) -> None:
    """File, table and key are named, with what was expected and a suggestion for near misses."""
    with pytest.raises(ConfigProblem, match=message):
        settle(text)


def test_a_wrong_variable_is_named() -> None:
    """The environment is checked as strictly as the file."""
    with pytest.raises(ConfigProblem, match="GUMNUT_TUI_SLACK: expected a time up to 7d, like 10m, got 'x'"):
        settle(environ={"GUMNUT_TUI_SLACK": "x"})


@pytest.mark.parametrize("name", ["Content-Length", "transfer-encoding"])
def test_a_header_of_the_connection_is_refused(name: str) -> None:
    """It promises a body that never comes."""
    with pytest.raises(ConfigProblem, match=f"^GUMNUT_CUSTOM_HEADERS: .*{name} is one of the connection"):
        load({}, {"GUMNUT_CUSTOM_HEADERS": f"X-Team: a\n{name}: 5"}, PATH)


def test_a_wrong_flag_is_a_usage_problem() -> None:
    """A flag's value is named with the flag."""
    with pytest.raises(UsageProblem, match="--since: expected a time") as caught:
        settle(since="soon")
    assert not isinstance(caught.value, ConfigProblem)


@pytest.mark.parametrize(
    "text", [f'key = "{SECRET} {SECRET}"', f'key = ["{SECRET}"]', f'key_command = {{a="{SECRET}"}}']
)
def test_a_secret_is_never_part_of_a_message(text: str) -> None:
    """A key that cannot be used is refused without showing it."""
    with pytest.raises(ConfigProblem) as caught:
        settle(text)
    assert SECRET not in str(caught.value)


def test_secrets_do_not_show_themselves() -> None:
    """Neither settings nor file print the key, a command's words or header values."""
    file = config(f'key_command = "echo {SECRET}"\n[profiles.x]\nkey = "{SECRET}"')
    settings = resolve({"profile": "x"}, {"GUMNUT_CUSTOM_HEADERS": f"X-Auth: {SECRET}"}, file)
    assert settings.key == Key(SECRET)
    assert settings.headers == (("X-Auth", SECRET),)
    assert SECRET not in f"{file!r}{settings!r}{resolve({}, {}, file)!r}"


def test_the_stronger_of_key_and_command_counts() -> None:
    """A key in the environment beats a command in the file, a command in a profile beats a key in the file."""
    text = 'key = "a"\n[profiles.work]\nkey_command = "pass show gumnut"'
    by_profile = settle(text, profile="work")
    assert (by_profile.key, by_profile.key_command) == (None, ("pass", "show", "gumnut"))
    by_environment = settle(text, {"GUMNUT_API_KEY": "b"}, profile="work")
    assert (by_environment.key, by_environment.key_command) == (Key("b"), None)


def test_durations_are_seconds_or_words() -> None:
    """A number is seconds; a string may carry a unit."""
    settings = settle('slack = "1.5h"\npoll_interval = 3')
    assert (settings.slack, settings.poll_interval) == (5400.0, 3.0)
    settings = settle('incident_pause = "2m"\nincident_size = 5\nretention = "30d"')
    assert (settings.incident_pause, settings.incident_size, settings.retention) == (120.0, 5, 30)
    assert settle(environ={"GUMNUT_TUI_SLACK": "90"}).slack == 90.0


def test_utc_is_a_time_zone() -> None:
    """`utc = true`, `--utc` and a zone called UTC are the same; the flag beats a zone in the file."""
    assert settle("utc = true").timezone == "UTC"
    assert settle('timezone = "Europe/Lisbon"', utc=True).timezone == "UTC"
    assert settle("utc = true", timezone="Europe/Lisbon").timezone == "Europe/Lisbon"
    with pytest.raises(UsageProblem, match="--tz and --utc"):
        settle(utc=True, timezone="Europe/Lisbon")


def test_keys_are_joined_by_commas() -> None:
    """One key, several with commas, or a list."""
    assert settle('[keys]\nquit = "q"\nhelp = ["f1", " ? "]\nsearch = "slash, ctrl+f"').keys == {
        "quit": "q",
        "help": "f1,?",
        "search": "slash,ctrl+f",
    }


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666])
@pytest.mark.parametrize("table", ["", "[profiles.work]\n"])
def test_a_key_others_may_read_is_refused(tmp_path: Path, mode: int, table: str) -> None:
    """A config file with a key anywhere in it must be private; the message says how to make it so."""
    path = write(tmp_path / "config.toml", f'{table}key = "{SECRET}"', mode)
    with pytest.raises(ConfigProblem, match=f"chmod 600 {path}") as caught:
        read_config_file(path)
    assert SECRET not in str(caught.value)
    path.chmod(0o600)
    assert read_config_file(path).exists


def test_a_file_without_a_key_may_be_read_by_anyone(tmp_path: Path) -> None:
    """A key command is no secret."""
    path = write(tmp_path / "config.toml", 'key_command = "pass show gumnut"', 0o644)
    assert read_config_file(path).top["key_command"] == ("pass", "show", "gumnut")


def test_a_missing_file_matters_only_when_it_was_named(tmp_path: Path) -> None:
    """The file at the default place may be missing, one named by flag or variable may not."""
    missing = tmp_path / "nothing.toml"
    assert load({}, {}, missing) == Settings(config_path=missing)
    for flags, environ in ({"config": missing}, {}), ({}, {"GUMNUT_TUI_CONFIG": str(missing)}):
        with pytest.raises(ConfigProblem, match="there is no config file"):
            load(flags, environ, tmp_path / "other.toml")


def test_a_file_that_cannot_be_read_is_a_config_problem(tmp_path: Path) -> None:
    """A folder, bytes that are no text, and something huge are all told in words."""
    with pytest.raises(ConfigProblem, match="cannot be read"):
        read_config_file(tmp_path)
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigProblem, match="not UTF-8"):
        read_config_file(path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ConfigProblem, match="nobody at its other end"):
        read_config_file(tmp_path / "pipe")
    path.write_bytes(b"#" * 1_000_001)
    with pytest.raises(ConfigProblem, match="larger than 1 MB"):
        read_config_file(path)


def test_slips_in_our_variables_can_be_told() -> None:
    """A variable with our prefix that means nothing is listed."""
    assert list(unknown_variables({"GUMNUT_TUI_LIBARY": "x", "GUMNUT_TUI_LIBRARY": "y", "HOME": "/"})) == [
        "GUMNUT_TUI_LIBARY"
    ]


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_content_is_a_config_or_a_config_problem(content: bytes) -> None:
    """No content of the file brings anything but a checked config or a config problem."""
    with contextlib.suppress(ConfigProblem):
        parse_config(PATH, content)


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.lists(st.text(max_size=3), max_size=2)
)


@given(st.dictionaries(st.sampled_from(["library", "since", "order", "timezone", "utc", "profile"]), VALUES))
def test_any_flags_are_settings_or_a_usage_problem(flags: dict[str, object]) -> None:
    """No flag value, however typed, brings anything but settings or a usage problem."""
    with contextlib.suppress(UsageProblem):
        resolve(flags, {}, config(""))


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    """Windows editors write one; a second one, or one of another encoding, is no part of TOML."""
    path = tmp_path / "config.toml"
    path.write_bytes(b'\xef\xbb\xbflibrary = "x"\r\n')
    assert read_config_file(path).top == {"library": "x"}
    path.write_bytes('library = "x"'.encode("utf-16"))
    with pytest.raises(ConfigProblem, match="not UTF-8"):
        read_config_file(path)


def test_a_home_folder_nobody_has_is_a_usage_error() -> None:
    """It is named, and nothing is made in its place."""
    with pytest.raises(UsageProblem, match="~nobody-of-this-name/x"):
        user_path("~nobody-of-this-name/x")


def test_an_empty_name_is_a_usage_error() -> None:
    """A flag with a variable that is not set; an empty variable of ours is unset."""
    for name in ("", "  "):
        with pytest.raises(UsageProblem, match="empty"):
            user_path(name)
        with pytest.raises(UsageProblem, match="empty"):
            config_path({"config": name}, {}, PATH)
    assert config_path({}, {"GUMNUT_TUI_CONFIG": ""}, PATH) == PATH

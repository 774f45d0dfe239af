"""Finding the key, running a key command, keeping a key."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.config.key_sources import Keep, find_key, keep, key_from_command, with_key
from gumnut_tui.config.settings import Settings, parse_config, read_config_file
from gumnut_tui.domain.errors import ConfigProblem
from gumnut_tui.domain.key import Key

SECRET = "apikey_do_not_show_me"
KEY = Key(SECRET)


class FakeKeyring:
    """A keyring in memory, which may fail with its own kind of error."""

    def __init__(self, fails: bool = False) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.fails = fails

    def get_password(self, service: str, username: str) -> str | None:
        if self.fails:
            raise RuntimeError(f"locked: {SECRET}")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.fails:
            raise RuntimeError(f"locked: {password}")
        self.kept[service, username] = password


def no_ring() -> None:
    """A machine without a keyring."""


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


def settings(path: Path = Path("config.toml"), **changes: object) -> Settings:
    return Settings(config_path=path, **changes)  # type: ignore[arg-type]


def test_a_configured_key_comes_before_the_keyring() -> None:
    """The keyring is asked last."""
    ring = FakeKeyring()
    keep(Key("other"), Keep.KEYRING, settings(), ring)
    found = find_key(settings(key=KEY), lambda: ring)
    assert found is not None
    assert found.key == KEY


def test_without_any_source_there_is_no_key() -> None:
    """No key is an answer, not an error: the screen asks for one."""
    assert find_key(settings(), no_ring) is None
    assert find_key(settings(), FakeKeyring) is None


def test_the_keyring_keeps_one_key_for_each_server() -> None:
    """A key kept for one server is not found for another."""
    ring = FakeKeyring()
    keep(KEY, Keep.KEYRING, settings(base_url="https://api.gumnut.ai/"), ring)
    found = find_key(settings(base_url="https://API.gumnut.ai"), lambda: ring)
    assert found is not None
    assert (found.key, found.origin) == (KEY, "keyring")
    assert find_key(settings(base_url="http://127.0.0.1:8000"), lambda: ring) is None


def test_a_keyring_that_fails_is_told_without_its_words() -> None:
    """A backend's own message may hold the secret, so only its kind is shown."""
    ring = FakeKeyring(fails=True)
    with pytest.raises(ConfigProblem, match="could not look up the key \\(RuntimeError\\)") as looked_up:
        find_key(settings(), lambda: ring)
    with pytest.raises(ConfigProblem, match="could not save the key") as kept:
        keep(KEY, Keep.KEYRING, settings(), ring)
    assert SECRET not in f"{looked_up.value}{kept.value}"


def test_a_command_prints_the_key() -> None:
    """One line of output is the key, with or without a line end."""
    assert key_from_command(python(f"print('{SECRET}')")) == KEY
    found = find_key(settings(key_command=python(f"print('{SECRET}', end='')")), no_ring)
    assert found is not None
    assert found.key == KEY


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (f"import sys; print('{SECRET}'); print('{SECRET}', file=sys.stderr); sys.exit(3)", "failed with status 3"),
        (f"print('{SECRET}'); print('{SECRET}')", "should print one line"),
        ("pass", "should print one line"),
        (f"print('{SECRET} {SECRET}')", "but it is not a key"),
        ("import sys; sys.stdout.buffer.write(b'\\xff\\xfe')", "but it is not a key"),
    ],
)
def test_a_command_that_brings_no_key_is_named(code: str, message: str, capfd: pytest.CaptureFixture[str]) -> None:
    """What went wrong is said; what the command printed is not, on neither stream."""
    with pytest.raises(ConfigProblem, match=message) as caught:
        key_from_command(python(code))
    assert SECRET not in str(caught.value)
    assert capfd.readouterr() == ("", "")


def test_a_command_that_cannot_run_is_named() -> None:
    """A program that is not there is a config problem."""
    with pytest.raises(ConfigProblem, match="no-such-program-here cannot be run"):
        key_from_command(("no-such-program-here",))


def test_a_command_without_end_is_ended() -> None:
    """A command that takes too long is stopped, even where its own children hold on to its output."""
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import sys; sys.stdin.read()'])"
    with pytest.raises(ConfigProblem, match="did not finish within"):
        key_from_command(python(f"{code}; import time; time.sleep(60)"), timeout=0.2)


def test_a_command_that_prints_without_end_is_no_source_of_a_key() -> None:
    """It is neither waited for nor read into memory."""
    with pytest.raises(ConfigProblem, match="should print one line"):
        key_from_command(python("while True: print('key')"), timeout=60)


def test_what_a_command_leaves_running_is_not_waited_for(tmp_path: Path) -> None:
    """An agent that holds a password may go on, with the command's output open."""
    waits = "import subprocess, sys; subprocess.Popen(['cat', sys.argv[1]]); print('k3y')"
    os.mkfifo(tmp_path / "pipe")
    assert key_from_command((*python(waits), str(tmp_path / "pipe")), timeout=60) == Key("k3y")
    os.close(os.open(tmp_path / "pipe", os.O_WRONLY))


def test_a_string_is_no_shell_command() -> None:
    """A command is split into words; `;` and `$` are text."""
    file = parse_config(Path("config.toml"), b"""key_command = 'echo a; echo "$HOME x"'""")
    assert file.top["key_command"] == ("echo", "a;", "echo", "$HOME x")


def test_a_key_is_kept_in_a_private_file(tmp_path: Path) -> None:
    """Folder and file are made, readable by the owner only, and the key is found there afterwards."""
    path = tmp_path / "deep" / "config.toml"
    assert keep(KEY, Keep.FILE, settings(path)) == str(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_config_file(path).top == {"key": KEY}
    assert [one.name for one in path.parent.iterdir()] == ["config.toml"]


def test_the_other_lines_stay_as_they_are(tmp_path: Path) -> None:
    """Comments, order and tables survive; a file that was open to others is private afterwards."""
    path = tmp_path / "config.toml"
    text = '# mine\nlibrary = "x"  # the big one\n\n[profiles.work]\nutc = true\n'
    path.write_text(text)
    path.chmod(0o644)
    keep(KEY, Keep.FILE, settings(path))
    assert path.read_text() == f'key = "{SECRET}"\n{text}'
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    keep(Key("newer"), Keep.FILE, settings(path))
    assert path.read_text() == f'key = "newer"\n{text}'


def test_a_file_of_windows_keeps_its_mark_and_line_ends(tmp_path: Path) -> None:
    """The key stands behind the byte order mark, which must stay at the beginning."""
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xef\xbb\xbfutc = true\r\n[profiles.work]\r\nutc = true")
    keep(KEY, Keep.FILE, settings(path))
    expected = f'\ufeffkey = "{SECRET}"\r\nutc = true\r\n[profiles.work]\r\nutc = true\r\n'
    assert path.read_bytes().decode() == expected
    assert read_config_file(path).top == {"utc": True, "key": KEY}


def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    """A pipe or a device stays what it is, and is not waited for."""
    os.mkfifo(tmp_path / "config.toml")
    with pytest.raises(ConfigProblem, match="not a file"):
        keep(KEY, Keep.FILE, settings(tmp_path / "config.toml"))
    assert stat.S_ISFIFO((tmp_path / "config.toml").stat().st_mode)


def test_a_key_goes_into_the_profile_in_use(tmp_path: Path) -> None:
    """With a profile the key is set in the profile's table."""
    path = tmp_path / "config.toml"
    path.write_text("[profiles.work]\nutc = true\n\n[profiles.home]\nutc = true\n")
    keep(KEY, Keep.FILE, settings(path, profile="home"))
    file = read_config_file(path)
    assert file.profiles == {"work": {"utc": True}, "home": {"utc": True, "key": KEY}}


def test_a_linked_config_stays_a_link(tmp_path: Path) -> None:
    """A config file kept elsewhere and linked is changed where it is."""
    real, link = tmp_path / "real.toml", tmp_path / "config.toml"
    real.write_text("utc = true\n")
    link.symlink_to(real)
    keep(KEY, Keep.FILE, settings(link))
    assert link.is_symlink()
    assert read_config_file(real).top == {"utc": True, "key": KEY}


@pytest.mark.parametrize(
    "text", ['profiles = {work = {utc = true}}\nlibrary = """\n[profiles.work]\n"""\n', 'key_command = "pass show x"\n']
)
def test_a_file_that_cannot_be_edited_safely_is_left_alone(tmp_path: Path, text: str) -> None:
    """Where adding the key would change or break something else, nothing is written."""
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(ConfigProblem) as caught:
        keep(KEY, Keep.FILE, settings(path, profile="work" if "profiles" in text else None))
    assert SECRET not in str(caught.value)
    assert path.read_text() == text


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A file in the way of the folder is a config problem, not a crash."""
    (tmp_path / "blocked").touch()
    with pytest.raises(ConfigProblem, match="could not be written"):
        keep(KEY, Keep.FILE, settings(tmp_path / "blocked" / "config.toml"))


@given(
    st.lists(
        st.sampled_from(['library = "x"', "# key = 1", "", "[keys]", 'quit = "q"', "[profiles.work]"]), max_size=6
    ),
    st.sampled_from([None, "work", "a b", "é🙂"]),
)
def test_setting_the_key_changes_nothing_else(lines: list[str], profile: str | None) -> None:
    """For any file that can be read, the edited text holds the key in its table and all other lines in order."""
    text = "\n".join(lines)
    after = with_key(text, KEY, profile)
    added = ["[profiles." + name for name in ('"work"]', '"a b"]', '"é🙂"]')]
    kept = [line for line in after.splitlines() if line and SECRET not in line and line not in added]
    assert kept == [line for line in lines if line]
    try:
        before = parse_config(Path("c"), text.encode())
    except ConfigProblem:
        return
    edited = parse_config(Path("c"), after.encode())
    table = edited.top if profile is None else edited.profiles[profile]
    assert table["key"] == KEY
    assert {name: value for name, value in edited.top.items() if name != "key"} == before.top

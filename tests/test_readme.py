"""The README tells the truth: commands, options, keys, settings and examples are those of the program."""

from __future__ import annotations

import io
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from textual.binding import Binding

from gumnut_tui.app.main_screen import bindings
from gumnut_tui.cli.exit_codes import Exit
from gumnut_tui.cli.main import root, run
from gumnut_tui.cli.options import GroupedOption
from gumnut_tui.cli.runtime import Output, Runtime, Talk
from gumnut_tui.config.settings import SETTINGS, VARIABLES, Settings, parse_config, resolve
from gumnut_tui.domain.models import Operation
from gumnut_tui.ui.keymap import ACTIONS, GROUPS, check_keymap
from gumnut_tui.ui.widgets.event_table import EventTable

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
RUN_LINE = "python3 -m venv .venv && .venv/bin/pip install -q . && .venv/bin/gumnut-tui --demo"
TEST_LINE = "python3 -m venv .venv && .venv/bin/pip install -q -e '.[test]' && .venv/bin/pytest"
KEY_SIGNS = {
    "slash": "/",
    "plus": "+",
    "minus": "-",
    "backslash": "\\",
    "tilde": "~",
    "colon": ":",
    "question_mark": "?",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "left_curly_bracket": "{",
    "right_curly_bracket": "}",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "escape": "esc",
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
}
TABLE_KEYS = [binding for binding in EventTable.BINDINGS if isinstance(binding, Binding)]


def commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    """A command and all below it, with how they are called."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from commands(below, f"{path} {name}")


COMMANDS = dict(commands(root, "gumnut-tui"))


def blocks(language: str) -> list[str]:
    """The code blocks of a language."""
    return re.findall(rf"^ *```{language}\n(.*?)^ *```$", README, re.MULTILINE | re.DOTALL)


def row_of(binding: Binding) -> str:
    """The line of a binding in the table of keys."""
    keys = " ".join(f"`{KEY_SIGNS.get(key, key)}`" for key in binding.key.split(","))
    words = binding.description[:1].lower() + binding.description[1:]
    return f"| {keys} | {words} | `{binding.id}` |"


@pytest.mark.parametrize("line", [RUN_LINE, TEST_LINE])
def test_the_line_stands_word_for_word(line: str) -> None:
    """Somebody who copies one line gets all of the set-up."""
    assert f"```sh\n{line}\n```" in README


@pytest.mark.parametrize("path", [path for path, command in COMMANDS.items() if not isinstance(command, click.Group)])
def test_command_is_described(path: str) -> None:
    """Every command that does something has its line."""
    assert re.search(rf"^\|.*`{path}( [A-Z]+)?`", README, re.MULTILINE)


def test_options_are_described() -> None:
    """Every option stands in the table, and every heading of the help."""
    options = [param for command in COMMANDS.values() for param in command.params if isinstance(param, click.Option)]
    headings = {option.group for option in options if isinstance(option, GroupedOption)}
    missing = [name for option in options for name in option.opts if not re.search(rf"`{name}[` ]", README)]
    assert missing == []
    assert [heading for heading in headings if f"| **{heading}** | |" not in README] == []


@pytest.mark.parametrize("binding", [*TABLE_KEYS, *bindings()], ids=lambda binding: str(binding.id))
def test_key_is_described(binding: Binding) -> None:
    """Every key stands in the table as the program has it, with what it does and the name it is remapped by."""
    assert row_of(binding) in README


def test_no_key_is_described_that_is_not_there() -> None:
    """The table of keys has no line too many, and the headings of the help."""
    (section,) = re.findall(r"^## Keys\n(.*?)^## ", README, re.MULTILINE | re.DOTALL)
    rows = re.findall(r"^\| `.*$", section, re.MULTILINE)
    assert sorted(rows) == sorted(row_of(binding) for binding in [*TABLE_KEYS, *bindings()])
    assert re.findall(r"^\| \*\*(.*)\*\* \| \| \|$", section, re.MULTILINE) == ["Rows", *GROUPS]


def test_settings_are_described() -> None:
    """Every variable and every key of the config file is named."""
    assert [name for name in sorted(VARIABLES) if f"`{name}`" not in README] == []
    assert [name for name in SETTINGS if not re.search(rf"[`\[]{name}[`\]]|^{name} = ", README, re.MULTILINE)] == []


def test_the_config_example_works() -> None:
    """What is copied from the README into a config file is accepted, by all profiles."""
    (example,) = blocks("toml")
    path = Path("config.toml")
    file = parse_config(path, example.encode())
    actions = {name: action.keys for name, action in ACTIONS.items()}
    for profile in file.profiles:
        check_keymap(resolve({"profile": profile}, {}, file), actions)
    assert {*file.top, *file.profiles["work"]} >= SETTINGS.keys() - {"key"}


def test_the_config_example_shows_defaults() -> None:
    """The numbers in it are those that count when nothing is configured."""
    (example,) = blocks("toml")
    shown = parse_config(Path("config.toml"), example.encode()).top
    usual = Settings(config_path=Path("config.toml"))
    names = ("since", "order", "timezone", "poll_interval", "slack", "retention", "incident_pause", "incident_size")
    assert {name: shown[name] for name in names} == {name: getattr(usual, name) for name in names}


def test_exit_codes_are_described() -> None:
    """Every exit code has its line, in the words of the help."""
    assert [code for code in Exit if f"| {int(code)} | {code.meaning} |" not in README] == []


def test_operations_are_described() -> None:
    """Every word `--ops` takes is named."""
    assert [operation.value for operation in Operation if f"`{operation.value}`" not in README] == []


def test_examples_use_commands_and_options_that_exist() -> None:
    """Every example can be typed as it stands."""
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    calls = [words for line in lines for part in re.split(r"[|>]", line) if (words := own_words(part)) is not None]
    assert len(calls) >= 8
    for arguments in calls:
        printed = io.BytesIO()
        runtime = Runtime({}, Output(printed, is_terminal=False), Talk(io.StringIO(), is_terminal=False), False)
        assert run([*arguments, "--help"], runtime) == Exit.DONE, arguments
        assert b"Usage" in printed.getvalue()


def own_words(part: str) -> list[str] | None:
    """The arguments of a call of this program, without variables set before it; None for any other program."""
    try:
        words = [word for word in shlex.split(part) if not re.match(r"[A-Z_]+=", word)]
    except ValueError:
        return None
    return words[1:] if words[:1] == ["gumnut-tui"] else None


@pytest.mark.parametrize("path", sorted((ROOT / "screenshots").glob("*.[sp]*g")), ids=lambda path: str(path.name))
def test_picture_is_shown(path: Path) -> None:
    """Every picture is shown, with words for those who cannot see it."""
    assert re.search(rf"!\[[^\]]{{20,}}\]\(screenshots/{path.name}\)", README)


def test_links_lead_somewhere() -> None:
    """Links inside the repository point to files and headings there are."""
    headings = re.findall(r"^#+ (.*)$", README, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
    targets = re.findall(r"\]\((?!https?:)([^)]+)\)", README)
    assert targets
    for target in targets:
        assert target[1:] in anchors if target.startswith("#") else (ROOT / target).is_file(), target

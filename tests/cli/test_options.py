"""Click's values become typed options: all of them, wherever they were given."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import click
import pytest

from gumnut_tui.cli.commands.actions import ActionsOptions
from gumnut_tui.cli.commands.completion import CompletionOptions
from gumnut_tui.cli.commands.config import ConfigOptions
from gumnut_tui.cli.commands.deletions import DeletionsOptions
from gumnut_tui.cli.commands.demo import ServeOptions
from gumnut_tui.cli.commands.diff import DiffOptions
from gumnut_tui.cli.commands.doctor import DoctorOptions
from gumnut_tui.cli.commands.entity import EntityOptions
from gumnut_tui.cli.commands.events import EventsOptions
from gumnut_tui.cli.commands.journal import (
    ForgetOptions,
    ImportOptions,
    InfoOptions,
    JournalCommandOptions,
    VerifyOptions,
)
from gumnut_tui.cli.commands.libraries import LibrariesOptions
from gumnut_tui.cli.commands.sync import SyncOptions
from gumnut_tui.cli.commands.undo import UndoOptions
from gumnut_tui.cli.commands.watch import WatchOptions
from gumnut_tui.cli.main import root
from gumnut_tui.cli.options import FilterOptions, OptionGroup, ReadingOptions, SettingOverrides, collect
from gumnut_tui.config.settings import SETTINGS
from gumnut_tui.domain.errors import UsageProblem

OPTIONS: dict[str, type] = {
    "": ReadingOptions,
    "actions": ActionsOptions,
    "completion": CompletionOptions,
    "config path": ConfigOptions,
    "config show": ConfigOptions,
    "deletions": DeletionsOptions,
    "demo serve": ServeOptions,
    "diff": DiffOptions,
    "doctor": DoctorOptions,
    "entity": EntityOptions,
    "events": EventsOptions,
    "journal export": JournalCommandOptions,
    "journal forget": ForgetOptions,
    "journal import": ImportOptions,
    "journal info": InfoOptions,
    "journal verify": VerifyOptions,
    "libraries": LibrariesOptions,
    "sync": SyncOptions,
    "undo": UndoOptions,
    "watch": WatchOptions,
}
"""Command -> the options it is made of."""


def commands(group: click.Command, path: str = "") -> Iterator[tuple[str, click.Command]]:
    """All commands that do something, with their path."""
    if not isinstance(group, click.Group):
        yield path, group
        return
    context = click.Context(group)
    for name in group.list_commands(context):
        below = group.get_command(context, name)
        assert below is not None
        yield from commands(below, f"{path} {name}".strip())


COMMANDS = {"": root, **dict(commands(root))}
NOT_VALUES = {"version", "help"}


def names_of(command: click.Command) -> set[str]:
    """What click calls a command's options and arguments."""
    return {str(one.name) for one in command.params} - NOT_VALUES


def fields_of(kind: type) -> Iterator[str]:
    """The fields of options and of the groups in them."""
    for one in dataclasses.fields(kind):
        group = one.default_factory
        if isinstance(group, type) and issubclass(group, OptionGroup):
            yield from group.__struct_fields__
        else:
            yield one.name


def test_each_command_has_its_options() -> None:
    """None is left out of this test."""
    assert OPTIONS.keys() == COMMANDS.keys()


@pytest.mark.parametrize("path", OPTIONS)
def test_each_value_of_click_has_its_field(path: str) -> None:
    """An option that is declared gets to the command, and no field waits for an option nobody can give.

    But for overrides, and the parts of `JournalOptions` that say whether a journal is read: not every command has all.
    """
    fields, own = set(fields_of(OPTIONS[path])), names_of(COMMANDS[path])
    shared = set(SettingOverrides.__struct_fields__) | {"no_journal", "offline", "account"}
    assert own - fields == set()
    assert fields - own - shared == set()


def test_overrides_are_settings() -> None:
    """Whatever overrides a setting is called like it."""
    overrides = set(SettingOverrides.__struct_fields__)
    assert overrides - SETTINGS.keys() == {"config", "demo"}


class Inner(OptionGroup, frozen=True):
    """A group of options."""

    words: tuple[str, ...] = ()
    text: str | None = None


@dataclass(frozen=True)
class Outer:
    """Options of a command."""

    number: int = 5
    flag: bool = False
    inner: Inner = field(default_factory=Inner)


def collected(root_values: dict[str, Any], values: dict[str, Any]) -> Outer:
    """What comes of values given before and behind a command's name."""
    above = click.Context(click.Command("root"))
    above.params = root_values
    context = click.Context(click.Command("below"), parent=above)
    context.params = values
    return collect(context, Outer)


@pytest.mark.parametrize(
    ("before", "behind", "expected"),
    [
        ({}, {}, Outer()),
        ({"text": "a"}, {"text": None}, Outer(inner=Inner(text="a"))),
        ({"text": "a"}, {"text": "b"}, Outer(inner=Inner(text="b"))),
        ({"flag": True}, {"flag": False}, Outer(flag=True)),
        ({"words": ("a",)}, {"words": ()}, Outer(inner=Inner(words=("a",)))),
        ({}, {"number": 0}, Outer(number=0)),
        ({"unknown": 1}, {}, Outer()),
    ],
)
def test_options_may_stand_before_or_behind_the_command(
    before: dict[str, Any], behind: dict[str, Any], expected: Outer
) -> None:
    """What stands behind its name counts; what was given nowhere has its default."""
    assert collected(before, behind) == expected


def test_filter_words_are_as_they_were_typed() -> None:
    """They tell in a report which events were looked at."""
    assert FilterOptions(types=("asset,Album", "face"), search="x").words() == ["asset,Album,face", "x"]
    assert FilterOptions().words() == []


def test_a_list_with_an_empty_part_is_refused() -> None:
    """It is a slip more often than a wish."""
    with pytest.raises(UsageProblem, match="--types: 'a,,b' has an empty part"):
        FilterOptions(types=("a,,b",)).event_filter()

"""`gumnut-tui config`: the settings and where each comes from."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import click

from gumnut_tui.cli.exit_codes import Exit
from gumnut_tui.cli.help import HelpfulCommand, HelpfulGroup
from gumnut_tui.cli.options import CommandOptions, collect, settings_options
from gumnut_tui.cli.session import Session, runtime_of, session_command
from gumnut_tui.config.settings import SETTINGS, Settings, config_path
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.quantities import plural


@dataclass(frozen=True, kw_only=True)
class ConfigOptions(CommandOptions):
    """Options of both commands: those that override settings."""


command = HelpfulGroup("config", help="Show the settings and where they come from.")


@command.command("path", cls=HelpfulCommand, examples=("gumnut-tui config path",))
@settings_options
@click.pass_context
def path(context: click.Context, /, **_flags: Any) -> int:
    """Print where the config file is, or would be."""
    runtime, flags = runtime_of(context), collect(context, ConfigOptions).overrides.given()
    # Not through the settings: a file that cannot be used has a path all the same.
    found = config_path(flags, runtime.environ, runtime.config_path())
    if runtime.output.is_terminal:
        runtime.output.line(visible(str(found), 1000))
    else:
        # A script opens the path it reads, whatever bytes are in it.
        runtime.output.data(os.fsencode(found) + b"\n")
    return Exit.DONE


@session_command("show", ConfigOptions, ("gumnut-tui config show --profile work",), command)
@settings_options
def show(session: Session[ConfigOptions]) -> int:
    """Print every setting, its value and where it comes from. The key is never printed."""
    for line in setting_lines(session.settings):
        session.runtime.output.line(line)
    return Exit.DONE


def setting_lines(settings: Settings) -> list[str]:
    """A line for each setting: name, value, origin."""
    shown = [(name, _value(settings, name), str(settings.origin(name))) for name in SETTINGS if name != "utc"]
    width = min(max(len(value) for _, value, _ in shown), 40)
    return [f"{name:<14}  {value:<{width}}  {origin}" for name, value, origin in shown]


def _value(settings: Settings, name: str) -> str:
    value = getattr(settings, name)
    if value is None:
        return "not set"
    if SETTINGS[name].secret:
        return _secret(name, value)
    if name == "base_url":
        return visible(re.sub(r"//[^/]*@", "//…@", value), 200)
    if isinstance(value, Mapping):
        return ", ".join(f"{visible(action)} = {visible(keys)}" for action, keys in value.items()) or "none remapped"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return str(value).lower()  # as it is written in the file
    if name == "retention":
        return plural(value, "day")
    return f"{value:g} s" if isinstance(value, float) else visible(str(value), 200)


def _secret(name: str, value: Any) -> str:
    """That there is a value, without showing it; of a command, the name of its program may be shown."""
    match name:
        case "key":
            return "set, not shown"
        case "key_command":
            return f"runs {visible(value[0], 60)}"
        case _:
            return plural(len(value), "header") + (", not shown" if value else "")

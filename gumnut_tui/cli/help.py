"""Help texts: options under headings, then examples, the environment and the exit codes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

import click
from click.core import ParameterSource

from gumnut_tui.cli.exit_codes import Exit
from gumnut_tui.cli.runtime import Runtime
from gumnut_tui.domain.defaults import DEFAULT_BASE_URL

ENVIRONMENT = (
    ("GUMNUT_API_KEY", "the API key; never a flag, which would show in the process list"),
    ("GUMNUT_BASE_URL", f"the server, instead of {DEFAULT_BASE_URL}"),
    ("GUMNUT_CUSTOM_HEADERS", "lines of Name: value, sent with each request"),
    ("GUMNUT_TUI_LIBRARY, …_SINCE, …_ORDER, …_TZ", "settings, named as in the config file"),
    ("GUMNUT_TUI_CONFIG, …_PROFILE", "another config file; a profile in it"),
    ("GUMNUT_TUI_TRACEBACK", "print a traceback when this program fails"),
    ("NO_COLOR", "no colours"),
)


class HelpfulCommand(click.Command):
    """A command whose options are listed under headings and whose help ends with examples."""

    examples: Sequence[str] = ()

    def __init__(self, *args: object, examples: Sequence[str] = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.examples = examples

    def invoke(self, ctx: click.Context) -> Any:
        """Run it; options given before its name that it does not take are wrong usage, not ignored."""
        # Whoever serves the demo library may say so once more.
        known = {"demo", *(param.name for param in self.get_params(ctx))}
        if stray := [option for name, option in _given_before(ctx).items() if name not in known]:
            _, _, path = ctx.command_path.partition(" ")
            ctx.fail(f"`{path}` takes no {' and no '.join(stray)}.")
        return super().invoke(ctx)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """`--help`, printed as any output is."""
        return _printed(super().get_help_option(ctx))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options by heading."""
        write_options(self, ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write examples, environment and exit codes."""
        write_examples(self.examples, formatter)
        write_surroundings(formatter)


def _given_before(ctx: click.Context) -> dict[str, str]:
    """The options typed before the name of a command, by their names in click."""
    parent = ctx.parent
    if parent is None:
        return {}
    typed = [
        param
        for param in parent.command.get_params(parent)
        if param.name and parent.get_parameter_source(param.name) is ParameterSource.COMMANDLINE
    ]
    return _given_before(parent) | {param.name or "": param.opts[0] for param in typed}


class HelpfulGroup(click.Group):
    """A group of commands whose help is printed as any output is, also when none of them is named."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"invoke_without_command": True, "callback": _help_alone, **kwargs})

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write environment and exit codes."""
        write_surroundings(formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """`--help`, printed as any output is."""
        return _printed(super().get_help_option(ctx))


def _printed(option: click.Option | None) -> click.Option | None:
    if option is not None:
        option.callback = _print_help
    return option


def _print_help(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        print_help(ctx)


def _help_alone() -> None:
    ctx = click.get_current_context()
    if ctx.invoked_subcommand is None:
        print_help(ctx)


def print_help(ctx: click.Context) -> NoReturn:
    """Print the help of a command, and end with exit code 0."""
    runtime = ctx.find_object(Runtime)
    assert runtime is not None
    runtime.output.line(ctx.get_help())
    ctx.exit()


def write_options(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """Write the options of a command under their headings, in the order they were declared."""
    headings: dict[str, list[tuple[str, str]]] = {}
    for param in command.get_params(ctx):
        record = param.get_help_record(ctx)
        if record is not None and not isinstance(param, click.Argument):
            headings.setdefault(getattr(param, "group", "Other"), []).append(record)
    for heading, records in headings.items():
        with formatter.section(heading):
            formatter.write_dl(records)


def write_examples(examples: Sequence[str], formatter: click.HelpFormatter) -> None:
    """Write examples as they are typed, one a line."""
    if examples:
        with formatter.section("Examples"):
            _write_lines(examples, formatter)


def write_surroundings(formatter: click.HelpFormatter) -> None:
    """Write the environment and the exit codes."""
    with formatter.section("Environment"):
        formatter.write_dl(ENVIRONMENT)
    with formatter.section("Exit codes"):
        formatter.write_dl([(str(int(code)), code.meaning) for code in Exit])


def _write_lines(lines: Sequence[str], formatter: click.HelpFormatter) -> None:
    for line in lines:
        formatter.write(f"{'':>{formatter.current_indent}}{line}\n")

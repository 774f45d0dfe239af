"""The group of commands, what happens without one, and where every error ends: in a line or two and an exit code.

Commands are imported when they are called, so that the screen opens without any of them.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from gumnut_tui import __version__
from gumnut_tui.app import ScreenOptions
from gumnut_tui.cli.exit_codes import Exit, exit_code
from gumnut_tui.cli.help import HelpfulGroup, write_examples, write_options, write_surroundings
from gumnut_tui.cli.options import (
    ReadingOptions,
    filter_options,
    journal_options,
    library_option,
    order_option,
    settings_options,
)
from gumnut_tui.cli.reading import check_journal
from gumnut_tui.cli.runtime import PipeClosed, Runtime, let_go
from gumnut_tui.cli.session import Session, filter_within, open_session, time_range
from gumnut_tui.config.settings import DEFAULT_SETTINGS
from gumnut_tui.domain.errors import GumnutError, OutputProblem, UsageProblem, fault_lines
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.when import TimeRange
from gumnut_tui.formatting.facts import in_words

if TYPE_CHECKING:
    from gumnut_tui.config.key_sources import FoundKey

PROGRAM = "gumnut-tui"

COMMANDS = {
    "events": "Print events: as a table, JSON lines, JSON or CSV.",
    "actions": "Tell what happened in actions: uploads, album work, deletions, merges.",
    "entity": "Print one photo, album, person, face, … as it is now.",
    "libraries": "List the account's libraries.",
    "diff": "Tell what differs between two moments: photos, albums, people.",
    "deletions": "Report what was deleted, what became of it, and what can be restored.",
    "undo": "Plan how to get back what was lost; a person runs the plan, this program only writes it.",
    "watch": "Follow the feed and fail when too much is deleted: for cron and CI.",
    "sync": "Bring the journal on this machine up to date.",
    "journal": "Show, verify, export or import the journal; forget a library.",
    "doctor": "Check the configuration, the key and the terminal.",
    "config": "Show the settings and where they come from.",
    "demo": "Serve the demo library to other clients.",
    "completion": "Print a script with which the shell completes commands, options and values.",
}
"""What each command does; the module of the same name holds it as `command`."""

EXAMPLES = (
    "gumnut-tui --demo",
    "gumnut-tui --since 7d --ops trashed,deleted",
    "gumnut-tui events --since today --format csv > today.csv",
    "gumnut-tui events --follow --since now --types asset | jq .entity_id",
)


class Interrupted(Exception):
    """The user pressed ctrl+c, or a signal ended the command as ctrl+c does."""


class Commands(HelpfulGroup):
    """The commands, each imported when it is needed."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; click itself would report an interruption on a standard error that may be gone."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise Interrupted from None

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"gumnut_tui.cli.commands.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was named; for a wrong name, suggest the nearest one."""
        if args[0] not in COMMANDS and not ctx.resilient_parsing:
            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(COMMANDS)}."
            ctx.fail(f"there is no command '{args[0]}'; {hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, then the options by heading."""
        self.format_commands(ctx, formatter)
        write_options(self, ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write examples, environment and exit codes."""
        write_examples(EXAMPLES, formatter)
        write_surroundings(formatter)


def _print_version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        ctx.find_object(Runtime).output.line(f"{PROGRAM} {__version__}")  # type: ignore[union-attr]
        ctx.exit()


@click.group(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@filter_options
@order_option(f"Newest or oldest events first on the screen (default {DEFAULT_SETTINGS.order.value}).")
@journal_options
@library_option
@settings_options
@click.option(
    "-V",
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the version.",
)
@click.pass_context
def root(context: click.Context, /, **_flags: Any) -> int:
    """Audit the activity of a Gumnut photo library. Without a command, opens the screen.

    WHEN is 24h, 1h30m, 7d, 2w or 1mo ago, now, today, yesterday, mon, 10:30, noon, 24 Nov, 24 Nov 10:30, 2026-11-01,
    2026-11-01T10:00, with Z or an offset, or all. A day means its beginning. Nothing is ever changed: this program only
    reads.
    """
    if context.invoked_subcommand is not None:
        # Only the screen goes on loading, and collects again once it is complete.
        gc.enable()
        return 0
    return open_screen(context)


def run(arguments: Sequence[str], runtime: Runtime) -> int:
    """Run the command line and return its exit code; every failure is a line or two on standard error."""
    try:
        result = root.main(list(arguments), prog_name=PROGRAM, standalone_mode=False, obj=runtime)
    except click.ClickException as problem:
        return _usage(problem, runtime)
    except GumnutError as error:
        if isinstance(error, OutputProblem):
            let_go(sys.stdout)
        _say(in_words(error), runtime)
        return exit_code(error)
    except PipeClosed:
        let_go(sys.stdout)
        return Exit.DONE
    except (click.Abort, Interrupted, KeyboardInterrupt):
        runtime.talk.note("")  # behind the ^C
        return Exit.INTERRUPTED
    except Exception as error:
        return _unforeseen(error, runtime)
    runtime.talk.clear()
    return result if isinstance(result, int) else Exit.DONE


def _usage(problem: click.ClickException, runtime: Runtime) -> int:
    context = getattr(problem, "ctx", None)
    path = context.command_path if context else PROGRAM
    _say([problem.format_message(), f"See `{path} --help`."], runtime)
    return Exit.USAGE


def _say(lines: Sequence[str], runtime: Runtime) -> None:
    runtime.talk.clear()
    first, *rest = lines
    runtime.talk.warn(f"{PROGRAM}: {first}")
    for line in rest:
        runtime.talk.warn(line)


def _unforeseen(error: Exception, runtime: Runtime) -> int:
    _say(fault_lines(error, runtime.environ), runtime)
    return Exit.FAILED


def open_screen(context: click.Context) -> int:
    """Check everything that can be checked without a server, then open the screen; returns the exit code."""
    session = open_session(context, ReadingOptions)
    runtime, settings, options = session.runtime, session.settings, session.options
    offline, no_journal = options.journal.offline, options.journal.no_journal
    time_range(session, options.range)
    if not runtime.has_terminal:
        raise UsageProblem("the screen needs a terminal; `gumnut-tui events` prints to files and pipes.")
    check_journal(options.journal)
    found = None if session.is_demo or offline else session.key()
    return runtime.screen(
        ScreenOptions(
            settings=settings,
            key=found.key if found else None,
            demo=session.is_demo,
            order=settings.order,
            since=settings.since,
            until=options.range.until,
            library=settings.library,
            filter=_checked_filter(session, found),
            exact=options.range.exact,
            zone=session.zone,
            environ=runtime.environ,
            notices=session.notices,
            journal=None if no_journal else session.journal_path(options.journal),
            offline=offline,
        )
    )


def _checked_filter(session: Session[ReadingOptions], found: FoundKey | None) -> EventFilter:
    """The filter the screen begins with; the service is asked only about types this program does not know."""
    from gumnut_tui.usecases.type_names import unknown_names

    options = session.options.filter
    if options.allow_unknown or not any(unknown_names(options.event_filter())):
        return options.event_filter()

    async def check() -> EventFilter:
        if found is None and not session.is_demo:
            return await filter_within(session, None, options, TimeRange(None, None))
        async with session.client(found) as client:
            return await filter_within(session, client, options, TimeRange(None, None))

    return asyncio.run(check())

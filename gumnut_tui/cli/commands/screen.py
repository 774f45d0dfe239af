"""What happens without a command: the screen."""

from __future__ import annotations

from dataclasses import dataclass, field

import click

from gumnut_tui.app.screen_options import ScreenOptions
from gumnut_tui.cli.options import CommandOptions, FilterOptions, JournalOptions, RangeOptions
from gumnut_tui.cli.session import open_session
from gumnut_tui.domain.errors import UsageProblem
from gumnut_tui.domain.when import parse_range


@dataclass(frozen=True, kw_only=True)
class RootOptions(CommandOptions):
    """Options without a command."""

    range: RangeOptions = field(default_factory=RangeOptions)
    filter: FilterOptions = field(default_factory=FilterOptions)
    journal: JournalOptions = field(default_factory=JournalOptions)


def open_screen(context: click.Context) -> int:
    """Check everything that can be checked without a server, then open the screen; returns the exit code."""
    session = open_session(context, RootOptions)
    runtime, settings, options = session.runtime, session.settings, session.options
    offline, no_journal = options.journal.offline, options.journal.no_journal
    parse_range(settings.since, options.range.until, now=runtime.clock(), zone=session.zone)
    if not runtime.has_terminal:
        raise UsageProblem("the screen needs a terminal; `gumnut-tui events` prints into files and pipes.")
    if offline and (session.is_demo or no_journal):
        raise UsageProblem("--offline reads the journal, so it cannot be combined with --no-journal or --demo.")
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
            filter=options.filter.event_filter(),
            exact=options.range.exact,
            zone=session.zone,
            environ=runtime.environ,
            notices=session.notices,
            journal=None if no_journal else session.journal_path(options.journal),
            offline=offline,
        )
    )

"""What happens without a command: the screen."""

from __future__ import annotations

import click

from gumnut_tui.app.screen_options import ScreenOptions
from gumnut_tui.cli.session import open_session
from gumnut_tui.domain.errors import UsageProblem


def open_screen(context: click.Context) -> int:
    """Check everything that can be checked without a server, then open the screen; returns the exit code."""
    session = open_session(context)
    settings = session.settings
    session.range(session.runtime.clock())
    if not session.runtime.has_terminal:
        raise UsageProblem("the screen needs a terminal; `gumnut-tui events` prints into files and pipes.")
    if session.flags.get("offline") and (session.demo or session.flags.get("no_journal")):
        raise UsageProblem("--offline reads the journal, so it goes neither with --no-journal nor with --demo.")
    found = None if session.demo or session.flags.get("offline") else session.key()
    return session.runtime.screen(
        ScreenOptions(
            settings=settings,
            key=found.key if found else None,
            demo=session.demo,
            order=settings.order,
            since=settings.since,
            until=session.flags.get("until"),
            library=settings.library,
            filter=session.filter,
            exact=bool(session.flags.get("exact")),
            zone=session.zone,
            environ=session.runtime.environ,
            journal=None if session.flags.get("no_journal") else session.journal_path,
            offline=bool(session.flags.get("offline")),
        )
    )

"""`gumnut-tui diff --from WHEN --to WHEN`: what differs between two moments, from the journal."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Literal

import click
import msgspec

from gumnut_tui.cli.exit_codes import Exit
from gumnut_tui.cli.options import (
    FILTERS,
    OUTPUT,
    CommandOptions,
    JournalOptions,
    account_option,
    completed,
    journal_option,
    library_option,
    option,
    settings_options,
)
from gumnut_tui.cli.printing import print_json
from gumnut_tui.cli.session import Session, moment, session_command
from gumnut_tui.domain.errors import UsageProblem
from gumnut_tui.usecases.journals import find_library, title

FORMATS = ("table", "md", "jsonl")
EXAMPLES = (
    "gumnut-tui diff --from 7d",
    "gumnut-tui diff --from 2026-11-01 --to 2026-11-08 --format md > week.md",
    "gumnut-tui diff --from yesterday --to today --format jsonl | jq -r 'select(.kind == \"album\").went[]'",
)


@dataclass(frozen=True, kw_only=True)
class DiffOptions(CommandOptions):
    """Options of `diff`."""

    start: str | None = None
    end: str = "now"
    form: Literal["table", "md", "jsonl"] | None = None
    journal: JournalOptions = field(default_factory=JournalOptions)


@session_command("diff", DiffOptions, EXAMPLES)
@option("--from", "start", metavar="WHEN", group=FILTERS, shell_complete=completed("when"), help="The earlier moment.")
@option(
    "--to",
    "end",
    metavar="WHEN",
    group=FILTERS,
    shell_complete=completed("when"),
    help="The later moment (default now).",
)
@option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    group=OUTPUT,
    help="table (default on a terminal), md, or jsonl (default in a pipe) with every id.",
)
@journal_option
@account_option
@library_option
@settings_options
def command(session: Session[DiffOptions]) -> int:
    """Tell what differs between two moments, from the journal; no request is made.

    Photos come and gone, albums with photos in and out, people with their faces, names and other fields of their own.
    Where events say that something changed and it was not read before and after, that is said, and not guessed.
    """
    start, end = _moments(session)
    asyncio.run(_print(session, start, end))
    return Exit.DONE


def _moments(session: Session[DiffOptions]) -> tuple[int, int]:
    """Both moments in µs since the epoch; raises UsageProblem."""
    if session.options.start is None:
        raise UsageProblem("--from is missing: write the earlier moment, like 7d or 2026-11-01T10:00.")
    start, end = moment(session, "--from", session.options.start), moment(session, "--to", session.options.end)
    if start > end:
        raise UsageProblem("--from is later than --to.")
    return start, end


async def _print(session: Session[DiffOptions], start: int, end: int) -> None:
    from gumnut_tui.report.difference_forms import DifferenceText, mentioned, rows
    from gumnut_tui.usecases.difference import read_difference
    from gumnut_tui.usecases.history import names_in

    output, account = session.runtime.output, session.options.journal.account
    session.runtime.talk.progress("comparing what the journal holds of both moments…")
    async with session.open_journal(session.options.journal, write=False) as journal:
        library = await find_library(journal, session.settings.library, account=account)
        found = await read_difference(journal, library, start, end)
        name = await names_in(journal, library, set(mentioned(found)))
    session.runtime.talk.clear()
    text = DifferenceText(title(library), found, name, session.zone, session.now, library.synced_us)
    match session.options.form or ("table" if output.is_terminal else "jsonl"):
        case "table":
            for line in text.table():
                output.line(line)
        case "md":
            for line in text.markdown():
                output.data(f"{line}\n".encode())
        case _:
            for row in rows(found, name):
                print_json(output, msgspec.json.encode(row))
            for limit in text.limits():
                session.runtime.talk.note(limit)

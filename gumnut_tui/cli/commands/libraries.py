"""`gumnut-tui libraries`: the account's libraries."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Literal

import click
import msgspec

from gumnut_tui.cli.exit_codes import Exit
from gumnut_tui.cli.options import OUTPUT, CommandOptions, JournalOptions, journal_options, option, settings_options
from gumnut_tui.cli.printing import print_json
from gumnut_tui.cli.reading import check_journal, told_of_the_journal
from gumnut_tui.cli.session import Session, session_command
from gumnut_tui.domain.models import Library
from gumnut_tui.formatting.cells import cell_width
from gumnut_tui.formatting.escape import pad, visible
from gumnut_tui.formatting.quantities import number
from gumnut_tui.usecases.journals import library_of

EXAMPLES = (
    "gumnut-tui libraries",
    "gumnut-tui libraries --state all",
    "gumnut-tui libraries --format jsonl | jq -r .id",
)


@dataclass(frozen=True, kw_only=True)
class LibrariesOptions(CommandOptions):
    """Options of `libraries`."""

    state: Literal["live", "trashed", "all"] = "live"
    form: Literal["table", "jsonl"] | None = None
    journal: JournalOptions = field(default_factory=JournalOptions)


@session_command("libraries", LibrariesOptions, EXAMPLES)
@option(
    "--state",
    type=click.Choice(["live", "trashed", "all"]),
    group=OUTPUT,
    help="Which libraries to list (default live).",
)
@option(
    "--format",
    "form",
    type=click.Choice(["table", "jsonl"]),
    group=OUTPUT,
    help="table (default on a terminal) or jsonl.",
)
@journal_options
@settings_options
def command(session: Session[LibrariesOptions]) -> int:
    """List the libraries this key can see; offline, those that are in the journal."""
    check_journal(session.options.journal)
    asyncio.run(_print(session))
    return Exit.DONE


async def _print(session: Session[LibrariesOptions]) -> None:
    if session.options.journal.offline:
        libraries = await _journaled(session)
    else:
        libraries = await _listed(session)
    output = session.runtime.output
    if (session.options.form or ("table" if output.is_terminal else "jsonl")) == "jsonl":
        for library in libraries:
            print_json(output, msgspec.json.encode(library))
    else:
        for line in table(libraries):
            output.line(line)
    if not libraries:
        where = "The journal holds" if session.options.journal.offline else "This key opens"
        session.runtime.talk.note(f"{where} no library.")


async def _listed(session: Session[LibrariesOptions]) -> list[Library]:
    access = session.journal_access(session.options.journal)
    try:
        async with session.client() as client, told_of_the_journal(session, access):
            return await client.libraries(session.options.state)
    finally:
        await access.aclose()


async def _journaled(session: Session[LibrariesOptions]) -> list[Library]:
    async with session.open_journal(session.options.journal, write=False) as journal:
        return [library_of(record) for record in await journal.libraries()]


def table(libraries: list[Library]) -> list[str]:
    """The libraries as aligned lines under a header."""
    if not libraries:
        return []
    rows = [("NAME", "ID", "PHOTOS", "ROLE"), *(_row(library) for library in libraries)]
    widths = [max(cell_width(row[column]) for row in rows) for column in range(4)]
    return ["  ".join(pad(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _row(library: Library) -> tuple[str, str, str, str]:
    name = visible(library.name, 40) or "(no name)"
    count = "" if library.asset_count is None else number(library.asset_count)
    return (
        f"{name} (in the trash)" if library.trashed else name,
        visible(library.id, 60),
        count,
        visible(library.role or "", 20),
    )

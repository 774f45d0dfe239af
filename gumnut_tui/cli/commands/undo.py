"""`gumnut-tui undo`: a plan that brings back what was lost; a person runs it, this program does not."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click
import msgspec

from gumnut_tui.cli.copy_search import CopySearch
from gumnut_tui.cli.exit_codes import Exit
from gumnut_tui.cli.options import (
    OUTPUT,
    ReadingOptions,
    completed,
    filter_options,
    incident_options,
    option,
    reading_options,
)
from gumnut_tui.cli.output_file import output_file, output_option, write
from gumnut_tui.cli.reading import Needs, check_journal, open_reading
from gumnut_tui.cli.session import Session, check_wanted, scope_words, session_command, wanted_events
from gumnut_tui.config.settings import user_path
from gumnut_tui.domain.errors import UsageProblem, clip
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.incidents import find_incidents, first_us_of
from gumnut_tui.domain.models import DESTRUCTIVE
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.quantities import plural
from gumnut_tui.undo.forms import ENDINGS, FORMATS, format_of, plan_chunks

if TYPE_CHECKING:
    from gumnut_tui.undo.plan import Plan
    from gumnut_tui.usecases.reading import LibraryReading

EXAMPLES = (
    "gumnut-tui undo --since 7d",
    "gumnut-tui undo --since 7d --output undo.py && python undo.py",
    "gumnut-tui undo --since all --ops deleted --copies ~/Pictures --output undo.py",
    "gumnut-tui undo --incident inc_20261119T120322.000000Z --format md",
)
PLAN = "Plan"


@dataclass(frozen=True, kw_only=True)
class UndoOptions(ReadingOptions):
    """Options of `undo`."""

    incident: str | None = None
    changes: bool = False
    copies: tuple[str, ...] = ()
    form: Literal["table", "md", "jsonl", "python"] | None = None
    output: str | None = None


@session_command("undo", UndoOptions, EXAMPLES)
@filter_options
@option("--incident", metavar="ID", group=PLAN, help="Only the events of this incident, as `deletions` names it.")
@incident_options
@option("--changes", is_flag=True, group=PLAN, help="Put back names, descriptions, ratings and places as well.")
@option(
    "--copies",
    metavar="FOLDER",
    multiple=True,
    group=PLAN,
    shell_complete=completed("dir"),
    help="Look here for files with the bytes of photos deleted for good; may be given several times.",
)
@option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    group=OUTPUT,
    help="table (default) or md to read, jsonl with one step a line, python for a script that does it.",
)
@output_option
@reading_options
def command(session: Session[UndoOptions]) -> int:
    """Plan how to get back what was trashed, deleted, removed, merged or moved away; nothing is changed.

    The plan compares what was before the events, after them, and now; what came back or was changed again since is left
    alone. As a script it needs the official SDK (gumnut-sdk) and a key that may write; without --yes it only checks.
    """
    output, form = _checked(session)
    plan = asyncio.run(_made(session))
    out = session.runtime.output
    session.runtime.talk.clear()
    is_terminal = output is None and out.is_terminal
    chunks = plan_chunks(
        plan,
        form,
        session.zone,
        session.runtime.clock(),
        encoding=out.encoding if is_terminal else "utf-8",
        for_terminal=is_terminal,
    )
    write(chunks, output, session.runtime, plural(len(plan.acting), "step"))
    return Exit.DONE


def _checked(session: Session[UndoOptions]) -> tuple[Path | None, str]:
    """The file to write, if any, and the format; raises UsageProblem, before anything is asked for."""
    options = session.options
    check_journal(options.journal)
    if options.incident is not None and first_us_of(options.incident) is None:
        words = f"'{clip(options.incident, 60)}' is no id of an incident; `deletions` lists them."
        raise UsageProblem(f"--incident: {words}")
    for folder in options.copies:
        if not user_path(folder).is_dir():
            raise UsageProblem(f"--copies: there is no folder {visible(folder, 200)}.")
    path = output_file(options.output, has_format=options.form is not None, endings=ENDINGS)
    return path, options.form or (format_of(path) if path else None) or "table"


async def _made(session: Session[UndoOptions]) -> Plan:
    from gumnut_tui.usecases.undo import Planner, plan_heading, undoable

    options = session.options
    check_wanted(session)
    async with open_reading(session, options.journal, Needs(names=True)) as reading:
        wanted = await wanted_events(session, reading.opened)
        if options.incident:
            wanted = await _of_incident(session, reading, options.incident, wanted)
        words = scope_words(session, wanted).replace("Events", "events", 1)
        scope = f"incident {options.incident}" if options.incident else words
        heading = await plan_heading(reading, scope, session.address)
        if not heading.base_url:
            session.runtime.talk.warn("The journal is of another server than is configured, so the script names none.")
        events = await undoable(reading, wanted, changes=options.changes, exact=options.range.exact)
        planner = Planner(reading, session.runtime.talk.progress)
        search = CopySearch(session.runtime, list(map(user_path, options.copies)))
        return await planner.plan(
            events, heading, changes=options.changes, find_copies=search.run if options.copies else None
        )


async def _of_incident(
    session: Session[UndoOptions], reading: LibraryReading, incident: str, wanted: EventFilter
) -> EventFilter:
    """What matches of an incident, whatever the range is; raises UsageProblem when there is no such incident."""
    first_us = first_us_of(incident)
    events = await reading.read_all(EventFilter(since_us=first_us, operations=DESTRUCTIVE))
    found = find_incidents(events, session.settings.incident_rules).at(first_us or 0)
    if found is None or found.id != incident:
        raise UsageProblem(f"--incident: there is no incident {visible(incident, 60)}; `deletions` lists them.")
    return msgspec.structs.replace(wanted, since_us=found.filter.since_us, until_us=found.filter.until_us)

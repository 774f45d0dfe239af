"""`gumnut-tui deletions`: the deletion report, and the command that would bring photos back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from gumnut_tui.cli.exit_codes import Exit
from gumnut_tui.cli.options import (
    OUTPUT,
    ReadingOptions,
    bom_option,
    filter_options,
    incident_options,
    option,
    reading_options,
)
from gumnut_tui.cli.output_file import output_file, output_option, write
from gumnut_tui.cli.reading import Needs, check_journal, open_reading, report_heading
from gumnut_tui.cli.session import Session, check_wanted, scope_words, session_command, wanted_events
from gumnut_tui.domain.errors import UsageProblem
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.quantities import plural
from gumnut_tui.formatting.times import moment_words
from gumnut_tui.report.formats import ENDINGS, FORMATS, format_of, report_chunks

if TYPE_CHECKING:
    from gumnut_tui.report.build import Material
    from gumnut_tui.report.model import Report
    from gumnut_tui.usecases.reading import LibraryReading, OpenedLibrary

EXAMPLES = (
    "gumnut-tui deletions --since 7d",
    "gumnut-tui deletions --since 30d --output missing-photos.html",
    "gumnut-tui deletions --since all --ops trashed --restore-command curl > restore.sh",
    "gumnut-tui deletions --since 24h | jq -r 'select(.status == \"gone\").name'",
)


@dataclass(frozen=True, kw_only=True)
class DeletionsOptions(ReadingOptions):
    """Options of `deletions`."""

    form: Literal["table", "md", "csv", "jsonl", "html"] | None = None
    output: str | None = None
    restore: Literal["curl", "python"] | None = None


@session_command("deletions", DeletionsOptions, EXAMPLES)
@filter_options
@incident_options
@option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    group=OUTPUT,
    help="table (default on a terminal), jsonl (default in a pipe), csv, or md and html to share.",
)
@output_option
@bom_option
@option(
    "--restore-command",
    "restore",
    type=click.Choice(["curl", "python"]),
    group=OUTPUT,
    help="Print the command that would restore the photos in the trash, instead of the report; it is never run.",
)
@reading_options
def command(session: Session[DeletionsOptions]) -> int:
    """Report what was deleted, trashed, removed or moved away, and what that means now.

    Each event is checked against the service: gone for good, in the trash (and until when), restored since, moved to
    another library, or only taken out of an album. Photos that are gone get their names from the journal.
    """
    output = _checked(session.options)
    report = asyncio.run(_made(session))
    session.runtime.talk.clear()
    chunks = _restore(session, report) if session.options.restore else _report(session, report, output)
    write(chunks, output, session.runtime, plural(len(report.findings), "event"))
    return Exit.DONE


def _checked(options: DeletionsOptions) -> Path | None:
    """The file to write, if any; raises UsageProblem for options that contradict each other, before any request."""
    check_journal(options.journal)
    if options.restore and options.form:
        raise UsageProblem("--restore-command prints a command, so it cannot be combined with --format.")
    has_format = bool(options.form or options.restore)
    return output_file(options.output, has_format=has_format, endings=ENDINGS)


def _report(session: Session[DeletionsOptions], report: Report, path: Path | None) -> Iterator[bytes]:
    from gumnut_tui.report.terminal import ListStyle

    output = session.runtime.output
    is_terminal = path is None and output.is_terminal
    form = session.options.form or (format_of(path) if path else None) or ("table" if is_terminal else "jsonl")
    style = ListStyle(
        session.zone,
        session.runtime.clock(),
        output.columns if is_terminal else None,
        colour=is_terminal and output.colour,
    )
    encoding = output.encoding if is_terminal else "utf-8"
    return report_chunks(report, form, style, encoding=encoding, bom=session.settings.csv_bom)


def _restore(session: Session[DeletionsOptions], report: Report) -> Iterator[bytes]:
    from gumnut_tui.report.restore import of_report

    command = of_report(report, session.options.restore or "")
    if not command:
        session.runtime.talk.warn("None of these photos is in the trash, so there is nothing to restore.")
        return
    yield f"{command}\n".encode()


async def _made(session: Session[DeletionsOptions]) -> Report:
    from gumnut_tui.report.build import choose, compose
    from gumnut_tui.report.known_entities import Known

    options, runtime = session.options, session.runtime
    check_wanted(session)
    progress = _Progress(session)
    async with open_reading(session, options.journal, Needs(names=True, on_read=progress.read)) as reading:
        service, memory = reading.opened.service, reading.memory
        wanted = await wanted_events(session, reading.opened)
        material = await _material(session, reading, wanted, progress)
        choice, known = choose(material, wanted), Known(material.fates)

        def tell(requests: int) -> None:
            runtime.talk.progress(f"checking what became of {plural(len(choice.judged), 'event')}: request {requests}")

        if service is not None:
            await known.read(choice.judged, service, reading.opened.library_id, memory, tell)
        elif memory is not None:
            await known.recall(choice.judged, memory)
        scope, base_url = scope_words(session, wanted), _command_address(session, reading.opened)
        heading = await report_heading(session, reading.opened, scope, base_url=base_url)
        return compose(choice, wanted, known, heading)


async def _material(
    session: Session[DeletionsOptions], reading: LibraryReading, wanted: EventFilter, progress: _Progress
) -> Material:
    """All events of the range that a report can learn from: incidents and fates follow from them."""
    from gumnut_tui.report.build import TELLING, Material

    material = Material(session.settings.incident_rules)
    telling = EventFilter(since_us=wanted.since_us, until_us=wanted.until_us, operations=TELLING)
    async with aclosing(reading.events(telling, exact=session.options.range.exact)) as batches:
        async for batch in batches:
            material.take(batch.events)
            progress.show(len(material.events))
    return material


class _Progress:
    """Says how far the reading is."""

    def __init__(self, session: Session[DeletionsOptions]) -> None:
        self._session = session
        self._read = 0
        self._last_us: int | None = None

    def read(self, events: int, last_us: int | None) -> None:
        """So many events were looked at, the last one of this time."""
        self._read += events
        self._last_us = last_us if last_us is not None else self._last_us

    def show(self, destructive: int) -> None:
        """Show it in place of what was shown before."""
        if self._last_us is not None:
            runtime = self._session.runtime
            at = moment_words(self._last_us, self._session.zone, runtime.clock())
            runtime.talk.progress(f"{plural(self._read, 'event')} read, {destructive:,} destructive, at {at}")


def _command_address(session: Session[DeletionsOptions], opened: OpenedLibrary) -> str:
    """Where restore commands may be sent; empty, with a warning, when the journal belongs to another server."""
    from gumnut_tui.usecases.export import command_address, foreign_words

    if not opened.is_offline:
        return opened.client.base_url
    configured, journaled = session.address, opened.client.base_url
    address = command_address(configured, journaled)
    if not address:
        words = visible(foreign_words(configured, journaled), 1000)
        if session.options.restore:
            raise UsageProblem(words)
        session.runtime.talk.warn(f"No restore commands: {words}")
    return address

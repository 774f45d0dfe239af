"""`gumnut-tui deletions`: the deletion report, and the command that would bring photos back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from gumnut_tui.cli.exit_codes import Exit
from gumnut_tui.cli.options import (
    OUTPUT,
    CommandOptions,
    FilterOptions,
    JournalOptions,
    RangeOptions,
    bom_option,
    completed,
    filter_options,
    incident_options,
    journal_options,
    library_option,
    option,
    settings_options,
)
from gumnut_tui.cli.session import (
    Session,
    check_wanted,
    event_reader,
    filter_within,
    scope_words,
    session_command,
    time_range,
    time_range_there,
)
from gumnut_tui.domain.errors import JournalProblem, UsageProblem
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import from_us
from gumnut_tui.domain.when import TimeRange
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.facts import in_words
from gumnut_tui.formatting.quantities import plural
from gumnut_tui.formatting.times import moment_words
from gumnut_tui.report.formats import ENDINGS, FORMATS, format_of, report_chunks
from gumnut_tui.usecases.account import choose_library, listed_libraries
from gumnut_tui.usecases.export import STANDARD_OUTPUT, output_path, save_output
from gumnut_tui.usecases.journals import find_library, open_existing

if TYPE_CHECKING:
    from gumnut_tui.api.client import Client
    from gumnut_tui.domain.models import Library
    from gumnut_tui.report.build import Material
    from gumnut_tui.report.known_entities import LastKnown
    from gumnut_tui.report.model import Report

EXAMPLES = (
    "gumnut-tui deletions --since 7d",
    "gumnut-tui deletions --since 30d --output missing-photos.html",
    "gumnut-tui deletions --since all --ops trashed --restore-command curl > restore.sh",
    "gumnut-tui deletions --since 24h | jq -r 'select(.status == \"gone\").name'",
)


@dataclass(frozen=True, kw_only=True)
class DeletionsOptions(CommandOptions):
    """Options of `deletions`."""

    range: RangeOptions = field(default_factory=RangeOptions)
    filter: FilterOptions = field(default_factory=FilterOptions)
    journal: JournalOptions = field(default_factory=JournalOptions)
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
@option(
    "--output",
    metavar="FILE",
    group=OUTPUT,
    shell_complete=completed("file"),
    help="Write to this file; its extension chooses the format. - is standard output.",
)
@bom_option
@option(
    "--restore-command",
    "restore",
    type=click.Choice(["curl", "python"]),
    group=OUTPUT,
    help="Print the command that would restore the photos in the trash, instead of the report; it is never run.",
)
@journal_options
@library_option
@settings_options
def command(session: Session[DeletionsOptions]) -> int:
    """Report what was deleted, trashed, removed or moved away, and what that means now.

    Each event is checked against the service: gone for good, in the trash (and until when), restored since, moved to
    another library, or only taken out of an album. Photos that are gone get their names from the journal.
    """
    output = _checked(session.options)
    report = asyncio.run(_offline(session) if session.options.journal.offline else _online(session))
    session.runtime.talk.clear()
    chunks = _restore(session, report) if session.options.restore else _report(session, report, output)
    if output is None:
        for chunk in chunks:
            session.runtime.output.data(chunk)
    else:
        save_output(output, chunks)
        session.runtime.talk.note(f"Wrote {plural(len(report.findings), 'event')} to {output}")
    return Exit.DONE


def _checked(options: DeletionsOptions) -> Path | None:
    """The file to write, if any; raises UsageProblem for options that contradict each other, before any request."""
    if options.journal.offline and options.journal.no_journal:
        raise UsageProblem("--offline reads the journal, so it cannot be combined with --no-journal.")
    if options.restore and options.form:
        raise UsageProblem("--restore-command prints a command, so it cannot be combined with --format.")
    if not options.output or options.output == STANDARD_OUTPUT:
        return None
    try:
        path = output_path(options.output)
    except UsageProblem as problem:
        raise UsageProblem(f"--output: {problem}") from None
    if not options.form and not options.restore and format_of(path) is None:
        raise UsageProblem(f"--output: name a file that ends in {', '.join(ENDINGS)}, or a --format.")
    return path


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


async def _online(session: Session[DeletionsOptions]) -> Report:
    from gumnut_tui.report.build import choose, compose
    from gumnut_tui.report.known_entities import Known
    from gumnut_tui.report.model import Heading

    runtime = session.runtime
    check_wanted(session, session.options.range, session.options.filter)
    async with session.client() as client:
        library = await choose_library(client, session.settings.library)
        span = await time_range_there(session, client, session.options.range)
        library_id = library.id if library else None
        wanted = await filter_within(session, client, session.options.filter, span, library_id)
        material = _material(session)
        await _read(session, client, library_id, span, material)
        choice, known = choose(material, wanted), Known(material.fates)

        def tell(requests: int) -> None:
            runtime.talk.progress(f"checking what became of {plural(len(choice.judged), 'event')}: request {requests}")

        async with _memory(session, client.base_url, library_id) as memory:
            await known.read(choice.judged, client, library_id, memory, tell)
        heading = Heading(
            library_id=library_id,
            library=await _library_name(client, library),
            scope=scope_words(session, session.options.filter, wanted),
            as_of=runtime.clock(),
            is_offline=False,
            retention=session.settings.retention_period,
            base_url=client.base_url,
        )
    return compose(choice, wanted, known, heading)


async def _offline(session: Session[DeletionsOptions]) -> Report:
    from gumnut_tui.feed.entity_history import JournalHistory
    from gumnut_tui.report.build import TELLING, choose, compose
    from gumnut_tui.report.known_entities import Known
    from gumnut_tui.report.model import Heading

    options = session.options
    wanted = await filter_within(session, None, options.filter, time_range(session, options.range))
    async with session.open_journal(options.journal, write=False) as journal:
        library = await find_library(journal, session.settings.library)
        material = _material(session)
        telling = EventFilter(since_us=wanted.since_us, until_us=wanted.until_us, operations=TELLING)
        material.take(await journal.matching(library, telling))
        choice, known = choose(material, wanted), Known(material.fates)
        await known.recall(choice.judged, JournalHistory(journal, library))
    heading = Heading(
        library_id=library.key.library_id or None,
        library=library.name,
        scope=scope_words(session, session.options.filter, wanted),
        as_of=from_us(library.synced_us or library.began_us),
        is_offline=True,
        retention=session.settings.retention_period,
        base_url=_command_address(session, library.key.base_url),
    )
    return compose(choice, wanted, known, heading)


def _command_address(session: Session[DeletionsOptions], journaled: str) -> str:
    """Where restore commands may be sent; empty, with a warning, when the journal belongs to another server."""
    from gumnut_tui.usecases.account import demo_address
    from gumnut_tui.usecases.export import command_address, foreign_words

    configured = demo_address() if session.is_demo else session.settings.base_url
    address = command_address(configured, journaled)
    if not address:
        words = visible(foreign_words(configured, journaled), 1000)
        if session.options.restore:
            raise UsageProblem(words)
        session.runtime.talk.warn(f"No restore commands: {words}")
    return address


def _material(session: Session[DeletionsOptions]) -> Material:
    from gumnut_tui.report.build import Material

    return Material(session.settings.incident_rules)


async def _read(
    session: Session[DeletionsOptions], client: Client, library_id: str | None, span: TimeRange, material: Material
) -> None:
    """Read the whole range: incidents, and what became of entities, follow from all of its events."""
    runtime = session.runtime
    reader = event_reader(session, client, library_id, span, exact=session.options.range.exact)
    read = 0
    async with aclosing(reader.oldest_first()) as batches:
        async for batch in batches:
            material.take([one.event for one in batch])
            read += len(batch)
            if batch:
                at = moment_words(batch[-1].event.created_at_us, session.zone, runtime.clock())
                runtime.talk.progress(f"{plural(read, 'event')} read, {len(material.events):,} destructive, at {at}")


@asynccontextmanager
async def _memory(
    session: Session[DeletionsOptions], base_url: str, library_id: str | None
) -> AsyncIterator[LastKnown | None]:
    """What the journal remembers of the library; None without one. A journal that cannot be read is only a warning."""
    from gumnut_tui.feed.entity_history import JournalHistory

    options = session.options.journal
    if options.no_journal:
        yield None
        return
    try:
        journal = open_existing(session.journal_path(options), write=False, clock=session.runtime.clock)
    except JournalProblem as problem:
        session.runtime.talk.warn(f"The journal cannot be read, so names may be missing: {in_words(problem)[0]}")
        yield None
        return
    if journal is None:
        yield None
        return
    async with journal:
        keys = {(one.key.base_url, one.key.library_id): one for one in await journal.libraries()}
        library = keys.get((base_url, library_id or ""))
        yield None if library is None else JournalHistory(journal, library)


async def _library_name(client: Client, library: Library | None) -> str:
    """Its name as received; requested when the library was chosen by its id, and empty if the key may not read it."""
    if library is None or library.name:
        return library.name if library else ""
    return next((one.name for one in await listed_libraries(client, "all") or () if one.id == library.id), "")

"""`gumnut-tui deletions`: the deletion report, and the command that would bring photos back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gumnut_tui.cli.console.exit_codes import Exit
from gumnut_tui.cli.console.help import HelpfulCommand
from gumnut_tui.cli.journals import chosen, open_journal
from gumnut_tui.cli.options import (
    OUTPUT,
    filter_options,
    incident_options,
    journal_options,
    library_option,
    option,
    settings_options,
)
from gumnut_tui.cli.session import Session, open_session
from gumnut_tui.cli.write_report import ENDINGS, FORMATS, chunks_of, save
from gumnut_tui.domain.errors import Forbidden, JournalProblem, UsageProblem
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.incidents import IncidentRules
from gumnut_tui.domain.models import from_us
from gumnut_tui.domain.when import TimeRange
from gumnut_tui.formatting.error_lines import in_words
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.quantities import plural
from gumnut_tui.formatting.times import date_time, moment_words, zone_name

if TYPE_CHECKING:
    from gumnut_tui.api.client import Client
    from gumnut_tui.report.build import Material
    from gumnut_tui.report.known_entities import LastKnown
    from gumnut_tui.report.model import Report

EXAMPLES = (
    "gumnut-tui deletions --since 7d",
    "gumnut-tui deletions --since 30d --output missing-photos.html",
    "gumnut-tui deletions --since all --ops trashed --restore-command curl > restore.sh",
    "gumnut-tui deletions --since 24h | jq -r 'select(.status == \"gone\").name'",
)


@click.command("deletions", cls=HelpfulCommand, examples=EXAMPLES)
@filter_options
@incident_options
@option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    group=OUTPUT,
    help="table (default on a terminal), jsonl (default in a pipe), csv, or md and html to send on.",
)
@option(
    "--output",
    metavar="FILE",
    group=OUTPUT,
    help="Write to this file, whole or not at all; its ending tells the format.",
)
@option(
    "--restore-command",
    "restore",
    type=click.Choice(["curl", "python"]),
    group=OUTPUT,
    help="Print the command that would restore the photos in the trash, instead of the report; it is never sent.",
)
@journal_options
@library_option
@settings_options
@click.pass_context
def command(context: click.Context, /, **_flags: Any) -> int:
    """Report what was deleted, trashed, removed or moved away, and what that means now.

    Each event is checked against the service: gone for good, in the trash and until when, restored since, moved to
    another library, or only taken out of an album. What the journal remembers gives names to photos that are gone.
    """
    session = open_session(context)
    output = _output_path(session)
    report = asyncio.run(_offline(session) if session.flags.get("offline") else _online(session))
    session.runtime.talk.clear()
    chunks = chunks_of(session, report, output)
    if output is None:
        for chunk in chunks:
            session.runtime.output.data(chunk)
    else:
        save(output, chunks)
        session.runtime.talk.note(f"Wrote {plural(len(report.findings), 'event')} to {output}")
    return Exit.DONE


def _output_path(session: Session) -> Path | None:
    """The file to write, checked before anything is asked for."""
    flags = session.flags
    if flags.get("offline") and flags.get("no_journal"):
        raise UsageProblem("--offline reads the journal, so it does not go with --no-journal.")
    if flags.get("restore") and flags.get("form"):
        raise UsageProblem("--restore-command prints a command, so it does not go with --format.")
    if not (named := flags.get("output")):
        return None
    path = Path(str(named)).expanduser()
    if not path.parent.is_dir():
        raise UsageProblem(f"--output: there is no folder {path.parent}.")
    if path.is_dir():
        raise UsageProblem(f"--output: {path} is a folder.")
    if not flags.get("form") and not flags.get("restore") and path.suffix.lower() not in ENDINGS:
        raise UsageProblem(f"--output: name a file that ends in {', '.join(ENDINGS)}, or a --format.")
    return path


async def _online(session: Session) -> Report:
    from gumnut_tui.report.build import Heading, choose, compose
    from gumnut_tui.report.known_entities import Known

    runtime = session.runtime
    span = session.range(runtime.clock())
    wanted = session.wanted(span)
    async with session.client() as client:
        library_id = await session.library_id(client)
        material = _material(session)
        await _read(session, client, library_id, span, material)
        choice, known = choose(material, wanted), Known(material.fates)

        def tell(requests: int) -> None:
            runtime.talk.progress(f"asking what became of {plural(len(choice.judged), 'event')}: request {requests}")

        async with _memory(session, client.base_url, library_id) as memory:
            await known.read(choice.judged, client, library_id, memory, tell)
        heading = Heading(
            library_id=library_id,
            library=await _library_name(client, library_id),
            scope=_scope(session, wanted),
            as_of=runtime.clock(),
            is_offline=False,
            retention=session.retention,
            base_url=client.base_url,
        )
    return compose(choice, wanted, known, heading)


async def _offline(session: Session) -> Report:
    from gumnut_tui.feed.entity_history import JournalHistory
    from gumnut_tui.report.build import TELLING, Heading, choose, compose
    from gumnut_tui.report.known_entities import Known

    wanted = session.wanted(session.range(session.runtime.clock()))
    async with open_journal(session, write=False) as journal:
        library = await chosen(journal, session.settings.library)
        material = _material(session)
        telling = EventFilter(since_us=wanted.since_us, until_us=wanted.until_us, operations=TELLING)
        material.take(await journal.matching(library, telling))
        choice, known = choose(material, wanted), Known(material.fates)
        await known.recall(choice.judged, JournalHistory(journal, library))
    heading = Heading(
        library_id=library.key.library_id or None,
        library=library.name,
        scope=_scope(session, wanted),
        as_of=from_us(library.synced_us or library.began_us),
        is_offline=True,
        retention=session.retention,
        base_url=library.key.base_url,
    )
    return compose(choice, wanted, known, heading)


def _material(session: Session) -> Material:
    from gumnut_tui.report.build import Material

    return Material(IncidentRules(session.settings.incident_pause, session.settings.incident_size))


async def _read(session: Session, client: Client, library_id: str | None, span: TimeRange, material: Material) -> None:
    """Read the whole range: incidents and fates follow from all of its events."""
    runtime = session.runtime
    read = 0
    async with aclosing(session.reading(client, library_id, span).oldest_first()) as batches:
        async for batch in batches:
            material.take([one.event for one in batch])
            read += len(batch)
            if batch:
                at = moment_words(batch[-1].event.created_at_us, session.zone, runtime.clock())
                runtime.talk.progress(f"{plural(read, 'event')} read, {len(material.events):,} destructive, at {at}")


@asynccontextmanager
async def _memory(session: Session, base_url: str, library_id: str | None) -> AsyncIterator[LastKnown | None]:
    """What the journal remembers of the library; None without one. It helps, so it is never in the way."""
    from gumnut_tui.feed.entity_history import JournalHistory

    if session.flags.get("no_journal") or not session.journal_path.exists():
        yield None
        return
    try:
        journal = open_journal(session, write=False)
    except JournalProblem as problem:
        session.runtime.talk.warn(f"The journal cannot be read, so names may be missing: {in_words(problem)[0]}")
        yield None
        return
    async with journal:
        keys = {(one.key.base_url, one.key.library_id): one for one in await journal.libraries()}
        library = keys.get((base_url, library_id or ""))
        yield None if library is None else JournalHistory(journal, library)


async def _library_name(client: Client, library_id: str | None) -> str:
    try:
        names = {library.id: library.name for library in await client.libraries("all")}
    except Forbidden:
        return ""
    return names.get(library_id or "", "")


def _scope(session: Session, wanted: EventFilter) -> str:
    """Which events were looked at: `Events from … to …, only trashed`."""
    since = "the beginning" if wanted.since_us is None else date_time(wanted.since_us, session.zone)
    until = "" if wanted.until_us is None else f" to {date_time(wanted.until_us, session.zone)}"
    zone = zone_name(session.zone, session.runtime.clock())
    flags = session.flags
    only = [
        *(",".join(flags.get(name, ())) for name in ("types", "ops", "event_types")),
        *(str(flags.get(name, "")) for name in ("entity_id", "search")),
    ]
    told = "; ".join(visible(part, 100) for part in only if part)
    return f"Events from {since}{until} ({visible(zone)})" + (f", only {told}" if told else "")

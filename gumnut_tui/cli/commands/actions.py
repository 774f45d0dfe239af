"""`gumnut-tui actions`: what people and the service did."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
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
    order_option,
    reading_options,
)
from gumnut_tui.cli.printing import print_json
from gumnut_tui.cli.reading import Needs, check_journal, open_reading, report_heading
from gumnut_tui.cli.session import (
    Session,
    check_wanted,
    is_newest_first,
    new_outage,
    scope_words,
    session_command,
    wanted_events,
)
from gumnut_tui.domain.actions import ActionRules
from gumnut_tui.domain.errors import UsageProblem
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import to_us
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.interchange import BYTE_ORDER_MARK
from gumnut_tui.formatting.quantities import plural
from gumnut_tui.formatting.times import moment_words

if TYPE_CHECKING:
    from gumnut_tui.report.digest import Entry
    from gumnut_tui.report.model import Heading
    from gumnut_tui.usecases.action_reader import ActionReader
    from gumnut_tui.usecases.event_reader import Batch

FORMATS = ("table", "jsonl", "csv", "md", "html")
EXAMPLES = (
    "gumnut-tui actions --since today",
    "gumnut-tui actions --since 7d --format html > week.html",
    "gumnut-tui actions --since 30d --ops deleted,trashed --format csv > losses.csv",
    "gumnut-tui actions --follow --since now | jq -r .sentence",
)
DIGESTS = ("md", "html")


@dataclass(frozen=True, kw_only=True)
class ActionsOptions(ReadingOptions):
    """Options of `actions`."""

    form: Literal["table", "jsonl", "csv", "md", "html"] | None = None
    limit: int | None = None
    follow: bool = False


@session_command("actions", ActionsOptions, EXAMPLES)
@filter_options
@incident_options
@option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    group=OUTPUT,
    help="table (default on a terminal), jsonl (default in a pipe), csv, or md and html: a digest by days to mail.",
)
@bom_option
@order_option("Newest or oldest actions first (default oldest, unless configured).")
@option("--limit", type=click.IntRange(min=1), metavar="N", group=OUTPUT, help="Stop after N actions.")
@option(
    "--follow",
    is_flag=True,
    group=OUTPUT,
    help="Keep printing actions when they have ended, until ctrl+c; one that grows later is printed again.",
)
@reading_options
def command(session: Session[ActionsOptions]) -> int:
    """Tell what happened in actions: uploads, work on albums, photos trashed or restored, people merged, edits.

    Each event of the range belongs to exactly one action. A filter keeps the actions that have an event which passes;
    they are shown whole.
    """
    _check(session.options)
    asyncio.run(_tell(session))
    return Exit.DONE


def _check(options: ActionsOptions) -> None:
    check_journal(options.journal)
    if not options.follow:
        return
    for name, conflicts in (
        ("--order newest", options.overrides.order == "newest"),
        ("--until", options.range.until is not None),
        ("--offline", options.journal.offline),
        (f"--format {options.form}", options.form in DIGESTS),
    ):
        if conflicts:
            raise UsageProblem(f"--follow never ends, so it cannot be combined with {name}.")


def _rules(session: Session[ActionsOptions]) -> ActionRules:
    return ActionRules(session.settings.incident_pause, session.settings.incident_size)


async def _tell(session: Session[ActionsOptions]) -> None:
    from gumnut_tui.usecases.action_reader import ActionReader
    from gumnut_tui.usecases.action_sources import sources_of

    options = session.options
    check_wanted(session)
    outage = new_outage(session) if options.follow else None
    needs = Needs(names=True, search=bool(options.filter.search), outage=outage)
    async with open_reading(session, options.journal, needs) as reading:
        service, library_id = reading.opened.service, reading.opened.library_id
        wanted = await wanted_events(session, reading.opened, outage)
        sources = sources_of(service, reading.others, reading.opened.link)
        reader = ActionReader(_rules(session), wanted, reading.names, sources)
        whole = EventFilter(since_us=wanted.since_us, until_us=wanted.until_us)
        exact = options.range.exact
        if outage is not None:
            await _follow(session, reader, reading.follow(whole, outage, exact=exact), library_id)
            return
        async with aclosing(reading.events(whole, exact=exact)) as batches:
            async for batch in batches:
                reader.take(batch.events)
                session.runtime.output.check_reader()
                if batch:
                    _progress(session, len(reader.store), batch.events[-1].created_at_us)
        scope = scope_words(session, wanted)
        heading = await report_heading(session, reading.opened, scope, named=options.form in DIGESTS)
        await _print(session, reader, heading)


async def _print(session: Session[ActionsOptions], reader: ActionReader, heading: Heading) -> None:
    from gumnut_tui.report.digest import count_words, file_lines

    options, output, talk = session.options, session.runtime.output, session.runtime.talk
    matching = list((await reader.matching()).items())
    if is_newest_first(session):
        matching.reverse()
    chosen = matching[: options.limit]
    form = _form(session)
    if form in DIGESTS:
        entries = [entry async for entry in reader.entries.described(chosen, pictures=form == "html")]
        talk.clear()
        for line in file_lines(form, heading, entries, session.zone):
            output.data(line.encode("utf-8", "backslashreplace"))
    else:
        talk.clear()
        writer = _Writer(session, heading.library_id)
        async with aclosing(reader.entries.described(chosen)) as described:
            async for entry in described:
                talk.clear()
                writer.write(entry)
    talk.clear()
    all_there_are = len(reader.actions)
    talk.note(count_words(len(chosen), all_there_are) if all_there_are else "No events match.")


async def _follow(
    session: Session[ActionsOptions],
    reader: ActionReader,
    events: AsyncGenerator[Batch, None],
    library_id: str | None,
) -> None:
    from gumnut_tui.usecases.action_reader import Ended

    ended, writer, printed = Ended(_rules(session)), _Writer(session, library_id), 0
    async with aclosing(events) as batches:
        async for batch in batches:
            reader.take(batch.events)
            session.runtime.output.check_reader()
            if batch:
                # There is more to be read at once.
                continue
            matching = await reader.matching()
            now = ended.among(matching.items(), to_us(session.runtime.clock()))
            async for entry in reader.entries.described(now):
                session.runtime.talk.clear()
                writer.write(entry)
                printed += 1
                if printed == session.options.limit:
                    return


def _form(session: Session[ActionsOptions]) -> str:
    return session.options.form or ("table" if session.runtime.output.is_terminal else "jsonl")


class _Writer:
    """Prints actions one by one."""

    def __init__(self, session: Session[ActionsOptions], library_id: str | None) -> None:
        from gumnut_tui.report.digest import TableStyle, csv_head, table_head

        self._output = output = session.runtime.output
        self._library_id = library_id
        self._form = _form(session)
        self._style = TableStyle(
            session.zone,
            session.runtime.clock(),
            output.columns if output.is_terminal else None,
            is_coloured=output.colour,
        )
        if self._form == "table":
            output.text(f"{table_head(self._style)}\n")
        elif self._form == "csv":
            head = BYTE_ORDER_MARK if session.settings.csv_bom and not output.is_terminal else b""
            output.data(head + csv_head().encode())

    def write(self, entry: Entry) -> None:
        """Print an action; it is out when this returns."""
        from gumnut_tui.report import digest

        is_terminal = self._output.is_terminal
        if self._form == "table":
            self._output.text(f"{digest.table_row(entry, self._style)}\n")
        elif self._form == "csv":
            row = digest.csv_row(entry, self._library_id, visible if is_terminal else str)
            self._output.data(row.encode("utf-8", "backslashreplace"))
        else:
            line = digest.json_record(entry, self._library_id).encode("utf-8", "backslashreplace")
            print_json(self._output, line)


def _progress(session: Session[ActionsOptions], read: int, last_us: int) -> None:
    runtime = session.runtime
    runtime.talk.progress(f"{plural(read, 'event')} read, at {moment_words(last_us, session.zone, runtime.clock())}")

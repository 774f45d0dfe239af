"""`gumnut-tui events`: print events as they are read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import click

from gumnut_tui.cli.console.event_writers import FORMATS, Csv, JsonArray, JsonLines, Table, Writer
from gumnut_tui.cli.console.exit_codes import Exit
from gumnut_tui.cli.options import (
    OUTPUT,
    CommandOptions,
    FilterOptions,
    RangeOptions,
    bom_option,
    filter_options,
    library_option,
    option,
    order_option,
    settings_options,
)
from gumnut_tui.cli.reading import event_reader, filter_within, time_range, time_range_there
from gumnut_tui.cli.session import Session, session_command
from gumnut_tui.domain.errors import UsageProblem
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.when import TimeRange
from gumnut_tui.formatting.quantities import plural
from gumnut_tui.formatting.times import moment_words
from gumnut_tui.usecases.account import choose_library_id
from gumnut_tui.usecases.event_reader import Batch, Names

if TYPE_CHECKING:
    from gumnut_tui.api.client import Client

EXAMPLES = (
    "gumnut-tui events --since today --ops trashed,deleted",
    "gumnut-tui events --since 30d --search italy --format csv > italy.csv",
    "gumnut-tui events --follow --since now | jq -r .event_type",
)


@dataclass(frozen=True, kw_only=True)
class EventsOptions(CommandOptions):
    """Options of `events`."""

    range: RangeOptions = field(default_factory=RangeOptions)
    filter: FilterOptions = field(default_factory=FilterOptions)
    form: Literal["table", "jsonl", "json", "csv"] | None = None
    limit: int | None = None
    follow: bool = False


@session_command("events", EventsOptions, EXAMPLES)
@filter_options
@option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    group=OUTPUT,
    help="table (default on a terminal), jsonl (default in a pipe; the API's event objects), json, csv.",
)
@bom_option
@order_option("Newest or oldest events first (default oldest).")
@option("--limit", type=click.IntRange(min=1), metavar="N", group=OUTPUT, help="Stop after N events.")
@option("--follow", is_flag=True, group=OUTPUT, help="Keep printing new events until ctrl+c.")
@library_option
@settings_options
def command(session: Session[EventsOptions]) -> int:
    """Print the events of a library as they are read."""
    _check(session.options)
    asyncio.run(_print(session))
    return Exit.DONE


def _check(options: EventsOptions) -> None:
    if not options.follow:
        return
    for name, conflicts in (
        ("--order newest", options.overrides.order == "newest"),
        ("--until", options.range.until is not None),
        ("--format json", options.form == "json"),
    ):
        if conflicts:
            raise UsageProblem(f"--follow never ends, so it cannot be combined with {name}.")


async def _print(session: Session[EventsOptions]) -> None:
    options = session.options
    time_range(session, options.range)
    async with session.client() as client:
        library_id = await choose_library_id(client, session.settings.library)
        span = await time_range_there(session, client, options.range)
        wanted = filter_within(session, options.filter, span)
        names = Names(client, library_id, session.runtime.talk.warn)
        writer = _writer(session, names)
        shown = 0
        async with aclosing(_batches(session, client, library_id, wanted, span)) as batches:
            progress = _Progress(session)
            async for batch in batches:
                if options.follow:
                    names.cache.changed(one.event for one in batch)
                matching = await names.matching(batch, wanted)
                if options.limit is not None:
                    matching = matching[: options.limit - shown]
                if isinstance(writer, Table):
                    await names.learn([one.event for one in matching])
                shown += len(matching)
                session.runtime.talk.clear()
                writer.write(matching)
                if options.limit == shown:
                    break
                session.runtime.output.check_reader()
                progress.read(batch, shown)
        session.runtime.talk.clear()
        writer.close()
        if not shown:
            session.runtime.talk.note("No events match.")


def _batches(
    session: Session[EventsOptions], client: Client, library_id: str | None, wanted: EventFilter, span: TimeRange
) -> AsyncGenerator[Batch, None]:
    runtime, options = session.runtime, session.options
    reader = event_reader(
        session, client, library_id, span, exact=options.range.exact, entity_types=wanted.entity_types
    )
    if options.follow:
        return reader.follow(session.settings.poll_interval, runtime.sleep)
    return reader.newest_first(runtime.clock) if options.overrides.order == "newest" else reader.oldest_first()


def _writer(session: Session[EventsOptions], names: Names) -> Writer:
    runtime = session.runtime
    match session.options.form or ("table" if runtime.output.is_terminal else "jsonl"):
        case "table":
            return Table(runtime.output, names.cache, session.zone, runtime.clock)
        case "json":
            return JsonArray(runtime.output)
        case "csv":
            return Csv(runtime.output, bom=session.settings.csv_bom)
        case _:
            return JsonLines(runtime.output)


class _Progress:
    """Says how far the reading is."""

    def __init__(self, session: Session[EventsOptions]) -> None:
        self._session = session
        self._read = 0

    def read(self, batch: Batch, shown: int) -> None:
        """A batch was read; of all events so far `shown` were printed."""
        self._read += len(batch)
        if not batch:
            return
        runtime = self._session.runtime
        where = moment_words(batch[-1].event.created_at_us, self._session.zone, runtime.clock())
        runtime.talk.progress(f"{plural(self._read, 'event')} read, {shown:,} printed, at {where}")

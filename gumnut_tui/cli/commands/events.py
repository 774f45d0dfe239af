"""`gumnut-tui events`: print events as they are read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import click

from gumnut_tui.cli.console.event_writers import FORMATS, Csv, JsonArray, JsonLines, Table, Writer
from gumnut_tui.cli.console.exit_codes import Exit
from gumnut_tui.cli.console.help import HelpfulCommand
from gumnut_tui.cli.options import (
    OUTPUT,
    filter_options,
    library_option,
    option,
    order_option,
    settings_options,
)
from gumnut_tui.cli.session import Session, open_session
from gumnut_tui.domain.errors import UsageProblem
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.when import TimeRange
from gumnut_tui.formatting.quantities import plural
from gumnut_tui.formatting.times import moment_words
from gumnut_tui.usecases.event_names import Names
from gumnut_tui.usecases.event_reader import Batch

if TYPE_CHECKING:
    from gumnut_tui.api.client import Client

EXAMPLES = (
    "gumnut-tui events --since today --ops trashed,deleted",
    "gumnut-tui events --since 30d --search italy --format csv > italy.csv",
    "gumnut-tui events --follow --since now | jq -r .event_type",
)


@click.command("events", cls=HelpfulCommand, examples=EXAMPLES)
@filter_options
@option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    group=OUTPUT,
    help="table (default on a terminal), jsonl (default in a pipe; the API's event objects), json, csv.",
)
@order_option("Which end of the range comes first (default oldest).")
@option("--limit", type=click.IntRange(min=1), metavar="N", group=OUTPUT, help="Stop after N events.")
@option("--follow", is_flag=True, group=OUTPUT, help="Go on printing new events until ctrl+c.")
@library_option
@settings_options
@click.pass_context
def command(context: click.Context, /, **_flags: Any) -> int:
    """Print the events of a library as they are read."""
    session = open_session(context)
    _check(session)
    asyncio.run(_print(session))
    return Exit.DONE


def _check(session: Session) -> None:
    flags = session.flags
    if not flags.get("follow"):
        return
    for name, conflicts in (
        ("--order newest", flags.get("order") == "newest"),
        ("--until", flags.get("until") is not None),
        ("--format json", flags.get("form") == "json"),
    ):
        if conflicts:
            raise UsageProblem(f"--follow never ends, so it does not go with {name}.")


async def _print(session: Session) -> None:
    span = session.range(session.runtime.clock())
    wanted = session.wanted(span)
    async with session.client() as client:
        library_id = await session.library_id(client)
        names = Names(client, library_id, session.runtime.talk.warn)
        writer = _writer(session, names)
        shown = 0
        async with aclosing(_batches(session, client, library_id, wanted, span)) as batches:
            progress = _Progress(session)
            async for batch in batches:
                if session.flags.get("follow"):
                    names.book.changed(one.event for one in batch)
                matching = await names.matching(batch, wanted)
                matching = matching[: session.flags.get("limit", len(matching) + shown) - shown]
                if isinstance(writer, Table):
                    await names.learn([one.event for one in matching])
                shown += len(matching)
                session.runtime.talk.clear()
                writer.write(matching)
                if session.flags.get("limit") == shown:
                    break
                session.runtime.output.check_reader()
                progress.read(batch, shown)
        session.runtime.talk.clear()
        writer.close()
        if not shown:
            session.runtime.talk.note("No events match.")


def _batches(
    session: Session, client: Client, library_id: str | None, wanted: EventFilter, span: TimeRange
) -> AsyncGenerator[Batch, None]:
    runtime, flags = session.runtime, session.flags
    reading = session.reading(client, library_id, span, wanted.entity_types)
    if flags.get("follow"):
        return reading.follow(session.settings.poll_interval, runtime.sleep, runtime.talk.warn)
    return reading.newest_first(runtime.clock) if flags.get("order") == "newest" else reading.oldest_first()


def _writer(session: Session, names: Names) -> Writer:
    runtime = session.runtime
    match session.flags.get("form") or ("table" if runtime.output.is_terminal else "jsonl"):
        case "table":
            return Table(runtime.output, names.book, session.zone, runtime.clock)
        case "json":
            return JsonArray(runtime.output)
        case "csv":
            return Csv(runtime.output)
        case _:
            return JsonLines(runtime.output)


class _Progress:
    """Says how far the reading is."""

    def __init__(self, session: Session) -> None:
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

"""`gumnut-tui events`: print events as they are read, as a table for a person, as JSON or CSV for programs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Literal, Protocol

import click

from gumnut_tui.cli.exit_codes import Exit
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
from gumnut_tui.cli.runtime import Output
from gumnut_tui.cli.session import (
    Session,
    check_wanted,
    event_reader,
    filter_within,
    is_newest_first,
    library_id_there,
    new_outage,
    session_command,
    time_range_there,
)
from gumnut_tui.domain.errors import UsageProblem
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.when import TimeRange
from gumnut_tui.formatting.escape import fit, pad, visible
from gumnut_tui.formatting.interchange import BYTE_ORDER_MARK, csv_lines, json_line, utc_time
from gumnut_tui.formatting.quantities import plural
from gumnut_tui.formatting.times import ROW_TIME_WIDTH, moment_words
from gumnut_tui.usecases.event_reader import Batch, Names, Outage, Received

if TYPE_CHECKING:
    from gumnut_tui.api.client import Client
    from gumnut_tui.feed.entity_cache import NameCache
    from gumnut_tui.formatting.event_lines import Cells

FORMATS = ("table", "jsonl", "json", "csv")
OP_WIDTH, WHAT_WIDTH = 12, 11
"""Widths of these columns, in cells; on a terminal longer texts are cut."""
FILE_ENTITY_WIDTH = 30
"""Cells to which names are padded where nothing is cut."""
CSV_COLUMNS = ("created_at", "operation", "event_type", "entity_type", "entity_id", "payload", "cursor")


class Writer(Protocol):
    """Prints batches as they come."""

    def write(self, batch: Batch) -> None:
        """Print some events; they have been written when this returns."""

    def close(self) -> None:
        """Print what belongs after the last event."""


class JsonLines:
    """One event object a line, fields and values as received."""

    def __init__(self, output: Output) -> None:
        self._output = output

    def write(self, batch: Batch) -> None:
        """Print each event on its line."""
        if batch:
            self._output.data(
                b"".join(json_line(one.raw, for_terminal=self._output.is_terminal) + b"\n" for one in batch)
            )

    def close(self) -> None:
        """Nothing belongs after the last line."""


class JsonArray:
    """One array of the event objects, written as they come."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._lead = b"[\n"

    def write(self, batch: Batch) -> None:
        """Print the events as elements."""
        for one in batch:
            self._output.data(self._lead + json_line(one.raw, for_terminal=self._output.is_terminal))
            self._lead = b",\n"

    def close(self) -> None:
        """End the array."""
        self._output.data(b"[]\n" if self._lead == b"[\n" else b"\n]\n")


class Csv:
    """Comma-separated values under a header; a cell that a spreadsheet would run is defused."""

    def __init__(self, output: Output, *, bom: bool = False) -> None:
        """With `bom` it starts with a byte order mark, except on a terminal."""
        self._output = output
        if bom and not output.is_terminal:
            output.data(BYTE_ORDER_MARK)
        self._rows([CSV_COLUMNS])

    def write(self, batch: Batch) -> None:
        """Print a row for each event."""
        self._rows([_csv_row(one) for one in batch])

    def close(self) -> None:
        """Nothing belongs after the last row."""

    def _rows(self, rows: Iterable[Sequence[str]]) -> None:
        text = "".join(csv_lines(rows, visible if self._output.is_terminal else str))
        if text:
            self._output.data(text.encode("utf-8", "backslashreplace"))


class Table:
    """Aligned columns with names instead of ids, in the time zone chosen; everything is escaped."""

    def __init__(self, output: Output, names: NameCache, zone: tzinfo, clock: Callable[[], datetime]) -> None:
        self._output = output
        self._names = names
        self._zone = zone
        self._clock = clock
        self._begun = False

    def write(self, batch: Batch) -> None:
        """Print a row for each event, with a header above the first."""
        from gumnut_tui.formatting.event_lines import event_cells

        now = self._clock()
        lines = [] if self._begun or not batch else [self._columns("TIME", "OP", "WHAT", "ENTITY", "MORE")]
        self._begun = self._begun or bool(batch)
        for one in batch:
            cells = event_cells(
                one.event, zone=self._zone, now=now, name=self._names.name, presence=self._names.presence
            )
            lines.append(self._row(cells))
        if lines:
            self._output.text("".join(f"{line}\n" for line in lines))

    def close(self) -> None:
        """Nothing belongs after the last row."""

    def _row(self, cells: Cells) -> str:
        from gumnut_tui.formatting.facts import tone_of

        line = self._columns(cells.time, cells.op, cells.what, cells.entity, cells.more)
        colour = _COLOURS.get(tone_of(cells.operation).value, "") if self._output.colour else ""
        return f"\x1b[{colour}m{line}\x1b[0m" if colour else line

    def _columns(self, time: str, op: str, what: str, entity: str, more: str) -> str:
        """The cells side by side, cut to the width of a terminal; in a file nothing is cut."""
        widths = (ROW_TIME_WIDTH, OP_WIDTH, WHAT_WIDTH)
        if not self._output.is_terminal:
            cells = (*map(pad, (time, op, what, entity), (*widths, FILE_ENTITY_WIDTH)), more)
            return "  ".join(cells).rstrip()
        left = max(self._output.columns - sum(widths) - 2 * len(widths), 20)
        entity_width = max(16, min(34, left * 55 // 100))
        more_width = max(left - entity_width - 2, 0)
        return "  ".join(map(fit, (time, op, what, entity, more), (*widths, entity_width, more_width))).rstrip()


_COLOURS = {"bad": "31", "warn": "33", "good": "32"}


def _csv_row(one: Received) -> tuple[str, ...]:
    event = one.event
    return (
        utc_time(event.created_at),
        event.operation.value,
        event.event_type,
        event.entity_type,
        event.entity_id,
        bytes(event.payload).decode("utf-8", "replace").removeprefix("null"),
        event.cursor,
    )


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
@order_option("Newest or oldest events first (default oldest, unless configured).")
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
    check_wanted(session, options.range, options.filter)
    async with session.client() as client:
        outage = new_outage(session) if options.follow else None
        library_id = await library_id_there(session, client, outage)
        span = await time_range_there(session, client, options.range, outage)
        wanted = await filter_within(session, client, options.filter, span, library_id)
        names = Names(client, library_id, session.runtime.talk.warn)
        writer = _writer(session, names)
        shown = 0
        async with aclosing(_batches(session, client, library_id, wanted, span, outage)) as batches:
            progress = _Progress(session)
            async for batch in batches:
                if options.follow:
                    names.came(batch)
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
    session: Session[EventsOptions],
    client: Client,
    library_id: str | None,
    wanted: EventFilter,
    span: TimeRange,
    outage: Outage | None,
) -> AsyncGenerator[Batch, None]:
    runtime, options = session.runtime, session.options
    reader = event_reader(
        session, client, library_id, span, exact=options.range.exact, entity_types=wanted.entity_types
    )
    if outage is not None:
        return reader.follow(outage)
    return reader.newest_first(runtime.clock) if is_newest_first(session) else reader.oldest_first()


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
    """Shows how far the read has come."""

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

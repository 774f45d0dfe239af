"""`gumnut-tui events`: print events as they are read, as a table for a person, as JSON or CSV for programs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

import click

from gumnut_tui.cli.exit_codes import Exit
from gumnut_tui.cli.options import (
    OUTPUT,
    ReadingOptions,
    bom_option,
    filter_options,
    option,
    order_option,
    reading_options,
)
from gumnut_tui.cli.reading import Needs, check_journal, open_reading
from gumnut_tui.cli.runtime import Output
from gumnut_tui.cli.session import (
    Session,
    check_wanted,
    is_newest_first,
    new_outage,
    session_command,
    wanted_events,
)
from gumnut_tui.domain.errors import UsageProblem
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Event
from gumnut_tui.formatting.cells import cell_width
from gumnut_tui.formatting.escape import ELLIPSIS, fit, pad, visible
from gumnut_tui.formatting.event_lines import known_name
from gumnut_tui.formatting.interchange import BYTE_ORDER_MARK, csv_lines, json_line, with_member
from gumnut_tui.formatting.quantities import plural
from gumnut_tui.formatting.side_by_side import is_short_of_room, side_by_side
from gumnut_tui.formatting.times import ROW_TIME_WIDTH, moment_words
from gumnut_tui.usecases.event_reader import Batch
from gumnut_tui.usecases.export import COLUMNS, csv_values

if TYPE_CHECKING:
    from gumnut_tui.feed.entity_cache import NameCache
    from gumnut_tui.formatting.event_lines import Cells
    from gumnut_tui.usecases.event_reader import Outage
    from gumnut_tui.usecases.reading import LibraryReading

FORMATS = ("table", "jsonl", "json", "csv")
OP_WIDTH, WHAT_WIDTH = 12, 11
"""Widths of these columns, in cells; on a terminal longer texts are cut."""
LEAST = 14
"""The least cells for what else there is; a line is longer than a terminal that has fewer."""
FILE_ENTITY_WIDTH = 30
"""Cells to which names are padded where nothing is cut."""
CellsOf = Callable[[Event], "Cells"]
"""The cells of an event, with the names known by now."""


class Writer(Protocol):
    """Prints batches as they come."""

    def write(self, batch: Batch) -> None:
        """Print some events; they have been written when this returns."""

    def close(self) -> None:
        """Print what belongs after the last event."""


class JsonLines:
    """One event object a line, fields and values as received; with `names` each has a name as well."""

    def __init__(self, output: Output, names: NameCache | None = None) -> None:
        self._output = output
        self._names = names

    def write(self, batch: Batch) -> None:
        """Print each event on its line."""
        if self._names is None and not self._output.is_terminal:
            self._output.data(batch.json_lines())
        else:
            self._output.data(b"".join(line + b"\n" for line in _json(batch, self._names, self._output)))

    def close(self) -> None:
        """Nothing belongs after the last line."""


class JsonArray:
    """One array of the event objects, written as they come; with `names` each has a name as well."""

    def __init__(self, output: Output, names: NameCache | None = None) -> None:
        self._output = output
        self._names = names
        self._lead = b"[\n"

    def write(self, batch: Batch) -> None:
        """Print the events as elements."""
        for line in _json(batch, self._names, self._output):
            self._output.data(self._lead + line)
            self._lead = b",\n"

    def close(self) -> None:
        """End the array."""
        self._output.data(b"[]\n" if self._lead == b"[\n" else b"\n]\n")


def _json(batch: Batch, names: NameCache | None, output: Output) -> Iterator[bytes]:
    """The JSON of each event on one line, with the name of what it is about, null where that is not known."""
    for event, raw in batch:
        line = json_line(raw, for_terminal=False)
        if names is not None:
            line = with_member(line, "name", known_name(event, event.details, names.name))
        yield json_line(line, for_terminal=output.is_terminal)


class Csv:
    """The columns of a saved file as comma-separated values; a cell a spreadsheet would run is defused."""

    def __init__(self, output: Output, cells: CellsOf, *, bom: bool = False) -> None:
        """With `bom` it starts with a byte order mark, except on a terminal."""
        self._output = output
        self._cells = cells
        if bom and not output.is_terminal:
            output.data(BYTE_ORDER_MARK)
        self._rows([COLUMNS])

    def write(self, batch: Batch) -> None:
        """Print a row for each event."""
        self._rows([csv_values(event, self._cells(event)) for event in batch.events])

    def close(self) -> None:
        """Nothing belongs after the last row."""

    def _rows(self, rows: Iterable[Sequence[str]]) -> None:
        text = "".join(csv_lines(rows, visible if self._output.is_terminal else str))
        if text:
            self._output.data(text.encode("utf-8", "backslashreplace"))


class Table:
    """Aligned columns with names instead of ids, in the time zone chosen; everything is escaped."""

    def __init__(self, output: Output, cells: CellsOf) -> None:
        self._output = output
        self._cells = cells
        self._begun = False

    def write(self, batch: Batch) -> None:
        """Print a row for each event, with a header above the first."""
        lines = [] if self._begun or not batch else [self._columns("TIME", "OP", "WHAT", "ENTITY", "MORE")]
        self._begun = self._begun or bool(batch)
        lines += [self._row(self._cells(event)) for event in batch.events]
        if lines:
            self._output.text("".join(f"{line}\n" for line in lines))

    def close(self) -> None:
        """Nothing belongs after the last row."""

    def _row(self, cells: Cells) -> str:
        from gumnut_tui.formatting.facts import tone_of

        line = self._columns(
            cells.time, cells.op, cells.what, cells.entity, cells.more, is_answer=cells.operation.is_destructive
        )
        colour = _COLOURS.get(tone_of(cells.operation).value, "") if self._output.colour else ""
        return f"\x1b[{colour}m{line}\x1b[0m" if colour else line

    def _columns(self, time: str, op: str, what: str, entity: str, more: str, *, is_answer: bool = False) -> str:
        """The cells side by side, cut to the width of a terminal; in a file nothing is cut."""
        widths = (ROW_TIME_WIDTH, OP_WIDTH, WHAT_WIDTH)
        if not self._output.is_terminal:
            cells = (*map(pad, (time, op, what, entity), (*widths, FILE_ENTITY_WIDTH)), more)
            return "  ".join(cells).rstrip()
        room = self._output.columns - sum(widths) - 2 * len(widths)
        before = [(time, ROW_TIME_WIDTH), (op, OP_WIDTH), (what, WHAT_WIDTH)]
        if is_short_of_room(entity, more, room, is_answer=is_answer, gap=2):
            before.pop()
        first = "".join(f"{fit(text, width)}  " for text, width in before)
        left = max(self._output.columns - cell_width(first), LEAST)
        usual = max(left - max(16, min(34, left * 55 // 100)) - 2, 0)
        ellipses = first.count(ELLIPSIS)
        rest = side_by_side(entity, more, left, usual, is_answer=is_answer, gap=2, ellipses=ellipses)
        return "".join((first, *rest)).rstrip()


_COLOURS = {"bad": "31", "warn": "33", "good": "32"}


EXAMPLES = (
    "gumnut-tui events --since today --ops trashed,deleted",
    "gumnut-tui events --since 30d --search italy --format csv > italy.csv",
    "gumnut-tui events --follow --since now | jq -r .event_type",
)


@dataclass(frozen=True, kw_only=True)
class EventsOptions(ReadingOptions):
    """Options of `events`."""

    form: Literal["table", "jsonl", "json", "csv"] | None = None
    names: bool = False
    limit: int | None = None
    follow: bool = False


@session_command("events", EventsOptions, EXAMPLES)
@filter_options
@option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    group=OUTPUT,
    help="table (default on a terminal), jsonl (default in a pipe; the API's event objects), json, or csv with the "
    "columns of a file saved on the screen.",
)
@option("--names", is_flag=True, group=OUTPUT, help="Add a name to each event object of jsonl and json.")
@bom_option
@order_option("Newest or oldest events first (default oldest, unless configured).")
@option("--limit", type=click.IntRange(min=1), metavar="N", group=OUTPUT, help="Stop after N events.")
@option("--follow", is_flag=True, group=OUTPUT, help="Keep printing new events until ctrl+c.")
@reading_options
def command(session: Session[EventsOptions]) -> int:
    """Print the events of a library as they are read.

    They come from the library's journal if it has one, which is brought up to date first, else from the service.
    """
    _check(session.options)
    asyncio.run(_print(session))
    return Exit.DONE


def _check(options: EventsOptions) -> None:
    check_journal(options.journal)
    if not options.follow:
        return
    for name, conflicts in (
        ("--order newest", options.overrides.order == "newest"),
        ("--until", options.range.until is not None),
        ("--format json", options.form == "json"),
        ("--offline", options.journal.offline),
    ):
        if conflicts:
            raise UsageProblem(f"--follow never ends, so it cannot be combined with {name}.")


async def _print(session: Session[EventsOptions]) -> None:
    options, talk = session.options, session.runtime.talk
    check_wanted(session)
    form = options.form or ("table" if session.runtime.output.is_terminal else "jsonl")
    is_named = options.names or form in ("table", "csv")
    progress = _Progress(session)
    outage = new_outage(session) if options.follow else None
    needs = Needs(names=is_named, search=bool(options.filter.search), outage=outage, on_read=progress.read)
    async with open_reading(session, options.journal, needs) as reading:
        wanted = await wanted_events(session, reading.opened, outage)
        writer = _writer(session, form, reading.names.cache)
        async with aclosing(_batches(session, reading, wanted, outage)) as batches:
            async for batch in batches:
                if options.limit is not None:
                    batch = batch[: options.limit - progress.printed]
                if is_named:
                    await reading.names.learn(batch.events)
                progress.printed += len(batch)
                talk.clear()
                writer.write(batch)
                if options.limit == progress.printed:
                    break
                session.runtime.output.check_reader()
                progress.show()
        talk.clear()
        writer.close()
        if not progress.printed:
            talk.note("No events match.")


def _batches(
    session: Session[EventsOptions], reading: LibraryReading, wanted: EventFilter, outage: Outage | None
) -> AsyncGenerator[Batch, None]:
    options = session.options
    if outage is not None:
        return reading.follow(wanted, outage, exact=options.range.exact)
    return reading.events(wanted, exact=options.range.exact, newest_first=is_newest_first(session))


def _writer(session: Session[EventsOptions], form: str, names: NameCache) -> Writer:
    runtime = session.runtime

    def cells(event: Event) -> Cells:
        from gumnut_tui.formatting.event_lines import event_cells

        return event_cells(event, zone=session.zone, now=runtime.clock(), name=names.name, presence=names.presence)

    match form:
        case "table":
            return Table(runtime.output, cells)
        case "json":
            return JsonArray(runtime.output, names if session.options.names else None)
        case "csv":
            return Csv(runtime.output, cells, bom=session.settings.csv_bom)
        case _:
            return JsonLines(runtime.output, names if session.options.names else None)


class _Progress:
    """Shows how far the read has come."""

    def __init__(self, session: Session[EventsOptions]) -> None:
        self.printed = 0
        """Events printed so far."""
        self._session = session
        self._read = 0
        self._last_us: int | None = None

    def read(self, events: int, last_us: int | None) -> None:
        """So many events were looked at, the last one of this time."""
        self._read += events
        self._last_us = last_us if last_us is not None else self._last_us

    def show(self) -> None:
        """Show it in place of what was shown before."""
        if self._last_us is not None:
            runtime = self._session.runtime
            where = moment_words(self._last_us, self._session.zone, runtime.clock())
            runtime.talk.progress(f"{plural(self._read, 'event')} read, {self.printed:,} printed, at {where}")

"""How events are printed: for a person as a table, for programs as JSON lines, JSON or CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Protocol

from gumnut_tui.cli.console.output import Output
from gumnut_tui.formatting.escape import fit, pad, visible
from gumnut_tui.formatting.interchange import BYTE_ORDER_MARK, csv_lines, json_line, utc_time
from gumnut_tui.formatting.times import ROW_TIME_WIDTH
from gumnut_tui.usecases.event_reader import Batch, Received

if TYPE_CHECKING:
    from gumnut_tui.feed.entity_cache import NameCache
    from gumnut_tui.formatting.cells import Cells

FORMATS = ("table", "jsonl", "json", "csv")
OP_WIDTH, WHAT_WIDTH = 12, 11
"""Cells of these columns; on a terminal longer words are cut."""
FILE_ENTITY_WIDTH = 30
"""Cells names are filled up to where nothing is cut."""
CSV_COLUMNS = ("created_at", "operation", "event_type", "entity_type", "entity_id", "payload", "cursor")


class Writer(Protocol):
    """Prints batches as they come."""

    def write(self, batch: Batch) -> None:
        """Print some events; they are out when this returns."""

    def close(self) -> None:
        """Print what belongs behind the last event."""


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
        """Nothing belongs behind the last line."""


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
    """Comma-separated values under a heading; a cell a spreadsheet would run is defused."""

    def __init__(self, output: Output, *, bom: bool = False) -> None:
        """`bom` begins it with a byte order mark, unless a terminal shows it."""
        self._output = output
        if bom and not output.is_terminal:
            output.data(BYTE_ORDER_MARK)
        self._rows([CSV_COLUMNS])

    def write(self, batch: Batch) -> None:
        """Print a row for each event."""
        self._rows([_csv_row(one) for one in batch])

    def close(self) -> None:
        """Nothing belongs behind the last row."""

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
        """Print a row for each event, with a heading above the first."""
        from gumnut_tui.formatting.cells import event_cells

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
        """Nothing belongs behind the last row."""

    def _row(self, cells: Cells) -> str:
        from gumnut_tui.formatting.facts import tone_of

        line = self._columns(cells.time, cells.op, cells.what, cells.entity, cells.more)
        colour = _COLOURS.get(tone_of(cells.operation).value, "") if self._output.colour else ""
        return f"\x1b[{colour}m{line}\x1b[0m" if colour else line

    def _columns(self, time: str, op: str, what: str, entity: str, more: str) -> str:
        """The cells side by side; on a terminal cut to its width, in a file nothing is cut."""
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

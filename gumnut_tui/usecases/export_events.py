"""What one takes along: an event or entity as text, commands that read or restore, and the rows shown as a file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec

from gumnut_tui.domain.defaults import PAGE_LIMIT
from gumnut_tui.domain.errors import RefusedAddress, UsageProblem
from gumnut_tui.domain.kinds import KINDS, kind_of
from gumnut_tui.domain.models import Event
from gumnut_tui.formatting.cells import Cells
from gumnut_tui.formatting.interchange import csv_line, csv_lines, markdown_text, utc_time, without_signatures
from gumnut_tui.usecases.output_file import encoded, output_path, write_output

KEY_VARIABLE = '"Authorization: Bearer $GUMNUT_API_KEY"'
"""How a copied command names the key: never the key itself."""

FORMATS = ("csv", "jsonl", "md")


def event_object(event: Event) -> dict[str, Any]:
    """The event as the API gives it."""
    return {
        "cursor": event.cursor,
        "entity_type": event.entity_type,
        "entity_id": event.entity_id,
        "event_type": event.event_type,
        "created_at": utc_time(event.created_at),
        "payload": msgspec.Raw(event.payload),
    }


def event_json(event: Event) -> str:
    """The event as one line of JSON."""
    return msgspec.json.encode(event_object(event)).decode()


def entity_json(fields: dict[str, Any]) -> str:
    """An entity as indented JSON; picture addresses without their signatures, which open the picture to anyone."""
    return msgspec.json.format(msgspec.json.encode(without_signatures(fields)), indent=2).decode()


def entity_curl(base_url: str, entity_type: str, entity_id: str, library_id: str | None) -> str | None:
    """A command that reads the entity; None for a kind that cannot be asked for."""
    kind = KINDS.get(kind_of(entity_type))
    # An id of dots alone would lead out of the path.
    if kind is None or not entity_id.strip("."):
        return None
    scoped = {"library_id": library_id} if kind.single_is_scoped and library_id else {}
    return _curl(f"{base_url}{kind.single_path(entity_id)}", scoped)


def events_curl(base_url: str, library_id: str | None, since: str | None) -> str:
    """A command that reads the feed from a time on."""
    wanted = {"library_id": library_id, "created_at_gte": since, "limit": str(PAGE_LIMIT)}
    return _curl(f"{base_url}/api/events", {name: value for name, value in wanted.items() if value})


def _curl(address: str, query: dict[str, str]) -> str:
    url = f"{address}?{urlencode(query)}" if query else address
    # Single quotes hold everything literally but themselves.
    quoted = url.replace("'", "%27")
    return f"curl -sS -H {KEY_VARIABLE} '{quoted}'"


def writable_path(name: str, formats: Sequence[str] = FORMATS, *, replace: bool) -> tuple[Path, str]:
    """Where to write, and the format the name asks for; raises `UsageProblem` for what cannot be."""
    path = output_path(name)
    ending = path.suffix.lower().removeprefix(".")
    if ending not in formats:
        raise UsageProblem(f"the name must end in .{', .'.join(formats)}, not “{path.name}”")
    if os.path.isfile(path) and not replace:
        raise UsageProblem(f"{path} already exists; press enter again to replace it")
    return path, ending


def save(path: Path, lines: Iterable[str], *, bom: bool = False) -> None:
    """Write a file whole or not at all, with a byte order mark for CSV if asked for. Raises `OSError`."""
    write_output(path, encoded(lines, bom=bom), waits=False)


def lines(wanted: str, rows: Iterable[tuple[Event, Cells]]) -> Iterator[str]:
    """The rows in a format of `FORMATS`, line by line."""
    match wanted:
        case "jsonl":
            return (event_json(event) + "\n" for event, _ in rows)
        case "csv":
            return _csv_lines(rows)
        case _:
            return _markdown_lines(rows)


COLUMNS = ("created_at", "operation", "entity_type", "name", "more", "event_type", "entity_id", "cursor")


def _values(event: Event, cells: Cells) -> tuple[str, ...]:
    created_at = utc_time(event.created_at)
    return (
        created_at, event.operation.word, event.entity_type, cells.entity, cells.more,
        event.event_type, event.entity_id, event.cursor,
    )  # fmt: skip


def _csv_lines(rows: Iterable[tuple[Event, Cells]]) -> Iterator[str]:
    yield csv_line(COLUMNS)
    yield from csv_lines(_values(event, cells) for event, cells in rows)


def _markdown_lines(rows: Iterable[tuple[Event, Cells]]) -> Iterator[str]:
    yield "| " + " | ".join(COLUMNS[:5]) + " |\n"
    yield "|" + " --- |" * 5 + "\n"
    for event, cells in rows:
        yield "| " + " | ".join(markdown_text(value) for value in _values(event, cells)[:5]) + " |\n"


def command_address(configured: str, journaled: str) -> str:
    """The configured address when a journal's library was read from there; empty for any other, which gets no command.

    Empty also for a configured address the key is never sent to: plain http beyond this machine.
    """
    from gumnut_tui.api.address import base_address

    try:
        address = base_address(configured)
    except RefusedAddress:
        return ""
    return address if journaled == address else ""


def foreign_words(configured: str, journaled: str) -> str:
    """Why there is no command: whose journal it is, and what would have to be said for one."""
    return (
        f"this library was read from {journaled}, not from the configured server {configured}, "
        "so no command sends the key there. If you trust it, set GUMNUT_BASE_URL to it."
    )

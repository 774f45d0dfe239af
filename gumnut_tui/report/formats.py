"""The deletion report in each of its formats, for a file or a terminal."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gumnut_tui.formatting import interchange
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.interchange import BYTE_ORDER_MARK, csv_line, encoded, json_line, utc_time
from gumnut_tui.report.model import Finding, Report

if TYPE_CHECKING:
    from gumnut_tui.report.terminal import ListStyle


FORMATS = ("table", "md", "csv", "jsonl", "html")
ENDINGS = {".html": "html", ".htm": "html", ".md": "md", ".markdown": "md", ".csv": "csv", ".jsonl": "jsonl"}
"""File extension -> format."""


def format_of(path: Path) -> str | None:
    """The format by a file's extension; None for an unknown one."""
    return ENDINGS.get(path.suffix.lower())


def report_chunks(
    report: Report, form: str, style: ListStyle, *, encoding: str = "utf-8", bom: bool = False
) -> Iterator[bytes]:
    """The report in a format of FORMATS, in chunks; with `bom` a CSV file begins with a byte order mark.

    If `style` has columns, it is for a terminal: then control characters are escaped, and the table is in the
    terminal's encoding, with question marks for what that lacks.
    """
    if form == "table":
        return (line.encode(encoding, "replace") for line in _table(report, style))
    chunks = _WRITERS[form](report, style)
    return chain([BYTE_ORDER_MARK], chunks) if bom and form == "csv" and style.columns is None else chunks


def _table(report: Report, style: ListStyle) -> Iterator[str]:
    from gumnut_tui.report.terminal import listing_lines

    return (f"{line}\n" for line in listing_lines(report, style))


def _markdown(report: Report, style: ListStyle) -> Iterator[bytes]:
    from gumnut_tui.report.markdown import markdown_lines

    return encoded(markdown_lines(report, style.zone, style.now))


def _html(report: Report, style: ListStyle) -> Iterator[bytes]:
    from gumnut_tui.report.html import html_lines

    return encoded(html_lines(report, style.zone, style.now))


def _csv(report: Report, style: ListStyle) -> Iterator[bytes]:
    return encoded(csv_lines(report, str if style.columns is None else visible))


def _jsonl(report: Report, style: ListStyle) -> Iterator[bytes]:
    for line in encoded(json_lines(report)):
        yield line if style.columns is None else json_line(line[:-1], for_terminal=True) + b"\n"


_WRITERS: dict[str, Callable[[Report, ListStyle], Iterator[bytes]]] = {
    "md": _markdown,
    "html": _html,
    "csv": _csv,
    "jsonl": _jsonl,
}


COLUMNS = (
    "created_at",
    "event_type",
    "operation",
    "entity_type",
    "entity_id",
    "name",
    "albums",
    "status",
    "recoverable_until",
    "incident",
    "cursor",
    "library_id",
)


def record(finding: Finding, library_id: str | None) -> dict[str, Any]:
    """A finding with the keys of `COLUMNS`."""
    event, verdict = finding.event, finding.verdict
    values = (
        utc_time(event.created_at),
        event.event_type,
        event.operation.value,
        event.entity_type,
        event.entity_id,
        finding.name,
        list(finding.albums),
        verdict.status.value,
        None if verdict.recoverable_until is None else utc_time(verdict.recoverable_until),
        finding.incident,
        event.cursor,
        library_id,
    )
    return dict(zip(COLUMNS, values, strict=True))


def json_lines(report: Report) -> Iterator[str]:
    """One JSON object a line; `encoded` writes a lone surrogate as an escape."""
    for finding in report.findings:
        yield json.dumps(record(finding, report.heading.library_id), ensure_ascii=False) + "\n"


def csv_lines(report: Report, shown: Callable[[str], str] = str) -> Iterator[str]:
    """Comma-separated values under a header; formulas are defused. `shown` escapes each cell."""
    yield csv_line(COLUMNS)
    rows = (map(_text, record(finding, report.heading.library_id).values()) for finding in report.findings)
    yield from interchange.csv_lines(rows, shown)


def _text(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(value)
    return "" if value is None else str(value)

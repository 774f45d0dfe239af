"""The report for programs: JSON lines and CSV, with the same columns."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from gumnut_tui.formatting import interchange
from gumnut_tui.formatting.interchange import csv_line, utc_time
from gumnut_tui.report.model import Finding, Report

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
    """A JSON object a line; a lone surrogate is left to be written as the escape it is in JSON too."""
    for finding in report.findings:
        yield json.dumps(record(finding, report.library_id), ensure_ascii=False) + "\n"


def csv_lines(report: Report, shown: Callable[[str], str] = str) -> Iterator[str]:
    """Comma-separated values under a heading; what a spreadsheet would run is defused. `shown` escapes each cell."""
    yield csv_line(COLUMNS)
    rows = (map(_text, record(finding, report.library_id).values()) for finding in report.findings)
    yield from interchange.csv_lines(rows, shown)


def _text(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(value)
    return "" if value is None else str(value)

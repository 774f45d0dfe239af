"""The report as rows: CSV and JSON lines."""

from __future__ import annotations

import csv
import io
import json

from gumnut_tui.report.formats import COLUMNS, csv_lines, json_lines
from tests.report.cases import (
    LIBRARY,
    Service,
    happened,
    report_on,
    trashed,
)
from tests.report.written import hostile, mixed


def test_json_lines_have_exactly_these_keys() -> None:
    """One object an event; times in UTC, `incident` and `recoverable_until` null where there is none."""
    first, *_, last = (json.loads(line) for line in json_lines(mixed()))
    assert tuple(first) == COLUMNS
    assert first == {
        "created_at": "2026-11-19T12:00:01Z",
        "event_type": "asset_trashed",
        "operation": "trashed",
        "entity_type": "asset",
        "entity_id": "asset_1",
        "name": "IMG_1.HEIC",
        "albums": [],
        "status": "trashed",
        "recoverable_until": "2027-02-17T12:00:00Z",
        "incident": "inc_20261119T120001.000000Z",
        "cursor": "cursor-000001",
        "library_id": LIBRARY,
    }
    assert (last["status"], last["albums"], last["recoverable_until"], last["incident"]) == (
        "unlinked", ["Italy"], None, None,
    )  # fmt: skip


def test_csv_has_the_same_columns_and_no_formula() -> None:
    """A spreadsheet runs nothing, and no value breaks a row."""
    rows = list(csv.reader(io.StringIO("".join(csv_lines(hostile())), newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert [len(row) for row in rows] == [len(COLUMNS)] * 4
    formula = report_on([happened("asset_trashed")], Service([trashed(name="=cmd()")]))
    assert ",'=cmd()," in "".join(csv_lines(formula))

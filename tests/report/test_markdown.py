"""The report as Markdown."""

from __future__ import annotations

from tests.report.written import hostile, written


def test_markdown_rows_stay_whole() -> None:
    """A pipe or line end in a name does not break the table."""
    rows = [line for line in written(hostile())["md"].splitlines() if line.startswith("| 2026-")]
    assert len(rows) == 3
    assert {row.replace("\\|", "").count("|") for row in rows} == {6}

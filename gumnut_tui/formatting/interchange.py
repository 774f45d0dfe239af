"""Values for files that other programs open: spreadsheets, and what renders Markdown."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from datetime import datetime

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def utc_time(moment: datetime) -> str:
    """A time, which has to be in UTC, as the service writes it: `2026-11-20T12:00:00.604913Z`."""
    return moment.isoformat().replace("+00:00", "Z")


def csv_cell(value: str) -> str:
    """The text, with an apostrophe before it when a spreadsheet would take it for a formula."""
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value


def csv_line(values: Iterable[str]) -> str:
    """A line of comma-separated values, ended by a line feed; a line end inside a value is quoted."""
    line = io.StringIO()
    # Ended by both, the writer quotes either inside a value.
    csv.writer(line, lineterminator="\r\n").writerow(values)
    return f"{line.getvalue()[:-2]}\n"


_MARKDOWN = re.compile(r"[\\`*\[\]<>|~&]|^[#+-]|(?<![^\W_])_|_(?![^\W_])")
"""What Markdown would not take literally; an underscore inside a word it does."""


def markdown_text(value: str) -> str:
    """The text as Markdown that shows it as it is, on one line and inside a table too."""
    return _MARKDOWN.sub(r"\\\g<0>", " ".join(value.splitlines()))

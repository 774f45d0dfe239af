"""The deletion report as a file or as lines for a terminal, in the formats there are for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from gumnut_tui.usecases.export import BYTE_ORDER_MARK, encoded

if TYPE_CHECKING:
    from gumnut_tui.report.model import Report
    from gumnut_tui.report.writers.terminal import ListStyle

FORMATS = ("table", "md", "csv", "jsonl", "html")
ENDINGS = {".html": "html", ".htm": "html", ".md": "md", ".markdown": "md", ".csv": "csv", ".jsonl": "jsonl"}
"""What a file's name ends in, and the format that means."""


def format_of(path: Path) -> str | None:
    """The format a file's name asks for; None when its ending means none."""
    return ENDINGS.get(path.suffix.lower())


def report_chunks(
    report: Report, form: str, style: ListStyle, *, encoding: str = "utf-8", bom: bool = False
) -> Iterator[bytes]:
    """The report in a format of FORMATS, chunk by chunk; with `bom` a CSV that is a file begins with a byte order mark.

    Where `style` has columns it goes to a terminal: then nothing in it is left that a terminal would obey, and the
    table is in the terminal's encoding, with question marks for what that lacks.
    """
    if form == "table":
        return (line.encode(encoding, "replace") for line in _table(report, style))
    chunks = _WRITERS[form](report, style)
    return chain([BYTE_ORDER_MARK], chunks) if bom and form == "csv" and style.columns is None else chunks


def _table(report: Report, style: ListStyle) -> Iterator[str]:
    from gumnut_tui.report.writers.terminal import listing_lines

    return (f"{line}\n" for line in listing_lines(report, style))


def _markdown(report: Report, style: ListStyle) -> Iterator[bytes]:
    from gumnut_tui.report.writers.markdown import markdown_lines

    return encoded(markdown_lines(report, style.zone, style.now))


def _html(report: Report, style: ListStyle) -> Iterator[bytes]:
    from gumnut_tui.report.writers.html import html_lines

    return encoded(html_lines(report, style.zone, style.now))


def _csv(report: Report, style: ListStyle) -> Iterator[bytes]:
    from gumnut_tui.formatting.escape import visible
    from gumnut_tui.report.writers.rows import csv_lines

    return encoded(csv_lines(report, str if style.columns is None else visible))


def _jsonl(report: Report, style: ListStyle) -> Iterator[bytes]:
    from gumnut_tui.formatting.interchange import json_line
    from gumnut_tui.report.writers.rows import json_lines

    for line in encoded(json_lines(report)):
        yield line if style.columns is None else json_line(line[:-1], for_terminal=True) + b"\n"


_WRITERS: dict[str, Callable[[Report, ListStyle], Iterator[bytes]]] = {
    "md": _markdown,
    "html": _html,
    "csv": _csv,
    "jsonl": _jsonl,
}

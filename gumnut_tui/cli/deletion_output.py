"""How `gumnut-tui deletions` writes its report: in which format, to where."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from gumnut_tui.cli.rows import json_line
from gumnut_tui.cli.session import Session
from gumnut_tui.errors import UsageProblem
from gumnut_tui.formatting.escape import visible

if TYPE_CHECKING:
    from gumnut_tui.report.model import Report

FORMATS = ("table", "md", "csv", "jsonl", "html")
ENDINGS = {".md": "md", ".markdown": "md", ".csv": "csv", ".jsonl": "jsonl", ".html": "html", ".htm": "html"}


def chunks_of(session: Session, report: Report, path: Path | None) -> Iterator[bytes]:
    """What is to be written to the file, or to standard output, as bytes."""
    if kind := session.flags.get("restore"):
        return _restore(session, report, kind)
    is_terminal = path is None and session.outside.output.is_terminal
    ending = ENDINGS.get(path.suffix.lower()) if path else None
    form = session.flags.get("form") or ending or ("table" if is_terminal else "jsonl")
    return _WRITERS[form](session, report, is_terminal)


def _restore(session: Session, report: Report, kind: str) -> Iterator[bytes]:
    from gumnut_tui.report.restore import of_report

    command = of_report(report, kind)
    if not command:
        session.outside.talk.warn("None of these photos is in the trash, so there is nothing to restore.")
        return
    yield f"{command}\n".encode()


def _table(session: Session, report: Report, is_terminal: bool) -> Iterator[bytes]:
    from gumnut_tui.report.listing import ListStyle, listing_lines

    output = session.outside.output
    style = ListStyle(
        session.zone,
        session.outside.clock(),
        output.columns if is_terminal else None,
        colour=is_terminal and output.colour,
    )
    encoding = output.encoding if is_terminal else "utf-8"
    return (f"{line}\n".encode(encoding, "replace") for line in listing_lines(report, style))


def _markdown(session: Session, report: Report, _is_terminal: bool) -> Iterator[bytes]:
    from gumnut_tui.report.markdown import markdown_lines

    return _encoded(markdown_lines(report, session.zone, session.outside.clock()))


def _html(session: Session, report: Report, _is_terminal: bool) -> Iterator[bytes]:
    from gumnut_tui.report.page import html_lines

    return _encoded(html_lines(report, session.zone, session.outside.clock()))


def _csv(_session: Session, report: Report, is_terminal: bool) -> Iterator[bytes]:
    from gumnut_tui.report.records import csv_lines

    return _encoded(csv_lines(report, visible if is_terminal else str))


def _jsonl(session: Session, report: Report, is_terminal: bool) -> Iterator[bytes]:
    from gumnut_tui.report.records import json_lines

    for line in _encoded(json_lines(report)):
        yield json_line(line[:-1], session.outside.output) + b"\n" if is_terminal else line


_WRITERS: dict[str, Callable[[Session, Report, bool], Iterator[bytes]]] = {
    "table": _table,
    "md": _markdown,
    "html": _html,
    "csv": _csv,
    "jsonl": _jsonl,
}


def _encoded(lines: Iterable[str]) -> Iterator[bytes]:
    # A lone surrogate becomes the escape it is written as in JSON.
    return (line.encode("utf-8", "backslashreplace") for line in lines)


def save(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file whole or not at all: beside its place first, then renamed. Raises UsageProblem."""
    try:
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.writelines(chunks)
            os.replace(beside, path)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(beside)
    except OSError as error:
        raise UsageProblem(f"--output: {path} cannot be written: {error.strerror}.") from error

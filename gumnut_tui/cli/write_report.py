"""How `gumnut-tui deletions` writes its report: in which format, to where."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from gumnut_tui.cli.console.event_writers import json_line
from gumnut_tui.cli.session import Session
from gumnut_tui.domain.errors import UsageProblem
from gumnut_tui.formatting.escape import visible
from gumnut_tui.usecases.whole_file import encoded, write_whole

if TYPE_CHECKING:
    from gumnut_tui.report.model import Report

FORMATS = ("table", "md", "csv", "jsonl", "html")
ENDINGS = {".md": "md", ".markdown": "md", ".csv": "csv", ".jsonl": "jsonl", ".html": "html", ".htm": "html"}


def chunks_of(session: Session, report: Report, path: Path | None) -> Iterator[bytes]:
    """What is to be written to the file, or to standard output, as bytes."""
    if kind := session.flags.get("restore"):
        return _restore(session, report, kind)
    is_terminal = path is None and session.runtime.output.is_terminal
    ending = ENDINGS.get(path.suffix.lower()) if path else None
    form = session.flags.get("form") or ending or ("table" if is_terminal else "jsonl")
    return _WRITERS[form](session, report, is_terminal)


def _restore(session: Session, report: Report, kind: str) -> Iterator[bytes]:
    from gumnut_tui.report.restore import of_report

    command = of_report(report, kind)
    if not command:
        session.runtime.talk.warn("None of these photos is in the trash, so there is nothing to restore.")
        return
    yield f"{command}\n".encode()


def _table(session: Session, report: Report, is_terminal: bool) -> Iterator[bytes]:
    from gumnut_tui.report.writers.terminal import ListStyle, listing_lines

    output = session.runtime.output
    style = ListStyle(
        session.zone,
        session.runtime.clock(),
        output.columns if is_terminal else None,
        colour=is_terminal and output.colour,
    )
    encoding = output.encoding if is_terminal else "utf-8"
    return (f"{line}\n".encode(encoding, "replace") for line in listing_lines(report, style))


def _markdown(session: Session, report: Report, _is_terminal: bool) -> Iterator[bytes]:
    from gumnut_tui.report.writers.markdown import markdown_lines

    return encoded(markdown_lines(report, session.zone, session.runtime.clock()))


def _html(session: Session, report: Report, _is_terminal: bool) -> Iterator[bytes]:
    from gumnut_tui.report.writers.html import html_lines

    return encoded(html_lines(report, session.zone, session.runtime.clock()))


def _csv(_session: Session, report: Report, is_terminal: bool) -> Iterator[bytes]:
    from gumnut_tui.report.writers.rows import csv_lines

    return encoded(csv_lines(report, visible if is_terminal else str))


def _jsonl(session: Session, report: Report, is_terminal: bool) -> Iterator[bytes]:
    from gumnut_tui.report.writers.rows import json_lines

    for line in encoded(json_lines(report)):
        yield json_line(line[:-1], session.runtime.output) + b"\n" if is_terminal else line


_WRITERS: dict[str, Callable[[Session, Report, bool], Iterator[bytes]]] = {
    "table": _table,
    "md": _markdown,
    "html": _html,
    "csv": _csv,
    "jsonl": _jsonl,
}


def save(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file whole or not at all: beside its place first, then renamed. Raises UsageProblem."""
    try:
        write_whole(path, chunks)
    except OSError as error:
        raise UsageProblem(f"--output: {path} cannot be written: {error.strerror}.") from error

"""The report as Markdown, to forward or paste into an issue."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo

from gumnut_tui.formatting.interchange import markdown_text
from gumnut_tui.formatting.quantities import number
from gumnut_tui.formatting.times import date_time
from gumnut_tui.report import restore
from gumnut_tui.report.model import Finding, Report
from gumnut_tui.report.sentences import (
    NO_ACTOR,
    as_of_words,
    copies_words,
    did_words,
    event_words,
    incident_lines,
    length_words,
    opening,
    restorable_words,
    retention_words,
    span_of,
    verdict_words,
)

MOST_ALBUMS = 30
"""Albums named in the summary."""
_BACKTICKS = re.compile("`+")


def markdown_lines(report: Report, zone: tzinfo, now: datetime) -> Iterator[str]:
    """The report, line by line."""
    for line in (*_head(report, zone, now), *_restore(report, zone, now), *_list(report, zone, now)):
        yield f"{line}\n"


def _head(report: Report, zone: tzinfo, now: datetime) -> Iterator[str]:
    title = f"Deletion report: {report.heading.library}" if report.heading.library else "Deletion report"
    yield f"# {markdown_text(title)}"
    yield ""
    yield f"{markdown_text(report.heading.scope)}. All statuses are {markdown_text(as_of_words(report, zone))}."
    yield ""
    copies = copies_words(report)
    restorable = restorable_words(report.restorable, zone, now)
    yield f"**{opening(report)}** {restorable}{' ' if copies else ''}{copies}"
    yield ""
    yield NO_ACTOR
    if report.findings:
        yield from _totals(report)
    if report.incidents:
        yield from _incidents(report, zone)
    if report.albums:
        yield from _albums(report)


def _totals(report: Report) -> Iterator[str]:
    photos = dict(report.photos)
    yield from ("", "## What it means now", "")
    yield from _table(("Now", "Events", "Photos trashed, deleted or moved"), "lrr")
    for status, count in report.statuses:
        yield _row((status.words, number(count), number(photos.get(status, 0))))


def _incidents(report: Report, zone: tzinfo) -> Iterator[str]:
    yield from ("", "## Incidents", "")
    for entry in report.incidents:
        incident = entry.summary.incident
        yield f"- **{markdown_text(did_words(entry.summary))} {length_words(incident)}**, {span_of(incident, zone)}"
        for label, value in incident_lines(entry):
            yield f"  - {label}: {markdown_text(value)}"


def _albums(report: Report) -> Iterator[str]:
    yield from ("", "## Albums affected", "")
    yield from _table(("Album", "Events"), "lr")
    for album, count in report.albums[:MOST_ALBUMS]:
        yield _row((album, number(count)))
    if len(report.albums) > MOST_ALBUMS:
        yield _row((f"and {number(len(report.albums) - MOST_ALBUMS)} more", ""))


def _restore(report: Report, zone: tzinfo, now: datetime) -> Iterator[str]:
    if not report.restorable:
        return
    yield from ("", "## What can still be restored", "")
    yield f"{restorable_words(report.restorable, zone, now)} {retention_words(report)}"
    command = restore.of_report(report, "curl")
    if not command:
        return
    yield ""
    yield "This restores all of them; it needs a key with write access in `GUMNUT_API_KEY`:"
    fence = "`" * max(3, 1 + max(map(len, _BACKTICKS.findall(command)), default=0))
    yield from ("", f"{fence}sh", command, fence)


def _list(report: Report, zone: tzinfo, now: datetime) -> Iterator[str]:
    if not report.findings:
        return
    yield from ("", "## Every event", "")
    yield from _table(("Time", "What happened", "Name", "Albums", "Now"), "lllll")
    for finding in report.findings:
        yield _row(_cells(finding, zone, now))


def _cells(finding: Finding, zone: tzinfo, now: datetime) -> Iterable[str]:
    return (
        date_time(finding.event.created_at_us, zone),
        event_words(finding),
        finding.name,
        ", ".join(finding.albums),
        verdict_words(finding.verdict, zone, now),
    )


def _table(heads: tuple[str, ...], sides: str) -> Iterator[str]:
    yield _row(heads)
    yield f"|{'|'.join(' ---: ' if side == 'r' else ' --- ' for side in sides)}|"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(map(markdown_text, cells))} |"

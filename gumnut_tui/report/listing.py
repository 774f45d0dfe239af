"""The report for a terminal: the list, and below it, where one looks last, the summary."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo

from gumnut_tui.formatting.escape import cell_width, fit
from gumnut_tui.formatting.lines import Tone
from gumnut_tui.formatting.times import row_time
from gumnut_tui.formatting.words import join_names, number, plural
from gumnut_tui.report.model import Finding, Report
from gumnut_tui.report.words import (
    as_of_words,
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

MOST_ALBUMS = 8
TIME_WIDTH, DID_WIDTH = 15, 24
NARROWEST = 20
"""Cells each of the columns that share the rest gets at least."""


@dataclass(frozen=True, slots=True)
class ListStyle:
    """How the list is drawn."""

    zone: tzinfo
    now: datetime
    columns: int | None = None
    """Cells of a line; None: nothing is cut."""
    colour: bool = False


def listing_lines(report: Report, style: ListStyle) -> Iterator[str]:
    """The lines, without their ends."""
    if report.findings:
        yield _columns("TIME", "WHAT HAPPENED", "NAME", "NOW", style)
        for finding in report.findings:
            yield _finding(finding, style)
        yield ""
    title = f"{report.library}: " if report.library else ""
    yield f"{title}{report.scope}, {as_of_words(report, style.zone)}"
    yield opening(report)
    if not report.findings:
        return
    yield _coloured(restorable_words(report.restorable, style.zone, style.now), Tone.WARN, style)
    if report.restorable:
        yield retention_words(report)
    for status, count in report.statuses:
        yield _coloured(f"  {number(count):>7}  {status.words}", status.tone, style)
    if report.albums:
        albums = [f"{album} ({number(count)})" for album, count in report.albums]
        yield f"{plural(len(albums), 'album')} hit: {join_names(albums, MOST_ALBUMS)}"
    yield from _incidents(report, style)


def _incidents(report: Report, style: ListStyle) -> Iterator[str]:
    for entry in report.incidents:
        incident = entry.summary.incident
        yield ""
        yield f"Incident {span_of(incident, style.zone)}: {did_words(entry.summary)} {length_words(incident)}"
        for label, value in incident_lines(entry):
            yield f"  {label}: {value}"


def _finding(finding: Finding, style: ListStyle) -> str:
    time = row_time(finding.event.created_at_us, style.zone, style.now)
    now = verdict_words(finding.verdict, style.zone, style.now)
    is_named = finding.event.kind in ("album", "album_asset")
    albums = f" in {join_names(finding.albums, 2)}" if finding.albums and not is_named else ""
    return _coloured(_columns(time, event_words(finding), finding.name + albums, now, style), finding.tone, style)


def _columns(time: str, did: str, name: str, now: str, style: ListStyle) -> str:
    fixed = f"{fit(time, TIME_WIDTH)}  {fit(did, DID_WIDTH)}  "
    if style.columns is None:
        return f"{fixed}{name}{' ' * max(0, 40 - cell_width(name))}  {now}"
    left = max(style.columns - len(fixed) - 2, 2 * NARROWEST)
    wide = max(NARROWEST, left // 2)
    return f"{fixed}{fit(name, wide)}  {fit(now, left - wide)}".rstrip()


_COLOURS = {Tone.BAD: "31", Tone.WARN: "33", Tone.GOOD: "32", Tone.DIM: "2"}


def _coloured(line: str, tone: Tone, style: ListStyle) -> str:
    code = _COLOURS.get(tone)
    return f"\x1b[{code}m{line}\x1b[0m" if code and style.colour else line

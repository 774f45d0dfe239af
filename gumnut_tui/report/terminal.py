"""The report for a terminal: the list, and below it the summary, which stays in sight."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from textwrap import wrap

from gumnut_tui.formatting.cells import cell_width
from gumnut_tui.formatting.escape import fit, fit_once, pad
from gumnut_tui.formatting.facts import Tone
from gumnut_tui.formatting.quantities import join_names, number, plural
from gumnut_tui.formatting.times import ROW_TIME_WIDTH, row_time
from gumnut_tui.report.model import Finding, Report, Status
from gumnut_tui.report.sentences import (
    TAKEN_OUT,
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

MOST_ALBUMS = 8
DID_WIDTH, NARROW_DID_WIDTH = 24, 15
NARROW = 96
"""Cells; in a narrower terminal a column is shorter."""
NAME_WIDTH, NOW_WIDTH = 20, 36
"""The least cells for a long name, and the cells for the status where there is room."""
NARROW_TAKEN_OUT = "out of album"
"""The longest words for what happened in a narrow terminal."""
FILE_NAME_WIDTH = 40
"""Cells that names are padded to where nothing is cut."""


@dataclass(frozen=True, slots=True)
class ListStyle:
    """How the list is drawn."""

    zone: tzinfo
    now: datetime
    columns: int | None = None
    """Cells of a line; None: nothing is cut."""
    colour: bool = False


def listing_lines(report: Report, style: ListStyle) -> Iterator[str]:
    """The lines, without line ends."""
    if report.findings:
        yield from _columns("TIME", "WHAT HAPPENED", "NAME", "NOW", style)
        for finding in report.findings:
            yield from _finding(finding, style)
        yield ""
    title = f"{report.heading.library}: " if report.heading.library else ""
    yield f"{title}{report.heading.scope}, {as_of_words(report, style.zone)}"
    yield opening(report)
    if not report.findings:
        return
    yield _coloured(restorable_words(report.restorable, style.zone, style.now), Tone.WARN, style)
    if report.restorable:
        yield retention_words(report)
    if copies := copies_words(report):
        yield copies
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


def _finding(finding: Finding, style: ListStyle) -> Iterator[str]:
    time = row_time(finding.event.created_at_us, style.zone, style.now)
    now = verdict_words(finding.verdict, style.zone, style.now)
    for known in (f"{Status.TRASHED.words}, ", "taken out of the album; ", "taken out of an album; "):
        # The column before says it.
        now = now.removeprefix(known)
    is_named = finding.event.kind in ("album", "album_asset")
    albums = f" in {join_names(finding.albums, 2)}" if finding.albums and not is_named else ""
    for line in _columns(time, event_words(finding), finding.name + albums, now, style):
        yield _coloured(line, finding.tone, style)


def _columns(time: str, did: str, name: str, now: str, style: ListStyle) -> Iterator[str]:
    """The cells side by side; in a terminal names are cut, and what it means now goes on in the next line."""
    if style.columns is None:
        yield f"{pad(time, ROW_TIME_WIDTH)}  {pad(did, DID_WIDTH)}  {pad(name, FILE_NAME_WIDTH)}  {now}"
        return
    did_width = NARROW_DID_WIDTH if style.columns < NARROW else DID_WIDTH
    if did_width < DID_WIDTH and did == TAKEN_OUT:
        did = NARROW_TAKEN_OUT
    left = style.columns - ROW_TIME_WIDTH - did_width - 6
    usual = max(NAME_WIDTH, left - max(NOW_WIDTH, left // 2))
    named, wanted = cell_width(name), cell_width(now)
    # As in the table on the screen, the last column moves where that lets both be whole, or the name be less cut.
    fits_beside = named + wanted <= left or wanted <= left - usual
    name_width = max(min(named, left - wanted), min(usual, left - wanted)) if fits_beside else usual
    first, *rest = wrap(now, max(left - name_width, 1)) or [""]
    cells = (fit(time, ROW_TIME_WIDTH), fit(did, did_width), fit_once(name, name_width), first)
    yield "  ".join(cells).rstrip()
    yield from (" " * (style.columns - left + name_width) + line for line in rest)


_COLOURS = {Tone.BAD: "31", Tone.WARN: "33", Tone.GOOD: "32", Tone.DIM: "2"}


def _coloured(line: str, tone: Tone, style: ListStyle) -> str:
    return coloured(line, tone, on=style.colour)


def coloured(line: str, tone: Tone, *, on: bool) -> str:
    """The line in the colour of its tone, if it has one and colours are on."""
    code = _COLOURS.get(tone)
    return f"\x1b[{code}m{line}\x1b[0m" if code and on else line

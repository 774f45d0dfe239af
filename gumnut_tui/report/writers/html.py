"""The report as one HTML file: nothing is fetched, nothing runs, pictures come from ThumbHashes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo
from html import escape

from gumnut_tui.formatting.quantities import number, plural
from gumnut_tui.formatting.times import date_time
from gumnut_tui.picture.png import data_url
from gumnut_tui.picture.thumbhash import decode
from gumnut_tui.report import restore
from gumnut_tui.report.model import Finding, IncidentEntry, Report
from gumnut_tui.report.sentences import (
    NO_ACTOR,
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
from gumnut_tui.report.writers.html_style import CSS

MOST_PICTURES = 1_000
"""Pictures in one file; each takes about 2 kB and 3 ms."""
STRIP = 40
"""Pictures shown of one incident."""
NEEDS = "These commands bring all of them back. They need a key that may write, in GUMNUT_API_KEY."
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def html_lines(report: Report, zone: tzinfo, now: datetime) -> Iterator[str]:
    """The file, piece by piece."""
    pictures = _Pictures(report)
    title = f"Deletion report: {report.library}" if report.library else "Deletion report"
    yield (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n'
        f"<title>{escape(title)}</title>\n<style>{CSS}"
    )
    yield from pictures.rules()
    yield "</style>\n</head>\n<body>\n<main>\n"
    yield from _head(report, zone, now)
    yield from _incidents(report, zone, pictures)
    yield from _albums(report)
    yield from _restore(report, zone, now)
    yield from _list(report, zone, now, pictures)
    yield f"<footer><p>{escape(NO_ACTOR)}</p>\n<p>{escape(retention_words(report))}{pictures.remark()}</p></footer>\n"
    yield "</main>\n</body>\n</html>\n"


class _Pictures:
    """A style rule for each photo that has a picture, so that it is in the file once however often it is shown."""

    def __init__(self, report: Report) -> None:
        hashes = {finding.photo: finding.thumbhash for finding in report.findings if finding.photo}
        with_hash = [(photo, thumbhash) for photo, thumbhash in hashes.items() if thumbhash]
        self._left_out = max(0, len(with_hash) - MOST_PICTURES)
        self._urls = {photo: url for photo, text in with_hash[:MOST_PICTURES] if (url := _url(text))}
        self._names = {photo: f"p{index}" for index, photo in enumerate(self._urls)}

    def rules(self) -> Iterator[str]:
        """The style rules."""
        for photo, url in self._urls.items():
            yield f".{self._names[photo]}{{background-image:url({url})}}\n"

    def box(self, photo: str | None) -> str:
        """The picture of a photo; empty when there is none. Its name stands beside it."""
        name = self._names.get(photo or "")
        return f'<span class="pic {name}" aria-hidden="true"></span>' if name else ""

    def remark(self) -> str:
        """Says that pictures are missing."""
        return f" {number(self._left_out)} pictures were left out to keep this file small." if self._left_out else ""


def _url(thumbhash: str) -> str | None:
    try:
        return data_url(decode(thumbhash))
    except ValueError:
        return None


def _head(report: Report, zone: tzinfo, now: datetime) -> Iterator[str]:
    photos = dict(report.photos)
    scope = f"{report.scope}. All statuses are {as_of_words(report, zone)}."
    yield f'<header><p class="kicker">Deletion report</p>\n<h1>{escape(report.library or "Photo library")}</h1>\n'
    yield f'<p class="soft">{escape(scope)}</p></header>\n'
    yield f'<p class="opening"><strong>{escape(opening(report))}</strong></p>\n'
    if not report.findings:
        return
    yield f"<p>{escape(restorable_words(report.restorable, zone, now))}</p>\n"
    yield '<ul class="tiles">\n'
    for status, count in report.statuses:
        hit = photos.get(status, 0)
        small = f"{plural(count, 'event')}, {plural(hit, 'photo')}" if hit else plural(count, "event")
        yield (
            f'<li class="{status.tone.value}"><b>{number(hit or count)}</b>'
            f"<span>{status.words}</span><small>{small}</small></li>\n"
        )
    yield "</ul>\n"


def _incidents(report: Report, zone: tzinfo, pictures: _Pictures) -> Iterator[str]:
    if not report.incidents:
        return
    yield "<section><h2>Incidents</h2>\n"
    for entry in report.incidents:
        yield from _incident(entry, zone, pictures)
    yield "</section>\n"


def _incident(entry: IncidentEntry, zone: tzinfo, pictures: _Pictures) -> Iterator[str]:
    incident = entry.summary.incident
    yield f"<article><h3>{escape(did_words(entry.summary))} {length_words(incident)}</h3>\n"
    yield f'<p class="soft">{escape(span_of(incident, zone))}</p>\n<dl>'
    for label, value in incident_lines(entry):
        yield f"<dt>{label}</dt><dd>{escape(value)}</dd>"
    yield "</dl>\n"
    boxes = [box for photo in entry.summary.photos if (box := pictures.box(photo))]
    if boxes:
        more = f'<span class="count">and {number(len(boxes) - STRIP)} more</span>' if len(boxes) > STRIP else ""
        yield f'<div class="strip">{"".join(boxes[:STRIP])}{more}</div>\n'
    yield "</article>\n"


def _albums(report: Report) -> Iterator[str]:
    if not report.albums:
        return
    yield '<section><h2>Albums hit</h2>\n<ul class="chips">\n'
    for album, count in report.albums:
        yield f'<li>{escape(album)} <span class="count">{plural(count, "event")}</span></li>\n'
    yield "</ul></section>\n"


def _restore(report: Report, zone: tzinfo, now: datetime) -> Iterator[str]:
    if not report.restorable:
        return
    yield "<section><h2>What can still be restored</h2>\n"
    yield f"<p>{escape(restorable_words(report.restorable, zone, now))}</p>\n"
    yield f'<p class="soft screen">{NEEDS}</p>\n'
    for kind, title in (("curl", "With cURL"), ("python", "With the Python SDK")):
        command = escape(restore.of_report(report, kind))
        yield f"<details><summary>{title}</summary><pre>{command}</pre></details>\n"
    yield "</section>\n"


def _list(report: Report, zone: tzinfo, now: datetime, pictures: _Pictures) -> Iterator[str]:
    if not report.findings:
        return
    yield '<section><h2>Every event</h2>\n<div class="list"><table>\n<thead><tr><th></th>'
    yield "<th>Time</th><th>What happened</th><th>Name</th><th>Albums</th><th>Now</th></tr></thead>\n<tbody>\n"
    for finding in report.findings:
        yield _row(finding, zone, now, pictures)
    yield "</tbody></table></div></section>\n"


def _row(finding: Finding, zone: tzinfo, now: datetime, pictures: _Pictures) -> str:
    taken = f"<small>taken {escape(finding.taken)}</small>" if finding.taken else ""
    albums = ", ".join(f"<bdi>{escape(album)}</bdi>" for album in finding.albums)
    return (
        f'<tr><td class="shot">{pictures.box(finding.photo)}</td>'
        f'<td class="when">{date_time(finding.event.created_at_us, zone)}</td>'
        f"<td>{escape(event_words(finding))}</td>"
        f'<td class="name"><bdi>{escape(finding.name)}</bdi>{taken}</td>'
        f'<td class="albums">{albums}</td>'
        f'<td class="{finding.tone.value}">{escape(verdict_words(finding.verdict, zone, now))}</td></tr>\n'
    )

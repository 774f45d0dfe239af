"""The report as one HTML file: it loads nothing and runs nothing; pictures are made from ThumbHashes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from html import escape

from gumnut_tui.formatting.quantities import number, plural
from gumnut_tui.formatting.times import date_time
from gumnut_tui.picture.pixels import data_url
from gumnut_tui.picture.thumbnails import decode_thumbhash
from gumnut_tui.report import restore
from gumnut_tui.report.model import Finding, IncidentEntry, Report
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

MOST_PICTURES = 1_000
"""Pictures in one file; each takes about 2 kB and 3 ms."""
STRIP = 40
"""Pictures shown of one incident."""
NEEDS = "These commands restore all of them. They need a key with write access in GUMNUT_API_KEY."
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def html_lines(report: Report, zone: tzinfo, now: datetime) -> Iterator[str]:
    """The file, in parts."""
    pictures = Pictures((finding.photo, finding.thumbhash) for finding in report.findings)
    title = f"Deletion report: {report.heading.library}" if report.heading.library else "Deletion report"
    yield from page_head(title, pictures)
    yield from _head(report, zone, now)
    yield from _incidents(report, zone, pictures)
    yield from _albums(report)
    yield from _restore(report, zone, now)
    yield from _list(report, zone, now, pictures)
    yield f"<footer><p>{escape(NO_ACTOR)}</p>\n<p>{escape(retention_words(report))}{pictures.remark()}</p></footer>\n"
    yield PAGE_END


PAGE_END = "</main>\n</body>\n</html>\n"


def page_head(title: str, pictures: Pictures) -> Iterator[str]:
    """Everything up to what a page shows, with a style for each of its pictures."""
    yield (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n'
        f"<title>{escape(title)}</title>\n<style>{CSS}"
    )
    yield from pictures.rules()
    yield "</style>\n</head>\n<body>\n<main>\n"


class Pictures:
    """One style rule for each photo with a picture, so that the file has it once however often it is shown."""

    def __init__(self, photos: Iterable[tuple[str | None, str | None]]) -> None:
        """`photos` are ids with their ThumbHash, where one is known."""
        hashes = {photo: thumbhash for photo, thumbhash in photos if photo and thumbhash}
        with_hash = list(hashes.items())
        self._left_out = max(0, len(with_hash) - MOST_PICTURES)
        self._urls = {photo: url for photo, text in with_hash[:MOST_PICTURES] if (url := _url(text))}
        self._names = {photo: f"p{index}" for index, photo in enumerate(self._urls)}

    def rules(self) -> Iterator[str]:
        """The style rules."""
        for photo, url in self._urls.items():
            yield f".{self._names[photo]}{{background-image:url({url})}}\n"

    def box(self, photo: str | None) -> str:
        """The picture of a photo; empty without one. Hidden from screen readers, as its name is beside it."""
        name = self._names.get(photo or "")
        return f'<span class="pic {name}" aria-hidden="true"></span>' if name else ""

    def strip(self, photos: Sequence[str]) -> Iterator[str]:
        """The pictures of these photos side by side, as far as there are any."""
        boxes = [box for photo in photos if (box := self.box(photo))]
        if boxes:
            more = f'<span class="count">and {number(len(boxes) - STRIP)} more</span>' if len(boxes) > STRIP else ""
            yield f'<div class="strip">{"".join(boxes[:STRIP])}{more}</div>\n'

    def remark(self) -> str:
        """A note about pictures that were left out."""
        return f" {number(self._left_out)} pictures were left out to keep this file small." if self._left_out else ""


def _url(thumbhash: str) -> str | None:
    try:
        return data_url(decode_thumbhash(thumbhash))
    except ValueError:
        return None


def _head(report: Report, zone: tzinfo, now: datetime) -> Iterator[str]:
    photos = dict(report.photos)
    scope = f"{report.heading.scope}. All statuses are {as_of_words(report, zone)}."
    title = escape(report.heading.library or "Photo library")
    yield f'<header><p class="kicker">Deletion report</p>\n<h1>{title}</h1>\n'
    yield f'<p class="soft">{escape(scope)}</p></header>\n'
    yield f'<p class="opening"><strong>{escape(opening(report))}</strong></p>\n'
    if not report.findings:
        return
    yield f"<p>{escape(restorable_words(report.restorable, zone, now))}</p>\n"
    if copies := copies_words(report):
        yield f"<p>{escape(copies)}</p>\n"
    yield '<ul class="tiles">\n'
    for status, count in report.statuses:
        hit = photos.get(status, 0)
        small = f"{plural(count, 'event')}, {plural(hit, 'photo')}" if hit else plural(count, "event")
        yield (
            f'<li class="{status.tone.value}"><b>{number(hit or count)}</b>'
            f"<span>{status.words}</span><small>{small}</small></li>\n"
        )
    yield "</ul>\n"


def _incidents(report: Report, zone: tzinfo, pictures: Pictures) -> Iterator[str]:
    if not report.incidents:
        return
    yield "<section><h2>Incidents</h2>\n"
    for entry in report.incidents:
        yield from _incident(entry, zone, pictures)
    yield "</section>\n"


def _incident(entry: IncidentEntry, zone: tzinfo, pictures: Pictures) -> Iterator[str]:
    incident = entry.summary.incident
    yield f"<article><h3>{escape(did_words(entry.summary))} {length_words(incident)}</h3>\n"
    yield f'<p class="soft">{escape(span_of(incident, zone))}</p>\n<dl>'
    for label, value in incident_lines(entry):
        yield f"<dt>{label}</dt><dd>{escape(value)}</dd>"
    yield "</dl>\n"
    yield from pictures.strip(entry.summary.photos)
    yield "</article>\n"


def _albums(report: Report) -> Iterator[str]:
    if not report.albums:
        return
    yield '<section><h2>Albums affected</h2>\n<ul class="chips">\n'
    for album, count in report.albums:
        yield f'<li>{escape(album)} <span class="count">{plural(count, "event")}</span></li>\n'
    yield "</ul></section>\n"


def _restore(report: Report, zone: tzinfo, now: datetime) -> Iterator[str]:
    if not report.restorable:
        return
    yield "<section><h2>What can still be restored</h2>\n"
    yield f"<p>{escape(restorable_words(report.restorable, zone, now))}</p>\n"
    if report.heading.base_url:
        yield f'<p class="soft screen">{NEEDS}</p>\n'
    for kind, title in (("curl", "With cURL"), ("python", "With the Python SDK")):
        if not (command := escape(restore.of_report(report, kind))):
            continue
        yield f"<details><summary>{title}</summary><pre>{command}</pre></details>\n"
    yield "</section>\n"


def _list(report: Report, zone: tzinfo, now: datetime, pictures: Pictures) -> Iterator[str]:
    if not report.findings:
        return
    yield '<section><h2>Every event</h2>\n<div class="list"><table>\n<thead><tr><th></th>'
    yield "<th>Time</th><th>What happened</th><th>Name</th><th>Albums</th><th>Now</th></tr></thead>\n<tbody>\n"
    for finding in report.findings:
        yield _row(finding, zone, now, pictures)
    yield "</tbody></table></div></section>\n"


def _row(finding: Finding, zone: tzinfo, now: datetime, pictures: Pictures) -> str:
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


CSS = """
:root {
  color-scheme: light dark;
  --page: #f6f6f4; --card: #fff; --ink: #1d1f21; --soft: #5c6166; --line: #dcdcd8;
  --bad: #b3261e; --warn: #8a5a00; --good: #1c6b3a; --normal: #2c5282; --dim: #6a6f75;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #16181a; --card: #1f2225; --ink: #e9e9e6; --soft: #a4a9ae; --line: #34383c;
    --bad: #ff8a80; --warn: #f0b455; --good: #74c893; --normal: #8db4e8; --dim: #9aa0a6;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  overflow-wrap: anywhere; font-variant-numeric: tabular-nums;
}
main { max-width: 68rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.15rem; margin: 2.25rem 0 .75rem; }
h3 { font-size: 1rem; margin: 0; }
p { margin: .4rem 0; }
.soft, footer, .kicker, dt, .count { color: var(--soft); }
.kicker { margin: 0; text-transform: uppercase; letter-spacing: .08em; font-size: .75rem; }
.opening { font-size: 1.15rem; }
.tiles { list-style: none; display: flex; flex-wrap: wrap; gap: .6rem; margin: 1.25rem 0 0; padding: 0; }
.tiles li {
  flex: 1 1 9rem; background: var(--card); border: 1px solid var(--line); border-top: 3px solid currentColor;
  border-radius: .5rem; padding: .6rem .8rem;
}
.tiles b { display: block; font-size: 1.6rem; line-height: 1.2; }
.tiles span { color: var(--ink); display: block; }
.tiles small { color: var(--soft); }
.bad { color: var(--bad); } .warn { color: var(--warn); } .good { color: var(--good); }
.normal { color: var(--normal); } .dim { color: var(--dim); }
article, details, .list { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
article { padding: .9rem 1rem; margin: 0 0 .75rem; break-inside: avoid; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem .9rem; margin: .5rem 0 0; }
dd { margin: 0; }
.strip { display: flex; flex-wrap: wrap; gap: 3px; margin: .75rem 0 0; }
.pic {
  display: inline-block; width: 3rem; height: 2.25rem; border-radius: .2rem; flex: none;
  background: var(--line) center / cover; print-color-adjust: exact; -webkit-print-color-adjust: exact;
}
.chips { list-style: none; display: flex; flex-wrap: wrap; gap: .4rem; margin: 0; padding: 0; }
.chips li { background: var(--card); border: 1px solid var(--line); border-radius: 1rem; padding: .1rem .75rem; }
details { margin: .6rem 0; padding: .5rem .9rem; }
summary { cursor: pointer; }
pre { overflow: auto; max-height: 22rem; font: .8rem/1.45 ui-monospace, Menlo, Consolas, monospace; }
.list { overflow: hidden; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; }
th { text-align: left; font-weight: 600; color: var(--soft); }
th, td { padding: .4rem .7rem; border-bottom: 1px solid var(--line); vertical-align: middle; }
tr:last-child td { border-bottom: 0; }
td.when { white-space: nowrap; color: var(--soft); }
td.shot { width: 4.4rem; padding-right: 0; }
td small { display: block; color: var(--soft); font-weight: 400; }
th { overflow-wrap: normal; }
td.name { min-width: 11rem; }
td.albums { min-width: 7rem; }
footer { margin-top: 2rem; font-size: .85rem; }
@media (max-width: 44rem) {
  thead { display: none; }
  tr { display: grid; grid-template-columns: 3.6rem 1fr; padding: .55rem .7rem; border-bottom: 1px solid var(--line); }
  tr:last-child { border-bottom: 0; }
  td { grid-column: 2; padding: 0; border: 0; }
  td.shot { grid-column: 1; grid-row: 1 / span 5; width: auto; }
  td.name { grid-row: 1; font-weight: 600; min-width: 0; }
  td.albums { min-width: 0; }
  td:empty { display: none; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .35rem; }
}
@media print {
  :root {
    --page: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb;
    --bad: #8c1d18; --warn: #6b4600; --good: #14522b; --normal: #1f3f6b; --dim: #555;
  }
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  details, .screen { display: none; }
  table { font-size: 8.5pt; }
  th, td { padding: .2rem .4rem; }
  td.when { white-space: normal; }
  td.shot { width: 2.6rem; }
  .pic { width: 2.2rem; height: 1.65rem; }
  tr { break-inside: avoid; }
  thead { display: table-header-group; }
}
"""

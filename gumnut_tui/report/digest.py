"""Actions in each of their formats: rows for programs, and the digest of days that a person mails."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from html import escape
from itertools import groupby
from typing import Any

from gumnut_tui.domain.action_facts import Facts
from gumnut_tui.domain.actions import Action
from gumnut_tui.domain.models import from_us
from gumnut_tui.formatting import interchange
from gumnut_tui.formatting.action_cells import DayTally, action_cells
from gumnut_tui.formatting.action_sentences import tone_of
from gumnut_tui.formatting.cells import cell_width
from gumnut_tui.formatting.escape import fit, fit_once, pad, visible
from gumnut_tui.formatting.interchange import csv_line, markdown_text, utc_time
from gumnut_tui.formatting.quantities import number, plural
from gumnut_tui.formatting.times import ROW_TIME_WIDTH, clock_time, date_words, local
from gumnut_tui.report.html import PAGE_END, Pictures, page_head
from gumnut_tui.report.model import Heading
from gumnut_tui.report.sentences import NO_ACTOR, moment
from gumnut_tui.report.terminal import coloured

FORMATS = ("csv", "jsonl", "md", "html")
"""Of files."""
COLUMNS = (
    "id", "action", "first", "last", "events", "photos", "kinds", "sentence", "entity_ids_sample", "library_id",
    "incident", "matching",
)  # fmt: skip
SPAN_WIDTH, WHAT_WIDTH, COUNT_WIDTH = 12, 12, 7
"""Cells of these columns of the table."""
WIDE = 110
"""Cells of a terminal from which on all columns are shown."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An action, and what is said of it."""

    action: Action
    facts: Facts
    sentence: str
    """Escaped."""
    matching: int
    """How many of its events pass the filter."""
    incident: str | None = None
    """The id of the incident it is part of, if any."""
    pictures: tuple[tuple[str, str | None], ...] = ()
    """Some of its photos, each with its ThumbHash if that is known."""


def record(entry: Entry, library_id: str | None) -> dict[str, Any]:
    """An action with the keys of `COLUMNS`; `kinds` counts its events by event type."""
    action, facts = entry.action, entry.facts
    values = (
        action.id,
        facts.what.name.lower(),
        utc_time(from_us(action.first_us)),
        utc_time(from_us(action.last_us)),
        action.events,
        facts.photo_count,
        facts.types,
        entry.sentence,
        list(facts.entities),
        library_id,
        entry.incident,
        entry.matching,
    )
    return dict(zip(COLUMNS, values, strict=True))


def json_record(entry: Entry, library_id: str | None) -> str:
    """A JSON object on a line, without its end."""
    return json.dumps(record(entry, library_id), ensure_ascii=False)


def csv_head() -> str:
    """The heading of comma-separated values."""
    return csv_line(COLUMNS)


def file_lines(form: str, heading: Heading, entries: Sequence[Entry], zone: tzinfo) -> Iterator[str]:
    """A whole file in one of `FORMATS`, piece by piece."""
    match form:
        case "jsonl":
            yield from (f"{json_record(entry, heading.library_id)}\n" for entry in entries)
        case "csv":
            yield csv_head()
            yield from (csv_row(entry, heading.library_id) for entry in entries)
        case "md":
            yield from markdown_lines(heading, entries, zone)
        case _:
            yield from html_lines(heading, entries, zone)


def csv_row(entry: Entry, library_id: str | None, shown: Callable[[str], str] = str) -> str:
    """A line of comma-separated values; what a spreadsheet would run is defused. `shown` escapes each cell."""
    return "".join(interchange.csv_lines([map(_cell, record(entry, library_id).values())], shown))


def _cell(value: object) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{name}={count}" for name, count in value.items())
    return "; ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class TableStyle:
    """How the table is drawn."""

    zone: tzinfo
    now: datetime
    columns: int | None = None
    """Cells of a line; None: nothing is cut."""
    is_coloured: bool = False


def table_head(style: TableStyle) -> str:
    """The headings of the table."""
    return _columns(("TIME", "TOOK", "WHAT", "DID", "PHOTOS", "EVENTS"), style)


def table_row(entry: Entry, style: TableStyle) -> str:
    """An action in the table."""
    cells = action_cells(entry.action, entry.facts, entry.sentence, zone=style.zone, now=style.now)
    what = f"{cells.glyph} {cells.word}"
    line = _columns((cells.time, cells.span, what, cells.sentence, cells.photos, cells.events), style)
    return coloured(line, cells.tone, on=style.is_coloured)


def _columns(texts: Sequence[str], style: TableStyle) -> str:
    time, span, what, did, photos, events = texts
    if style.columns is None:
        cells = (pad(time, ROW_TIME_WIDTH), pad(span, SPAN_WIDTH), pad(what, WHAT_WIDTH), photos.rjust(COUNT_WIDTH))
        return "  ".join((*cells, events.rjust(COUNT_WIDTH), did)).rstrip()
    is_wide = style.columns >= WIDE
    left = [fit(time, ROW_TIME_WIDTH), *([fit(span, SPAN_WIDTH)] if is_wide else []), fit(what, WHAT_WIDTH)]
    right = [*([photos.rjust(COUNT_WIDTH)] if is_wide else []), events.rjust(COUNT_WIDTH)]
    taken = sum(map(cell_width, (*left, *right))) + 2 * (len(left) + len(right))
    return "  ".join((*left, fit_once(did, max(style.columns - taken, 20)), *right))


def markdown_lines(heading: Heading, entries: Sequence[Entry], zone: tzinfo) -> Iterator[str]:
    """The digest as Markdown, line by line."""
    yield f"# {markdown_text(_title(heading))}\n\n"
    yield f"{markdown_text(_scope(heading, entries, zone))}\n\n{NO_ACTOR}\n"
    for day, of_day in _days(entries, zone):
        yield f"\n## {markdown_text(day)}\n\n{markdown_text(_tally(of_day))}\n\n"
        for entry in of_day:
            what = f"{entry.facts.what.glyph} {entry.facts.what.word}"
            yield (
                f"- {_span(entry.action, zone)} **{markdown_text(what)}** {markdown_text(entry.sentence)} "
                f"({plural(entry.action.events, 'event')}){' **incident**' if entry.incident else ''}\n"
            )


def html_lines(heading: Heading, entries: Sequence[Entry], zone: tzinfo) -> Iterator[str]:
    """The digest as one HTML file, piece by piece: nothing is fetched, nothing runs."""
    pictures = Pictures(pair for entry in entries for pair in entry.pictures)
    yield from page_head(_title(heading), pictures)
    yield f'<header><p class="kicker">Activity</p>\n<h1>{escape(visible(heading.library) or "Photo library")}</h1>\n'
    yield f'<p class="soft">{escape(_scope(heading, entries, zone))}</p></header>\n'
    for day, of_day in _days(entries, zone):
        yield f'<section><h2>{escape(day)}</h2>\n<p class="soft">{escape(_tally(of_day))}</p>\n'
        for entry in of_day:
            yield from _article(entry, zone, pictures)
        yield "</section>\n"
    yield f"<footer><p>{escape(NO_ACTOR)}</p>\n<p>{pictures.remark()}</p></footer>\n"
    yield PAGE_END


def _article(entry: Entry, zone: tzinfo, pictures: Pictures) -> Iterator[str]:
    what = entry.facts.what
    mark = ' <span class="warn">incident</span>' if entry.incident else ""
    yield (
        f'<article><h3 class="{tone_of(what).value}">{escape(what.glyph)} {escape(what.word)}{mark}</h3>\n'
        f"<p><bdi>{escape(entry.sentence)}</bdi></p>\n"
        f'<p class="soft">{_span(entry.action, zone)} · {plural(entry.action.events, "event")}</p>\n'
    )
    yield from pictures.strip([photo for photo, _ in entry.pictures])
    yield "</article>\n"


def _title(heading: Heading) -> str:
    return f"What happened in {visible(heading.library)}" if heading.library else "What happened"


def _scope(heading: Heading, entries: Sequence[Entry], zone: tzinfo) -> str:
    events, matching = sum(entry.action.events for entry in entries), sum(entry.matching for entry in entries)
    passing = "" if matching == events else f", of which {number(matching)} {'passes' if matching == 1 else 'pass'}"
    counts = f"{plural(len(entries), 'action')}, {plural(events, 'event')}{passing}"
    asked = "as last known" if heading.is_offline else "as of"
    return f"{heading.scope}: {counts}, {asked} {moment(heading.as_of, zone)}."


def _days(entries: Iterable[Entry], zone: tzinfo) -> Iterator[tuple[str, list[Entry]]]:
    """The actions by the day on which they began, in the order given."""
    for day, of_day in groupby(entries, lambda entry: local(entry.action.first_us, zone).date()):
        yield date_words(day), list(of_day)


def _tally(entries: Iterable[Entry]) -> str:
    tally = DayTally()
    for entry in entries:
        tally.take(entry.action, entry.facts.kinds)
    return " · ".join(tally.parts())


def _span(action: Action, zone: tzinfo) -> str:
    """From when to when, to the minute, with the day of the end if that is another: `12:03–12:20`."""
    first, last = (clock_time(us, zone)[:5] for us in (action.first_us, action.last_us))
    first_day, last_day = (local(us, zone).date() for us in (action.first_us, action.last_us))
    if first_day != last_day:
        return f"{first}–{date_words(last_day)} {last}"
    return first if first == last else f"{first}–{last}"


def count_words(shown: int, of: int) -> str:
    """`12 of 240 actions`, `240 actions`."""
    return plural(of, "action") if shown == of else f"{number(shown)} of {plural(of, 'action')}"

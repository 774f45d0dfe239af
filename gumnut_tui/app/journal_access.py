"""The journal as the screen uses it: opened and previewed after the first paint, started only on request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from gumnut_tui.app import ScreenOptions
from gumnut_tui.config.values import Order
from gumnut_tui.domain.fields import Reference, naming_links, row_links
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Entity, Event
from gumnut_tui.domain.when import parse_range
from gumnut_tui.formatting.entity_names import display_name
from gumnut_tui.formatting.event_lines import Cells, event_cells
from gumnut_tui.formatting.quantities import number
from gumnut_tui.formatting.times import day_label, moment_words
from gumnut_tui.ui.widgets.table_columns import CURSOR, cells_text, columns_for, day_text
from gumnut_tui.usecases.journals import JournalAccess, JournalLink, copies_words, files_words, gaps_words

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from gumnut_tui.journal.records import LibraryInfo


def info_lines(info: LibraryInfo, zone: tzinfo, now: datetime) -> list[tuple[str, str]]:
    """What the journal holds for a library, as labels and values."""

    def when(us: int | None) -> str:
        return "nothing yet" if us is None else moment_words(us, zone, now)

    record = info.library
    return [
        ("events", f"{number(record.events)}, from {when(info.first_us)} to {when(info.last_us)}"),
        ("begins", "with the feed" if record.since_us is None else when(record.since_us)),
        ("snapshots", copies_words(info)),
        ("files", files_words(info.files)),
        ("size", f"{info.size / 1e6:.1f} MB"),
        ("up to date", when(record.synced_us)),
        ("gaps", gaps_words(info)),
    ]


DatedCells = tuple[str, Cells]
"""A row, and the day it is listed under."""


async def preview(access: JournalAccess, options: ScreenOptions, now: datetime, most: int) -> Sequence[DatedCells]:
    """The first rows the screen will show, each with its day, at `most` so many; none when the journal has none.

    None either when a filter chooses them.

    Raises `JournalProblem`.
    """
    is_plain = options.order is Order.NEWEST and options.until is None and options.filter == EventFilter()
    if options.demo or not is_plain:
        return ()
    link = await access.at_once(options.settings.base_url, options.library)
    if link is None:
        return ()
    since = parse_range(options.since, None, now=now, zone=options.zone).since
    events = await link.journal.newest(link.record, most)
    shown = [event for event in reversed(events) if since is None or event.created_at >= since]
    known = await _named(link, shown)
    zone = options.zone
    return [(day_label(event.created_at_us, zone, now), _cells(event, known, zone, now)) for event in shown]


def row_texts(rows: Iterable[DatedCells], width: int) -> list[str]:
    """Rows, the first one selected, and the days between them, as the table will draw them, without its colours."""
    lines: list[str] = []
    above = ""
    for day, cells in rows:
        if above not in ("", day):
            lines.append(day_text(day, width))
        lines.append(cells_text(cells, columns_for(width), flags=0 if lines else CURSOR))
        above = day
    return lines


async def _named(link: JournalLink, events: Iterable[Event]) -> Mapping[Reference, Entity]:
    """What the journal last knew of the entities the rows name, and of those in their names."""
    memory = link.memory
    known = await memory.entities({reference for event in events for reference in row_links(event)})
    hops = {hop for (kind, _), entity in known.items() for hop in naming_links(kind, entity.fields)} - known.keys()
    return known | await memory.entities(hops) if hops else known


def _cells(event: Event, known: Mapping[Reference, Entity], zone: tzinfo, now: datetime) -> Cells:
    def fields(kind: str, entity_id: str) -> Mapping[str, Any] | None:
        entity = known.get((kind, entity_id))
        return None if entity is None else entity.fields

    def name(kind: str, entity_id: str) -> str | None:
        found = fields(kind, entity_id)
        return None if found is None else display_name(kind, found, fields)

    return event_cells(event, zone=zone, name=name, now=now)

"""The journal as the screen uses it: opened and previewed after the first paint, started only on request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any, TypeVar

from gumnut_tui.app import ScreenOptions
from gumnut_tui.config.values import Order
from gumnut_tui.domain.errors import JournalDamaged, JournalProblem, explain
from gumnut_tui.domain.fields import Reference, naming_links, row_links
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Entity, Event, Library
from gumnut_tui.domain.when import parse_range
from gumnut_tui.formatting.entity_names import display_name
from gumnut_tui.formatting.event_lines import Cells, event_cells
from gumnut_tui.formatting.quantities import number
from gumnut_tui.formatting.times import day_label, moment_words
from gumnut_tui.ui.widgets.table_columns import CURSOR, cells_text, columns_for, day_text
from gumnut_tui.usecases.account import account_id
from gumnut_tui.usecases.journals import copies_words, gaps_words, latest_library, library_of

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from gumnut_tui.api.client import Client
    from gumnut_tui.app.services import OpenJournal
    from gumnut_tui.feed.entity_history import JournalHistory
    from gumnut_tui.journal.journal import Journal
    from gumnut_tui.journal.records import LibraryInfo, LibraryRecord

T = TypeVar("T")


@dataclass(frozen=True)
class JournalLink:
    """A library's place in an open journal."""

    journal: Journal
    record: LibraryRecord

    @property
    def is_complete(self) -> bool:
        """The first sync is complete, so the journal holds everything up to its cursor."""
        return self.record.synced_us is not None

    @property
    def memory(self) -> JournalHistory:
        """What the library's entities were."""
        from gumnut_tui.feed.entity_history import JournalHistory

        return JournalHistory(self.journal, self.record)

    @property
    def library(self) -> Library:
        """The library as the journal knows it."""
        return library_of(self.record)


class JournalAccess:
    """Opens the journal once. Whatever is wrong with it, the screen works without it and `problem` says why."""

    def __init__(self, open_journal: OpenJournal | None) -> None:
        self._open_journal = open_journal
        self._journal: Journal | None = None
        self.problem: JournalProblem | None = None
        self._on_damage: Callable[[JournalDamaged], object] | None = None

    @property
    def is_allowed(self) -> bool:
        """A journal may be used: it was not switched off."""
        return self._open_journal is not None

    @property
    def damage(self) -> JournalDamaged | None:
        """The damage found, if any."""
        if self._journal is not None:
            return self._journal.damage
        return self.problem if isinstance(self.problem, JournalDamaged) else None

    def tell_damage(self, on_damage: Callable[[JournalDamaged], object]) -> None:
        """Report damage once: what was found before, or what is found from now on."""
        self._on_damage = on_damage
        if self._journal is not None:
            self._journal.on_damage = on_damage
            if self._journal.damage is not None:
                on_damage(self._journal.damage)

    async def repair(self, how: Callable[[], T]) -> T:
        """Close the journal and repair the file in a thread; the journal is opened again when next needed."""
        await self.aclose()
        self._journal = self.problem = None
        return await asyncio.to_thread(how)

    @property
    def warning(self) -> str:
        """What is wrong with the journal; empty when nothing is."""
        return "" if self.problem is None else explain(self.problem).what

    async def journal(self, *, create: bool = False) -> Journal | None:
        """The journal; None when it is switched off, cannot be opened, or does not exist and `create` is false."""
        if self._journal is None and self._open_journal is not None and self.problem is None:
            try:
                self._journal = await asyncio.to_thread(self._open_journal, create)
            except JournalProblem as problem:
                self.problem = problem
            if self._journal is not None and self._on_damage is not None:
                self._journal.on_damage = self._on_damage
        return self._journal

    async def at_once(self, base_url: str, wanted: str | None) -> JournalLink | None:
        """A complete library of this server, to open before any request: the one wanted, else the one last read."""
        journal = await self.journal()
        if journal is None:
            return None
        try:
            latest = await latest_library(journal, base_url, wanted)
        except JournalDamaged:
            return None
        return None if latest is None else JournalLink(journal, latest)

    async def complete(self, base_url: str) -> list[JournalLink]:
        """The libraries of this server that can be read without it; none of a journal that cannot be read."""
        journal = await self.journal()
        try:
            records = [] if journal is None else await journal.libraries()
        except JournalDamaged:
            return []
        links = [JournalLink(journal, record) for record in records if journal is not None]
        return [link for link in links if link.is_complete and link.record.key.base_url == base_url]

    async def link(self, client: Client, library: Library | None, *, begin: bool = False) -> JournalLink | None:
        """The library's place in the journal; created if `begin`, else None where there is none."""
        from gumnut_tui.journal.records import LibraryKey

        journal = await self.journal(create=begin)
        if journal is None:
            return None
        key = LibraryKey(client.base_url, await account_id(client), library.id if library else "")
        if begin:
            record = await journal.begin(key, name=library.name if library else "")
            return JournalLink(journal, record)
        known = await journal.find(key)
        return None if known is None else JournalLink(journal, known)

    async def aclose(self) -> None:
        """Finish pending writes and close the journal."""
        if self._journal is not None:
            await self._journal.aclose()


def info_lines(info: LibraryInfo, zone: tzinfo, now: datetime) -> list[tuple[str, str]]:
    """What the journal holds for a library, as labels and values."""

    def when(us: int | None) -> str:
        return "nothing yet" if us is None else moment_words(us, zone, now)

    record = info.library
    return [
        ("events", f"{number(record.events)}, from {when(info.first_us)} to {when(info.last_us)}"),
        ("begins", "with the feed" if record.since_us is None else when(record.since_us)),
        ("snapshots", copies_words(info)),
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

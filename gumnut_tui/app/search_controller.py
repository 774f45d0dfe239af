"""Searching rows for a text, and seeking rows that may still have to be read or named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from msgspec.structs import replace

from gumnut_tui.app import view_state
from gumnut_tui.app.event_list import SEVERAL, about, only_destructive, read_names, with_text
from gumnut_tui.app.filter_controller import FilterController
from gumnut_tui.app.library_controller import LibraryController
from gumnut_tui.app.open_library import OpenLibrary
from gumnut_tui.app.ports import Background, Dialogs, Notices, Question
from gumnut_tui.app.seek import Outcome, Seek, SeekEnd, SeekHit, SeekTime, hit_count, place_among
from gumnut_tui.app.unread import Unread
from gumnut_tui.domain.errors import GumnutError
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import to_us
from gumnut_tui.domain.when import day_span, parse_when
from gumnut_tui.feed.poller import PollState
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.quantities import number, plural
from gumnut_tui.store.event_store import View
from gumnut_tui.ui.keymap import key_sign
from gumnut_tui.ui.widgets.event_table import EventTable
from gumnut_tui.ui.widgets.viewport import Edge

Change = Callable[[EventFilter], EventFilter]
WRAPPED = ("the only one", "from the top", "from the bottom")
"""How the search went on when there were no more hits."""


class Work(Background, Dialogs, Notices, Protocol):
    """The ports needed here."""


class SearchController:
    """Goes to the rows searched for, and words the progress of the search."""

    def __init__(self, library: LibraryController, filters: FilterController, table: EventTable, ports: Work) -> None:
        self._library = library
        self._filters = filters
        self._table = table
        self._ports = ports
        self._hits: View | None = None
        self._named_text = ""
        """The text of the filter that names were read for."""
        self._rows_named: tuple[int, int] | None = None
        """Of how many rows names have been read for a text, and of how many they are to be; None while they are not."""
        self._outcome = ""
        self._unread = Unread(lambda: library.opened.context.services.clock())
        self._told_at: int | None = None
        """The row the seek ended on, where there is something to say about that."""
        self._came_from: tuple[int, int] | None = None
        """The row that was selected before one was gone to, and that one."""
        self.text = ""
        """What is searched for; empty when nothing is."""

    def words(self) -> str:
        """The seek in progress, else how many hits there are, and whether names are still being read."""
        opened, seek = self._library.opened, self._library.opened.seeker.seek
        parts = []
        if seek is not None:
            now = opened.context.services.clock()
            progress = opened.seeker.progress(opened.event_list, now)
            zone = opened.context.zone.now()
            parts.append(view_state.seek_words(seek.words, opened.feed, progress, zone, now))
        if self._hits is not None:
            wrapped = f", {self._outcome}" if self._outcome in WRAPPED else ""
            parts.append(f"“{visible(self.text, 20)}” {self._hit_words(self._hits)}{wrapped}")
        if self._rows_named is not None:
            parts.append(self._names_words(*self._rows_named))
        if self._outcome not in ("", *WRAPPED):
            parts.append(self._outcome)
        return " · ".join(parts)

    def _hit_words(self, hits: View) -> str:
        """Which of the hits is selected, as they are numbered from the top of the screen, and how many there are."""
        event_list, row = self._library.event_list, self._table.cursor_row
        so_far = f" in {number(event_list.loaded)} loaded" if event_list.more_to_read else ""
        hits.refresh()
        place, count = None if row is None else place_among(hits, row, event_list), hit_count(hits, event_list)
        if place is None:
            return f"{plural(count, 'hit')}{so_far}"
        return f"{number(place)} of {number(count)}{so_far}"

    def _names_words(self, done: int, of: int) -> str:
        """Which names the search covers by now; a journal would have them all at once."""
        context = self._library.opened.context
        offer = "" if context.link is not None else f"; {key_sign('journal', context.settings.keys)} keeps them at hand"
        return f"names of {number(done)} of {number(of)} rows so far{offer}"

    # What becomes of the rows

    def reset(self, library: OpenLibrary) -> None:
        """The rows have changed: search again, and give up the seek."""
        self._hits = None
        library.seeker.stop()
        if self.text:
            self._ports.run(partial(self._find, self.text), "search")
        self.rows_replaced()

    def rows_came(self) -> None:
        """Check whether the seek has arrived."""
        opened = self._library.opened
        seeker, seek = opened.seeker, opened.seeker.seek
        if self._hits is not None:
            self._hits.refresh()
        outcome, index = seeker.look(opened.event_list)
        if outcome is Outcome.ARRIVED:
            self._table.jump_to(index)
            if isinstance(seek, SeekTime) and not seek.is_met(opened.event_list, index):
                self._outcome, self._told_at = "no events on that day; this is the nearest", self._table.cursor_row
        elif outcome is Outcome.IN_VAIN and seek is not None:
            if self._rows_named is not None:
                # The row may be among those whose names are not known yet.
                seeker.seek = seek
            elif not (isinstance(seek, SeekHit) and seek.hits is self._hits and self._wrap(seek)):
                self._outcome = f"{seek.words}: no more found"

    def _wrap(self, seek: SeekHit) -> bool:
        """Go on at the other end, once there is nothing more to read; False when there is no hit at all."""
        index = replace(seek, origin=None).arrived(self._library.event_list)
        if index is None:
            return False
        was_there = self._table.cursor_row
        self._table.jump_to(index)
        self._told_at = self._table.cursor_row
        only, top, bottom = WRAPPED
        self._outcome = only if self._told_at == was_there else top if seek.step > 0 else bottom
        return True

    def rows_replaced(self) -> None:
        """Other rows are shown: a text is searched in names too, so names are read for a new text."""
        self._outcome = ""
        text, self._named_text = self._named_text, self._library.event_list.filter.text
        if self._named_text and self._named_text != text:
            self._read_all_names()

    def state_changed(self, state: PollState) -> None:
        """Names that could not be read are read on once the service answers, while their text is still searched for."""
        if self._unread.is_due(state) and (self.text or self._named_text):
            self._outcome = ""
            self._read_all_names()

    def row_selected(self) -> None:
        """Another row is selected: how a seek from the one before ended no longer matters."""
        if self._table.cursor_row != self._told_at:
            self._outcome = ""

    # Text

    async def ask_text(self) -> None:
        """Ask for a text to search for."""
        await self._ports.ask(Question("search", "Search", self._take_text, self.text))

    def _take_text(self, text: str, _again: bool) -> None:
        self.search_for(text)

    def search_for(self, text: str) -> None:
        """Search for another text, and go to its first hit; an empty one ends the search."""
        self._table.highlight = text
        self._ports.run(partial(self._search_for, text), "search")

    def clear(self) -> bool:
        """End the search; False when there was none."""
        was_searching = bool(self.text)
        if was_searching:
            self.search_for("")
        return was_searching

    async def _search_for(self, text: str) -> None:
        self._outcome = ""
        self._library.opened.seeker.stop()
        await self._find(text)
        if text:
            self._read_all_names()
            self.hit(1)
        else:
            self._ports.say("")

    async def _find(self, text: str) -> None:
        self.text = text
        if not text:
            self._hits = None
            return
        event_list = self._library.event_list
        self._hits = await event_list.prepared(with_text(text)(event_list.acting))

    def hit(self, step: int) -> None:
        """Go to the next or previous hit."""
        if not self.text:
            key = key_sign("search", self._library.opened.context.settings.keys)
            self._ports.say(f"nothing to search for yet: press {key}")
        elif self._hits is not None:
            self._seek_hit(f"searching “{visible(self.text, 30)}”", self._hits, step)

    # Other rows

    def destruction(self, step: int) -> None:
        """Go to the next or previous destructive event."""
        self._seek_change(only_destructive, step, "looking for a destructive event")

    def same_entity(self, step: int) -> None:
        """Go to the next or previous event of the selected entity."""
        entity_id = self._library.selection.entity_id()
        if entity_id is not None:
            self._seek_change(about(entity_id), step, "looking for this entity's events")
        elif self._library.selection.row() is not None:
            self._ports.say(SEVERAL.format(key_sign("pane.right", self._library.opened.context.settings.keys)))

    def edge(self, edge: Edge) -> None:
        """Go to an end of the rows: at one of them there may be more to read."""
        event_list = self._library.event_list
        if (edge == "bottom") != event_list.grows_below:
            return
        if not event_list.feed.is_final:
            event_list.feed.read_exactly()
            self._library.opened.want_more()
        if event_list.more_to_read:
            self._seek(SeekEnd("reading to the start" if event_list.feed.newest_first else "reading to the end"))

    def go_to(self, row: int) -> None:
        """Select a row of the store."""
        index = self._library.event_list.lines.index_of(row)
        if index is None:
            self._ports.say("that event is filtered out")
            return
        if (here := self._table.cursor_row) is not None and here != row:
            self._came_from = here, row
        self._table.jump_to(index)

    def return_from(self) -> bool:
        """From the event gone to, back to the one before; False where one has moved on since."""
        here, row = self._came_from or (None, None)
        index = None if here is None or row != self._table.cursor_row else self._library.event_list.lines.index_of(here)
        self._came_from = None
        if index is None:
            return False
        self._table.jump_to(index)
        return True

    async def ask_time(self) -> None:
        """Ask for a time to go to."""
        placeholder = "10:30 · yesterday · 24 Nov · 24 Nov 10:30 · mon · 3d"
        await self._ports.ask(Question("time", "Go to", self._take_time, placeholder=placeholder))

    def _take_time(self, text: str, _again: bool) -> None:
        opened = self._library.opened
        now, zone = opened.context.services.clock(), opened.context.zone.now()
        moment = parse_when(text, now=now, zone=zone)
        if moment is None:
            self._seek(SeekEnd("reading to the start"))
            return
        day = day_span(text, now=now, zone=zone)
        us = to_us(moment)
        if not opened.event_list.filter.accepts_time(us):
            self._filters.set_range(f"{text} ..")
        self._seek(SeekTime(f"going to {visible(text, 30)}", us, to_us(day[1]) if day else None))

    def stop(self) -> bool:
        """Give up the seek; what was read is kept. False when there is none."""
        opened = self._library.opened
        if not opened.seeker.stop():
            return False
        opened.is_stopped = True
        self._ports.say("stopped; what was read is kept")
        return True

    def _seek_change(self, change: Change, step: int, words: str) -> None:
        self._seek_hit(words, self._library.event_list.hits(change), step)

    def _seek_hit(self, words: str, hits: View, step: int) -> None:
        self._seek(SeekHit(words, hits, self._table.cursor_row, step))

    def _seek(self, seek: Seek) -> None:
        opened = self._library.opened
        self._outcome = ""
        opened.seeker.start(seek, opened.event_list, opened.context.services.clock())
        self.rows_came()
        opened.want_more()
        self._ports.say("")

    # Names

    def _read_all_names(self) -> None:
        self._ports.run(partial(self._name_all, self._library.opened), "all names")

    async def _name_all(self, opened: OpenLibrary) -> None:
        """Read the names of all rows that pass the filter but for its text, from the cursor on."""
        rows, row = opened.event_list.without_text(), self._library.selection.row()
        start = (None if row is None else rows.nearest(row)) or 0
        await self._name(opened, [rows[index] for index in (*range(start, len(rows)), *range(start))])

    async def _name(self, opened: OpenLibrary, rows: Sequence[int]) -> None:
        self._rows_named = 0, len(rows)
        try:
            async for done in read_names(rows, opened.event_list.store, opened.names):
                if opened is not self._library.opened:
                    return
                self._rows_named = done, len(rows)
                await self._renew_hits()
                await self._library.names_learnt()
        except GumnutError as error:
            self._unread.failed()
            self._outcome = view_state.unread_names_words(error)
        finally:
            self._rows_named = None
        self.rows_came()
        await self._library.names_learnt()

    async def _renew_hits(self) -> None:
        """Search again, as texts are searched in names too, and names were learnt."""
        if not self.text:
            return
        before, seeker = self._hits, self._library.opened.seeker
        await self._find(self.text)
        if isinstance(seeker.seek, SeekHit) and seeker.seek.hits is before and self._hits is not None:
            seeker.seek = replace(seeker.seek, hits=self._hits)
        self.rows_came()

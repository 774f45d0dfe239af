"""One library on the screen: its rows under a range, a filter and an order, kept current as the feed is read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from textual.screen import Screen
from textual.worker import Worker

from gumnut_tui.app.chosen_times import ChosenRange, ZoneChoice, span_range
from gumnut_tui.app.detail_controller import DetailController
from gumnut_tui.app.event_list import EventList
from gumnut_tui.app.filter_history import FilterHistory
from gumnut_tui.app.incidents_controller import IncidentRows
from gumnut_tui.app.marks import Marks
from gumnut_tui.app.open_library import OpenLibrary
from gumnut_tui.app.pane_presenter import PanePresenter
from gumnut_tui.app.search import grows_below
from gumnut_tui.app.search_controller import SearchController
from gumnut_tui.app.services import Services
from gumnut_tui.app.view_state import error_words
from gumnut_tui.domain.errors import GumnutError, explain
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.incidents import IncidentRules
from gumnut_tui.domain.models import Event, Library
from gumnut_tui.feed.poller import PollPhase, PollState
from gumnut_tui.formatting.cells import Cells, event_cells
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.times import date_time
from gumnut_tui.store.event_store import EventStore
from gumnut_tui.ui.panes import Panes
from gumnut_tui.ui.timers import later
from gumnut_tui.ui.widgets.table_news import SCREENS_AHEAD

if TYPE_CHECKING:
    from gumnut_tui.app.journal_access import JournalLink
    from gumnut_tui.domain.ports import LibraryClient


class LibraryController:
    """Shows rows in the table and says what around it has changed. `start` it once; `close` it before the next."""

    def __init__(
        self,
        screen: Screen[None],
        panes: Panes,
        presenter: PanePresenter,
        services: Services,
        zone: ZoneChoice,
        *,
        client: LibraryClient,
        library: Library | None,
        link: JournalLink | None,
        chosen: ChosenRange,
        wanted: EventFilter,
        newest_first: bool,
        slack_us: int,
        is_exact: bool,
        is_offline: bool,
        rules: IncidentRules,
        retention: timedelta,
    ) -> None:
        self._screen = screen
        self._panes = panes
        self._table = panes.table
        self._presenter = presenter
        self._services = services
        self._zone = zone
        self._marks = Marks()
        self._incident_rows = IncidentRows(rules)
        self._history: FilterHistory[tuple[ChosenRange, EventFilter]] = FilterHistory()
        self._is_stopped = False
        self._names_drawn = 0
        """The state of the names that the rows in sight were drawn with."""
        self._redraw: asyncio.TimerHandle | None = None
        self._revision = 0
        self._follow: Worker[None] | None = None
        self.has_opened = asyncio.Event()
        """What came first is shown, or it is known what stands in the way."""
        self.reading = OpenLibrary(
            client,
            library,
            chosen,
            wanted,
            newest_first=newest_first,
            clock=services.clock,
            pace=services.pace,
            slack_us=slack_us,
            is_exact=is_exact,
            more_wanted=self._more_wanted,
            on_rows=self._rows_came,
            on_state=self._state_changed,
            link=link,
            is_offline=is_offline,
        )
        self.details = DetailController(
            relations=client,
            entity_cache=self.reading.entity_cache,
            names=self.reading.names,
            store=lambda: self.store,
            library_id=self.reading.library_id,
            show=presenter.show_detail,
            clock=services.clock,
            zone=zone.now,
            debounce=services.debounce,
            retention=retention,
            sleep=services.sleep,
            memory=self.reading.memory,
        )
        self.search = SearchController(
            lambda: self.event_list, go_to=self._table.jump_to, clock=services.clock, zone=zone.now
        )

    @property
    def event_list(self) -> EventList:
        """The rows that are shown."""
        return self.reading.event_list

    @property
    def store(self) -> EventStore:
        """The events the rows shown are of."""
        return self.event_list.store

    @property
    def is_frozen(self) -> bool:
        """The view is held still."""
        return self._presenter.frozen_at is not None

    @property
    def is_current(self) -> bool:
        """The table shows everything that was read and passes the filter."""
        return (
            self._redraw is None and self._presenter.is_settled and self._table.row_count == len(self.event_list.rows)
        )

    def selected(self) -> Event | None:
        """The event under the cursor."""
        row = self._table.cursor_row
        return None if row is None else self.store.event(row)

    def cells_of(self, row: int) -> Cells:
        """The texts of a row."""
        names = self.reading.names
        return event_cells(
            self.store.event(row),
            zone=self._zone.now(),
            name=names.name,
            now=self._services.clock(),
            presence=names.presence,
        )

    # Reading

    def start(self) -> None:
        """Read the feed at hand, with nothing on the screen yet."""
        self._presenter.reading = self.reading
        self._presenter.progress = self.search.words
        self._presenter.frozen_at = None
        self._presenter.notice = ""
        self.search.stop()
        self._is_stopped = False
        self._revision += 1
        self.details.forget()
        # Those of the library shown before know nothing of these rows.
        self._table.marks, self._table.incidents = self._marks, self._incident_rows
        self._show_rows(None)
        self.close()
        self._follow = self._screen.run_worker(self.reading.poller.run(), group="feed")

    def close(self) -> None:
        """Stop reading."""
        if self._follow is not None:
            self._follow.cancel()

    def want_more(self) -> None:
        """The end that grows on demand is wanted again, after it was given up or in sight anew."""
        self._is_stopped = False
        self.reading.poller.want_more()

    def stop_seeking(self) -> bool:
        """Give up what was being read towards; what was read is kept. False when nothing was."""
        if not self.search.stop():
            return False
        self._is_stopped = True
        self._presenter.say("stopped; what was read is kept")
        return True

    def _more_wanted(self) -> bool:
        if self.is_frozen:
            return False
        if self.search.is_seeking:
            return True
        if self._is_stopped or self.event_list.marked is not None:
            # What is marked was read already.
            return False
        if self.event_list.loaded < self._services.unasked:
            return True
        span, count = self._table.span, len(self.event_list.rows)
        if span is None:
            return True
        left = count - 1 - span[1] if grows_below(self.event_list) else span[0]
        return left < SCREENS_AHEAD * max(1, self._table.size.height)

    def _rows_came(self, gained: int) -> None:
        if self.is_frozen:
            self._presenter.show_title()
        elif self._redraw is None and 0 < self.event_list.loaded <= gained:
            self.take_in()
        elif self._redraw is None:
            # Pages may come faster than an eye can follow: one redraw for all that came meanwhile.
            take_in = partial(self._presenter.redraws.ask, "rows", self.take_in)
            self._redraw = later(self._screen, self._services.settle, take_in)

    def _state_changed(self, state: PollState) -> None:
        if state.error is not None or (self.reading.feed.is_open and not self.event_list.loaded):
            self.has_opened.set()
        self._presenter.set_wait(None)
        if not len(self.event_list.rows):
            self._presenter.show_ends()
        elif state.phase is PollPhase.REFUSED and state.error is not None:
            # Nobody asks again by itself, and the title has no room for what to do.
            self._screen.notify(error_words(state.error), severity="error", markup=False)

    def take_in(self) -> None:
        """Show what was read since the last time."""
        self._redraw = None
        if self.is_frozen:
            return
        if not self.event_list.is_current:
            if not self.reading.feed.is_open:
                # The old rows stand until there are new ones.
                return
            self._begin_again()
        growth = self.event_list.refresh(self._table.cursor_row)
        marks_found = len(self._marks) and self._marks.look_in(self.store)
        incidents_found = self._incident_rows.refresh(self.store)
        if growth is None:
            self._show_rows(None)
        elif growth.above or growth.below:
            self._table.rows_changed(growth.above, growth.below)
        if marks_found:
            self._table.marks = self._marks
        if incidents_found:
            self._table.incidents = self._incident_rows
        self.details.rows_came()
        self.search.look()
        self._presenter.show()
        self.has_opened.set()

    # Showing

    def _begin_again(self) -> None:
        """The rows are those of another reading."""
        self._revision += 1
        self._screen.notify("The server refused our position, so the feed was read again.", title="Read again")
        self.details.forget()
        self.search.forget()
        self._screen.run_worker(self.search.search_for(self.search.text), exclusive=True, group="search")

    def _show_rows(self, cursor: int | None) -> None:
        self._table.show(
            self.event_list.rows,
            self.cells_of,
            revision=self._revision,
            cursor=cursor,
            live="top" if self.event_list.newest_first else "bottom",
        )
        self._presenter.show()

    def _show_beside(self, row: int | None) -> None:
        """Show other rows; the row selected before stays selected, or else the nearest one."""
        self.search.outcome = ""
        self._show_rows(None if row is None else self.event_list.rows.nearest(row))
        if not len(self.event_list.rows):
            self.details.forget()
        self.want_more()

    def refilter(self, change: Callable[[EventList], None]) -> None:
        """Change what is shown of the rows read."""
        row = self._table.cursor_row
        change(self.event_list)
        self._show_beside(row)

    def edit(self, change: Callable[[EventFilter], EventFilter]) -> None:
        """Change the filter; `<` leads back."""
        self._remember_filter()
        wanted = change(self.event_list.filter)
        if self.event_list.takes_long(wanted):
            self._screen.run_worker(self._edit_behind(wanted), exclusive=True, group="filter")
        else:
            self.refilter(lambda event_list: event_list.set_filter(wanted))

    async def _edit_behind(self, wanted: EventFilter) -> None:
        """Look for the rows in a thread; what is shown stays until all of them are found."""
        event_list = self.event_list
        self._presenter.say("filtering…")
        view = await event_list.prepared(wanted)
        self._presenter.say("")
        if event_list is self.event_list:
            self.refilter(lambda _: event_list.set_filter(wanted, view))

    def set_range(self, chosen: ChosenRange) -> None:
        """Show another time range; `<` leads back."""
        self._remember_filter()
        self._show_range(chosen)

    def walk_history(self, step: int) -> None:
        """Back to the range and filter before, or forward again."""
        here = (self.reading.range, self.event_list.filter)
        there = self._history.back(here) if step < 0 else self._history.forward(here)
        if there is None:
            self._presenter.say("no filters before these" if step < 0 else "no filters after these")
            return
        chosen, wanted = there
        self._show_range(chosen)
        self.refilter(lambda event_list: event_list.set_filter(wanted))

    def turn(self) -> None:
        """Turn the order of the screen."""
        row = self._table.cursor_row
        if self.reading.turn():
            self.start()
        else:
            self._show_beside(row)

    def mark(self) -> None:
        """Mark the selected event, or take its mark away, and go on to the next row."""
        row = self._table.cursor_row
        if row is not None:
            self._marks.toggle(self.store, row)
            self._table.marks = self._marks
            self._table.action_move(1)

    def show_marked(self) -> None:
        """Show only what is marked, or everything again."""
        if self.event_list.marked is None and not len(self._marks):
            self._presenter.say("nothing is marked yet: m marks")
            return
        marked = self._marks.rows if self.event_list.marked is None else None
        self.refilter(lambda event_list: event_list.show_only(marked))

    def marked_rows(self) -> list[int]:
        """The marked rows that were read, in feed order."""
        return sorted(self._marks.rows, key=self.store.view(EventFilter()).position)

    def show_span(self, wanted: EventFilter) -> None:
        """Show what a filter with a range of its own lets through; `<` leads back."""
        assert wanted.since_us is not None
        assert wanted.until_us is not None
        zone = self._zone.now()
        words = date_time(wanted.since_us, zone), date_time(wanted.until_us, zone)
        self._remember_filter()
        self._show_range(span_range(wanted.since_us, wanted.until_us, words))
        self.refilter(lambda event_list: event_list.set_filter(wanted))

    def freeze(self) -> None:
        """Hold the view still while the feed goes on, or let it go."""
        self._presenter.frozen_at = None if self.is_frozen else self.event_list.loaded
        if self.is_frozen:
            self._presenter.show_title()
        else:
            self.take_in()

    def redraw(self) -> None:
        """Times are shown in another zone."""
        self._table.refresh_rows()
        self._presenter.show()
        self.details.redraw()

    def _remember_filter(self) -> None:
        self._history.leave((self.reading.range, self.event_list.filter))

    def _show_range(self, chosen: ChosenRange) -> None:
        row = self._table.cursor_row
        if self.reading.set_range(chosen):
            self.start()
        else:
            self._show_beside(row)

    # Names

    async def name_rows(self, rows: list[int]) -> None:
        """Read what the names of rows in sight need, after a moment's rest."""
        # While it rests the feed may be read again, and the rows are then others.
        events = [self.store.event(row) for row in rows]
        await self._services.sleep(self._services.settle)
        try:
            await self.reading.names.resolve(events)
        except GumnutError as error:
            self._presenter.say(f"names could not be read: {visible(explain(error).what, 120)}")
        await self._names_learnt()

    async def name_all(self) -> None:
        """Read the names of all rows that pass the filter but for its text, from the cursor on."""
        rows = self.event_list.without_text()
        at = rows.nearest(self._table.cursor_row) if self._table.cursor_row is not None else 0
        start = at or 0
        order = [rows[index] for index in (*range(start, len(rows)), *range(start))]
        await self.search.read_names(order, self._names_learnt)

    async def _names_learnt(self) -> None:
        # What was learnt may have been learnt by a read that was superseded before it could say so.
        if self._names_drawn != self.reading.names.revision:
            self._names_drawn = self.reading.names.revision
            self._table.refresh_rows()
        if await self.event_list.rename():
            self._show_beside(self._table.cursor_row)
        else:
            self._presenter.show_status()

"""The library on the screen: its rows, kept current in the table as the feed is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace

from gumnut_tui.app import ScreenOptions
from gumnut_tui.app.action_rows import event_row
from gumnut_tui.app.actions_controller import ActionsController
from gumnut_tui.app.event_list import EventList
from gumnut_tui.app.frozen_view import FrozenView
from gumnut_tui.app.names_controller import NamesController
from gumnut_tui.app.open_library import (
    ChosenRange,
    LibraryContext,
    OpenLibrary,
    ViewChoice,
    ZoneChoice,
    chosen_earlier,
    range_between,
)
from gumnut_tui.app.pane_presenter import PanePresenter, Panes
from gumnut_tui.app.ports import Background, Job, Notices
from gumnut_tui.app.row_presenter import RowPresenter
from gumnut_tui.app.services import Services
from gumnut_tui.app.table_selection import TableSelection
from gumnut_tui.app.view_state import error_words, late_words
from gumnut_tui.config.values import Order, ViewMode
from gumnut_tui.domain.errors import KeyMissing
from gumnut_tui.domain.models import Library
from gumnut_tui.feed.poller import PollPhase, PollState
from gumnut_tui.store.event_store import EventStore
from gumnut_tui.ui.widgets.viewport import SCREENS_AHEAD
from gumnut_tui.usecases.account import LazyClient

if TYPE_CHECKING:
    from gumnut_tui.api.client import Client
    from gumnut_tui.domain.ports import LibraryClient
    from gumnut_tui.usecases.journals import JournalLink


PUSHES = 2
"""Redraws from which on rows count as going by: a first page, or one that came while nobody asked, is looked at."""


class Work(Background, Notices, Protocol):
    """The ports needed here."""


class RowsListener(Protocol):
    """Follows changes of the rows."""

    def reset(self, library: OpenLibrary) -> None:
        """The rows are those of another library, or of another read of the same one."""

    def rows_came(self) -> None:
        """More rows were read, and are shown."""

    def rows_replaced(self) -> None:
        """Other rows are shown of those that were read."""

    def state_changed(self, state: PollState) -> None:
        """The service answered again, or did not."""


class LibraryController:
    """Reads a library and shows its rows. Until `open` is called nothing is read and no row is shown."""

    def __init__(
        self,
        options: ScreenOptions,
        services: Services,
        panes: Panes,
        presenter: PanePresenter,
        ports: Work,
        zone: ZoneChoice,
    ) -> None:
        self._services = services
        self._table = panes.table
        self._presenter = presenter
        self._ports = ports
        self._zone = zone
        self._names_drawn = 0
        """The revision of the names that the rows in view were drawn with."""
        self._is_redraw_due = False
        self._are_first_drawn = False
        """The first rows are being drawn, and those behind them wait so long."""
        self._pushes = 0
        """Redraws, one after the other, that pushed the rows in sight on."""
        self._names = NamesController(ports, services, self.names_learnt)
        self._today = services.clock().astimezone(zone.now()).date()
        self._polling: Job | None = None
        self.listeners: Sequence[RowsListener] = ()
        context = LibraryContext(
            client=LazyClient(options.settings.base_url, _nobody_yet),
            services=services,
            settings=options.settings,
            zone=zone,
            is_offline=options.offline,
            is_exact=options.exact,
            libraries=presenter.listed,
        )
        self.opened = OpenLibrary(context, _first_choice(options, services.clock(), zone.now()), self)
        """The library being read, or an empty one until `open` is called."""
        self.selection = TableSelection(panes.table, self.opened)
        self.rows = RowPresenter(panes.table, presenter, self.opened)
        self.actions = ActionsController(self.opened, self.rows, presenter, ports, self._tell_of_rows)
        """Finds and describes actions while they are shown."""

    @property
    def is_open(self) -> bool:
        """A library was opened."""
        return self._polling is not None

    @property
    def event_list(self) -> EventList:
        """The rows that are shown."""
        return self.opened.event_list

    @property
    def store(self) -> EventStore:
        """The store of the rows shown."""
        return self.event_list.store

    @property
    def is_frozen(self) -> bool:
        """The view is frozen."""
        return self._presenter.frozen is not None

    @property
    def is_current(self) -> bool:
        """The table shows everything that was read and passes the filter."""
        is_drawn = not self._is_redraw_due and not self.actions.is_busy and self._presenter.is_settled
        return is_drawn and self._table.row_count == len(self.event_list.lines)

    # Reading

    def open(self, client: LibraryClient, library: Library | None, link: JournalLink | None) -> None:
        """Read a library; range, filter and order are kept from the one read before."""
        context = replace(self.opened.context, client=client, library=library, link=link)
        self.opened = OpenLibrary(context, self.opened.choice, self)
        self.actions.reset(self.opened)
        self._start()

    def _start(self) -> None:
        """Read the feed at hand, with nothing on the screen yet."""
        self._presenter.reset(self.opened)
        # The marks and incidents of the library before do not apply to these rows.
        self.selection.reset(self.opened)
        self.rows.reset(self.opened)
        self._reset_rows()
        self.rows.show(None)
        if self._polling is not None:
            self._polling.cancel()
        self._polling = self._ports.run(self.opened.poller.run, "feed", exclusive=False)

    def ask_now(self) -> None:
        """Check for new events now."""
        self.opened.context.client.hurry()
        self.opened.poller.ask_now()

    def more_wanted(self) -> bool:
        """Whether to read on at the end that grows on demand."""
        library, event_list = self.opened, self.event_list
        if self.is_frozen or self._are_first_drawn:
            return False
        if library.seeker.seek is not None or library.reads_on or not event_list.is_current:
            return True
        if library.is_stopped or event_list.marked is not None:
            # Marked rows have been read already.
            return False
        if event_list.loaded < self._services.unasked:
            return True
        span, count = self._table.span, len(event_list.lines)
        if span is None:
            return True
        left = count - 1 - span[1] if event_list.grows_below else span[0]
        return left < SCREENS_AHEAD * max(1, self._table.size.height)

    def rows_pass(self) -> bool:
        """Whether the rows in sight are being pushed on by those read at the live edge, page after page."""
        library, feed = self.opened, self.opened.feed
        if self._pushes < PUSHES or self.is_frozen or not self._is_pushed():
            return False
        is_answering = library.poller.state.error is None and not library.poller.silence()
        return is_answering and (feed.newest_first or self.more_wanted())

    def _is_pushed(self) -> bool:
        """Whether rows at the live edge, where more are being read, are in sight."""
        return self._table.following and not (self.opened.feed.caught_up or self.opened.feed.closed)

    def rows_read(self, gained: int) -> None:
        """Show them soon: pages may come faster than the eye can follow, so several share one redraw."""
        if self.is_frozen:
            self._presenter.show_title()
            self._presenter.show_status()
        elif self.event_list.is_current and not self.opened.feed.is_open:
            pass  # it was to find where to start; the first rows are not to wait for a redraw without any
        elif not self._is_redraw_due and 0 < self.event_list.loaded <= gained:
            # Of a feed read again, the rows that were there stay until enough was read.
            self._are_first_drawn = self.event_list.is_current
            self._take_in()
            self._presenter.redraws.ask("first rows", self._first_are_drawn)
        elif not self._is_redraw_due:
            self._is_redraw_due = True
            pause = self._services.passing if self.rows_pass() else self._services.settle
            self._ports.after(pause, partial(self._presenter.redraws.ask, "rows", self._redraw_rows))

    def state_changed(self, state: PollState) -> None:
        """Show the state of the feed."""
        if state.error is not None or (self.opened.feed.is_open and not self.event_list.loaded):
            self.opened.has_opened.set()
        self._presenter.set_wait(None)
        if self._names.are_due(state):
            self.names_stored()
        for listener in self.listeners:
            listener.state_changed(state)
        if not len(self.event_list.rows):
            self._presenter.show_ends()
        elif state.phase is PollPhase.REFUSED and state.error is not None:
            # It is not retried, and the title has no room for what to do.
            self._ports.notify(error_words(state.error), severity="error")

    def _first_are_drawn(self) -> None:
        self._are_first_drawn = False
        self.opened.want_more()

    def _redraw_rows(self) -> None:
        # Another feed may have been started meanwhile, with nothing to show yet.
        if self._is_redraw_due:
            self._take_in()

    def _take_in(self) -> None:
        """Show what was read since the last time."""
        self._is_redraw_due = False
        if self.is_frozen:
            return
        library, event_list = self.opened, self.event_list
        again, anchor = not event_list.is_current, self._anchor()
        if again:
            if not library.has_again(anchor):
                # The old rows stay until what is selected among them was read again.
                return
            self._ports.notify("The server rejected our cursor, so the feed was read again.", title="Read again")
            self._reset_rows()
        self._pushes = self._pushes + 1 if self._is_pushed() else 0
        growth = event_list.refresh(self.selection.row())
        marks_found = len(library.marks) and library.marks.refresh(self.store)
        incidents_found = library.incident_rows.refresh(self.store)
        if event_list.grouping is not None:
            self.actions.find(event_list.store.find(anchor) if again and anchor else None)
        elif growth is None:
            self.rows.show(event_list.index_of(anchor) if again else None)
        elif growth.above or growth.below:
            self._table.rows_changed(growth.above, growth.below)
        if marks_found:
            self._table.marks = library.marks
        if incidents_found:
            self._table.incidents = library.incident_rows
        if event_list.grouping is None:
            self._tell_of_rows()
        if late_us := library.feed.lateness.take():
            context = library.context
            self._presenter.say(late_words(late_us, context.zone.now(), context.services.clock()))
        self._presenter.show()
        library.has_opened.set()

    def _tell_of_rows(self) -> None:
        for listener in self.listeners:
            listener.rows_came()

    def _anchor(self) -> str | None:
        """The cursor of the event that stays selected when the feed is read again; None at the live edge."""
        event = None if self._table.following else self.selection.event()
        return None if event is None else event.cursor

    def _reset_rows(self) -> None:
        self._is_redraw_due = False
        self._pushes = 0
        self.rows.renumber()
        for listener in self.listeners:
            listener.reset(self.opened)

    # Showing

    def _show_beside(self, row: int | None) -> None:
        """Show other rows; the row selected before stays selected, or else the nearest one."""
        for listener in self.listeners:
            listener.rows_replaced()
        if self.event_list.grouping is not None:
            self.actions.find(row)
        else:
            self.rows.show(None if row is None else self.event_list.rows.nearest(event_row(row)))
        self.opened.want_more()

    def toggle_actions(self) -> None:
        """Show actions, or events again."""
        row = self._table.cursor_row
        self.opened.show_actions(self.event_list.grouping is None)
        self.rows.renumber()
        self._presenter.show_day()
        self._show_beside(row)

    def refilter(self, change: Callable[[EventList], None]) -> None:
        """Change what is shown of the rows read."""
        row = self._table.cursor_row
        change(self.event_list)
        self._show_beside(row)

    def show_range(self, chosen: ChosenRange) -> None:
        """Show another time range."""
        row = self._table.cursor_row
        if self.opened.set_range(chosen):
            self._start()
        else:
            self._show_beside(row)

    def put_clock_right(self, ahead: timedelta) -> None:
        """Count the range from the moment it was chosen by the service's clock; ours was ahead then."""
        chosen = chosen_earlier(self.opened.range, ahead, self._zone.now())
        if chosen != self.opened.range:
            self.show_range(chosen)

    def turn(self) -> None:
        """Reverse the order of the rows."""
        row = self._table.cursor_row
        if self.opened.turn():
            self._start()
        else:
            self._show_beside(row)

    def freeze(self) -> None:
        """Freeze the view while the feed goes on, or resume it."""
        was_frozen, self._presenter.frozen = self.is_frozen, None
        if was_frozen or self._is_redraw_due:
            self._take_in()
        if not was_frozen:
            self._presenter.frozen = FrozenView(self.event_list)
            self._presenter.show_title()

    def look_at_clock(self) -> None:
        """At midnight the rows of today become yesterday's."""
        today = self._services.clock().astimezone(self._zone.now()).date()
        if today != self._today:
            self._today = today
            self.redraw()

    def redraw(self) -> None:
        """Redraw times, which are in another zone now."""
        self._table.refresh_days()
        self._presenter.show()

    # Names

    def rows_in_sight(self, first: int, last: int) -> None:
        """Rows from index `first` to `last` are in view: show their times on the histogram, and read their names."""
        lines = self.event_list.lines
        in_sight = [lines[index] for index in range(first, min(last + 1, len(lines)))]
        if in_sight:
            ends = sorted(lines.created_at_us(index) for index in (first, first + len(in_sight) - 1))
            self._presenter.show_sight(ends[0], ends[1])
            self._names.in_sight(self.opened, [self.store.event(row) for row in in_sight if row >= 0])
            self.actions.in_sight([row for row in in_sight if row < 0])

    def names_stored(self) -> None:
        """Read the names of the rows in view again, as they may be known by now, or have changed."""
        if (span := self._table.span) is not None:
            self.rows_in_sight(*span)

    async def names_learnt(self) -> None:
        """Redraw with the names known now."""
        # They may have been learnt by a read that was superseded before it could say so.
        names = self.opened.names
        if self._names_drawn != names.revision:
            self._names_drawn = names.revision
            self._table.refresh_rows()
        if await self.event_list.rename():
            self._show_beside(self._table.cursor_row)
        else:
            self._presenter.show_status()


def _first_choice(options: ScreenOptions, now: datetime, zone: tzinfo) -> ViewChoice:
    """What the options ask to be shown; raises `UsageProblem` for a range that means no time."""
    chosen = range_between(options.since, options.until, now=now, zone=zone)
    as_actions = options.settings.view is ViewMode.ACTIONS
    return ViewChoice(chosen, options.filter, options.order is Order.NEWEST, as_actions)


async def _nobody_yet() -> Client:
    """Connects before there is a library to be read."""
    raise KeyMissing

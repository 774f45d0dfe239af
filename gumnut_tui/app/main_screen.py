"""The main screen: composes the panes, hands them what they show, and turns keys and messages into reading."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.events import DescendantBlur
from textual.screen import Screen
from textual.timer import Timer
from textual.worker import Worker

from gumnut_tui.app import edits, panels
from gumnut_tui.app.bindings import bindings
from gumnut_tui.app.browser import Browser, about, only_destructive, with_text
from gumnut_tui.app.inspector import Inspector, Subject
from gumnut_tui.app.ranges import ChosenRange, choose_range, span_range
from gumnut_tui.app.reading import Reading
from gumnut_tui.app.services import Services
from gumnut_tui.app.take_away import TakeAway
from gumnut_tui.app.trail import Trail
from gumnut_tui.app.walk import EndWalk, HitWalk, TimeWalk, Walk, grows_below, more_to_read
from gumnut_tui.app.walker import Outcome, Walker
from gumnut_tui.errors import GumnutError, UsageProblem, explain
from gumnut_tui.feed.follower import FollowState
from gumnut_tui.filters import EventFilter
from gumnut_tui.formatting.cells import Cells, event_cells
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.times import date_time, zone_name
from gumnut_tui.models import Event, Library, from_us, to_us
from gumnut_tui.options import ScreenOptions
from gumnut_tui.setting_values import Order
from gumnut_tui.store import EventStore
from gumnut_tui.when import parse_when
from gumnut_tui.widgets.detail_pane import DetailPane
from gumnut_tui.widgets.detail_state import RelatedGroup, Tab
from gumnut_tui.widgets.event_table import EventTable
from gumnut_tui.widgets.filter_sidebar import FilterSidebar
from gumnut_tui.widgets.histogram import Histogram
from gumnut_tui.widgets.prompt import Prompt
from gumnut_tui.widgets.status_line import Hint, StatusLine, StatusState, TitleLine, TitleState

if TYPE_CHECKING:
    from gumnut_tui.api.client import Client
    from gumnut_tui.api.retry import Wait

HINTS = (Hint("/", "search", "search"), Hint("d", "deletions", "destructive"), Hint("?", "help", "app.help"))
SCREENS_AHEAD = 2
"""Screens of rows kept ready beyond the window."""
MIDDLE, WIDE, HUGE = 96, 120, 180
"""Columns from which the sidebar, then the detail too, stands beside the table instead of over it."""
LOW = 30
"""Lines below which the histogram goes."""


class MainScreen(Screen[None]):
    """Sidebar, histogram, table and detail of one library. Nothing is read before `open`."""

    BINDINGS: ClassVar[list[BindingType]] = list(bindings())
    AUTO_FOCUS = "#table"

    def __init__(self, options: ScreenOptions, services: Services) -> None:
        super().__init__()
        self.HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (MIDDLE, "-middle"), (WIDE, "-wide"), (HUGE, "-huge")]
        self.VERTICAL_BREAKPOINTS = [(0, "-low"), (LOW, "-high")]
        self._options = options
        self._services = services
        self._zone = options.zone
        self._reading: Reading | None = None
        self._inspector: Inspector | None = None
        self._libraries: Sequence[Library] = ()
        self._walker = Walker()
        self._search = ""
        self._is_frozen = False
        self._seen_when_frozen = 0
        self._is_stopped = False
        self._wait: Wait | None = None
        self._notice = ""
        self._redraw: Timer | None = None
        self._revision = 0
        self._follow: Worker[None] | None = None
        self._take_away = TakeAway(self, services)
        self._trail: Trail[tuple[ChosenRange, EventFilter]] = Trail()
        newest_first = options.order is Order.NEWEST
        self.table = EventTable(id="table", live="top" if newest_first else "bottom")
        self.sidebar = FilterSidebar(id="sidebar")
        self.histogram = Histogram(id="histogram")
        self.detail = DetailPane(id="detail", event_at=self.event_at, name=self._name_of)
        self.title_line = TitleLine()
        self.status_line = StatusLine()
        self.prompt = Prompt()

    def compose(self) -> ComposeResult:
        """Title, three panes, the question line, status."""
        yield self.title_line
        with Horizontal(id="panes"):
            yield self.sidebar
            with Vertical(id="activity"):
                yield self.histogram
                yield self.table
            yield self.detail
        yield self.prompt
        yield self.status_line

    def on_mount(self) -> None:
        """Begin with words, not with nothing."""
        self.sidebar.border_title = "Filters"
        self.query_one("#activity").border_title = "Activity"
        self.table.empty = "Connecting…"
        self._show_title()
        if self._services.tick is not None:
            self.set_interval(self._services.tick, self._show_title)

    # What is being read

    @property
    def reading(self) -> Reading | None:
        """The library being read; None before a client is there."""
        return self._reading

    @property
    def inspector(self) -> Inspector | None:
        """What reads for the detail pane."""
        return self._inspector

    @property
    def browser(self) -> Browser | None:
        """The rows that are shown."""
        return self._reading.browser if self._reading else None

    def open(self, client: Client, libraries: Sequence[Library], library: Library | None) -> None:
        """Read a library; range, filter and order are kept from the one read before."""
        before = self._reading
        self._libraries = libraries
        newest_first = self._options.order is Order.NEWEST
        self._reading = Reading(
            client,
            library,
            before.range if before else self._settle_range(self._options.since, self._options.until or ""),
            before.browser.filter if before else self._options.filter,
            newest_first=before.browser.newest_first if before else newest_first,
            clock=self._services.clock,
            pace=self._services.pace,
            slack_us=int(self._options.settings.slack * 1_000_000),
            more_wanted=self._more_wanted,
            on_rows=self._rows_came,
            on_state=self._state_changed,
        )
        self._inspector = Inspector(
            relations=client,
            desk=self._reading.desk,
            names=self._reading.names,
            store=self._store,
            library_id=self._reading.library_id,
            show=self.detail.show,
            clock=self._services.clock,
            zone=lambda: self._zone,
            debounce=self._services.debounce,
        )
        self._begin()

    def fail(self, error: GumnutError) -> None:
        """Nothing can be read: say why, in the middle of the table."""
        self.table.empty = visible(explain(error).what, 500) + "\n" + explain(error).advice

    def waiting(self, wait: Wait) -> None:
        """The client waits before it asks again."""
        self._wait = wait
        self._show_title()

    def event_at(self, row: int) -> Event:
        """The event in a row of the store."""
        return self._store().event(row)

    def cells_of(self, row: int) -> Cells:
        """The texts of a row."""
        assert self._reading is not None
        names = self._reading.names
        return event_cells(
            self._reading.event(row),
            zone=self._zone,
            name=names.name,
            now=self._services.clock(),
            presence=names.presence,
        )

    def _store(self) -> EventStore:
        assert self._reading is not None
        return self._reading.feed.store

    def _name_of(self, kind: str, entity_id: str) -> str | None:
        return self._reading.names.name(kind, entity_id) if self._reading else None

    def _begin(self) -> None:
        """Start to read the feed at hand, with nothing on the screen."""
        assert self._reading is not None
        self._walker.stop()
        self._is_stopped = self._is_frozen = False
        self._revision += 1
        if self._inspector:
            self._inspector.forget()
        self._show_rows(None)
        if self._follow is not None:
            self._follow.cancel()
        self._follow = self.run_worker(self._reading.follower.run(), group="feed")

    def _more_wanted(self) -> bool:
        """Whether the end that grows on demand is to be read on: for a walk, or for the eye."""
        browser = self.browser
        if browser is None or self._is_frozen:
            return False
        if self._walker.walk is not None:
            return True
        if self._is_stopped:
            return False
        span, count = self.table.span, len(browser.rows)
        if span is None:
            return True
        left = count - 1 - span[1] if grows_below(browser) else span[0]
        return left < SCREENS_AHEAD * max(1, self.table.size.height)

    def _rows_came(self, _gained: int) -> None:
        if self._is_frozen:
            self._show_title()
        elif self._redraw is None:
            # Pages may come faster than an eye can follow: one redraw for all that came meanwhile.
            self._redraw = self.set_timer(self._services.settle, self._take_in)

    def _state_changed(self, _state: FollowState) -> None:
        self._wait = None
        self._show_title()
        if self.browser is not None and not len(self.browser.rows):
            self._show_edges()

    def _take_in(self) -> None:
        """Show what was read since the last time."""
        self._redraw = None
        browser = self.browser
        if browser is None or self._is_frozen:
            return
        if browser.rows.view.store is not browser.feed.store:
            self._revision += 1
            self.notify("The server refused our position, so the feed was read again.", title="Read again")
        growth = browser.refresh(self.table.cursor_row)
        if growth is None:
            self._show_rows(None)
        elif growth.above or growth.below:
            self.table.rows_changed(growth.above, growth.below)
        self._walk_on()
        self._show_around()

    # Showing

    def _show_rows(self, cursor: int | None) -> None:
        browser = self.browser
        assert browser is not None
        self.table.show(
            browser.rows,
            self.cells_of,
            revision=self._revision,
            cursor=cursor,
            live="top" if browser.newest_first else "bottom",
        )
        self._show_around()

    def _refilter(self, change: Callable[[Browser], None]) -> None:
        """Change what is shown; the selected event stays selected, or else the nearest one."""
        browser = self.browser
        if browser is None:
            return
        row = self.table.cursor_row
        change(browser)
        self._is_stopped = False
        self._show_rows(None if row is None else browser.rows.nearest(row))
        assert self._reading is not None
        self._reading.follower.want_more()

    def _show_around(self) -> None:
        """Everything but the rows."""
        self._show_title()
        self._show_status()
        self._show_edges()
        if self._reading is None:
            return
        browser, chosen = self._reading.browser, self._reading.range
        self.sidebar.state = panels.sidebar_state(browser, chosen, self._libraries, self._reading.library_id)
        self._show_histogram()

    def _show_histogram(self) -> None:
        if self._reading is None or not self.histogram.display:
            return
        buckets = self.histogram.buckets_for(self.histogram.size.width)
        self.histogram.data = panels.histogram_data(
            self._reading.browser, self._reading.range, buckets, self._zone, self._services.clock()
        )

    def _show_title(self) -> None:
        now = self._services.clock()
        zone = zone_name(self._zone, now)
        reading = self._reading
        if reading is None:
            self.title_line.state = TitleState(zone=zone)
            return
        state = reading.follower.state
        mode = panels.mode_of(state, waiting=self._wait is not None, frozen=self._is_frozen)
        note = panels.mode_note(state, now)
        if self._is_frozen:
            note = f"{len(reading.feed.store) - self._seen_when_frozen:,} new · space resumes"
        elif self._wait is not None:
            note = f"in {self._wait.seconds:.0f} s ({self._wait.reason})"
        name = reading.library.name if reading.library else "your library"
        self.title_line.state = TitleState(
            library=f"{name} (demo)" if self._options.demo else name, mode=mode, note=note, zone=zone
        )

    def _show_status(self) -> None:
        browser = self.browser
        if browser is None:
            self.status_line.state = StatusState(hints=HINTS)
            return
        now = self._services.clock()
        self.status_line.state = StatusState(
            shown=len(browser.rows),
            loaded=browser.loaded,
            reach=panels.reach_words(browser.feed, self._zone, now),
            order="newest first" if browser.newest_first else "oldest first",
            message=self._message(browser),
            chips=panels.chips_of(browser.filter, suspended=browser.suspended),
            hints=HINTS,
        )

    def _message(self, browser: Browser) -> str:
        walk = self._walker.walk
        if walk is None:
            return self._notice
        return panels.walk_words(
            walk.words, browser.feed, self._walker.pages(browser), self._zone, self._services.clock()
        )

    def _show_edges(self) -> None:
        if self._reading is None:
            return
        browser, now = self._reading.browser, self._services.clock()
        self.table.empty = panels.empty_words(browser, self._reading.range, self._reading.follower.state)
        words = panels.edge_words(browser, self._zone, now)
        self.table.set_note("bottom" if grows_below(browser) else "top", words)
        self.table.set_note("top" if grows_below(browser) else "bottom", "")

    def say(self, words: str) -> None:
        """A word in the status line, until the next one."""
        self._notice = words
        self._show_status()

    # Walking

    def _set_out(self, walk: Walk) -> None:
        if self._reading is None:
            return
        self._notice = ""
        self._is_stopped = False
        self._walker.start(walk, self._reading.browser)
        self._walk_on()
        self._reading.follower.want_more()

    def _walk_on(self) -> None:
        browser = self.browser
        walk = self._walker.walk
        if browser is None or walk is None:
            return
        outcome, index = self._walker.look(browser)
        if outcome is Outcome.ARRIVED:
            self.table.jump_to(index)
        elif outcome is Outcome.IN_VAIN:
            self._notice = f"{walk.words}: none further"
        self._show_status()

    # What the panes say

    @on(EventTable.Highlighted)
    def _row_highlighted(self, message: EventTable.Highlighted) -> None:
        inspector = self._inspector
        if inspector is None or inspector.state.row == message.row:
            return
        event = self.event_at(message.row)
        inspector.leave()
        inspector.look_at(Subject(event.kind, event.entity_id, event, message.row))
        self._read_entity()

    @on(EventTable.Opened)
    def _row_opened(self) -> None:
        self.add_class("-show-detail")
        self.detail.focus()

    @on(EventTable.NearEnd)
    def _rows_run_out(self) -> None:
        if self._reading is not None:
            self._is_stopped = False
            self._reading.follower.want_more()

    @on(EventTable.EndAsked)
    def _end_asked(self, message: EventTable.EndAsked) -> None:
        browser = self.browser
        if browser is None or (message.edge == "bottom") != grows_below(browser) or not more_to_read(browser.feed):
            return
        self._set_out(EndWalk("reading to the end" if not browser.feed.newest_first else "reading to the start"))

    @on(EventTable.InSight)
    def _rows_in_sight(self, message: EventTable.InSight) -> None:
        browser = self.browser
        if browser is None:
            return
        last = min(message.last, len(browser.rows) - 1)
        rows = [browser.rows[index] for index in range(message.first, last + 1)]
        if rows:
            ends = sorted((self._store().created_at_us(rows[0]), self._store().created_at_us(rows[-1])))
            self.histogram.sight = (ends[0], ends[1])
            self._read_names(rows)
        else:
            self.histogram.sight = None

    @work(exclusive=True, group="names")
    async def _read_names(self, rows: list[int]) -> None:
        assert self._reading is not None
        await self._services.sleep(self._services.settle)
        names = self._reading.names
        try:
            learnt = await names.resolve(self.event_at(row) for row in rows)
        except GumnutError as error:
            self.say(f"names could not be read: {visible(explain(error).what, 120)}")
            return
        if learnt:
            self.table.refresh_rows(rows)
            self._reading.browser.rename()

    @work(exclusive=True, group="entity")
    async def _read_entity(self) -> None:
        assert self._inspector is not None
        await self._inspector.read()
        if self.detail.tab is Tab.RELATED:
            await self._inspector.read_related()

    @work(exclusive=True, group="related")
    async def _read_related(self) -> None:
        if self._inspector is not None:
            await self._inspector.read_related()

    @on(DetailPane.TabShown)
    def _tab_shown(self, message: DetailPane.TabShown) -> None:
        if message.tab is Tab.RELATED:
            self._read_related()

    @on(DetailPane.HistoryChosen)
    def _history_chosen(self, message: DetailPane.HistoryChosen) -> None:
        browser = self.browser
        index = None if browser is None else browser.rows.index_of(message.row)
        if index is None:
            self.say("that event is filtered out")
        else:
            self.table.jump_to(index)

    @on(DetailPane.RelatedChosen)
    def _related_chosen(self, message: DetailPane.RelatedChosen) -> None:
        self._visit(message.kind, message.id)

    def _visit(self, kind: str, entity_id: str) -> None:
        if self._inspector is not None:
            self._inspector.visit(kind, entity_id)
            self._read_entity()

    @on(FilterSidebar.LibraryChosen)
    def _library_chosen(self, message: FilterSidebar.LibraryChosen) -> None:
        library = next((each for each in self._libraries if each.id == message.library_id), None)
        if self._reading is not None and library is not None and library.id != self._reading.library_id:
            self.open(self._reading.client, self._libraries, library)

    @on(FilterSidebar.PresetChosen)
    def _preset_chosen(self, message: FilterSidebar.PresetChosen) -> None:
        self.action_range(message.name)

    @on(FilterSidebar.CustomRangeAsked)
    async def _custom_range_asked(self) -> None:
        await self.prompt.ask("range", "Range", placeholder="yesterday · 2026-11-01 – 2026-11-03 · 90m")

    @on(FilterSidebar.TextAsked)
    async def _text_asked(self) -> None:
        text = self.browser.filter.text if self.browser else ""
        await self.prompt.ask("text", "Only with text", text)

    @on(FilterSidebar.TypeToggled)
    def _type_toggled(self, message: FilterSidebar.TypeToggled) -> None:
        known = self._known_types()
        self._edit(lambda wanted: edits.toggle_type(wanted, message.entity_type, known, only=message.only))

    @on(FilterSidebar.OperationToggled)
    def _operation_toggled(self, message: FilterSidebar.OperationToggled) -> None:
        self._edit(lambda wanted: edits.toggle_operation(wanted, message.operation, only=message.only))

    def _known_types(self) -> list[str]:
        return [facet.entity_type for facet in self.sidebar.state.types]

    def _edit(self, change: Callable[[EventFilter], EventFilter]) -> None:
        self._leave_trail()
        self._refilter(lambda browser: browser.set_filter(change(browser.filter)))

    @on(Histogram.SpanChosen)
    def _span_chosen(self, message: Histogram.SpanChosen) -> None:
        words = date_time(message.since_us, self._zone), date_time(message.until_us, self._zone)
        self._set_range(span_range(message.since_us, message.until_us, words))

    @on(Histogram.BucketsWanted)
    def _buckets_wanted(self) -> None:
        self._show_histogram()

    @on(StatusLine.HintChosen)
    async def _hint_chosen(self, message: StatusLine.HintChosen) -> None:
        await self.run_action(message.action)

    @on(StatusLine.ChipDropped)
    def _chip_dropped(self, message: StatusLine.ChipDropped) -> None:
        self._edit(lambda wanted: edits.without(wanted, message.name))

    @on(Prompt.Submitted)
    def _answered(self, message: Prompt.Submitted) -> None:
        try:
            self._take_answer(message.purpose, message.text.strip())
        except UsageProblem as problem:
            self.prompt.fail(visible(str(problem), 120))
        else:
            self.prompt.close()
            self.table.focus()

    @on(Prompt.Cancelled)
    def _not_answered(self) -> None:
        self.table.focus()

    def _take_answer(self, purpose: str, text: str) -> None:
        match purpose:
            case "search":
                self._search_for(text)
            case "time":
                self._go_to(text)
            case "range":
                since, _, until = (part.strip() for part in text.replace("–", " - ").partition(" - "))
                self._set_range(self._settle_range(since, until))
            case "text":
                self._edit(lambda wanted: edits.with_text(wanted, text))
            case "save":
                self._take_away.save(text)

    # Ranges and order

    def _settle_range(self, since: str, until: str) -> ChosenRange:
        return choose_range(since, until, now=self._services.clock(), zone=self._zone)

    def _leave_trail(self) -> None:
        if self._reading is not None:
            self._trail.leave((self._reading.range, self._reading.browser.filter))

    def action_trail(self, step: int) -> None:
        """Back to the range and filters before, or forward again."""
        reading = self._reading
        if reading is None:
            return
        here = (reading.range, reading.browser.filter)
        there = self._trail.back(here) if step < 0 else self._trail.forward(here)
        if there is None:
            self.say("no filters before these" if step < 0 else "no filters after these")
            return
        chosen, wanted = there
        self._show_range(chosen)
        self._refilter(lambda browser: browser.set_filter(wanted))

    def _set_range(self, chosen: ChosenRange) -> None:
        self._leave_trail()
        self._show_range(chosen)

    def _show_range(self, chosen: ChosenRange) -> None:
        reading = self._reading
        if reading is None:
            return
        row = self.table.cursor_row
        if reading.set_range(chosen):
            self._begin()
        else:
            self._is_stopped = False
            self._show_rows(None if row is None else reading.browser.rows.nearest(row))
            reading.follower.want_more()

    def action_range(self, preset: str) -> None:
        """Show a time range by its name."""
        self._set_range(self._settle_range(preset, ""))

    def action_turn(self) -> None:
        """Turn the order of the screen."""
        reading = self._reading
        if reading is None:
            return
        row = self.table.cursor_row
        if reading.turn():
            self._begin()
        else:
            self._show_rows(None if row is None else reading.browser.rows.nearest(row))

    async def action_go_to_time(self) -> None:
        """Ask for a time to go to."""
        await self.prompt.ask("time", "Go to", placeholder="10:30 · yesterday · 2026-11-01T10:00 · 3d")

    def _go_to(self, text: str) -> None:
        reading = self._reading
        moment = parse_when(text, now=self._services.clock(), zone=self._zone)
        if reading is None:
            return
        if moment is None:
            self._set_out(EndWalk("reading to the start"))
            return
        us = to_us(moment)
        since_us = reading.range.since_us
        if since_us is not None and us < since_us:
            self._set_range(self._settle_range(moment.isoformat(), ""))
        self._set_out(TimeWalk(f"going to {date_time(us, self._zone)}", us))

    # Filters

    def action_destructive(self) -> None:
        """Only destructive events, or all."""
        self._edit(edits.toggle_destructive)

    def action_entity_only(self) -> None:
        """Only events of the selected entity, or all."""
        event = self._selected()
        if event is not None:
            self._edit(lambda wanted: edits.toggle_entity(wanted, event.entity_id))

    def action_suspend(self) -> None:
        """Let everything pass for a while, or let the filters act again."""
        self._refilter(lambda browser: browser.suspend())

    def action_narrow(self, keep: bool) -> None:
        """Only, or not, a value of the selected event."""
        event = self._selected()
        if event is not None:
            self._choose_value(event, keep)

    @work(exclusive=True, group="dialogue")
    async def _choose_value(self, event: Event, keep: bool) -> None:
        from gumnut_tui.screens.chooser import Chooser, Item

        changes = edits.only_values(event) if keep else edits.other_values(event, self._known_types())
        items = [Item(visible(each.label), visible(each.note, 40), each.change) for each in changes]
        change = await self.app.push_screen_wait(Chooser("Only" if keep else "Not", items))
        if change is not None:
            self._edit(change)

    # Search

    async def action_search(self) -> None:
        """Ask for a text to look for."""
        await self.prompt.ask("search", "Search", self._search)

    def _search_for(self, text: str) -> None:
        self._search = self.table.highlight = text
        if text:
            self.action_hit(1)
        else:
            self.say("")

    def action_hit(self, step: int) -> None:
        """Go to the next or previous hit."""
        if not self._search:
            self.say("nothing to search for yet: / asks")
            return
        self._walk_to(with_text(self._search), step, f"searching “{visible(self._search, 30)}”")

    def action_destruction(self, step: int) -> None:
        """Go to the next or previous destructive event."""
        self._walk_to(only_destructive, step, "looking for a destructive event")

    def action_same_entity(self, step: int) -> None:
        """Go to the next or previous event of the selected entity."""
        event = self._selected()
        if event is not None:
            self._walk_to(about(event.entity_id), step, "looking for this entity's events")

    def _walk_to(self, change: Callable[[EventFilter], EventFilter], step: int, words: str) -> None:
        browser = self.browser
        if browser is not None:
            self._set_out(HitWalk(words, browser.hits(change), self.table.cursor_row, step))

    # Feed

    def action_freeze(self) -> None:
        """Hold the view still; the feed goes on and is counted."""
        self._is_frozen = not self._is_frozen
        self._seen_when_frozen = len(self._store()) if self._reading else 0
        if self._is_frozen:
            self._show_title()
        else:
            self._take_in()

    def action_ask_now(self) -> None:
        """Ask for new events at once."""
        if self._reading is not None:
            self._reading.follower.ask_now()

    def action_zone(self) -> None:
        """Times in UTC, or in the zone of one's own."""
        self._zone = UTC if self._zone is not UTC else self._options.zone
        self.table.refresh_rows()
        self._show_around()
        if self._inspector is not None:
            self._inspector.redraw()

    # Panes

    @on(DescendantBlur)
    def _pane_left(self) -> None:
        self.call_after_refresh(self._keep_focus)

    def _keep_focus(self) -> None:
        """A resize may hide the pane with the focus; the keys then belong to the rows."""
        if self.focused is None and self.app.app_focus:
            self.table.focus()

    def action_sidebar(self) -> None:
        """Show and enter the filter sidebar, or put it away."""
        if self.sidebar.has_focus:
            self.remove_class("-show-sidebar")
            self.add_class("-hide-sidebar")
            self.table.focus()
        else:
            self.add_class("-show-sidebar")
            self.remove_class("-hide-sidebar")
            self.sidebar.focus()

    def action_histogram(self) -> None:
        """Show or hide the histogram."""
        self.toggle_class("-no-histogram")
        self.call_after_refresh(self._show_histogram)

    def action_pane(self, step: int) -> None:
        """Go to the next pane."""
        panes = [self.sidebar, self.histogram, self.table, self.detail]
        shown = [pane for pane in panes if pane.display and pane.region.area]
        focused = next((at for at, pane in enumerate(shown) if pane.has_focus_within or pane.has_focus), 0)
        shown[(focused + step) % len(shown)].focus()

    def action_tab(self, step: int) -> None:
        """Turn to another tab of the detail."""
        self.detail.action_turn_tab(step)

    def action_back(self) -> None:
        """Back one layer: the walk, the jump, the search, the filter, the pane."""
        if self._walker.stop():
            self._is_stopped = True
            self.say("stopped; what was read is kept")
        elif self._inspector is not None and self._inspector.go_back():
            self._read_entity()
        elif self._search:
            self._search_for("")
        elif self.browser is not None and not self.browser.filter.is_open:
            self._edit(edits.cleared)
        else:
            self.remove_class("-show-sidebar", "-show-detail")
            self.table.focus()

    # Entities

    def _selected(self) -> Event | None:
        row = self.table.cursor_row
        return None if row is None else self.event_at(row)

    @work(exclusive=True, group="dialogue")
    async def action_jump(self) -> None:
        """Choose a related entity and look at it."""
        from gumnut_tui.screens.chooser import Chooser, Item

        inspector = self._inspector
        if inspector is None or inspector.subject is None:
            return
        groups: Sequence[RelatedGroup] = await inspector.read_related()
        items = [Item(each.name, group.title, each) for group in groups for each in group.items]
        chosen = await self.app.push_screen_wait(
            Chooser("Jump to", items, filterable=True, empty="Nothing related is known.")
        )
        if chosen is not None:
            self.add_class("-show-detail")
            self._visit(chosen.kind, chosen.id)

    # Taking away

    def action_copy_id(self) -> None:
        """Copy the id of what is looked at."""
        self._take_away.copy_id()

    def action_copy_as(self) -> None:
        """Choose a form and copy."""
        self._take_away.copy_as()

    async def action_save(self) -> None:
        """Ask for the name of a file to save the rows in."""
        stamp = from_us(to_us(self._services.clock())).strftime("%Y-%m-%d")
        await self.prompt.ask("save", "Save rows as (.csv .jsonl .md)", f"gumnut-events-{stamp}.csv")

    def action_browse(self) -> None:
        """Show the picture in the browser."""
        self._take_away.browse()

"""The main screen: composes the panes, and turns keys and messages into what the activity shows and looks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.events import DescendantBlur
from textual.message import Message
from textual.screen import Screen

from gumnut_tui.app import filter_edits as edits
from gumnut_tui.app.bindings import bindings
from gumnut_tui.app.chosen_times import ChosenRange, ZoneChoice, choose_range, span_range
from gumnut_tui.app.detail_controller import DetailController, Subject
from gumnut_tui.app.event_list import EventList, about, only_destructive
from gumnut_tui.app.export_controller import ExportController
from gumnut_tui.app.incidents_controller import IncidentsController
from gumnut_tui.app.library_controller import LibraryController
from gumnut_tui.app.open_library import OpenLibrary
from gumnut_tui.app.pane_presenter import PanePresenter
from gumnut_tui.app.screen_options import ScreenOptions
from gumnut_tui.app.search import SeekEnd, SeekTime, grows_below, more_to_read
from gumnut_tui.app.services import Services
from gumnut_tui.config.values import Order
from gumnut_tui.domain.errors import GumnutError, UsageProblem
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Event, Library, to_us
from gumnut_tui.domain.when import parse_when
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.times import date_time
from gumnut_tui.ui.layout import column_classes, line_classes
from gumnut_tui.ui.panes import Panes
from gumnut_tui.ui.timers import later
from gumnut_tui.ui.widgets.detail_pane import DetailPane
from gumnut_tui.ui.widgets.detail_state import Tab
from gumnut_tui.ui.widgets.event_table import EventTable
from gumnut_tui.ui.widgets.filter_sidebar import FilterSidebar
from gumnut_tui.ui.widgets.histogram import Histogram
from gumnut_tui.ui.widgets.prompt import Prompt
from gumnut_tui.ui.widgets.status_line import StatusLine, TitleLine

if TYPE_CHECKING:
    from gumnut_tui.api.retry import Wait
    from gumnut_tui.app.journal_access import JournalLink
    from gumnut_tui.domain.ports import LibraryClient


class MainScreen(Screen[None]):
    """Sidebar, histogram, table and detail of one library. Nothing is read before `open`."""

    BINDINGS: ClassVar[list[BindingType]] = list(bindings())
    AUTO_FOCUS = "#table"

    @dataclass
    class LibraryWanted(Message):
        """Another library is to be read."""

        library: Library

    def __init__(self, options: ScreenOptions, services: Services) -> None:
        super().__init__()
        self.HORIZONTAL_BREAKPOINTS = column_classes()
        self.VERTICAL_BREAKPOINTS = line_classes()
        self._options = options
        self._services = services
        self._zone = ZoneChoice(options.zone)
        self._activity: LibraryController | None = None
        self.take_away = ExportController(self, services)
        self._incidents = IncidentsController(self, services, options.settings)
        self.panes = Panes(
            table=EventTable(id="table", live="top" if options.order is Order.NEWEST else "bottom"),
            sidebar=FilterSidebar(id="sidebar"),
            histogram=Histogram(id="histogram"),
            detail=DetailPane(id="detail", event_at=self.event_at, name=self._name_of),
            title=TitleLine(),
            status=StatusLine(),
            prompt=Prompt(),
        )
        self._presenter = PanePresenter(
            self.panes,
            clock=services.clock,
            zone=self._zone.now,
            after=partial(later, self, services.frame),
        )

    def compose(self) -> ComposeResult:
        """Title, three panes, the question line, status."""
        yield self.panes.title
        with Horizontal(id="panes"):
            yield self.panes.sidebar
            with Vertical(id="activity"):
                yield self.panes.histogram
                yield self.panes.table
            yield self.panes.detail
        yield self.panes.prompt
        yield self.panes.status

    def on_mount(self) -> None:
        """Begin with words, not with nothing."""
        self.panes.sidebar.border_title = "Filters"
        self.query_one("#activity").border_title = "Activity"
        self.panes.table.empty = "Connecting…"
        self._presenter.show_title()
        if self._services.tick is not None:
            self.set_interval(self._services.tick, self._presenter.show_title)

    # What is being read

    @property
    def activity(self) -> LibraryController | None:
        """What is shown; None before there is a client."""
        return self._activity

    @property
    def table(self) -> EventTable:
        """The rows."""
        return self.panes.table

    @property
    def reading(self) -> OpenLibrary | None:
        """The library being read."""
        return self._activity.reading if self._activity else None

    @property
    def details(self) -> DetailController | None:
        """What reads for the detail pane."""
        return self._activity.details if self._activity else None

    @property
    def event_list(self) -> EventList | None:
        """The rows that are shown."""
        return self._activity.event_list if self._activity else None

    def list_libraries(self, libraries: Sequence[Library]) -> None:
        """The libraries one may choose from."""
        self._presenter.libraries = libraries
        self._presenter.show_sidebar()

    def open(self, client: LibraryClient, library: Library | None, link: JournalLink | None) -> None:
        """Read a library; range, filter and order are kept from the one read before."""
        before = self._activity
        if before is not None:
            before.close()
        self._activity = LibraryController(
            self,
            self.panes,
            self._presenter,
            self._services,
            self._zone,
            client=client,
            library=library,
            link=link,
            chosen=before.reading.range if before else self._first_range(),
            wanted=before.event_list.filter if before else self._options.filter,
            newest_first=before.event_list.newest_first if before else self._options.order is Order.NEWEST,
            slack_us=int(self._options.settings.slack * 1_000_000),
            is_exact=self._options.exact,
            is_offline=self._options.offline,
            rules=self._options.settings.incident_rules,
            retention=self._options.settings.retention_period,
        )
        self._activity.start()
        if self._activity.event_list.filter.text:
            self._name_all()

    async def opened(self) -> None:
        """Return when the library that is read shows rows, or has said why it cannot."""
        if self._activity is not None:
            await self._activity.has_opened.wait()

    def mark_demo(self) -> None:
        """What will be opened is the demo library, and the title is to say so."""
        self._presenter.is_demo = True

    @property
    def zone(self) -> tzinfo:
        """The zone times are shown in."""
        return self._zone.now()

    def fail(self, error: GumnutError) -> None:
        """Nothing can be read: say why, in the middle of the table."""
        self._presenter.fail(error)

    def waiting(self, wait: Wait) -> None:
        """The client waits before it asks again."""
        self._presenter.set_wait(wait)

    def say(self, words: str) -> None:
        """A word in the status line, until the next one."""
        self._presenter.say(words)

    def event_at(self, row: int) -> Event:
        """The event in a row of the store."""
        assert self._activity is not None
        return self._activity.store.event(row)

    def _name_of(self, kind: str, entity_id: str) -> str | None:
        return self._activity.reading.names.name(kind, entity_id) if self._activity else None

    def _first_range(self) -> ChosenRange:
        return self._settle_range(self._options.since, self._options.until or "")

    def _settle_range(self, since: str, until: str) -> ChosenRange:
        return choose_range(since, until, now=self._services.clock(), zone=self._zone.now())

    # What the table says

    @on(EventTable.Highlighted)
    def _row_highlighted(self, message: EventTable.Highlighted) -> None:
        details = self.details
        # The message may be about rows that another library has taken the place of meanwhile.
        if details is None or message.row != self.table.cursor_row or details.state.row == message.row:
            return
        assert self._activity is not None
        self._activity.search.outcome = ""
        self._presenter.show_status()
        event = self.event_at(message.row)
        details.leave()
        details.look_at(Subject(event.kind, event.entity_id, event, message.row))
        self._read_entity()

    @on(EventTable.Opened)
    def _row_opened(self) -> None:
        self.add_class("-show-detail")
        self.panes.detail.focus()

    @on(EventTable.NearEnd)
    def _rows_run_out(self) -> None:
        if self._activity is not None:
            self._activity.want_more()

    @on(EventTable.EndAsked)
    def _end_asked(self, message: EventTable.EndAsked) -> None:
        event_list = self.event_list
        if (
            event_list is None
            or (message.edge == "bottom") != grows_below(event_list)
            or not more_to_read(event_list.feed)
        ):
            return
        self._walk(SeekEnd("reading to the start" if event_list.feed.newest_first else "reading to the end"))

    @on(EventTable.InSight)
    def _rows_in_sight(self, message: EventTable.InSight) -> None:
        activity = self._activity
        if activity is None:
            return
        rows = activity.event_list.rows
        in_sight = [rows[index] for index in range(message.first, min(message.last + 1, len(rows)))]
        ends = sorted(activity.store.created_at_us(row) for row in (*in_sight[:1], *in_sight[-1:]))
        if in_sight:
            self._presenter.show_sight(ends[0], ends[1])
            self._name_rows(activity, in_sight)

    @work(exclusive=True, group="names")
    async def _name_rows(self, activity: LibraryController, rows: list[int]) -> None:
        await activity.name_rows(rows)

    @work(exclusive=True, group="all names")
    async def _name_all(self) -> None:
        assert self._activity is not None
        await self._activity.name_all()

    # What the detail says

    @work(exclusive=True, group="entity")
    async def _read_entity(self) -> None:
        assert self.details is not None
        await self.details.read()
        if self.panes.detail.tab is Tab.RELATED:
            await self.details.read_related()

    @work(exclusive=True, group="related")
    async def _read_related(self) -> None:
        if self.details is not None:
            await self.details.read_related()

    @on(DetailPane.TabShown)
    def _tab_shown(self, message: DetailPane.TabShown) -> None:
        if message.tab is Tab.RELATED:
            self._read_related()

    @on(DetailPane.HistoryChosen)
    def _history_chosen(self, message: DetailPane.HistoryChosen) -> None:
        event_list = self.event_list
        index = None if event_list is None else event_list.rows.index_of(message.row)
        if index is None:
            self.say("that event is filtered out")
        else:
            self.table.jump_to(index)

    @on(DetailPane.RelatedChosen)
    def _related_chosen(self, message: DetailPane.RelatedChosen) -> None:
        self._visit(message.kind, message.id)

    def _visit(self, kind: str, entity_id: str) -> None:
        if self.details is not None:
            self.details.visit(kind, entity_id)
            self._read_entity()

    # What sidebar, histogram and status line say

    @on(FilterSidebar.LibraryChosen)
    def _library_chosen(self, message: FilterSidebar.LibraryChosen) -> None:
        libraries, reading = self._presenter.libraries, self.reading
        library = next((each for each in libraries if each.id == message.library_id), None)
        if reading is not None and library is not None and library.id != reading.library_id:
            self.post_message(self.LibraryWanted(library))

    @on(FilterSidebar.PresetChosen)
    def _preset_chosen(self, message: FilterSidebar.PresetChosen) -> None:
        self.action_range(message.name)

    @on(FilterSidebar.CustomRangeAsked)
    async def _custom_range_asked(self) -> None:
        await self.panes.prompt.ask("range", "Range", placeholder="yesterday · 2026-11-01 – 2026-11-03 · 90m")

    @on(FilterSidebar.TextAsked)
    async def _text_asked(self) -> None:
        text = self.event_list.filter.text if self.event_list else ""
        await self.panes.prompt.ask("text", "Only with text", text)

    @on(FilterSidebar.TypeToggled)
    def _type_toggled(self, message: FilterSidebar.TypeToggled) -> None:
        known = self._known_types()
        self._edit(lambda wanted: edits.toggle_type(wanted, message.entity_type, known, only=message.only))

    @on(FilterSidebar.OperationToggled)
    def _operation_toggled(self, message: FilterSidebar.OperationToggled) -> None:
        self._edit(lambda wanted: edits.toggle_operation(wanted, message.operation, only=message.only))

    def _known_types(self) -> list[str]:
        return [facet.entity_type for facet in self.panes.sidebar.state.types]

    @on(Histogram.SpanChosen)
    def _span_chosen(self, message: Histogram.SpanChosen) -> None:
        if self._activity is not None:
            zone = self._zone.now()
            words = date_time(message.since_us, zone), date_time(message.until_us, zone)
            self._activity.set_range(span_range(message.since_us, message.until_us, words))

    @on(Histogram.BucketsWanted)
    def _buckets_wanted(self) -> None:
        self._presenter.show_histogram()

    @on(StatusLine.HintChosen)
    async def _hint_chosen(self, message: StatusLine.HintChosen) -> None:
        await self.run_action(message.action)

    @on(StatusLine.ChipDropped)
    def _chip_dropped(self, message: StatusLine.ChipDropped) -> None:
        if message.name == "marked":
            self.action_marked()
        else:
            self._edit(lambda wanted: edits.without(wanted, message.name))

    # Questions

    @on(Prompt.Submitted)
    def _answered(self, message: Prompt.Submitted) -> None:
        try:
            self._take_answer(message.purpose, message.text.strip(), again=message.again)
        except UsageProblem as problem:
            self.panes.prompt.fail(visible(str(problem), 300))
        else:
            self.panes.prompt.close()
            self.table.focus()

    @on(Prompt.Cancelled)
    def _not_answered(self) -> None:
        self.table.focus()

    def _take_answer(self, purpose: str, text: str, *, again: bool) -> None:
        match purpose:
            case "search":
                self._search_for(text)
            case "time":
                self._go_to(text)
            case "range" if self._activity is not None:
                since, _, until = (part.strip() for part in text.replace("–", " - ").partition(" - "))
                self._activity.set_range(self._settle_range(since, until))
            case "text":
                self._edit(lambda wanted: edits.with_text(wanted, text))
                if text:
                    self._name_all()
            case "save":
                self.take_away.save(text, replace=again)
            case "report":
                self._incidents.save(text, replace=again)

    async def action_search(self) -> None:
        """Ask for a text to look for."""
        text = self._activity.search.text if self._activity else ""
        await self.panes.prompt.ask("search", "Search", text)

    async def action_go_to_time(self) -> None:
        """Ask for a time to go to."""
        await self.panes.prompt.ask("time", "Go to", placeholder="10:30 · yesterday · 2026-11-01T10:00 · 3d")

    async def action_save(self) -> None:
        """Ask for the name of a file to save the rows in."""
        name = f"gumnut-events-{self._services.clock():%Y-%m-%d}.csv"
        await self.panes.prompt.ask("save", "Save rows as (.csv .jsonl .md)", name)

    # Range, order and filter

    def action_range(self, preset: str) -> None:
        """Show a time range by its name."""
        if self._activity is not None:
            self._activity.set_range(self._settle_range(preset, ""))

    def action_trail(self, step: int) -> None:
        """Back to the range and filters before, or forward again."""
        if self._activity is not None:
            self._activity.walk_history(step)

    def action_turn(self) -> None:
        """Turn the order of the screen."""
        if self._activity is not None:
            self._activity.turn()

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
        if self._activity is not None:
            self._activity.refilter(lambda event_list: event_list.suspend())

    def action_narrow(self, keep: bool) -> None:
        """Only, or not, a value of the selected event."""
        event = self._selected()
        if event is not None:
            self._choose_value(event, keep)

    @work(exclusive=True, group="dialogue")
    async def _choose_value(self, event: Event, keep: bool) -> None:
        from gumnut_tui.ui.screens.chooser import Chooser, Item

        changes = edits.only_values(event) if keep else edits.other_values(event, self._known_types())
        items = [Item(visible(each.label), visible(each.note, 40), each.change) for each in changes]
        change = await self.app.push_screen_wait(Chooser("Only" if keep else "Not", items))
        if change is not None:
            self._edit(change)

    def _edit(self, change: Callable[[EventFilter], EventFilter]) -> None:
        if self._activity is not None:
            self._activity.edit(change)

    def _selected(self) -> Event | None:
        return self._activity.selected() if self._activity else None

    def action_mark(self) -> None:
        """Mark the selected event, or take its mark away."""
        if self._activity is not None:
            self._activity.mark()

    def action_marked(self) -> None:
        """Only marked events, or all."""
        if self._activity is not None:
            self._activity.show_marked()

    @work(exclusive=True, group="dialogue")
    async def action_incidents(self) -> None:
        """List the bursts of destructive events."""
        if self._activity is not None:
            await self._incidents.show(self._activity)

    # Finding

    @work(exclusive=True, group="search")
    async def _search_for(self, text: str) -> None:
        activity = self._activity
        if activity is None:
            return
        self.table.highlight = text
        await activity.search.search_for(text)
        if text:
            self._name_all()
            self.action_hit(1)
        else:
            self.say("")

    def action_hit(self, step: int) -> None:
        """Go to the next or previous hit."""
        activity = self._activity
        if activity is None:
            return
        if not activity.search.text:
            self.say("nothing to search for yet: / asks")
            return
        activity.search.seek_hit(self.table.cursor_row, step)
        self._after_setting_out()

    def action_destruction(self, step: int) -> None:
        """Go to the next or previous destructive event."""
        self._walk_to(only_destructive, step, "looking for a destructive event")

    def action_same_entity(self, step: int) -> None:
        """Go to the next or previous event of the selected entity."""
        event = self._selected()
        if event is not None:
            self._walk_to(about(event.entity_id), step, "looking for this entity's events")

    def _walk_to(self, change: Callable[[EventFilter], EventFilter], step: int, words: str) -> None:
        if self._activity is not None:
            self._activity.search.seek_to(change, self.table.cursor_row, step, words)
            self._after_setting_out()

    def _walk(self, walk: SeekEnd | SeekTime) -> None:
        if self._activity is not None:
            self._activity.search.walk(walk)
            self._after_setting_out()

    def _after_setting_out(self) -> None:
        assert self._activity is not None
        self._activity.want_more()
        self.say("")

    def _go_to(self, text: str) -> None:
        activity, zone = self._activity, self._zone.now()
        moment = parse_when(text, now=self._services.clock(), zone=zone)
        if activity is None:
            return
        if moment is None:
            self._walk(SeekEnd("reading to the start"))
            return
        us = to_us(moment)
        since_us = activity.reading.range.since_us
        if since_us is not None and us < since_us:
            activity.set_range(self._settle_range(moment.isoformat(), ""))
        self._walk(SeekTime(f"going to {date_time(us, zone)}", us))

    # Feed

    def action_freeze(self) -> None:
        """Hold the view still; the feed goes on and is counted."""
        if self._activity is not None:
            self._activity.freeze()

    def action_ask_now(self) -> None:
        """Ask for new events at once."""
        if self.reading is not None:
            self.reading.client.hurry()
            self.reading.poller.ask_now()

    def action_zone(self) -> None:
        """Times in UTC, or in the zone of one's own."""
        self._zone.turn()
        if self._activity is not None:
            self._activity.redraw()

    # Panes

    @on(DescendantBlur)
    def _pane_left(self) -> None:
        self.call_after_refresh(self._keep_focus)

    def _keep_focus(self) -> None:
        """A resize may hide the pane with the focus; the keys then belong to the rows, and nothing lies over them."""
        if self.focused is None and self.app.app_focus:
            self.table.focus()
        elif self.focused is self.table:
            self._close_overlay()

    def _close_overlay(self) -> bool:
        """Put away what lies over the rows; False when nothing does."""
        shown = {"-show-sidebar": self.panes.sidebar, "-show-detail": self.panes.detail}
        over = [name for name, pane in shown.items() if self.has_class(name) and pane.styles.layer == "overlay"]
        self.remove_class(*over)
        return bool(over)

    def action_sidebar(self) -> None:
        """Show and enter the filter sidebar, or put it away."""
        if self.panes.sidebar.has_focus:
            self.remove_class("-show-sidebar")
            self.add_class("-hide-sidebar")
            self.table.focus()
        else:
            self.add_class("-show-sidebar")
            self.remove_class("-hide-sidebar")
            self.panes.sidebar.focus()

    def action_histogram(self) -> None:
        """Show or hide the histogram."""
        self.toggle_class("-no-histogram")
        self.call_after_refresh(self._presenter.show_histogram)

    def action_pane(self, step: int) -> None:
        """Go to the next pane."""
        panes = [self.panes.sidebar, self.panes.histogram, self.table, self.panes.detail]
        shown = [pane for pane in panes if pane.display and pane.region.area]
        focused = next((at for at, pane in enumerate(shown) if pane.has_focus_within or pane.has_focus), 0)
        shown[(focused + step) % len(shown)].focus()

    def action_tab(self, step: int) -> None:
        """Turn to another tab of the detail."""
        self.panes.detail.action_turn_tab(step)

    def action_back(self) -> None:
        """Back one layer: the walk, the jump, what lies over the rows, the search, the filter, the pane."""
        activity = self._activity
        if activity is None or activity.stop_seeking():
            return
        if activity.details.go_back():
            self._read_entity()
        elif self._close_overlay():
            self.table.focus()
        elif activity.search.text:
            self._search_for("")
        elif activity.event_list.marked is not None:
            activity.show_marked()
        elif not activity.event_list.filter.is_open:
            self._edit(edits.cleared)
        else:
            self.table.focus()

    @work(exclusive=True, group="dialogue")
    async def action_jump(self) -> None:
        """Choose a related entity and look at it."""
        from gumnut_tui.ui.screens.chooser import Chooser, Item

        details = self.details
        if details is None or details.subject is None:
            return
        groups = await details.read_related()
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
        self.take_away.copy_id()

    def action_copy_as(self) -> None:
        """Choose a form and copy."""
        self.take_away.copy_as()

    def action_browse(self) -> None:
        """Show the picture in the browser."""
        self.take_away.browse()

"""The main screen: composes the panes, and hands keys and messages to the controllers."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.events import DescendantBlur
from textual.screen import Screen

from gumnut_tui.app import ScreenOptions
from gumnut_tui.app.detail_controller import DetailController
from gumnut_tui.app.export_controller import ExportController
from gumnut_tui.app.filter_controller import FilterController
from gumnut_tui.app.incidents_controller import IncidentsController
from gumnut_tui.app.journal_controller import JournalController
from gumnut_tui.app.library_controller import LibraryController
from gumnut_tui.app.open_library import ZoneChoice
from gumnut_tui.app.pane_presenter import PanePresenter, Panes
from gumnut_tui.app.pane_switcher import PaneSwitcher
from gumnut_tui.app.past_controller import PastController
from gumnut_tui.app.restore_controller import RestoreController
from gumnut_tui.app.screen_ports import ScreenPorts
from gumnut_tui.app.search_controller import SearchController
from gumnut_tui.app.services import Services
from gumnut_tui.app.startup import Startup
from gumnut_tui.app.undo_controller import UndoController
from gumnut_tui.config.values import Order
from gumnut_tui.ui import later
from gumnut_tui.ui.keymap import GROUPS
from gumnut_tui.ui.layout import column_classes, line_classes
from gumnut_tui.ui.widgets.detail_pages import Tab
from gumnut_tui.ui.widgets.detail_pane import DetailPane
from gumnut_tui.ui.widgets.event_table import EventTable
from gumnut_tui.ui.widgets.filter_sidebar import FilterSidebar
from gumnut_tui.ui.widgets.histogram import Histogram
from gumnut_tui.ui.widgets.prompt import Prompt
from gumnut_tui.ui.widgets.status_line import StatusLine, TitleLine
from gumnut_tui.usecases.journals import JournalAccess

NEED_LIBRARY = frozenset(
    action.runs.partition("(")[0]
    for heading in ("Search", "Filters", "Events", "Feed", "Export")
    for action in GROUPS[heading]
)
"""Names of the actions that are about events: before there is a library they do nothing."""


def bindings() -> list[Binding]:
    """A binding for each action of the screen."""
    return [
        Binding(
            action.keys,
            action.runs,
            action.words,
            id=action.name,
            tooltip=action.tooltip,
            group=Binding.Group(heading),
        )
        for heading, actions in GROUPS.items()
        for action in actions
    ]


class MainScreen(Screen[None]):
    """Sidebar, histogram, table and detail of one library. Nothing is read before `startup` opens one."""

    BINDINGS: ClassVar[list[BindingType]] = list(bindings())
    AUTO_FOCUS = "#table"

    def __init__(self, options: ScreenOptions, services: Services, access: JournalAccess) -> None:
        super().__init__()
        self.HORIZONTAL_BREAKPOINTS = column_classes()
        self.VERTICAL_BREAKPOINTS = line_classes()
        self._tick = services.tick
        self._covered = services.covered
        self._is_held = False
        """What has changed under a dialog is to be drawn in a while."""
        self._zone = ZoneChoice(options.zone)
        self.panes = Panes(
            activity=Vertical(id="activity"),
            table=EventTable(id="table", live="top" if options.order is Order.NEWEST else "bottom"),
            sidebar=FilterSidebar(id="sidebar"),
            histogram=Histogram(id="histogram"),
            detail=DetailPane(id="detail"),
            title=TitleLine(),
            status=StatusLine(),
            prompt=Prompt(),
        )
        self.presenter = PanePresenter(
            self.panes,
            clock=services.clock,
            zone=self._zone.now,
            after=partial(later, self, services.frame),
            keys=options.settings.keys,
        )
        self._ports = ports = ScreenPorts(self, self.presenter, self.panes.prompt, services.fill_clipboard)
        self.switcher = PaneSwitcher(self, self.panes, self.presenter, ports)
        self.library = library = LibraryController(options, services, self.panes, self.presenter, ports, self._zone)
        self.filters = FilterController(library, self.presenter, ports)
        self.details = DetailController(library.opened, self.presenter, ports)
        self.search = SearchController(library, self.filters, self.panes.table, ports)
        self.past = PastController(library, self.details, ports, self.search.go_to)
        self.restore = RestoreController(library, ports)
        self.undo = UndoController(library, ports)
        self.incidents = IncidentsController(library, self.filters, self.restore, self.undo, ports)
        self.export = ExportController(library, self.details, ports, services)
        self.journal = JournalController(library, access, ports)
        self.startup = Startup(options, library, self.journal, access, self.presenter, ports)
        library.listeners = (self.details, self.search)
        self.presenter.progress = self.search.words

    def compose(self) -> ComposeResult:
        """Title, three panes, the question line, status."""
        yield self.panes.title
        with Horizontal(id="panes"):
            yield self.panes.sidebar
            with self.panes.activity:
                yield self.panes.histogram
                yield self.panes.table
            yield self.panes.detail
        yield self.panes.prompt
        yield self.panes.status

    def on_mount(self) -> None:
        """Start with words in the empty panes."""
        self.panes.sidebar.border_title = "Filters"
        self.presenter.show_day()
        self.panes.table.empty = "Connecting…"
        self.presenter.show_title()
        if self._tick is not None:
            self.set_interval(self._tick, self._look_at_clock)

    def _on_timer_update(self) -> None:
        """Draw what has changed: under a dialog only now and then, as each such frame draws the dialog too."""
        if self.is_active:
            super()._on_timer_update()
            return
        self._update_timer.pause()
        if not self._is_held:
            self._is_held = True
            later(self, self._covered, self._draw_held)

    def _draw_held(self) -> None:
        self._is_held = False
        super()._on_timer_update()

    def _look_at_clock(self) -> None:
        self.presenter.look_at_clock()
        self.library.look_at_clock()

    @property
    def table(self) -> EventTable:
        """The table of events."""
        return self.panes.table

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Whether an action may run: those about events wait for a library."""
        return self.library.is_open or action not in NEED_LIBRARY

    # What table and detail say

    @on(EventTable.Highlighted)
    def _row_highlighted(self, message: EventTable.Highlighted) -> None:
        # The message may be about rows of a library that was replaced since.
        if message.row == self.table.cursor_row and self.details.select(message.row):
            self.search.row_selected()
            self.presenter.show_status()

    @on(EventTable.FoldAsked)
    def _fold_asked(self, message: EventTable.FoldAsked) -> None:
        self.library.actions.fold(message.row, unfold=message.unfold)

    @on(EventTable.Opened)
    def _row_opened(self) -> None:
        self.switcher.open_detail()

    @on(EventTable.NearEnd)
    def _rows_run_out(self) -> None:
        self.library.opened.want_more()

    @on(EventTable.EndAsked)
    def _end_asked(self, message: EventTable.EndAsked) -> None:
        self.search.edge(message.edge)

    @on(EventTable.InSight)
    def _rows_in_sight(self, message: EventTable.InSight) -> None:
        self.library.rows_in_sight(message.first, message.last)

    @on(DetailPane.TabShown)
    def _tab_shown(self, message: DetailPane.TabShown) -> None:
        if message.tab is Tab.RELATED:
            self.details.show_related()
        elif message.tab is Tab.HISTORY:
            self.details.show_history()

    @on(DetailPane.HistoryChosen)
    def _history_chosen(self, message: DetailPane.HistoryChosen) -> None:
        self.past.open(message.row)

    @on(DetailPane.RelatedChosen)
    def _related_chosen(self, message: DetailPane.RelatedChosen) -> None:
        self.details.visit(message.kind, message.id)

    # What sidebar, histogram and status line say

    @on(FilterSidebar.LibraryChosen)
    def _library_chosen(self, message: FilterSidebar.LibraryChosen) -> None:
        self.startup.show_library(message.library_id)

    @on(FilterSidebar.PresetChosen)
    def _preset_chosen(self, message: FilterSidebar.PresetChosen) -> None:
        self.filters.set_range(message.name)

    @on(FilterSidebar.CustomRangeAsked)
    async def _custom_range_asked(self) -> None:
        await self.filters.ask_range()

    @on(FilterSidebar.TextAsked)
    async def _text_asked(self) -> None:
        await self.filters.ask_text()

    @on(FilterSidebar.TypeToggled)
    def _type_toggled(self, message: FilterSidebar.TypeToggled) -> None:
        self.filters.toggle_type(message.entity_type, only=message.only)

    @on(FilterSidebar.OperationToggled)
    def _operation_toggled(self, message: FilterSidebar.OperationToggled) -> None:
        self.filters.toggle_operation(message.operation, only=message.only)

    @on(Histogram.SpanChosen)
    def _span_chosen(self, message: Histogram.SpanChosen) -> None:
        self.filters.set_span(message.since_us, message.until_us)

    @on(Histogram.BucketsWanted)
    def _buckets_wanted(self) -> None:
        self.presenter.show_histogram()

    @on(StatusLine.HintChosen)
    async def _hint_chosen(self, message: StatusLine.HintChosen) -> None:
        await self.run_action(message.action)

    @on(StatusLine.ChipDropped)
    def _chip_dropped(self, message: StatusLine.ChipDropped) -> None:
        self.filters.drop(message.name)

    # Questions

    @on(Prompt.Submitted)
    def _answered(self, message: Prompt.Submitted) -> None:
        if self._ports.answered(message):
            self.table.focus()

    @on(Prompt.Cancelled)
    def _not_answered(self) -> None:
        self.table.focus()

    async def action_search(self) -> None:
        """Ask for a text to search for."""
        await self.search.ask_text()

    async def action_go_to_time(self) -> None:
        """Ask for a time to go to."""
        await self.search.ask_time()

    async def action_save(self) -> None:
        """Ask for the name of a file to save the rows in."""
        await self.export.ask_name()

    # Range, order and filter

    def action_range(self, preset: str) -> None:
        """Show a time range by its name."""
        self.filters.set_range(preset)

    def action_history(self, step: int) -> None:
        """Back to the range and filters before, or forward again."""
        self.filters.step_history(step)

    def action_turn(self) -> None:
        """Reverse the order of the rows."""
        self.library.turn()

    def action_group(self) -> None:
        """Show actions, or single events again."""
        self.library.toggle_actions()

    def action_destructive(self) -> None:
        """Only destructive events, or all."""
        self.filters.toggle_destructive()

    def action_entity_only(self) -> None:
        """Only events about the entity the detail shows, or all."""
        if self._is_selected():
            self.filters.toggle_entity(self.details.entity_id)

    def action_suspend(self) -> None:
        """Suspend the filters, or resume them."""
        self.filters.suspend()

    def action_narrow(self, keep: bool) -> None:
        """Only, or not, a value of the selected event."""
        if self._is_selected():
            self.filters.narrow(keep=keep)

    def action_mark(self) -> None:
        """Mark or unmark the selected event."""
        if self._is_selected():
            self.library.selection.mark()

    def action_marked(self) -> None:
        """Only marked events, or all."""
        self.filters.toggle_marked()

    def action_incidents(self) -> None:
        """List the bursts of destructive events."""
        self.incidents.show()

    def _is_selected(self) -> bool:
        """Whether there is anything a key can be about; else say so."""
        if not self.table.row_count:
            self._ports.say("no event is selected")
        return self.table.row_count > 0

    # Finding

    def action_hit(self, step: int) -> None:
        """Go to the next or previous hit."""
        self.search.hit(step)

    def action_destruction(self, step: int) -> None:
        """Go to the next or previous destructive event."""
        self.search.destruction(step)

    def action_same_entity(self, step: int) -> None:
        """Go to the next or previous event of the selected entity."""
        if self._is_selected():
            self.search.same_entity(step)

    @work(exclusive=True, group="dialogue")
    async def action_jump(self) -> None:
        """Choose a related entity and show it."""
        if self._is_selected() and await self.details.jump():
            self.switcher.show_detail()

    # Feed

    def action_freeze(self) -> None:
        """Freeze the view, or resume it; the feed goes on and is counted."""
        self.library.freeze()

    def action_ask_now(self) -> None:
        """Check for new events now."""
        self.library.ask_now()

    def action_journal(self) -> None:
        """Offer to keep a journal of this library, or show what it holds."""
        self.startup.ask_about_journal()

    def action_zone(self) -> None:
        """Show times in UTC, or in the local zone."""
        if self._zone.is_always_utc:
            self._ports.say("the local zone is UTC")
            return
        self._zone.turn()
        self.library.redraw()
        self.details.redraw()

    # Export

    def action_copy_id(self) -> None:
        """Copy the id of what is selected."""
        if self._is_selected():
            self.export.copy_id()

    def action_restore(self) -> None:
        """Show the command that restores photos from the trash."""
        if self._is_selected():
            self.restore.ask()

    def action_undo(self) -> None:
        """Show the plan that brings back what was lost."""
        if self._is_selected():
            self.undo.ask()

    def action_copy_as(self) -> None:
        """Choose a format and copy."""
        if self._is_selected():
            self.export.copy_as()

    def action_browse(self) -> None:
        """Show the picture in the browser."""
        self.export.browse()

    # Panes

    @on(DescendantBlur)
    def _pane_left(self) -> None:
        self.call_after_refresh(self.switcher.keep_focus)

    def action_back(self) -> None:
        """Back one layer: a seek, a jump, what lies over the rows, the search, an incident, the filter, the pane."""
        layers = (
            self.search.stop,
            self.details.go_back,
            self.search.return_from,
            self.switcher.close_overlay,
            self.search.clear,
            self.incidents.go_back,
            self.filters.clear,
        )
        if not any(leave() for leave in layers):
            self.table.focus()

    def action_sidebar(self) -> None:
        """Show and focus the filter sidebar, or hide it."""
        self.switcher.toggle_sidebar()

    def action_histogram(self) -> None:
        """Show or hide the histogram, where there is room for one."""
        self.switcher.toggle_histogram()

    def action_pane(self, step: int) -> None:
        """Go to the next pane."""
        self.switcher.focus_next(step)

    def action_sideways(self, step: int) -> None:
        """Unfold or fold an action, or else go to the pane on that side."""
        table = self.table
        if table.has_focus and table.fold(unfold=step > 0):
            return
        if table.has_focus and table.is_grouped and step > 0 and not self.panes.detail.display:
            # Enter unfolds here, so there would be no other way to the detail of an action on a small screen.
            self.switcher.open_detail()
        else:
            self.switcher.focus_next(step)

    def action_tab(self, step: int) -> None:
        """Show another tab of the detail."""
        self.switcher.turn_tab(step)

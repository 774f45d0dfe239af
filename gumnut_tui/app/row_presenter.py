"""Shows the rows of a library in the table: which there are, and what their cells say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gumnut_tui.app.action_rows import event_row
from gumnut_tui.app.open_library import OpenLibrary
from gumnut_tui.app.pane_presenter import PanePresenter
from gumnut_tui.domain.models import Event
from gumnut_tui.formatting.event_lines import Cells, event_cells
from gumnut_tui.formatting.times import day_label
from gumnut_tui.ui.widgets.event_table import EventTable
from gumnut_tui.ui.widgets.table_lines import Rows
from gumnut_tui.ui.widgets.viewport import Moved

if TYPE_CHECKING:
    from gumnut_tui.formatting.action_cells import ActionCells


class RowPresenter:
    """Draws the rows of one `OpenLibrary`."""

    def __init__(self, table: EventTable, presenter: PanePresenter, library: OpenLibrary) -> None:
        """`library` is the one whose rows are shown, until `reset` names another one."""
        self.table = table
        self._presenter = presenter
        self._library = library
        self._revision = 0
        """Another one whenever the row ids mean other events or actions than before."""

    def reset(self, library: OpenLibrary) -> None:
        """The rows are those of this library from now on, with its own incidents."""
        self._library = library
        self.table.incidents = library.incident_rows

    def renumber(self) -> None:
        """The row ids mean other events or actions from now on."""
        self._revision += 1

    def show_again(self, before: Rows, *, are_new: bool) -> None:
        """Show the lines of the event list that took the place of others; neither selected row nor window moves.

        Those that are more at the live edge count as new, if they `are_new`.
        """
        event_list, table = self._library.event_list, self.table
        lines, row, span = event_list.lines, table.cursor_row, table.span
        cursor = None if row is None else lines.nearest(row)
        if cursor is None:
            self.show(None)
            return
        if span is None or len(before) != table.row_count:
            self.show(cursor)
            return
        first, last = (lines.nearest(before[index]) or 0 for index in span)
        arrived = first - span[0] if event_list.newest_first else (len(lines) - last) - (len(before) - span[1])
        self.show(Moved(cursor, first, max(0, arrived) if are_new else 0))

    def show(self, cursor: int | Moved | None) -> None:
        """Show the lines of the event list, the one at index `cursor` selected; None goes to the live edge."""
        event_list = self._library.event_list
        self.table.show(
            event_list.lines,
            self.cells_of,
            days=self.day_of,
            revision=self._revision,
            cursor=cursor,
            live="top" if event_list.newest_first else "bottom",
            unfolded=event_list.is_unfolded if event_list.grouping is not None else None,
        )
        self._presenter.show()

    def cells_of(self, row: int) -> Cells | ActionCells:
        """The texts of a row."""
        library = self._library
        cells = self._action_cells(row) if row < 0 else None
        return self.event_cells(library.event_list.store.event(event_row(row))) if cells is None else cells

    def event_cells(self, event: Event) -> Cells:
        """The texts of an event's row."""
        context, names = self._library.context, self._library.names
        zone, now = context.zone.now(), context.services.clock()
        return event_cells(event, zone=zone, name=names.name, now=now, presence=names.presence)

    def _action_cells(self, row: int) -> ActionCells | None:
        """The texts of an action's row; None when there is no such action any more."""
        context, describer = self._library.context, self._library.describer
        action = self._library.event_list.action_of(row)
        if describer is None or action is None:
            return None
        from gumnut_tui.formatting.action_cells import action_cells

        facts, zone, now = describer.facts(action), context.zone.now(), context.services.clock()
        return action_cells(action, facts, describer.sentence(action), zone=zone, now=now)

    def day_of(self, row: int) -> str:
        """The day of a row in words, as its line says it."""
        context, event_list = self._library.context, self._library.event_list
        action = event_list.action_of(row) if row < 0 else None
        us = event_list.store.created_at_us(event_row(row)) if action is None else action.first_us
        return day_label(us, context.zone.now(), context.services.clock())

"""What is selected in the table: the row under the cursor, and the rows that are marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gumnut_tui.app.action_rows import event_row
from gumnut_tui.app.open_library import OpenLibrary
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Event
from gumnut_tui.ui.widgets.event_table import EventTable

if TYPE_CHECKING:
    from gumnut_tui.domain.actions import Action
    from gumnut_tui.domain.incidents import Incident


class TableSelection:
    """Selects events and actions of one `OpenLibrary`."""

    def __init__(self, table: EventTable, library: OpenLibrary) -> None:
        """`library` is the one whose rows the table shows, until `reset` names another one."""
        self._table = table
        self._library = library

    def reset(self, library: OpenLibrary) -> None:
        """The rows are those of this library from now on, with its own marks."""
        self._library = library
        self._table.marks = library.marks

    def row(self) -> int | None:
        """The row of the event under the cursor; of an action that of one of its events."""
        row = self._table.cursor_row
        return None if row is None else event_row(row)

    def event(self) -> Event | None:
        """The event under the cursor; of an action one of its events."""
        row = self.row()
        return None if row is None else self._library.event_list.store.event(row)

    def action(self) -> Action | None:
        """The action under the cursor; None on an event."""
        row = self._table.cursor_row
        return None if row is None or row >= 0 else self._library.event_list.action_of(row)

    def kinds(self) -> list[tuple[str, str]]:
        """Entity type and event type of the event under the cursor; of all events of an action, the most first."""
        event, action, grouping = self.event(), self.action(), self._library.event_list.grouping
        if action is None or grouping is None:
            return [] if event is None else [(event.entity_type, event.event_type)]
        counts = grouping.actions.kinds(action)
        return sorted(counts, key=lambda kind: -counts[kind])

    def incident(self) -> Incident | None:
        """The incident that the event or the action under the cursor is part of."""
        row = self._table.cursor_row
        return None if row is None else self._library.incident_rows.incident(row)

    def entity_id(self) -> str | None:
        """The id of what is under the cursor; None where an action is about several things."""
        row = self._table.cursor_row
        return None if row is None else self._library.only_entity(row)

    def marked_events(self) -> list[Event]:
        """The marked events that were read, in feed order."""
        store = self._library.event_list.store
        return [store.event(row) for row in sorted(self._library.marks.rows, key=store.view(EventFilter()).position)]

    def mark(self) -> None:
        """Mark or unmark the selected event, or those of the selected action, and go on to the next row."""
        row, action, event_list = self.row(), self.action(), self._library.event_list
        if row is not None:
            rows = [row] if action is None else list(event_list.rows_of(action))
            self._library.marks.toggle(event_list.store, rows)
            self._table.marks = self._library.marks
            self._table.action_move(1)

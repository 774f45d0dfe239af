"""Our table and a DataTable over the same events: `python -m tests.bench.table_apps ours|peer ROWS REPORT`."""

from __future__ import annotations

import fcntl
import os
import signal
import struct
import sys
import termios
from datetime import UTC

from textual import events, work
from textual.app import ComposeResult
from textual.widgets import DataTable

from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Event
from gumnut_tui.formatting.event_lines import Cells, event_cells
from gumnut_tui.formatting.times import day_label
from gumnut_tui.store.event_store import EventStore
from gumnut_tui.ui.widgets.event_table import EventTable
from tests.bench.data import NOW, make_feed
from tests.bench.frames import FrameApp
from tests.bench.terminal import COLUMNS, LINES, leave_report

PAGE = 200
REPEAT = 25


class Ours:
    """Store, view and line table, as on the main screen."""

    def __init__(self) -> None:
        self.store = EventStore()
        self.widget = self.table = EventTable(live=None)
        self.view = self.store.view(EventFilter())

    def fill(self, rows: int) -> None:
        """Load many rows at once."""
        for batch in make_feed(rows):
            self.store.append(batch)
        self.view.refresh()
        self.table.show(self.view, self._cells, days=self._day, cursor=0, live=None)

    def append(self, page: list[Event]) -> None:
        """Columns, view, table."""
        self.store.append(page)
        before = len(self.view)
        self.view.refresh()
        self.table.rows_changed(0, len(self.view) - before)

    def _cells(self, row: int) -> Cells:
        return cells_of(self.store.event(row))

    def _day(self, row: int) -> str:
        return day_label(self.store.created_at_us(row), UTC, NOW)


class Peer:
    """Textual's own table with the same texts."""

    def __init__(self) -> None:
        self.widget = self.table = DataTable[str](cursor_type="row")

    def fill(self, rows: int) -> None:
        """Load many rows at once."""
        self.table.add_columns("time", "operation", "what", "entity", "more")
        for batch in make_feed(rows):
            self.append(batch)

    def append(self, page: list[Event]) -> None:
        """Formatted by the same function."""
        cells = map(cells_of, page)
        self.table.add_rows((each.time, each.operation.word, each.what, each.entity, each.more) for each in cells)


def cells_of(event: Event) -> Cells:
    """The texts of an event, no names known."""
    return event_cells(event, zone=UTC, name=lambda _kind, _id: None, now=NOW)


class TableApp(FrameApp):
    """One table; measures it and leaves the figures."""

    def __init__(self, table: Ours | Peer, rows: int, report: str) -> None:
        super().__init__()
        self._table = table
        self._rows = rows
        self._report = report

    def compose(self) -> ComposeResult:
        """The table alone."""
        yield self._table.widget

    def on_ready(self) -> None:
        """Measure."""
        self._table.fill(self._rows)
        self._measure()

    @work
    async def _measure(self) -> None:
        page = next(make_feed(PAGE))
        await self.still()
        figures = {
            "pagedown": await self.cost(self._page_down, repeat=REPEAT),
            "resize": await self.cost(self._resize, repeat=REPEAT),
            "append": await self.cost(lambda _: self._append(page), repeat=REPEAT),
        }
        leave_report(self._report, figures)
        self.exit()

    async def _append(self, page: list[Event]) -> None:
        self._table.append(page)

    async def _page_down(self, _number: int) -> None:
        self.post_message(events.Key("pagedown", None))

    async def _resize(self, number: int) -> None:
        columns = COLUMNS - 20 * (number % 2 == 0)
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, columns, 0, 0))
        os.kill(os.getpid(), signal.SIGWINCH)


if __name__ == "__main__":
    kind, rows, report = sys.argv[1:]
    TableApp(Ours() if kind == "ours" else Peer(), int(rows), report).run()

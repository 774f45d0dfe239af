"""A table in a small app, over rows that are made up on demand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Self

from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.message import Message
from textual.pilot import Pilot

from gumnut_tui.domain.models import Operation
from gumnut_tui.formatting.event_lines import Cells
from gumnut_tui.ui.widgets.event_table import EventTable
from tests.ui.widgets.recorded import Recorded

OPERATIONS = tuple(Operation)


def make_cells(row: int, **changes: Any) -> Cells:
    """Row `row`, one of a kind: its operation, time and name follow from its number."""
    operation = changes.pop("operation", OPERATIONS[row % len(OPERATIONS)])
    fields: dict[str, Any] = {
        "time": f"{row // 3600 % 24:02}:{row // 60 % 60:02}:{row % 60:02}",
        "operation": operation,
        "op": f"{operation.glyph} {operation.word}",
        "what": "asset",
        "entity": f"IMG_{row:07}.JPG",
        "more": "photo may be safe",
    }
    return Cells(**(fields | changes))


class WatchedTable(EventTable):
    """A table that keeps which regions it asked to be drawn again."""

    refreshed: ClassVar[list[Region]] = []

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Keep them; a refresh of everything counts as the whole widget."""
        self.refreshed.extend(regions or [self.size.region])
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)


class TableApp(App[None]):
    """Shows the rows given and keeps what the table said."""

    CSS = "WatchedTable { height: 100%; }"

    def __init__(
        self,
        rows: Any = range(0),
        cells: Callable[[int], Cells] = make_cells,
        live: Any = "top",
        **how: Any,
    ) -> None:
        super().__init__()
        self.shown = (rows, cells, how | {"live": live})
        self.said: list[Recorded] = []

    def compose(self) -> ComposeResult:
        """The table alone."""
        yield WatchedTable(live=self.shown[2]["live"])

    def on_mount(self) -> None:
        """Show the rows at once."""
        self.table.focus()
        self.table.show(self.shown[0], self.shown[1], **self.shown[2])

    @property
    def table(self) -> WatchedTable:
        """The table under test."""
        return self.query_one(WatchedTable)

    def heard(self, kind: type[Message]) -> list[Any]:
        """What of this kind the table said so far."""
        return [message for message in self.said if isinstance(message.message, kind)]

    def on_event_table_highlighted(self, message: EventTable.Highlighted) -> None:
        """Keep it."""
        self.said.append(Recorded(message))

    def on_event_table_opened(self, message: EventTable.Opened) -> None:
        """Keep it."""
        self.said.append(Recorded(message))

    def on_event_table_near_end(self, message: EventTable.NearEnd) -> None:
        """Keep it."""
        self.said.append(Recorded(message))

    def on_event_table_end_asked(self, message: EventTable.EndAsked) -> None:
        """Keep it."""
        self.said.append(Recorded(message))

    def on_event_table_in_sight(self, message: EventTable.InSight) -> None:
        """Keep it."""
        self.said.append(Recorded(message))


def screen_lines(app: App[Any]) -> list[str]:
    """The screen as plain lines of text."""
    return ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]


async def settle(pilot: Pilot[Any]) -> None:
    """Wait until every message in flight was handled and drawn."""
    await pilot.pause()

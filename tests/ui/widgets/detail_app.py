"""A small app around the detail pane, and the states to put into it."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from msgspec.structs import replace
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from gumnut_tui.domain.models import Entity, EntityState, Event, Presence
from gumnut_tui.formatting.entity_lines import status_line
from gumnut_tui.ui.widgets.detail_head import DetailHead
from gumnut_tui.ui.widgets.detail_pages import DetailState, Related, RelatedGroup, Tab
from gumnut_tui.ui.widgets.detail_pane import DetailPane
from gumnut_tui.ui.widgets.line_list import LineList
from tests.factories import NOW, RETENTION, make_event
from tests.ui.widgets.recorded import Recorded

FIELDS: dict[str, Any] = {
    "id": "asset_1",
    "original_file_name": "IMG_2031.HEIC",
    "local_datetime": "2025-05-03T16:20:09+01:00",
    "width": 4032,
    "height": 3024,
    "file_size_bytes": 2_100_000,
    "metadata": {"make": "Apple", "model": "iPhone 15 Pro", "display_label": "Lisbon, Portugal"},
}


def make_state(number: int = 1, *, zone: Any = None, **changes: Any) -> DetailState:
    """The state of event `number`, about a live photo read at `NOW`."""
    fields = changes.pop("fields", FIELDS)
    live = EntityState("asset", "asset_1", Presence.LIVE, NOW, Entity("asset", "asset_1", fields, NOW))
    values: dict[str, Any] = {
        "event": make_event(number, entity_id="asset_1"),
        "row": number,
        "title": "IMG_2031.HEIC",
        "status": status_line(live, zone=UTC, now=NOW, retention=RETENTION),
        "entity": live,
        "now": NOW,
    }
    return DetailState(**(values | changes))


def make_unread(number: int = 1, **changes: Any) -> DetailState:
    """The state of event `number` while its entity is being read."""
    return make_state(number, **({"entity": None, "status": None, "reading": True} | changes))


RELATED = (
    RelatedGroup("Albums", (Related("album", "album_1", "Italy", "214 photos"),)),
    RelatedGroup("People", (Related("person", "person_1", "Ana"), Related("person", "person_2", "Bo")), "and 3 more"),
)


class DetailApp(App[None]):
    """Holds one pane, and remembers what it said."""

    def __init__(self, state: DetailState | None = None, *, tab: Tab = Tab.EVENT, width: int = 44) -> None:
        super().__init__()
        self.asked: list[int] = []
        self.said: list[Recorded] = []
        self._state = state
        self.pane = DetailPane(tab=tab)
        self.pane.styles.width = width

    def compose(self) -> ComposeResult:
        """The pane alone."""
        yield self.pane

    def on_mount(self) -> None:
        """Shows the state the test begins with."""
        if self._state is not None:
            self.show(self._state)
        self.pane.focus()

    def show(self, state: DetailState) -> None:
        """Shows a state; which rows of its history were asked for is remembered."""
        self.pane.show(replace(state, event_at=self._event_at))

    @property
    def body(self) -> LineList:
        """The list all tabs share."""
        return self.query_one(LineList)

    @property
    def top_border(self) -> str:
        """The pane's first line as it stands on the screen."""
        pane = self.query_one(DetailPane)
        return self.screen._compositor.render_strips()[pane.region.y].text

    @property
    def head_lines(self) -> list[str]:
        """The head as it stands on the screen."""
        head = self.query_one(DetailHead)
        return [head.render_line(y).text for y in range(head.size.height)]

    @property
    def body_lines(self) -> list[str]:
        """The body as it stands on the screen."""
        return [self.body.render_line(y).text for y in range(self.body.size.height)]

    @property
    def body_text(self) -> str:
        """The body as words, wherever the lines break."""
        return " ".join(" ".join(self.body_lines).split())

    def _event_at(self, row: int) -> Event:
        self.asked.append(row)
        return make_event(row, entity_id="asset_1")

    def on_detail_pane_history_chosen(self, message: DetailPane.HistoryChosen) -> None:
        """Remembered."""
        self.said.append(Recorded(message))

    def on_detail_pane_related_chosen(self, message: DetailPane.RelatedChosen) -> None:
        """Remembered."""
        self.said.append(Recorded(message))

    def on_detail_pane_tab_shown(self, message: DetailPane.TabShown) -> None:
        """Remembered."""
        self.said.append(Recorded(message))


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Presses keys and lets what they cause happen."""
    await pilot.press(*keys)
    await pilot.pause()

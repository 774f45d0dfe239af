"""The widgets of the main screen, by name."""

from __future__ import annotations

from dataclasses import dataclass

from gumnut_tui.ui.widgets.detail_pane import DetailPane
from gumnut_tui.ui.widgets.event_table import EventTable
from gumnut_tui.ui.widgets.filter_sidebar import FilterSidebar
from gumnut_tui.ui.widgets.histogram import Histogram
from gumnut_tui.ui.widgets.prompt import Prompt
from gumnut_tui.ui.widgets.status_line import StatusLine, TitleLine


@dataclass(frozen=True)
class Panes:
    """What is drawn into; made once, composed by the main screen."""

    table: EventTable
    sidebar: FilterSidebar
    histogram: Histogram
    detail: DetailPane
    title: TitleLine
    status: StatusLine
    prompt: Prompt

"""The incidents, newest first: what each did, what it means now, and what can be restored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import Enum
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from gumnut_tui.domain.incidents import Incident
from gumnut_tui.domain.models import to_us
from gumnut_tui.formatting.cells import cell_width
from gumnut_tui.formatting.escape import fit
from gumnut_tui.formatting.times import clock_time, day_label
from gumnut_tui.report.markdown import markdown_lines
from gumnut_tui.report.model import IncidentEntry, Report
from gumnut_tui.report.sentences import did_words, incident_lines, length_words
from gumnut_tui.ui.widgets.line_list import LineList
from gumnut_tui.ui.widgets.styled_lines import BLANK, INK_OF_TONE, Ink, Page, Row, Span, clip, text_rows, wrap

HINTS = (
    "j k move · enter its events · y copy · w save · R restore command · U undo plan · esc close",
    "enter events · y copy · w save · R restore · U undo · esc close",
    "enter · y · w · R · esc",
)
"""The keys, the longest first."""
ROWS_AROUND = 8
"""Rows of the screen for the border, the words above and below, and a little of what is behind."""
INDENT = 2


class Save(Enum):
    """The list was closed to save what it shows."""

    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Restore:
    """The list was closed to show the command that restores the photos of an incident."""

    incident_id: str
    asset_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Undo:
    """The list was closed to show the plan that brings back what an incident took away."""

    incident: Incident


Answer = Incident | Save | Restore | Undo
"""What the list was closed for: to show the events of an incident, or one of the others."""

Copy = Callable[[str, str], None]
"""Copies a text to the clipboard; the second argument says in a few words what it is."""


@dataclass(frozen=True, slots=True)
class _Choice:
    id: str


class IncidentsScreen(ModalScreen[Answer | None]):
    """Returns the incident whose events are to be shown, what else is wanted of one or of the report, or None.

    `show` may replace the report while it is shown, as when the service has answered what became of the entities.
    """

    DEFAULT_CSS = """
    IncidentsScreen {
        align: center middle;

        & > #incidents {
            width: 104;
            max-width: 96%;
            height: auto;
            background: $surface;
            border: round $border;
            padding: 0 1;
        }
        & LineList { height: auto; }
        & #incidents-as-of { color: $text-muted; height: 1; margin-bottom: 1; }
        & #incidents-hint { color: $text-muted; height: 1; margin-top: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,i,q", "back", "Close", show=False, id="incidents.close"),
        Binding("y", "copy", "Copy the incident as Markdown", show=False, id="incidents.copy"),
        Binding("w", "save", "Save the report", show=False, id="incidents.save"),
        Binding("R", "restore", "Show the restore command", show=False, id="incidents.restore"),
        Binding("U", "undo", "Plan how to get it back", show=False, id="incidents.undo"),
    ]

    def __init__(
        self,
        report: Report,
        *,
        zone: tzinfo,
        now: datetime,
        copy: Copy,
        is_checking: bool = False,
        start: str | None = None,
    ) -> None:
        """`start` is the id of the incident to begin on; without one that is the newest."""
        super().__init__()
        self._start = start
        self._report = report
        self._zone = zone
        self._now = now
        self._copy = copy
        self._is_checking = is_checking

    def compose(self) -> ComposeResult:
        """The box: as of when this is, the incidents, and the keys."""
        with Vertical(id="incidents") as box:
            box.border_title = "Incidents"
            yield Static(id="incidents-as-of", markup=False)
            yield LineList(id="incidents-list", around=ROWS_AROUND)
            yield Static(id="incidents-hint", markup=False)

    def on_mount(self) -> None:
        """Fills the box."""
        self._fill(anew=True)

    def on_resize(self) -> None:
        """The words around the list are chosen by the room there is."""
        self.call_after_refresh(self._fill, anew=False)

    def on_click(self, event: events.Click) -> None:
        """A click beside the box closes it."""
        if event.widget is self:
            self.dismiss(None)

    def show(self, report: Report, *, is_checking: bool = False) -> None:
        """Shows another report; the place in the list is kept."""
        self._report, self._is_checking = report, is_checking
        if self.is_mounted:
            self._fill(anew=False)

    def action_back(self) -> None:
        """Closes the list."""
        self.dismiss(None)

    def action_save(self) -> None:
        """Leaves, to save the report."""
        self.dismiss(Save.REPORT)

    def action_copy(self) -> None:
        """Copies the incident under the cursor, with its list of events."""
        if (entry := self._current()) is not None:
            text = "".join(markdown_lines(self._report.only(entry), self._zone, self._now))
            self._copy(text, "the incident as Markdown")

    def action_restore(self) -> None:
        """Leaves, to show the command that would restore what the incident moved to the trash."""
        entry = self._current()
        if entry is None:
            return
        if not entry.restorable:
            self.notify("None of its photos is in the trash.", severity="warning", markup=False)
            return
        ids = tuple(photo.asset_id for photo in entry.restorable)
        self.dismiss(Restore(entry.summary.incident.id, ids))

    def action_undo(self) -> None:
        """Leaves, to show the plan that brings back what the incident took away."""
        if (entry := self._current()) is not None:
            self.dismiss(Undo(entry.summary.incident))

    @on(LineList.Picked)
    def _picked(self, message: LineList.Picked) -> None:
        message.stop()
        if (entry := self._current()) is not None:
            self.dismiss(entry.summary.incident)

    def _current(self) -> IncidentEntry | None:
        choice = self.query_one(LineList).choice
        entries = self._report.incidents
        return next((one for one in entries if _Choice(one.summary.incident.id) == choice), None)

    def _fill(self, *, anew: bool) -> None:
        rows = self.query_one(LineList)
        rows.show(self._page, anew=anew)
        if len(rows.page.rows) != rows.size.height:
            # As high as its lines: there may be more than before.
            rows.refresh(layout=True)
        width = rows.size.width or self.size.width
        self.query_one("#incidents-as-of", Static).update(clip(self._as_of(), width))
        fitting = (hint for hint in HINTS if cell_width(hint) <= width)
        self.query_one("#incidents-hint", Static).update(next(fitting, HINTS[-1]))

    def _as_of(self) -> str:
        if self._is_checking:
            return "checking what became of it…"
        asked = "as last known" if self._report.heading.is_offline else "as of"
        us = to_us(self._report.heading.as_of)
        scope = self._report.heading.scope
        scope = f" · {scope[:1].lower()}{scope[1:]}" if scope else ""
        return f"{asked} {day_label(us, self._zone, self._now)} {clock_time(us, self._zone)}{scope}"

    def _page(self, width: int) -> Page:
        entries = self._report.incidents
        if not entries:
            words = "No incidents: nothing was deleted, trashed, removed or moved away in a burst."
            return Page(list(text_rows(words, width, Ink.MUTED)))
        rows = [row for entry in entries for row in (*_rows(entry, width, self._zone, self._now), BLANK)]
        start = next((at for at, row in enumerate(rows) if row.choice == _Choice(self._start or "")), 0)
        return Page(rows[:-1], picks=True, start=start)


def _rows(entry: IncidentEntry, width: int, zone: tzinfo, now: datetime) -> Iterator[Row]:
    incident = entry.summary.incident
    when = f"{day_label(incident.first_us, zone, now)} {clock_time(incident.first_us, zone)}"
    if incident.last_us // 1_000_000 > incident.first_us // 1_000_000:
        when += f"–{clock_time(incident.last_us, zone)}"
    told = f"{len(entry.restorable):,} recoverable" if entry.restorable else ""
    room = max(1, width - cell_width(told))
    yield Row((Span(fit(when, room), Ink.HEADING), Span(told, Ink.WARNING)), _Choice(incident.id))
    worst = INK_OF_TONE[(entry.photos or entry.statuses)[0][0].tone] if entry.statuses else Ink.TEXT
    for line in wrap(f"{did_words(entry.summary)} {length_words(incident)}", width - INDENT):
        yield Row((Span(" " * INDENT), Span(line, worst)))
    for label, value in incident_lines(entry):
        yield from _labelled(label, value, width)


def _labelled(label: str, value: str, width: int) -> Iterator[Row]:
    first, *more = wrap(f"{label}: {value}", width - INDENT)
    cut = min(len(label) + 2, len(first))
    yield Row((Span(" " * INDENT), Span(first[:cut], Ink.LABEL), Span(first[cut:])))
    for line in more:
        yield Row((Span(" " * INDENT), Span(line)))

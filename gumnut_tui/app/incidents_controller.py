"""Incidents on the screen: which rows belong to one, the list of them, and what becomes of the one chosen."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gumnut_tui.app.search import more_to_read
from gumnut_tui.app.services import Services
from gumnut_tui.domain.errors import GumnutError, explain
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.incidents import IncidentRules, StoreIncidents
from gumnut_tui.domain.models import from_us
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.quantities import plural
from gumnut_tui.formatting.times import date_time, zone_name
from gumnut_tui.store.event_store import EventStore
from gumnut_tui.usecases import export_events
from gumnut_tui.usecases.whole_file import save_whole
from gumnut_tui.usecases.write_report import report_chunks

if TYPE_CHECKING:
    from gumnut_tui.app.library_controller import LibraryController
    from gumnut_tui.app.main_screen import MainScreen
    from gumnut_tui.config.settings import Settings
    from gumnut_tui.report.aftermath import Aftermath
    from gumnut_tui.report.build import Choice, Heading
    from gumnut_tui.report.model import Report

SLICE = 2_000
"""Events taken in before keys are heard again."""
REPORT_FORMATS = ("md", "html", "csv", "jsonl")


class IncidentRows:
    """The rows of a store that belong to an incident, kept current as it grows."""

    def __init__(self, rules: IncidentRules) -> None:
        self._rules = rules
        self._store: EventStore | None = None
        self._incidents: StoreIncidents | None = None

    def __contains__(self, row: object) -> bool:
        return isinstance(row, int) and self._incidents is not None and self._incidents.of_row(row) is not None

    def refresh(self, store: EventStore) -> bool:
        """Take in what the store has gained; returns whether rows may belong to other incidents now."""
        if self._incidents is None or store is not self._store:
            self._store, self._incidents = store, StoreIncidents(store, self._rules)
        return self._incidents.refresh()


@dataclass
class IncidentsController:
    """Shows the incidents among the events read of the chosen range."""

    screen: MainScreen
    services: Services
    settings: Settings
    report: Report | None = None
    """The last one shown, to be saved."""

    async def show(self, library: LibraryController) -> None:
        """The list at once; what became of it all when the service has been asked."""
        from gumnut_tui.report.build import compose
        from gumnut_tui.report.known_entities import Known
        from gumnut_tui.ui.screens.incident_list import IncidentsScreen, Save

        choice, fates = await self._choose(library)
        known = Known(fates)
        memory = library.reading.memory
        if memory is not None:
            await known.recall(choice.judged, memory)
        wanted, heading = EventFilter(), self._heading(library)
        is_offline = library.reading.is_offline
        self.report = compose(choice, wanted, known, heading)
        view = IncidentsScreen(
            self.report,
            zone=self.screen.zone,
            now=self.services.clock(),
            copy=self.screen.take_away.copy,
            is_checking=not is_offline,
        )

        async def check() -> None:
            try:
                await known.read(choice.judged, library.reading.client, library.reading.library_id, memory)
            except GumnutError as error:
                self.screen.notify(visible(explain(error).what, 300), severity="warning", markup=False)
            self.report = compose(choice, wanted, known, self._heading(library))
            view.show(self.report)

        checking = None if is_offline else asyncio.create_task(check())
        try:
            answer = await self.screen.app.push_screen_wait(view)
        finally:
            if checking is not None:
                checking.cancel()
                await asyncio.gather(checking, return_exceptions=True)
        if answer is Save.REPORT:
            name = f"gumnut-deletions-{self.services.clock():%Y-%m-%d}.html"
            await self.screen.panes.prompt.ask("report", "Save report as (.html .md .csv .jsonl)", name)
        elif answer is not None:
            library.show_span(answer.filter)

    async def _choose(self, library: LibraryController) -> tuple[Choice, Aftermath]:
        from gumnut_tui.report.build import TELLING, Material, choose

        chosen = library.reading.range
        span = EventFilter(operations=TELLING, since_us=chosen.since_us, until_us=chosen.until_us)
        rows = list(library.store.view(span))
        material = Material(self.settings.incident_rules)
        for start in range(0, len(rows), SLICE):
            material.take([library.store.event(row) for row in rows[start : start + SLICE]])
            await asyncio.sleep(0)
        return choose(material, EventFilter()), material.fates

    def _heading(self, library: LibraryController) -> Heading:
        from gumnut_tui.report.build import Heading

        reading = library.reading
        since_us, zone = reading.range.since_us, self.screen.zone
        since = "the beginning" if since_us is None else date_time(since_us, zone)
        unread = ", as far as they were read" if more_to_read(reading.feed) else ""
        as_of = self.services.clock()
        if reading.is_offline and reading.link is not None:
            as_of = from_us(reading.link.record.synced_us or reading.link.record.began_us)
        return Heading(
            reading.library_id,
            reading.library.name if reading.library else "",
            f"Events from {since} ({visible(zone_name(zone, as_of))}){unread}",
            as_of,
            reading.is_offline,
            self.settings.retention_period,
            reading.client.base_url,
        )

    def save(self, name: str, *, replace: bool) -> None:
        """Save the report shown last; raises `UsageProblem` for a name that cannot be, or is not to be replaced."""
        from gumnut_tui.report.writers.terminal import ListStyle

        report = self.report
        if report is None or not name:
            return
        path, form = export_events.writable_path(name, REPORT_FORMATS, replace=replace)
        save_whole(path, report_chunks(report, form, ListStyle(self.screen.zone, self.services.clock())))
        self.screen.notify(f"Saved {plural(len(report.findings), 'event')} in {visible(str(path), 200)}", markup=False)

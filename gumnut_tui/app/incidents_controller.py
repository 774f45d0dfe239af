"""Incidents on the screen: their list, and the events of the one chosen."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from gumnut_tui.app.filter_controller import FilterController
from gumnut_tui.app.library_controller import LibraryController
from gumnut_tui.app.open_library import OpenLibrary
from gumnut_tui.app.ports import Ports, Question
from gumnut_tui.domain.errors import GumnutError, explain
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import from_us
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.quantities import plural
from gumnut_tui.formatting.times import date_time, zone_name
from gumnut_tui.report.formats import FORMATS, report_chunks
from gumnut_tui.usecases import export
from gumnut_tui.usecases.export import save_output

if TYPE_CHECKING:
    from gumnut_tui.report.build import Choice
    from gumnut_tui.report.known_entities import Aftermath
    from gumnut_tui.report.model import Heading, Report

SLICE = 2_000
"""Events taken in before keys are handled again."""
REPORT_FORMATS = tuple(form for form in FORMATS if form != "table")


class IncidentsController:
    """Shows the incidents among the events read of the chosen range."""

    def __init__(self, library: LibraryController, filters: FilterController, ports: Ports) -> None:
        self._library = library
        self._filters = filters
        self._ports = ports
        self._report: Report | None = None
        """The last report shown, to be saved."""

    def show(self) -> None:
        """List the bursts of destructive events."""
        self._ports.run(self._show, "dialogue")

    async def _show(self) -> None:
        """The list at once; what became of the entities once the service has answered."""
        from gumnut_tui.report.build import compose
        from gumnut_tui.report.known_entities import Known
        from gumnut_tui.ui.screens.incident_list import IncidentsScreen, Save

        opened = self._library.opened
        context, memory = opened.context, opened.memory
        choice, fates = await self._choose(opened)
        known = Known(fates)
        if memory is not None:
            await known.recall(choice.judged, memory)
        wanted, heading = EventFilter(), self._heading(opened)
        self._report = compose(choice, wanted, known, heading)
        view = IncidentsScreen(
            self._report,
            zone=context.zone.now(),
            now=context.services.clock(),
            copy=self._ports.copy,
            is_checking=not context.is_offline,
        )

        async def check() -> None:
            try:
                await known.read(choice.judged, context.client, context.library_id, memory)
            except GumnutError as error:
                self._ports.notify(visible(explain(error).what, 300), severity="warning")
            self._report = compose(choice, wanted, known, self._heading(opened))
            view.show(self._report)

        checking = None if context.is_offline else asyncio.create_task(check())
        try:
            answer = await self._ports.show(view)
        finally:
            if checking is not None:
                checking.cancel()
                await asyncio.gather(checking, return_exceptions=True)
        if answer is Save.REPORT:
            name = f"gumnut-deletions-{context.services.clock():%Y-%m-%d}.html"
            await self._ports.ask(
                Question("report", f"Save report as (.{' .'.join(REPORT_FORMATS)})", self._save, name)
            )
        elif answer is not None:
            self._filters.show_only(answer.filter)

    async def _choose(self, opened: OpenLibrary) -> tuple[Choice, Aftermath]:
        from gumnut_tui.report.build import TELLING, Material, choose

        store = opened.event_list.store
        span = EventFilter(operations=TELLING, since_us=opened.range.since_us, until_us=opened.range.until_us)
        rows = list(store.view(span))
        material = Material(opened.context.settings.incident_rules)
        for start in range(0, len(rows), SLICE):
            material.take([store.event(row) for row in rows[start : start + SLICE]])
            await asyncio.sleep(0)
        return choose(material, EventFilter()), material.fates

    def _heading(self, opened: OpenLibrary) -> Heading:
        from gumnut_tui.report.model import Heading

        context = opened.context
        since_us, zone = opened.range.since_us, context.zone.now()
        since = "the beginning" if since_us is None else date_time(since_us, zone)
        unread = ", only what was read so far" if opened.event_list.more_to_read else ""
        as_of = context.services.clock()
        if context.is_offline and context.link is not None:
            as_of = from_us(context.link.record.synced_us or context.link.record.began_us)
        return Heading(
            context.library_id,
            context.library.name if context.library else "",
            f"Events from {since} ({visible(zone_name(zone, as_of))}){unread}",
            as_of,
            context.is_offline,
            context.settings.retention_period,
            context.client.base_url,
        )

    def _save(self, name: str, again: bool) -> None:
        from gumnut_tui.report.terminal import ListStyle

        report = self._report
        if report is None or not name:
            return
        context = self._library.opened.context
        path, form = export.writable_path(name, REPORT_FORMATS, replace=again)
        style = ListStyle(context.zone.now(), context.services.clock())
        save_output(path, report_chunks(report, form, style, bom=context.settings.csv_bom), waits=False)
        self._ports.notify(f"Saved {plural(len(report.findings), 'event')} in {visible(str(path), 200)}")

"""Incidents on the screen: their list, and the events of the one chosen."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from gumnut_tui.app.filter_controller import FilterController
from gumnut_tui.app.headings import heading_of
from gumnut_tui.app.library_controller import LibraryController
from gumnut_tui.app.open_library import ChosenRange, OpenLibrary
from gumnut_tui.app.ports import Ports, Question
from gumnut_tui.app.restore_controller import RestoreController
from gumnut_tui.app.undo_controller import UndoController
from gumnut_tui.app.unread import Unread
from gumnut_tui.domain.errors import GumnutError, explain
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.quantities import plural
from gumnut_tui.report.formats import FORMATS, report_chunks
from gumnut_tui.usecases import export
from gumnut_tui.usecases.export import save_output

if TYPE_CHECKING:
    from gumnut_tui.report.build import Choice
    from gumnut_tui.report.known_entities import Known
    from gumnut_tui.report.model import Report
    from gumnut_tui.ui.screens.incident_list import Answer, IncidentsScreen

SLICE = 2_000
"""Events taken in before keys are handled again."""
REPORT_FORMATS = tuple(form for form in FORMATS if form != "table")


REFRESH_SECONDS = 0.5
"""Between two looks at what was read on for the list."""


class _Shown(NamedTuple):
    """An incident whose events are shown, and the range and filter that show them."""

    incident_id: str
    state: tuple[ChosenRange, EventFilter]


class IncidentsController:
    """Shows the incidents among the events read of the chosen range."""

    def __init__(
        self,
        library: LibraryController,
        filters: FilterController,
        restore: RestoreController,
        undo: UndoController,
        ports: Ports,
    ) -> None:
        self._library = library
        self._restore = restore
        self._undo = undo
        self._filters = filters
        self._ports = ports
        self._report: Report | None = None
        """The last report shown, to be saved."""
        self._shown: _Shown | None = None
        """The incident whose events were opened last."""

    def show(self) -> None:
        """List the bursts of destructive events."""
        self._ports.run(self._show, "dialogue")

    def go_back(self) -> bool:
        """From the events of an incident, back to the list, over the range and filter before; False elsewhere."""
        opened, shown = self._library.opened, self._shown
        if shown is None or shown.state != (opened.range, opened.event_list.filter):
            return False
        self._filters.step_history(-1)
        self._ports.run(partial(self._show, shown.incident_id), "dialogue")
        return True

    async def _show(self, start: str | None = None) -> None:
        """The list at once; what became of the entities when the service has answered, and older ones as they come."""
        from gumnut_tui.report.known_entities import Aftermath, Known
        from gumnut_tui.ui.screens.incident_list import IncidentsScreen

        self._shown = None
        opened = self._library.opened
        await opened.has_opened.wait()
        context, known = opened.context, Known(Aftermath())
        choice = await self._choose(opened, known)
        report = self._report = self._composed(opened, choice, known)
        view = IncidentsScreen(
            report,
            zone=context.zone.now(),
            now=context.services.clock(),
            copy=self._ports.copy,
            is_checking=not context.is_offline,
            start=start,
        )
        opened.reads_on = True
        opened.want_more()
        following = asyncio.create_task(self._follow(opened, choice, known, view))
        try:
            answer = await self._ports.show(view)
        finally:
            opened.reads_on = False
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
        await self._answered(answer)

    async def _answered(self, answer: Answer | None) -> None:
        """Save the report, show the command or the plan that was asked for, or the events of an incident."""
        from gumnut_tui.ui.screens.incident_list import Restore, Save, Undo

        if answer is Save.REPORT:
            name = f"gumnut-deletions-{self._library.opened.context.services.clock():%Y-%m-%d}.html"
            await self._ports.ask(
                Question("report", f"Save report as (.{' .'.join(REPORT_FORMATS)})", self._save, name)
            )
        elif isinstance(answer, Restore):
            if not await self._restore.show(answer.asset_ids):
                await self._show(answer.incident_id)
        elif isinstance(answer, Undo):
            if not await self._undo.incident(answer.incident):
                await self._show(answer.incident.id)
        elif answer is not None:
            self._filters.show_only(answer.filter)
            now = self._library.opened
            self._shown = _Shown(answer.id, (now.range, now.event_list.filter))

    async def _follow(self, opened: OpenLibrary, choice: Choice, known: Known, view: IncidentsScreen) -> None:
        """Ask what became of the entities, while the rest of the range is read, and show both as it comes.

        Of a service that does not answer that is told once, and it is asked again.
        """
        context, loaded = opened.context, opened.event_list.loaded
        unread, is_told = Unread(context.services.clock), False
        while True:
            try:
                if not context.is_offline and not unread.is_pending:
                    await known.read(choice.judged, context.client, context.library_id, opened.memory)
            except GumnutError as error:
                unread.failed()
                if not is_told:
                    self._ports.notify(visible(explain(error).what, 300), severity="warning")
                is_told = True
            self._report = self._composed(opened, choice, known)
            view.show(self._report)
            while opened.event_list.loaded == loaded and not unread.is_due(opened.poller.state):
                if not opened.event_list.more_to_read and not unread.is_pending:
                    return
                await context.services.sleep(REFRESH_SECONDS)
            loaded = opened.event_list.loaded
            choice = await self._choose(opened, known)

    def _composed(self, opened: OpenLibrary, choice: Choice, known: Known) -> Report:
        from gumnut_tui.report.build import compose

        return compose(choice, EventFilter(), known, heading_of(opened))

    async def _choose(self, opened: OpenLibrary, known: Known) -> Choice:
        """The destructive events read so far; what events and journal tell of them is known from then on."""
        from gumnut_tui.report.build import TELLING, Material, choose

        store = opened.event_list.store
        span = EventFilter(operations=TELLING, since_us=opened.range.since_us, until_us=opened.range.until_us)
        rows = list(store.view(span))
        material = Material(opened.context.settings.incident_rules)
        for start in range(0, len(rows), SLICE):
            material.take([store.event(row) for row in rows[start : start + SLICE]])
            await asyncio.sleep(0)
        choice = choose(material, EventFilter())
        known.fates = material.fates
        if opened.memory is not None:
            await known.recall(choice.judged, opened.memory)
        return choice

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

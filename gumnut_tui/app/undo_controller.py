"""Plans that bring back what was lost: for an event, an action, an incident, marked rows or all rows shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from gumnut_tui.app.library_controller import LibraryController
from gumnut_tui.app.ports import Ports
from gumnut_tui.app.text_viewer import show_text
from gumnut_tui.domain.errors import GumnutError, explain
from gumnut_tui.domain.incidents import Incident
from gumnut_tui.domain.models import UNDOABLE, Event, Operation
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.quantities import plural
from gumnut_tui.formatting.times import date_time, zone_name

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from gumnut_tui.api.client import Client
    from gumnut_tui.app.open_library import LibraryContext
    from gumnut_tui.undo.plan import Plan
    from gumnut_tui.usecases.reading import LibraryReading

MOST_ROWS = 20_000
"""Rows shown, up to which a plan is made for all of them."""
WORDS = (
    "This program only reads. w saves the plan as a script: run it with the official SDK (gumnut-sdk) and a key in "
    "GUMNUT_API_KEY that may write. Without --yes it only checks. Photos deleted for good may still lie on a disk: "
    "`gumnut-tui undo --copies FOLDER` looks."
)
FORMS = (("preview", "table", "txt"), ("Python", "python", "py"), ("Markdown", "md", "md"), ("JSON", "jsonl", "jsonl"))
"""The forms of a plan: name, format, and the usual ending of a file."""

Choice = tuple[str, Sequence[Event]]


class UndoController:
    """Makes a plan and shows it, to be saved or copied."""

    def __init__(self, library: LibraryController, ports: Ports) -> None:
        self._library = library
        self._ports = ports

    def ask(self) -> None:
        """Ask which events are meant, if that is not clear, and show the plan."""
        self._ports.run(self._ask, "dialogue")

    async def _ask(self) -> None:
        near = [choice for choice in self._near() if choice[1]]
        shown = list(self._shown())
        choices = [*near, (f"all rows shown, {plural(len(shown), 'event')}", shown)] if shown else near
        if not choices:
            self._ports.say("nothing here was taken away or changed, so there is nothing to undo")
            return
        # All that is shown is never taken for what is under the cursor.
        chosen = choices[0] if len(near) == len(choices) == 1 else await self._choose(choices)
        if chosen is not None:
            await self._show(*chosen)

    async def _choose(self, choices: Sequence[Choice]) -> Choice | None:
        return await self._ports.choose("Undo", [(label, "", (label, events)) for label, events in choices])

    async def incident(self, incident: Incident) -> bool:
        """Show the plan for an incident; returns whether a name for its file is being asked for."""
        return await self._show("the incident", self._of(incident))

    def _near(self) -> Iterator[Choice]:
        """What the marks or the cursor may mean."""
        library = self._library
        marked, selected = library.selection.marked_events(), library.selection.event()
        if marked:
            events = [event for event in marked if event.operation in UNDOABLE]
            yield plural(len(events), "marked event"), events
        action = library.selection.action()
        if action is not None:
            rows = library.event_list.rows_of(action)
            yield "this action", [event for event in map(library.store.event, rows) if event.operation in UNDOABLE]
        elif selected is not None:
            yield "this event", [selected] if selected.operation in UNDOABLE else []
        incident = library.selection.incident()
        if incident is not None:
            events = self._of(incident)
            yield f"its incident, {plural(len(events), 'event')}", events

    def _shown(self) -> Iterator[Event]:
        """The destructive events shown; changes of fields are undone where they are chosen one by one."""
        library = self._library
        rows = library.event_list.rows
        for index in range(min(len(rows), MOST_ROWS)):
            event = library.store.event(rows[index])
            if event.operation.is_destructive:
                yield event

    def _of(self, incident: Incident) -> list[Event]:
        store = self._library.store
        return [store.event(row) for row in store.view(incident.filter)]

    async def _show(self, label: str, events: Sequence[Event]) -> bool:
        from gumnut_tui.ui.screens.text_screen import Form
        from gumnut_tui.undo.forms import plan_chunks

        context = self._library.opened.context
        self._ports.say("making a plan…", about="undo", seconds=None)
        try:
            plan = await self._plan(events)
        except GumnutError as error:
            self._ports.notify(visible(explain(error).what, 300), severity="warning")
            return False
        finally:
            self._ports.unsay("undo")
        zone, now = context.zone.now(), context.services.clock()
        forms = [
            Form(name, b"".join(plan_chunks(plan, form, zone, now)).decode(), ending) for name, form, ending in FORMS
        ]
        stem = f"gumnut-undo-{now:%Y-%m-%d}"
        title = f"Undo {label}"
        return await show_text(self._ports, title, WORDS, forms, stem, offered="py" if plan.acting else None)

    async def _plan(self, events: Sequence[Event]) -> Plan:
        from gumnut_tui.usecases.undo import Planner, plan_heading

        context = self._library.opened.context
        reading = await _reading(context)
        scope = _scope(events, context.zone.now(), context.services.clock())
        heading = await plan_heading(reading, scope, context.client.base_url)
        planner = Planner(reading, partial(self._ports.say, about="undo", seconds=None))
        changes = any(event.operation is Operation.UPDATED for event in events)
        return await planner.plan(events, heading, changes=changes)


def _scope(events: Sequence[Event], zone: tzinfo, now: datetime) -> str:
    """Which events a plan is for, in words that still say so in a file weeks later."""
    times = [event.created_at_us for event in events]
    span = " to ".join(dict.fromkeys(date_time(at, zone) for at in (min(times), max(times))))
    return f"{plural(len(times), 'event')} of {span} ({visible(zone_name(zone, now))})"


async def _reading(context: LibraryContext) -> LibraryReading:
    """The library as commands read it, with its journal as far as that is complete."""
    from datetime import timedelta

    from gumnut_tui.feed.sync import Reads
    from gumnut_tui.usecases.journals import JournalLink
    from gumnut_tui.usecases.reading import LibraryReading, OpenedLibrary, Terms

    link = context.link
    if link is not None:
        # What was read since it was opened is in the journal, and not in this record.
        record = await link.journal.find(link.record.key)
        link = None if record is None or record.synced_us is None else JournalLink(link.journal, record)
    # What is not offline is a client of the service.
    service = None if context.is_offline else cast("Client", context.client)
    terms = Terms(
        clock=context.services.clock,
        slack=timedelta(seconds=context.settings.slack),
        entities=Reads.LATER,
        tell=lambda _words: None,
    )
    return LibraryReading.of(OpenedLibrary(service, context.library, link), terms, others=context.others)

"""Shows what an entity was as of an event of its history, from the journal."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from gumnut_tui.app.detail_controller import DetailController
from gumnut_tui.app.library_controller import LibraryController
from gumnut_tui.app.ports import Ports
from gumnut_tui.app.subject import Subject
from gumnut_tui.domain.errors import JournalProblem, explain
from gumnut_tui.domain.kinds import KINDS
from gumnut_tui.domain.models import Entity, Event, to_us
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.times import moment_words

if TYPE_CHECKING:
    from gumnut_tui.journal.records import Snapshot
    from gumnut_tui.report.then_and_now import ThenAndNow
    from gumnut_tui.usecases.journals import JournalLink

LONGEST_NAME = 40


class PastController:
    """Opens an event of the history that the detail pane shows."""

    def __init__(
        self, library: LibraryController, details: DetailController, ports: Ports, go_to: Callable[[int], object]
    ) -> None:
        """`go_to` shows an event in the table, by its row in the store."""
        self._library = library
        self._details = details
        self._ports = ports
        self._go_to = go_to

    def open(self, row: int) -> None:
        """Show the subject as of this event; without a journal that knows it, the event in the table."""
        subject, link = self._details.subject, self._library.opened.context.link
        if subject is None or subject.kind not in KINDS or link is None or not link.is_complete:
            self._go_to(row)
            return
        self._ports.run(partial(self._show, subject, link, row), "dialogue")

    async def _show(self, subject: Subject, link: JournalLink, row: int) -> None:
        from gumnut_tui.ui.screens.past_screen import PastScreen

        event, context = self._library.store.event(row), self._library.opened.context
        self._ports.say("looking into the journal…", about="past", seconds=None)
        try:
            compared = await self._compared(subject, link, event)
        except JournalProblem as problem:
            self._ports.notify(visible(explain(problem).what, 300), severity="warning")
            return
        finally:
            self._ports.unsay("past")
        when = moment_words(event.created_at_us, context.zone.now(), context.services.clock())
        name = visible(self._details.state.title, LONGEST_NAME)
        if await self._ports.show(PastScreen(f"{name} as of {when}", compared)):
            self._go_to(row)

    async def _compared(self, subject: Subject, link: JournalLink, event: Event) -> ThenAndNow:
        from gumnut_tui.report.as_of import as_of
        from gumnut_tui.report.then_and_now import then_and_now
        from gumnut_tui.usecases.history import gather_history, names_in

        context = self._library.opened.context
        now = context.services.clock()
        state = self._details.state
        answer = state.entity if self._details.subject == subject else None
        seen = [] if answer is None or answer.entity is None else [_sight(answer.entity)]
        history = await gather_history(link.journal, link.record, [(subject.kind, subject.id)], seen)
        then = as_of(history, subject.kind, subject.id, event.created_at_us)
        later = as_of(history, subject.kind, subject.id, max(to_us(now), event.created_at_us))
        name = await names_in(link.journal, link.record, then.mentioned | later.mentioned)
        return then_and_now(then, later, answer, zone=context.zone.now(), now=now, name=name)


def _sight(entity: Entity) -> Snapshot:
    """What the service just answered, which the journal may not hold yet."""
    from gumnut_tui.journal.records import Snapshot

    return Snapshot(entity.kind, entity.id, entity.read_at, entity.read_at, entity.fields)

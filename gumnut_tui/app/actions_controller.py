"""Actions in place of single events: found a step at a time as events are read, shown, unfolded, and described."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Protocol

from gumnut_tui.app.action_rows import Grouping, event_row
from gumnut_tui.app.event_list import EventList, ScreenRows
from gumnut_tui.app.open_library import OpenLibrary
from gumnut_tui.app.pane_presenter import PanePresenter
from gumnut_tui.app.ports import NAMES, Background, Job, Notices
from gumnut_tui.app.row_presenter import RowPresenter
from gumnut_tui.app.view_state import unread_names_words
from gumnut_tui.domain.errors import GumnutError
from gumnut_tui.formatting.times import day_label

if TYPE_CHECKING:
    from gumnut_tui.domain.actions import Action

ACTIONS_A_SLICE = 20
"""Actions summed up before keys are handled again."""
STEPS_SHOWN = 25
"""Steps of finding actions, of a few milliseconds each, between two redraws."""


class Work(Background, Notices, Protocol):
    """The ports needed here."""


class ActionsController:
    """Groups the events of the library that is open, while actions are shown."""

    def __init__(
        self,
        library: OpenLibrary,
        rows: RowPresenter,
        presenter: PanePresenter,
        ports: Work,
        found: Callable[[], None],
    ) -> None:
        """Group `library` until `reset` names another one; `found` is called when all actions of what was read show."""
        self._library = library
        self._rows = rows
        self._table = rows.table
        self._presenter = presenter
        self._ports = ports
        self._found = found
        self._is_due = False
        self._job: Job | None = None
        self._anchor: int | None = None
        """The row beside which actions are shown, once they are found."""
        self._whole: Grouping | None = None
        """Of these all actions were found before: what is more later is new."""

    def reset(self, library: OpenLibrary) -> None:
        """Group the events of this library from now on."""
        self._library = library
        self._anchor = None
        self._presenter.show_day()

    @property
    def is_busy(self) -> bool:
        """Actions are being found."""
        return self._job is not None

    @property
    def _list(self) -> EventList:
        return self._library.event_list

    # Finding

    def find(self, anchor: int | None) -> None:
        """Find the actions of what was read, and show them beside the row `anchor`, or where the cursor is."""
        self._is_due = True
        self._anchor = anchor if anchor is not None else self._anchor
        if self._job is None:
            self._job = self._ports.run(self._find, "actions", exclusive=False)

    async def _find(self) -> None:
        try:
            while self._is_due:
                self._is_due = False
                event_list = self._list
                for step, _ in enumerate(event_list.group_steps(), 1):
                    await asyncio.sleep(0)
                    if event_list is not self._list or self._is_due:
                        break
                    if step % STEPS_SHOWN == 0:
                        self._show()
                self._show()
                self._whole = self._list.grouping if not self._is_due else self._whole
                self._found()
                await self._sum_up_day()
        finally:
            self._job = None

    def _show(self) -> None:
        table, event_list = self._table, self._list
        if event_list.grouping is None:
            return
        anchor, self._anchor = self._anchor, None
        before, row = event_list.lines, table.cursor_row if anchor is None else anchor
        event_list.regroup()
        if anchor is None and table.is_grouped and not table.following:
            self._rows.show_again(before, are_new=self._whole is event_list.grouping)
        else:
            is_live = anchor is None and table.following
            self._rows.show(None if is_live or row is None else event_list.lines.nearest(row))
        table.refresh_rows()

    async def _sum_up_day(self) -> None:
        """Sum up the newest day that is shown."""
        lines, grouping = self._list.lines, self._list.grouping
        if grouping is None or isinstance(lines, ScreenRows) or not lines.shown:
            self._presenter.show_day()
            return
        from gumnut_tui.formatting.action_cells import DayTally

        context, tally = self._library.context, DayTally()
        zone, now = context.zone.now(), context.services.clock()
        day = day_label(lines.shown[-1].first_us, zone, now)
        for number, action in enumerate(reversed(lines.shown), 1):
            if day_label(action.first_us, zone, now) != day:
                break
            tally.take(action, grouping.actions.kinds(action))
            if number % ACTIONS_A_SLICE == 0:
                await asyncio.sleep(0)
        if grouping is self._list.grouping:
            self._presenter.show_day(day, tally.parts())

    # Folding

    def fold(self, row: int, *, unfold: bool) -> None:
        """Show the events of an action, or fold them away; the action is selected then."""
        event_list = self._list
        if event_list.grouping is not None:
            event_list.grouping.toggle(row, unfold=unfold)
            event_list.regroup()
            self._rows.show(event_list.lines.index_of(~event_row(row)))

    # Describing

    def in_sight(self, rows: Sequence[int]) -> None:
        """Read what these actions did, from the top on, and show it as soon as it is known."""
        actions = [action for row in rows if (action := self._list.action_of(row)) is not None]
        if actions:
            self._ports.run(partial(self._describe, self._library, actions), "action facts")

    async def _describe(self, library: OpenLibrary, actions: Sequence[Action]) -> None:
        services = library.context.services
        await services.sleep(services.settle)
        await library.rest()
        for action in actions:
            if library is not self._library or (describer := library.describer) is None:
                return
            try:
                await describer.read(action)
            except GumnutError as error:
                self._ports.say(unread_names_words(error), about=NAMES, seconds=None)
                return
            self._ports.unsay(NAMES)
            self._table.refresh_rows()

"""Names of the rows that rest in sight: what the journal has at once, the rest from the service."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Protocol

from gumnut_tui.app.open_library import OpenLibrary
from gumnut_tui.app.ports import NAMES, Background, Notices
from gumnut_tui.app.services import Services
from gumnut_tui.app.unread import Unread
from gumnut_tui.app.view_state import unread_names_words
from gumnut_tui.domain.errors import GumnutError
from gumnut_tui.domain.models import Event
from gumnut_tui.feed.poller import PollState


class Work(Background, Notices, Protocol):
    """The ports needed here."""


class NamesController:
    """Reads the names of rows in sight, once they have rested there."""

    def __init__(self, ports: Work, services: Services, learnt: Callable[[], Awaitable[None]]) -> None:
        """`learnt` is called when more names are known than before."""
        self._ports = ports
        self._services = services
        self._learnt = learnt
        self._unread = Unread(services.clock)

    def in_sight(self, library: OpenLibrary, events: Sequence[Event]) -> None:
        """These are in view, and those before them no longer."""
        # During the pause the feed may be read again, and the row numbers then change: hence events.
        self._ports.run(partial(self._read, library, events), "names")

    def are_due(self, state: PollState) -> bool:
        """Whether names that could not be read are to be asked for again, now that the feed is in this state."""
        return self._unread.is_due(state)

    async def _read(self, library: OpenLibrary, events: Sequence[Event]) -> None:
        await self._services.sleep(self._services.settle)
        try:
            # What the journal knows waits for no service, whether that is fast or does not answer.
            if await library.names.remember(events):
                await self._learnt()
            await library.rest()
            await library.names.resolve(events)
        except GumnutError as error:
            self._say_unread(error)
        else:
            self._ports.unsay(NAMES)
        await self._learnt()

    def _say_unread(self, error: GumnutError) -> None:
        # It is over when they can be read, which is tried again in a while, and with every row that comes in sight.
        self._unread.failed()
        self._ports.say(unread_names_words(error), about=NAMES, seconds=None)

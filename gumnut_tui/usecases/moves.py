"""Where photos were moved to, or came from: as the feeds of the account's other libraries tell it.

A move leaves an event in each of two feeds, at about the same time, and neither names the other library (API, 5.6).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gumnut_tui.domain.actions import EARLY, Action, Family
from gumnut_tui.domain.errors import Forbidden, NotFound
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Library, from_us
from gumnut_tui.domain.ports import EventQuery, EventSource, Others
from gumnut_tui.formatting.escape import visible
from gumnut_tui.usecases.account import listed_libraries
from gumnut_tui.usecases.journals import JournalLink, title
from gumnut_tui.usecases.reading import parts

if TYPE_CHECKING:
    from gumnut_tui.api.client import Client

COUNTERPARTS = {Family.MOVED_OUT: "asset_moved_in", Family.MOVED_IN: "asset_moved_out"}
"""The event that a move leaves in the other feed, by that which it leaves here."""
MOST_LIBRARIES = 8
"""Libraries whose feeds are read for one action."""
MOST_PAGES = 3
"""Pages read of each: what happened there meanwhile."""

Elsewhere = Callable[[Action, Collection[str]], Awaitable[str]]
"""Finds the escaped name of the library that the photos of an action went to or came from; empty if it is not known."""


async def nowhere(_action: Action, _photos: Collection[str]) -> str:
    """Knows of no other library."""
    return ""


class ListedOnce:
    """Lists the libraries of an account but one; asks no more than once."""

    def __init__(self, client: Client, library_id: str | None) -> None:
        """Without an id there is only one library that matters, so there are no others."""
        self._client = client
        self._library_id = library_id
        self._listed: Sequence[Library] | None = None

    async def __call__(self) -> Sequence[Library]:
        if self._listed is None:
            listed = await listed_libraries(self._client, "all") if self._library_id else ()
            self._listed = [library for library in listed or () if library.id not in ("", self._library_id)]
        return self._listed


@dataclass(frozen=True)
class OtherLibraries:
    """Looks for the counterparts of moves in the other libraries of an account."""

    source: EventSource
    others: Others

    async def __call__(self, action: Action, photos: Collection[str]) -> str:
        """The library all of them went to or came from; raises `ApiProblem`, `NetworkProblem`, `UnexpectedAnswer`."""
        event_type = COUNTERPARTS.get(action.family)
        if event_type is None or not photos:
            return ""
        for library in (await self.others())[:MOST_LIBRARIES]:
            with suppress(Forbidden, NotFound):
                if set(photos) <= await self._moved(library.id, event_type, action):
                    return visible(library.name or library.id, 60)
        return ""

    async def _moved(self, library_id: str, event_type: str, action: Action) -> set[str]:
        """The photos with such an event in a library while the action went on."""
        until_us, found = action.last_us + EARLY, set[str]()
        since, until = from_us(action.first_us - EARLY), from_us(until_us)
        query = EventQuery(library_id, entity_types=("asset",), created_at_gte=since, created_at_lt=until)
        for _ in range(MOST_PAGES):
            page = await self.source.events(query)
            found.update(event.entity_id for event in page.events if event.event_type == event_type)
            if not page.has_more or not page.events or page.events[-1].created_at_us > until_us:
                break
            query = query.after(page.next_cursor)
        return found


@dataclass(frozen=True)
class JournaledLibraries:
    """Looks for them in a journal, among the libraries of the same account; raises `JournalProblem`."""

    link: JournalLink
    """The library that the photos left or came to."""

    async def __call__(self, action: Action, photos: Collection[str]) -> str:
        """The library all of them went to or came from, as far as it is journaled."""
        event_type = COUNTERPARTS.get(action.family)
        if event_type is None or not photos:
            return ""
        wanted = EventFilter(
            entity_types=frozenset({"asset"}),
            event_types=frozenset({event_type}),
            since_us=action.first_us - EARLY,
            until_us=action.last_us + EARLY + 1,
        )
        own = self.link.record.key
        for record in await self.link.journal.libraries():
            is_theirs = (record.key.base_url, record.key.account) == (own.base_url, own.account)
            if is_theirs and record.key.library_id not in ("", own.library_id):
                link = JournalLink(self.link.journal, record)
                found = {event.entity_id async for part in parts(link, wanted) for event in part.events}
                if set(photos) <= found:
                    return title(record)
        return ""

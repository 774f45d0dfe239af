"""Names of what events are about, for tables and searches; without them, ids are shown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import TYPE_CHECKING

import msgspec

from gumnut_tui.domain.errors import ApiProblem, NetworkProblem, UnexpectedAnswer
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.links import Reference, concerned
from gumnut_tui.domain.models import Event
from gumnut_tui.feed.names import NameCache
from gumnut_tui.formatting.error_lines import in_words
from gumnut_tui.usecases.event_reader import Batch

if TYPE_CHECKING:
    from gumnut_tui.api.client import Client


class Names:
    """A name cache that gives up, with one warning, when names cannot be read."""

    def __init__(self, client: Client, library_id: str | None, warn: Callable[[str], None]) -> None:
        self.book = NameCache(client, library_id)
        self._warn = warn
        self._works = True

    async def learn(self, events: Collection[Event]) -> None:
        """Read the names these events need, in batches."""
        await self._try(lambda: self.book.resolve(events))

    async def look_up(self, references: Collection[Reference]) -> None:
        """Read the names these entities have, in batches."""
        await self._try(lambda: self.book.resolve_references(references))

    async def matching(self, batch: Batch, wanted: EventFilter) -> Batch:
        """The events of a batch that are asked for; names are read only when a text is searched."""
        if not wanted.text:
            return [one for one in batch if wanted.matches(one.event)]
        any_text = msgspec.structs.replace(wanted, text="")
        candidates = [one for one in batch if any_text.matches(one.event)]
        await self.learn([one.event for one in candidates])
        return [one for one in candidates if wanted.matches(one.event, self._all_of(one.event))]

    def _all_of(self, event: Event) -> list[str]:
        """The names known of the entities an event is about or mentions."""
        references = concerned(event)
        return [name for kind, entity_id in references if (name := self.book.name(kind, entity_id))]

    async def _try(self, read: Callable[[], Awaitable[object]]) -> None:
        if not self._works:
            return
        try:
            await read()
        except (ApiProblem, NetworkProblem, UnexpectedAnswer) as problem:
            self._works = False
            self._warn(f"Names cannot be read, so ids are shown: {in_words(problem)[0]}")

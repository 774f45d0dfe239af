"""Names of what events are about, for tables and searches; where they cannot be read, ids have to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection
from typing import TYPE_CHECKING

from gumnut_tui.cli.exits import in_words
from gumnut_tui.errors import ApiProblem, NetworkProblem, UnexpectedAnswer
from gumnut_tui.feed.names import NameBook
from gumnut_tui.formatting.names import Reference, mentions
from gumnut_tui.models import Event

if TYPE_CHECKING:
    from gumnut_tui.api.client import Client


class Names:
    """A name book that gives up, with one warning, when names cannot be read."""

    def __init__(self, client: Client, library_id: str | None, warn: Callable[[str], None]) -> None:
        self.book = NameBook(client, library_id)
        self._client = client
        self._library_id = library_id
        self._warn = warn
        self._works = True

    async def learn(self, events: Collection[Event]) -> None:
        """Read the names these events need, in batches."""
        if events:
            await self._try(lambda: self.book.resolve(events))

    async def look_up(self, references: Collection[Reference]) -> None:
        """Read the names of these entities, one batch for each kind."""
        if references:
            await self._try(lambda: self._read(references))

    def all_of(self, event: Event) -> list[str]:
        """The names known of the entities an event is about or mentions."""
        references = [(event.kind, event.entity_id), *mentions(event)]
        return [name for kind, entity_id in references if (name := self.book.name(kind, entity_id))]

    async def _read(self, references: Collection[Reference]) -> None:
        ids = defaultdict[str, list[str]](list)
        for kind, entity_id in references:
            ids[kind].append(entity_id)
        for kind, of_kind in ids.items():
            for entity in (await self._client.entities(kind, of_kind, self._library_id)).values():
                self.book.learn(entity)

    async def _try(self, read: Callable[[], Awaitable[object]]) -> None:
        if not self._works:
            return
        try:
            await read()
        except (ApiProblem, NetworkProblem, UnexpectedAnswer) as problem:
            self._works = False
            self._warn(f"Names cannot be read, ids have to do: {in_words(problem)[0]}")

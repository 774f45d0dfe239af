"""Finding rows: the text searched for, and walks to rows that may still have to be read or named."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, tzinfo

from gumnut_tui.app import view_state
from gumnut_tui.app.event_list import EventList, with_text
from gumnut_tui.app.search import Outcome, Seek, Seeker, SeekHit, sweep
from gumnut_tui.domain.errors import GumnutError, explain
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.quantities import number
from gumnut_tui.store.event_store import View

Change = Callable[[EventFilter], EventFilter]


class SearchController:
    """Looks through one browser's rows. Says where to go, and keeps the words on how the search stands."""

    def __init__(
        self, event_list: Callable[[], EventList], *, go_to: Callable[[int], None], clock: Callable[[], datetime],
        zone: Callable[[], tzinfo],
    ) -> None:  # fmt: skip
        self._browser = event_list
        self._go_to = go_to
        self._clock = clock
        self._zone = zone
        self._walker = Seeker()
        self._hits: View | None = None
        self._swept: int | None = None
        self.text = ""
        """What is searched for; empty when nothing is."""
        self.outcome = ""
        """How the last walk ended, when it ended in vain."""

    @property
    def is_seeking(self) -> bool:
        """Whether rows are still wanted for a walk."""
        return self._walker.walk is not None

    def words(self) -> str:
        """The walk on the way, else how many hits there are, and whether names are still being read."""
        walk, event_list = self._walker.walk, self._browser()
        parts = []
        if walk is not None:
            now = self._clock()
            progress = self._walker.progress(event_list, now)
            parts.append(view_state.seek_words(walk.words, event_list.feed, progress, self._zone(), now))
        if self._hits is not None:
            parts.append(f"“{visible(self.text, 20)}” {number(len(self._hits))} of {number(event_list.loaded)} loaded")
        if self._swept is not None:
            parts.append(f"names of {number(self._swept)} rows looked at")
        if self.outcome:
            parts.append(self.outcome)
        return " · ".join(parts)

    async def search_for(self, text: str) -> None:
        """Search for another text; an empty one ends the search."""
        self.text = text
        self.outcome = ""
        self._walker.stop()
        self._hits = await self._found(text) if text else None

    def forget(self) -> None:
        """The feed was read again: what was found or looked for has other rows now."""
        self._hits = None
        self._walker.stop()

    async def _found(self, text: str) -> View:
        event_list = self._browser()
        return await event_list.prepared(with_text(text)(event_list.acting))

    def walk(self, walk: Seek) -> None:
        """Set out."""
        self.outcome = ""
        self._walker.start(walk, self._browser(), self._clock())
        self.look()

    def seek_to(self, change: Change, origin: int | None, step: int, words: str) -> None:
        """Set out for the next row under a changed filter, down (+1) or up (-1) the screen."""
        self.walk(SeekHit(words, self._browser().hits(change), origin, step))

    def seek_hit(self, origin: int | None, step: int) -> None:
        """Set out for the next row that holds the text."""
        if self._hits is not None:
            self.walk(SeekHit(f"searching “{visible(self.text, 30)}”", self._hits, origin, step))

    def stop(self) -> bool:
        """Give the walk up; False when there was none."""
        return self._walker.stop()

    def look(self) -> None:
        """Rows have come: perhaps the walk has arrived."""
        event_list, walk = self._browser(), self._walker.walk
        if self._hits is not None:
            self._hits.refresh()
        outcome, index = self._walker.look(event_list)
        if outcome is Outcome.ARRIVED:
            self._go_to(index)
        elif outcome is Outcome.IN_VAIN and walk is not None:
            if self._swept is not None:
                # The row may be among those whose names are not known yet.
                self._walker.walk = walk
            else:
                self.outcome = f"{walk.words}: none further"

    async def read_names(self, rows: list[int], learnt: Callable[[], Awaitable[None]]) -> None:
        """Read the names of these rows, in their order, telling `learnt` after each step."""
        event_list = self._browser()
        self._swept = 0
        try:
            async for done in sweep(rows, event_list.store, event_list.names):
                self._swept = done
                await self._renew_hits()
                await learnt()
        except GumnutError as error:
            self.outcome = f"names could not be read: {visible(explain(error).what, 100)}"
        finally:
            self._swept = None
        self.look()
        await learnt()

    async def _renew_hits(self) -> None:
        """A text is looked for in names too, and names were learnt."""
        if not self.text:
            return
        before, self._hits = self._hits, await self._found(self.text)
        walk = self._walker.walk
        if isinstance(walk, SeekHit) and walk.hits is before:
            self._walker.walk = replace(walk, hits=self._hits)
        self.look()

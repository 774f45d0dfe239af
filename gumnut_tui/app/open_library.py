"""One library being read for the screen: its feed, who reads it on, what its entities are called and are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from gumnut_tui.app.chosen_times import ChosenRange
from gumnut_tui.app.event_list import EventList
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Library, Presence
from gumnut_tui.feed.entity_cache import EntityCache
from gumnut_tui.feed.event_feed import EventFeed
from gumnut_tui.feed.feed import Feed
from gumnut_tui.feed.names import NameCache
from gumnut_tui.feed.poller import Pace, Poller, PollState
from gumnut_tui.feed.prefetch import Prefetch

if TYPE_CHECKING:
    from gumnut_tui.app.journal_access import JournalLink
    from gumnut_tui.domain.ports import LibraryClient
    from gumnut_tui.feed.entity_history import JournalHistory


class OpenLibrary:
    """Everything that belongs to one library. Another range or order may need another feed; names stay."""

    def __init__(
        self,
        client: LibraryClient,
        library: Library | None,
        chosen: ChosenRange,
        wanted: EventFilter,
        *,
        newest_first: bool,
        clock: Callable[[], datetime],
        pace: Pace,
        slack_us: int,
        is_exact: bool,
        more_wanted: Callable[[], bool],
        on_rows: Callable[[int], None],
        on_state: Callable[[PollState], None],
        link: JournalLink | None = None,
        is_offline: bool = False,
    ) -> None:
        """`link` is the library's place in the journal; once that is complete, the rows come from there."""
        self.client = client
        self.library = library
        self.range = chosen
        self._clock = clock
        self._pace = pace
        self._slack_us = slack_us
        self._is_exact = is_exact
        self._more_wanted = more_wanted
        self._on_rows = on_rows
        self._on_state = on_state
        self.link = link
        self.is_offline = is_offline
        self.memory = None if link is None else _memory_of(link)
        self.names = NameCache(client, self.library_id, departed=self._departed, memory=self.memory)
        self.entity_cache = EntityCache(client, self.library_id)
        self.feed: EventFeed = self._new_feed(newest_first)
        self.poller = self._new_follower()
        self.event_list = EventList(self.feed, self.names, _within(wanted, chosen), newest_first=newest_first)

    @property
    def library_id(self) -> str | None:
        """None leaves the choice to the service."""
        return self.library.id if self.library else None

    def set_range(self, chosen: ChosenRange) -> bool:
        """Show another range; returns whether another feed has to be read for it."""
        self.range = chosen
        wanted = _within(self.event_list.filter, chosen)
        if self.feed.serves(chosen.since_us, chosen.until_us, newest_first=self.feed.newest_first):
            self.feed.since_us = chosen.since_us
            self.event_list.set_filter(wanted)
            return False
        self._restart(wanted, self.event_list.newest_first)
        return True

    def turn(self) -> bool:
        """Turn the order; returns whether the other end has to be read for it."""
        newest_first = not self.event_list.newest_first
        if self.feed.serves(self.range.since_us, self.range.until_us, newest_first=newest_first):
            self.event_list.turn()
            return False
        self._restart(self.event_list.filter, newest_first)
        return True

    def _restart(self, wanted: EventFilter, newest_first: bool) -> None:
        self.feed = self._new_feed(newest_first)
        self.poller = self._new_follower()
        self.event_list = EventList(self.feed, self.names, wanted, newest_first=newest_first)

    def _new_feed(self, newest_first: bool) -> EventFeed:
        if self.link is not None and self.link.is_complete:
            from gumnut_tui.feed.journal_feed import JournalFeed

            source = None if self.is_offline else self.client
            return JournalFeed(
                self.link.journal,
                self.link.record,
                source,
                since_us=self.range.since_us,
                on_gained=self._written_through,
            )
        feed = Feed(
            Prefetch(self.client, self._reads_on),
            self.library_id,
            clock=self._clock,
            since_us=self.range.since_us,
            until_us=self.range.until_us,
            newest_first=newest_first,
            slack_us=self._slack_us,
        )
        if self._is_exact:
            feed.read_exactly()
        return feed

    def _written_through(self, gained: int) -> None:
        self._rows_came(gained, is_newer=True)

    def _rows_told(self, gained: int, is_newer: bool) -> None:
        # What came at the newer end of a journal was told page by page.
        self._on_rows(gained)

    def _new_follower(self) -> Poller:
        return Poller(
            self.feed,
            clock=self._clock,
            more_wanted=self._more_wanted,
            on_rows=self._rows_came if isinstance(self.feed, Feed) else self._rows_told,
            on_state=self._on_state,
            pace=self._pace,
        )

    def _reads_on(self) -> bool:
        """Whether the follower asks for the next page of the newer end as soon as it has the last."""
        return self.feed.is_open and (self.feed.newest_first or self._more_wanted())

    def _rows_came(self, gained: int, is_newer: bool) -> None:
        if is_newer and gained:
            store = self.feed.store
            events = [store.event(row) for row in range(len(store) - gained, len(store))]
            self.names.changed(events)
            self.entity_cache.changed(events)
        self._on_rows(gained)

    def _departed(self, entity_id: str) -> Presence | None:
        """How an entity left, as far as the events at hand tell."""
        store = self.feed.store
        for row in reversed(store.history(entity_id)):
            event = store.event(row)
            if event.entity_id == entity_id and (presence := _DEPARTURES.get(event.event_type)):
                return presence
        return None


def _memory_of(link: JournalLink) -> JournalHistory:
    from gumnut_tui.feed.entity_history import JournalHistory

    return JournalHistory(link.journal, link.record)


_DEPARTURES = {"asset_deleted": Presence.GONE, "asset_moved_out": Presence.MOVED}


def _within(wanted: EventFilter, chosen: ChosenRange) -> EventFilter:
    return msgspec.structs.replace(wanted, since_us=chosen.since_us, until_us=chosen.until_us)

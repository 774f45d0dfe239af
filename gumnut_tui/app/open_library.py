"""One library being read for the screen: the range chosen of it, its feed, who reads it, its names and entities."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

import msgspec

from gumnut_tui.app.action_rows import Grouping, event_row
from gumnut_tui.app.event_list import EventList, IncidentRows, Marks
from gumnut_tui.app.seek import Seeker
from gumnut_tui.app.services import Services
from gumnut_tui.config.settings import Settings
from gumnut_tui.domain.errors import UsageProblem
from gumnut_tui.domain.fields import Reference
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import DEPARTURES, Library, Presence, from_us, to_us
from gumnut_tui.domain.when import PRESETS, day_span, parse_range, parse_range_words
from gumnut_tui.feed.entity_cache import EntityCache, NameCache
from gumnut_tui.feed.feed import Feed
from gumnut_tui.feed.poller import EventFeed, Poller, PollState, Prefetch
from gumnut_tui.formatting.times import date_time

if TYPE_CHECKING:
    from gumnut_tui.app.action_describer import PaneDescriber
    from gumnut_tui.domain.ports import LibraryClient
    from gumnut_tui.feed.entity_history import JournalHistory
    from gumnut_tui.usecases.action_sources import ActionSources
    from gumnut_tui.usecases.journals import JournalLink


class ChosenRange(msgspec.Struct, frozen=True):
    """Bounds in µs, half-open, and the words that chose them."""

    words: str
    """As they can be typed again: `24h`, `yesterday`, `24 Nov 10:30 – 11:00`."""
    since_us: int | None
    until_us: int | None
    chosen_at_us: int
    """An open end is shown up to here, or to the last event."""

    @property
    def preset(self) -> str | None:
        """The preset in force; None for a custom range."""
        return self.words if self.words in PRESETS else None


def choose_range(words: str, *, now: datetime, zone: tzinfo) -> ChosenRange:
    """Resolve a range in words, where a day means all of it; raises `UsageProblem` for words that mean no time."""
    chosen = parse_range_words(words, now=now, zone=zone)
    return ChosenRange(" ".join(words.split()), _us(chosen.since), _us(chosen.until), to_us(now))


def range_between(since: str, until: str | None, *, now: datetime, zone: tzinfo) -> ChosenRange:
    """Resolve a range between two moments, where a day means its beginning; raises `UsageProblem`."""
    chosen = parse_range(since, until, now=now, zone=zone)
    is_day = [word is not None and day_span(word, now=now, zone=zone) is not None for word in (since, until)]
    if until is not None:
        words = f"{since} – {until} 00:00" if is_day[1] else f"{since} – {until}"
    else:
        words = f"{since} .." if is_day[0] else since
    return ChosenRange(words, _us(chosen.since), _us(chosen.until), to_us(now))


def chosen_earlier(chosen: ChosenRange, by: timedelta, zone: tzinfo) -> ChosenRange:
    """The range its words mean when they are said earlier `by` a time; the same if they mean no other."""
    then = from_us(chosen.chosen_at_us)
    try:
        before, after = (choose_range(chosen.words, now=now, zone=zone) for now in (then, then - by))
    except UsageProblem:
        return chosen
    is_by_words = (before.since_us, before.until_us) == (chosen.since_us, chosen.until_us)
    return after if is_by_words else chosen


def span_range(since_us: int, until_us: int, zone: tzinfo) -> ChosenRange:
    """A range chosen by its bounds, on the histogram."""
    words = f"{date_time(since_us, zone)} – {date_time(until_us, zone)}"
    return ChosenRange(words, since_us, until_us, until_us)


def _us(moment: datetime | None) -> int | None:
    return None if moment is None else to_us(moment)


class ZoneChoice:
    """The zone times are shown in: the local one or UTC, switched by a key."""

    def __init__(self, own: tzinfo) -> None:
        self._own = own
        self._is_utc = False

    def now(self) -> tzinfo:
        """The zone in force."""
        return UTC if self._is_utc else self._own

    @property
    def is_always_utc(self) -> bool:
        """The local one is UTC, too."""
        return str(self._own) in ("UTC", "Etc/UTC")

    def turn(self) -> None:
        """Switch from the local zone to UTC, or back."""
        self._is_utc = not self._is_utc


T = TypeVar("T")

LONGEST = 100
"""Filters remembered."""


class FilterHistory(Generic[T]):
    """States visited one after the other; a new one drops those ahead, as in a browser."""

    def __init__(self) -> None:
        self._past: list[T] = []
        self._ahead: list[T] = []

    def leave(self, state: T) -> None:
        """Remember this state, as it is left for a new one."""
        if not self._past or self._past[-1] != state:
            self._past.append(state)
            del self._past[:-LONGEST]
        self._ahead.clear()

    def back(self, state: T) -> T | None:
        """The state before `state`, the current one; None at the start."""
        return self._step(self._past, self._ahead, state)

    def forward(self, state: T) -> T | None:
        """The state that `back` left; None when there is none."""
        return self._step(self._ahead, self._past, state)

    @staticmethod
    def _step(source: list[T], target: list[T], state: T) -> T | None:
        if not source:
            return None
        target.append(state)
        return source.pop()


class LibraryContext(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One library, and what it is read with; handed on whole, so that nothing relays its parts."""

    client: LibraryClient
    services: Services
    settings: Settings
    zone: ZoneChoice
    library: Library | None = None
    """None leaves the choice to the service."""
    link: JournalLink | None = None
    """The library's place in the journal; once that is complete, the rows come from there."""
    is_offline: bool = False
    is_exact: bool = False
    libraries: Callable[[], Sequence[Library]] = lambda: ()
    """All of the account, as far as they are known."""

    @cached_property
    def action_sources(self) -> ActionSources:
        """Who knows of actions what their events do not tell."""
        from gumnut_tui.usecases.action_sources import sources_of

        return sources_of(None if self.is_offline else self.client, self.others, self.link)

    async def others(self) -> list[Library]:
        """The account's other libraries, as far as they are known."""
        return [library for library in self.libraries() if library.id != self.library_id]

    @property
    def library_id(self) -> str | None:
        """None leaves the choice to the service."""
        return self.library.id if self.library else None

    @property
    def slack_us(self) -> int:
        """How late an event may appear after its timestamp, in µs."""
        return int(self.settings.slack * 1_000_000)


class ViewChoice(msgspec.Struct, frozen=True):
    """What to show of a library; it is kept when another library is opened."""

    range: ChosenRange
    filter: EventFilter
    newest_first: bool
    as_actions: bool = False
    """Events are grouped into actions."""


class FeedListener(Protocol):
    """Follows a feed as it is read."""

    def more_wanted(self) -> bool:
        """Whether the end that grows on demand is to be read on; asked before every page."""
        ...

    def rows_pass(self) -> bool:
        """Whether the rows in sight are pushed on by those that are read."""
        ...

    def rows_read(self, gained: int) -> None:
        """A page was read, with so many new rows."""

    def names_stored(self) -> None:
        """The journal has more to name rows by."""

    def state_changed(self, state: PollState) -> None:
        """The state of the poller changed."""


class OpenLibrary:
    """Everything that belongs to one library. Another range or order may need another feed; names stay."""

    def __init__(self, context: LibraryContext, choice: ViewChoice, listener: FeedListener) -> None:
        self.context = context
        self.range = choice.range
        self._listener = listener
        self.memory: JournalHistory | None = None if context.link is None else context.link.memory
        """Snapshots of entities; without it only what this session read is known of those that are gone."""
        self.names = NameCache(
            context.client,
            context.library_id,
            departed=self._departed,
            others=context.others,
            memory=self.memory,
            is_current=context.link is not None and context.link.is_complete,
        )
        self.entity_cache = EntityCache(context.client, context.library_id)
        self.marks = Marks(self._grouping)
        self.incident_rows = IncidentRows(context.settings.incident_rules, self._grouping)
        self.history = FilterHistory[tuple[ChosenRange, EventFilter]]()
        """Ranges and filters that were shown before."""
        self.reads_on = False
        """All of the range is wanted, whatever is on the screen."""
        self.has_opened = asyncio.Event()
        """Set once the first rows are shown, or it is known why there are none."""
        self._describer: PaneDescriber | None = None
        self._begin(_within(choice.filter, choice.range), choice.newest_first, as_actions=choice.as_actions)

    def _begin(self, wanted: EventFilter, newest_first: bool, *, as_actions: bool) -> None:
        self.feed: EventFeed = self._new_feed(newest_first)
        self.poller = self._new_poller()
        self.event_list = EventList(self.feed, self.names, wanted, newest_first=newest_first)
        self.show_actions(as_actions)
        self.seeker = Seeker()
        """The row being sought, for which the feed is read on."""
        self.is_stopped = False
        """Reading on demand was given up; `want_more` takes it up again."""

    @property
    def choice(self) -> ViewChoice:
        """What is shown of the library."""
        event_list = self.event_list
        return ViewChoice(self.range, event_list.filter, event_list.newest_first, event_list.grouping is not None)

    @property
    def describer(self) -> PaneDescriber | None:
        """Describes the actions that are shown; None while events are."""
        grouping = self.event_list.grouping
        if grouping is None:
            return None
        if self._describer is None or self._describer.actions is not grouping.actions:
            from gumnut_tui.app.action_describer import PaneDescriber

            self._describer = PaneDescriber(grouping.actions, self.names, self.context.action_sources)
        return self._describer

    def _grouping(self) -> Grouping | None:
        return self.event_list.grouping

    def only_entity(self, row: int) -> str | None:
        """The id of what the event in a row is about; of an action that of the only thing it is about, if it is one."""
        action = self.event_list.action_of(row) if row < 0 else None
        describer = self.describer
        if action is None or describer is None:
            return self.event_list.store.event(event_row(row)).entity_id
        return describer.only_entity(action)

    def show_actions(self, wanted: bool) -> None:
        """Show actions, or events."""
        if not wanted:
            self.event_list.group(None)
            return
        from gumnut_tui.domain.actions import ActionRules

        settings = self.context.settings
        self.event_list.group(ActionRules(settings.incident_pause, settings.incident_size))

    def set_range(self, chosen: ChosenRange) -> bool:
        """Show another range; returns whether another feed has to be read for it."""
        self.range = chosen
        wanted = _within(self.event_list.filter, chosen)
        if self.feed.serves(chosen.since_us, chosen.until_us, newest_first=self.feed.newest_first):
            self.feed.since_us = chosen.since_us
            self.event_list.set_filter(wanted)
            return False
        self._begin(wanted, self.event_list.newest_first, as_actions=self.event_list.grouping is not None)
        return True

    def turn(self) -> bool:
        """Reverse the order; returns whether the other end has to be read for it."""
        newest_first = not self.event_list.newest_first
        if self.feed.serves(self.range.since_us, self.range.until_us, newest_first=newest_first):
            self.event_list.turn()
            return False
        self._begin(self.event_list.filter, newest_first, as_actions=self.event_list.grouping is not None)
        return True

    def has_again(self, cursor: str | None) -> bool:
        """Whether a feed read again has come to the event with this cursor, if one is named, or to its end."""
        feed = self.feed
        is_whole = feed.reaches_start and (feed.caught_up or feed.closed)
        return feed.is_open and (cursor is None or is_whole or feed.store.find(cursor) is not None)

    def want_more(self) -> None:
        """Read on at the end that grows on demand, after it was given up or came into view again."""
        self.is_stopped = False
        self.poller.want_more()

    async def rest(self) -> None:
        """Return once rows no longer go by: nothing is asked for what nobody can look at."""
        services = self.context.services
        while self._listener.rows_pass():
            await services.sleep(services.settle)

    def _new_feed(self, newest_first: bool) -> EventFeed:
        context = self.context
        if context.link is not None and context.link.is_complete:
            from gumnut_tui.feed.journal_feed import JournalFeed

            return JournalFeed(
                context.link.journal,
                context.link.record,
                None if context.is_offline else context.client,
                since_us=self.range.since_us,
                on_gained=self._written_through,
                on_kept=self._kept,
            )
        feed = Feed(
            Prefetch(context.client, self._reads_on),
            context.library_id,
            clock=context.services.clock,
            since_us=self.range.since_us,
            until_us=self.range.until_us,
            newest_first=newest_first,
            slack_us=context.slack_us,
        )
        if context.is_exact:
            feed.read_exactly()
        return feed

    def _new_poller(self) -> Poller:
        return Poller(
            self.feed,
            clock=self.context.services.clock,
            more_wanted=self._listener.more_wanted,
            on_rows=self._rows_came if isinstance(self.feed, Feed) else self._rows_told,
            on_state=self._listener.state_changed,
            pace=self.context.services.pace,
        )

    def _reads_on(self) -> bool:
        """Whether the poller asks for the next page of the newer end as soon as it has the last."""
        feed = self.feed
        return isinstance(feed, Feed) and feed.reads_on and (feed.newest_first or self._listener.more_wanted())

    def _written_through(self, gained: int) -> None:
        self._rows_came(gained, is_newer=True)

    def _kept(self, references: Sequence[Reference]) -> None:
        self.poller.heard()
        self.names.stored(references)
        if self._describer is not None:
            self._describer.stored(references)
        self._listener.names_stored()

    def _rows_told(self, gained: int, is_newer: bool) -> None:
        # Pages at the newer end of a journal have been reported one by one.
        self._listener.rows_read(gained)

    def _rows_came(self, gained: int, is_newer: bool) -> None:
        if is_newer and gained:
            store = self.feed.store
            events = [store.event(row) for row in range(len(store) - gained, len(store))]
            self.names.changed(events)
            self.entity_cache.changed(events)
        self._listener.rows_read(gained)

    def _departed(self, entity_id: str) -> Presence | None:
        """How an entity left the library, as far as the loaded events show."""
        store = self.feed.store
        for row in reversed(store.history(entity_id)):
            event = store.event(row)
            is_own = event.entity_type == "asset" and event.entity_id == entity_id
            if is_own and (presence := DEPARTURES.get(event.operation)):
                return presence
        return None


def _within(wanted: EventFilter, chosen: ChosenRange) -> EventFilter:
    return msgspec.structs.replace(wanted, since_us=chosen.since_us, until_us=chosen.until_us)

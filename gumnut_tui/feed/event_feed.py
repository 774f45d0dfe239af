"""What the screen needs of a feed, whether its history comes from the service or the journal."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from statistics import median
from typing import Protocol

from gumnut_tui.domain.models import Event
from gumnut_tui.store.event_store import EventStore

LATE_US = 30_000_000
"""How far an event's time may lie behind those of the rows before it, in µs, without being worth a word."""
LOOKED_AT = 9
"""Rows before it that an event is held against: their middle, for one may be far ahead of its time."""


class Lateness:
    """Looks at events in feed order; once the feed `is_live`, remembers the times of the late ones."""

    def __init__(self) -> None:
        self.is_live = False
        self._recent: deque[int] = deque(maxlen=LOOKED_AT)
        self._late: list[int] = []

    def look_at(self, events: Sequence[Event]) -> None:
        """The next events."""
        for event in events if self.is_live else events[-LOOKED_AT:]:
            time = event.created_at_us
            if self.is_live and self._recent and time < median(self._recent) - LATE_US:
                self._late.append(time)
            self._recent.append(time)

    def take(self) -> list[int]:
        """The times of the events that came late since the last time somebody asked, in µs."""
        late, self._late = self._late, []
        return late


class EventFeed(Protocol):
    """One unbroken stretch of a library's feed that grows at its newer end, and on demand at one of its ends.

    `newer`, `older` and `settle` each bring some rows and return how many.
    """

    since_us: int | None
    """The lower bound of what is wanted, in µs; None: from the feed's beginning."""
    store: EventStore
    caught_up: bool
    """Nothing further was ready at the newer end when it was last asked."""
    closed: bool
    """Nothing more can come at the newer end."""
    pages: int
    """Pages read so far."""
    lateness: Lateness
    """Hears of every event at the newer end."""
    newest_first: bool
    """The older end is the one that grows on demand."""

    @property
    def is_open(self) -> bool:
        """The first rows are there, or it is known that there are none."""
        ...

    @property
    def is_eager(self) -> bool:
        """Read the older end to its start without waiting for the user to scroll there."""
        ...

    @property
    def reaches_start(self) -> bool:
        """Everything from the lower bound on is there."""
        ...

    @property
    def read_from_us(self) -> int | None:
        """From which time on the rows are there, in µs; None for the feed's beginning."""
        ...

    @property
    def is_settled(self) -> bool:
        """The rows were read under the bound they are shown under."""
        ...

    @property
    def is_final(self) -> bool:
        """Nothing can be released into the range any more without being seen."""
        ...

    def read_exactly(self) -> None:
        """Read past an upper bound to the feed's end, for whatever stands later than its time says."""
        ...

    def serves(self, since_us: int | None, until_us: int | None, *, newest_first: bool) -> bool:
        """Whether another range or order can be shown from this feed, without reading another."""
        ...

    async def newer(self) -> int:
        """Read on at the newer end."""
        ...

    async def older(self) -> int:
        """Read on at the older end."""
        ...

    async def settle(self) -> int:
        """Read the rows once more, after the bound was lowered."""
        ...

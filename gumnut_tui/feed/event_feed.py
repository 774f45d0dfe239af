"""What the screen needs of a feed, whether from the service or the journal."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from statistics import median
from typing import Protocol

from gumnut_tui.domain.models import Event
from gumnut_tui.store.event_store import EventStore

LATE_US = 30_000_000
"""How much older than the rows before it an event may be, in µs, without counting as late."""
LOOKED_AT = 9
"""Rows before it that an event is compared with: their median, as one may be far ahead of its time."""


class Lateness:
    """Checks events in feed order; once the feed `is_live`, collects the times of late ones."""

    def __init__(self) -> None:
        self.is_live = False
        self._recent: deque[int] = deque(maxlen=LOOKED_AT)
        self._late: list[int] = []

    def look_at(self, events: Sequence[Event]) -> None:
        """Check the next events."""
        for event in events if self.is_live else events[-LOOKED_AT:]:
            time = event.created_at_us
            if self.is_live and self._recent and time < median(self._recent) - LATE_US:
                self._late.append(time)
            self._recent.append(time)

    def take(self) -> list[int]:
        """The times in µs of late events since the last call."""
        late, self._late = self._late, []
        return late


class EventFeed(Protocol):
    """An unbroken stretch of a library's feed that grows at its newer end, and on demand at one of its ends.

    `newer`, `older` and `settle` each add some rows and return how many.
    """

    since_us: int | None
    """The lower bound of the range, in µs; None for the feed's beginning."""
    store: EventStore
    caught_up: bool
    """No more was ready at the newer end at the last request."""
    closed: bool
    """Nothing more will come at the newer end."""
    pages: int
    """Pages read so far."""
    lateness: Lateness
    """Checks every event at the newer end."""
    newest_first: bool
    """Whether the older end is the one that grows on demand."""

    @property
    def is_open(self) -> bool:
        """Whether the first rows are there, or there are none."""
        ...

    @property
    def is_eager(self) -> bool:
        """Whether to read the older end to its start without waiting for the user to scroll there."""
        ...

    @property
    def reaches_start(self) -> bool:
        """Whether everything from the lower bound on is there."""
        ...

    @property
    def read_from_us(self) -> int | None:
        """The time from which the rows are complete, in µs; None for the feed's beginning."""
        ...

    @property
    def is_settled(self) -> bool:
        """Whether the rows were read with the bound they are shown with."""
        ...

    @property
    def is_final(self) -> bool:
        """Whether no event can be added to the range any more without being seen."""
        ...

    def read_exactly(self) -> None:
        """Read past an upper bound to the feed's end, to include late-arriving events."""
        ...

    def serves(self, since_us: int | None, until_us: int | None, *, newest_first: bool) -> bool:
        """Whether this feed can show another range or order."""
        ...

    async def newer(self) -> int:
        """Read more at the newer end."""
        ...

    async def older(self) -> int:
        """Read more at the older end."""
        ...

    async def settle(self) -> int:
        """Read the rows once more, after the lower bound was lowered."""
        ...

"""Events that come late: released behind rows that are newer than they say."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from statistics import median

from gumnut_tui.domain.models import Event

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

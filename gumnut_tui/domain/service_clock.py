"""The service's clock: this machine's clock, corrected by the `Date` of the service's answers.

Events have the service's times. If our clock were minutes off, `--since now` would miss what happens now, and a read of
an entity would seem newer than the event that changed it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from gumnut_tui.domain.models import utc_now

LEAST = timedelta(seconds=3)
"""A smaller difference may be the time an answer takes."""
WORTH_TELLING = timedelta(minutes=1)
SLOWEST = timedelta(seconds=20)
"""The time of a slower answer is too inaccurate."""
RESOLUTION = timedelta(seconds=1)
"""The service sends its time in whole seconds."""
FIRST_YEAR, LAST_YEAR = 2020, 2200
"""Times in other years are ignored."""


class ServiceClock:
    """Call it for the time in UTC; it is this machine's until the first answer."""

    def __init__(self, local: Callable[[], datetime] = utc_now) -> None:
        self.local = local
        self.on_set: Callable[[timedelta], None] = lambda _ahead: None
        """Called once, by the first answer, if this machine's clock is ahead by any time worth counting, or behind."""
        self.on_difference: Callable[[timedelta], None] = lambda _ahead: None
        """Called once with how far this machine's clock is ahead, if that is more than a minute."""
        self._offset: timedelta | None = None
        self._was_told = False

    def __call__(self) -> datetime:
        return self.local() + (self._offset or timedelta())

    @property
    def is_set(self) -> bool:
        """Whether an answer has set the clock."""
        return self._offset is not None

    @property
    def ahead(self) -> timedelta:
        """How far this machine's clock is ahead of the service's; negative when it is behind."""
        return -(self._offset or timedelta())

    def learn(self, told: datetime, asked_at: datetime, answered_at: datetime) -> None:
        """Set the clock by the time in an answer; `asked_at` and `answered_at` are this machine's.

        The service wrote its time somewhere between the two: the middle is used.
        """
        took = answered_at - asked_at
        if not timedelta() <= took <= SLOWEST or not FIRST_YEAR <= told.year <= LAST_YEAR:
            return
        offset = told + RESOLUTION / 2 - (asked_at + took / 2)
        doubt = (RESOLUTION + took) / 2
        if abs(offset) < LEAST + doubt:
            offset = timedelta()
        if self._offset is None or abs(offset - self._offset) > 2 * doubt:
            is_first, self._offset = self._offset is None, offset
            if is_first and offset:
                self.on_set(self.ahead)
            if abs(offset) > WORTH_TELLING and not self._was_told:
                self._was_told = True
                self.on_difference(self.ahead)

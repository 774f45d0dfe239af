"""The service's time: this machine's clock, put right by what the service's answers say.

Events have the service's times. A clock of our own that is minutes off would make `--since now` miss what happens now,
and take what was read of an entity for newer than the event that changed it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from gumnut_tui.domain.models import utc_now

LEAST = timedelta(seconds=3)
"""A smaller difference is not told from the time an answer takes."""
WORTH_TELLING = timedelta(minutes=1)
SLOWEST = timedelta(seconds=20)
"""An answer that took longer says too little about the time."""
RESOLUTION = timedelta(seconds=1)
"""The service tells its time in whole seconds."""
FIRST_YEAR, LAST_YEAR = 2020, 2200
"""A service that says it lives in another year is not believed."""


class ServiceClock:
    """Callable for the time now, in UTC; as this machine has it until an answer told better."""

    def __init__(self, local: Callable[[], datetime] = utc_now) -> None:
        self.local = local
        self.on_difference: Callable[[timedelta], None] = lambda _ahead: None
        """Told once how far this machine's clock is ahead, when that is more than a minute."""
        self._offset: timedelta | None = None
        self._was_told = False

    def __call__(self) -> datetime:
        return self.local() + (self._offset or timedelta())

    @property
    def is_set(self) -> bool:
        """An answer has told the service's time."""
        return self._offset is not None

    @property
    def ahead(self) -> timedelta:
        """How far this machine's clock is ahead of the service's; negative when it is behind."""
        return -(self._offset or timedelta())

    def learn(self, told: datetime, asked_at: datetime, answered_at: datetime) -> None:
        """Take an answer's own time; `asked_at` and `answered_at` are by this machine's clock.

        The service wrote it somewhere between the two: the middle is taken.
        """
        took = answered_at - asked_at
        if not timedelta() <= took <= SLOWEST or not FIRST_YEAR <= told.year <= LAST_YEAR:
            return
        offset = told + RESOLUTION / 2 - (asked_at + took / 2)
        doubt = (RESOLUTION + took) / 2
        if abs(offset) < LEAST + doubt:
            offset = timedelta()
        if self._offset is None or abs(offset - self._offset) > 2 * doubt:
            self._offset = offset
            if abs(offset) > WORTH_TELLING and not self._was_told:
                self._was_told = True
                self.on_difference(self.ahead)

"""What could not be read, and when to read it again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from gumnut_tui.feed.poller import PollState

RETRY = timedelta(seconds=15)
"""Time after which it is read again; at once when the service is back."""


class Unread:
    """Whether something could not be read, and is to be read again by now."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._failed_at: datetime | None = None

    def failed(self) -> None:
        """It could not be read."""
        self._failed_at = self._clock()

    def is_over(self) -> None:
        """It was read, or is not wanted any more."""
        self._failed_at = None

    @property
    def is_pending(self) -> bool:
        """It could not be read so far."""
        return self._failed_at is not None

    def is_due(self, state: PollState) -> bool:
        """Whether to read it again, now that the feed is in this state; said once."""
        if self._failed_at is None:
            return False
        if state.error is not None:
            self._failed_at = datetime.min.replace(tzinfo=UTC)
            return False
        is_due = self._clock() >= self._failed_at + RETRY
        if is_due:
            self._failed_at = None
        return is_due

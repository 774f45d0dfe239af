"""What could not be read, and when to read it again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from gumnut_tui.feed.poller import PollState

RETRY = timedelta(seconds=15)
"""Time after which it is read again; at once when the service is back."""

LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Unread:
    """Whether something could not be read, and is to be read again by now."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._failed_at: datetime | None = None
        self._is_down = False
        """The feed could not be read either when its state was told last."""

    def failed(self) -> None:
        """It could not be read."""
        self._failed_at = LONG_AGO if self._is_down else self._clock()

    def is_over(self) -> None:
        """It was read, or is not wanted any more."""
        self._failed_at = None

    @property
    def is_pending(self) -> bool:
        """It could not be read so far."""
        return self._failed_at is not None

    def is_due(self, state: PollState) -> bool:
        """Whether to read it again, now that the feed is in this state; said once."""
        self._is_down = state.error is not None
        if self._failed_at is None:
            return False
        if self._is_down:
            self._failed_at = LONG_AGO
            return False
        is_due = self._clock() >= self._failed_at + RETRY
        if is_due:
            self._failed_at = None
        return is_due

"""Takes walks: one at a time, over as many pages as needed, until it arrives, is stopped, or nothing more can come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from gumnut_tui.app.event_list import Browser
from gumnut_tui.app.seek import Walk


class Outcome(Enum):
    """How a walk stands after a look at the rows."""

    NONE = "no walk"
    ON_THE_WAY = "on the way"
    ARRIVED = "arrived"
    IN_VAIN = "in vain"


@dataclass(frozen=True, slots=True)
class Progress:
    """What was read on a walk, and the time it took."""

    pages: int
    rows: int
    seconds: float


class Walker:
    """Holds the walk one is on."""

    def __init__(self) -> None:
        self.walk: Walk | None = None
        self._pages_before = 0
        self._rows_before = 0
        self._started_at = datetime.min.replace(tzinfo=UTC)

    def start(self, walk: Walk, browser: Browser, now: datetime) -> None:
        """Set out; a walk already on the way is given up."""
        self.walk = walk
        self._pages_before, self._rows_before = browser.feed.pages, browser.loaded
        self._started_at = now

    def stop(self) -> bool:
        """Stay where one is, and keep what was read; False when there was no walk."""
        was_walking = self.walk is not None
        self.walk = None
        return was_walking

    def progress(self, browser: Browser, now: datetime) -> Progress:
        """What was read on this walk so far."""
        return Progress(
            browser.feed.pages - self._pages_before,
            browser.loaded - self._rows_before,
            (now - self._started_at).total_seconds(),
        )

    def look(self, browser: Browser) -> tuple[Outcome, int]:
        """Whether the walk has come to its end, and the index to go to when it arrived."""
        walk = self.walk
        if walk is None:
            return Outcome.NONE, 0
        index = walk.arrived(browser)
        if index is not None:
            self.walk = None
            return Outcome.ARRIVED, index
        if walk.may_come(browser):
            return Outcome.ON_THE_WAY, 0
        self.walk = None
        return Outcome.IN_VAIN, 0

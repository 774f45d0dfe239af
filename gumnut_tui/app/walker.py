"""Takes walks: one at a time, over as many pages as needed, until it arrives, is stopped, or nothing more can come."""

from __future__ import annotations

from enum import Enum

from gumnut_tui.app.browser import Browser
from gumnut_tui.app.walk import Walk


class Outcome(Enum):
    """How a walk stands after a look at the rows."""

    NONE = "no walk"
    ON_THE_WAY = "on the way"
    ARRIVED = "arrived"
    IN_VAIN = "in vain"


class Walker:
    """Holds the walk one is on."""

    def __init__(self) -> None:
        self.walk: Walk | None = None
        self._pages_before = 0

    def start(self, walk: Walk, browser: Browser) -> None:
        """Set out; a walk already on the way is given up."""
        self.walk = walk
        self._pages_before = browser.feed.pages

    def stop(self) -> bool:
        """Stay where one is, and keep what was read; False when there was no walk."""
        was_walking = self.walk is not None
        self.walk = None
        return was_walking

    def pages(self, browser: Browser) -> int:
        """Pages read on this walk."""
        return browser.feed.pages - self._pages_before

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

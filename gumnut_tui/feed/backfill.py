"""How far back to ask: the feed only reads forward, so its newest rows are read through windows of time."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gumnut_tui.domain.models import EventPage

SECOND = 1_000_000
HOUR = 3600 * SECOND

FIRST_WIDTH = HOUR
"""µs the first window reaches back; the density of the feed corrects it."""
WANTED_ROWS = 400
"""Rows a window should bring: two pages, about ten screens."""
MOST_PROBES = 4
"""Windows that may be given up because they turned out far too wide."""
CROWDED = 8
"""A window is too wide when it seems to hold more than this many pages beyond the one just read."""
DAWN_US = 1_420_070_400 * SECOND
"""2015-01-01: no photo service we read is older, so from here on no lower bound is sent."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time `[start_us, top_us)` being read forward; `start_us` None reaches to the feed's beginning."""

    start_us: int | None
    top_us: int
    probes_left: int = MOST_PROBES

    @property
    def width_us(self) -> int:
        """How long the window is, in µs; an unbounded one counts from `DAWN_US`."""
        return self.top_us - (DAWN_US if self.start_us is None else self.start_us)

    def narrower(self, page: EventPage) -> Window | None:
        """A window that should hold about two pages, when this page shows that this one holds far more."""
        if not (page.has_more and page.events and self.probes_left):
            return None
        first, last = page.events[0].created_at_us, page.events[-1].created_at_us
        span = max(last - first, SECOND // 100)
        if self.top_us - last <= CROWDED * span:
            return None
        return replace(self, start_us=self.top_us - 2 * span, probes_left=self.probes_left - 1)


def first_window(top_us: int, floor_us: int | None) -> Window:
    """The window that ends now, or at the upper bound, and reaches back a first guess."""
    return _bounded(top_us - FIRST_WIDTH, top_us, floor_us)


def next_window(last: Window, rows: int, floor_us: int | None) -> Window:
    """The next older window: up to four times wider or narrower than the last one, after the rows that one brought."""
    if last.start_us is None:
        raise ValueError("nothing lies before a window without a lower bound")
    factor = min(4.0, max(0.25, WANTED_ROWS / rows)) if rows else 4.0
    width = max(int(last.width_us * factor), SECOND)
    return _bounded(last.start_us - width, last.start_us, floor_us)


def _bounded(start_us: int, top_us: int, floor_us: int | None) -> Window:
    if floor_us is not None:
        return Window(max(start_us, floor_us), top_us)
    return Window(start_us if start_us > DAWN_US else None, top_us)

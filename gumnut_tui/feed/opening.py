"""Where the first read begins: near the newest end, found with few requests, or at the range's own bound."""

from __future__ import annotations

from math import isqrt

from gumnut_tui.feed.backfill import DAY, EARLIEST_US, HOUR
from gumnut_tui.feed.stretch import Density, Stretch

SHORT_RANGE = 8 * DAY
"""A range so short is asked for from its beginning at first: most often that is all there is."""
FIRST_WIDTHS = (HOUR, 64 * DAY)
"""µs before the newest end that are looked at, one behind the other, where nothing is known yet."""
NEAR = 16
"""Pages that are read forward rather than a nearer position looked for."""
MOST_PROBES = 3
"""Requests made to find a position: the first rows come with the fourth."""
SILENT = 3
"""Events that a window should have held, had it been like what lies before it, for its silence to mean something."""


class Opening:
    """Decides what the first requests ask for."""

    def __init__(self, top_us: int, since_us: int | None) -> None:
        self.top_us = top_us
        """Now, or the upper bound."""
        self._since_us = since_us
        self._probes = 0
        self._empty_width = 0
        self._crowded_width: int | None = None
        self._widths = list(FIRST_WIDTHS)
        self._away: int | None = None
        """About how many pages lie between the nearest position and the newest end."""

    @property
    def reads_bound_first(self) -> bool:
        """The range is short."""
        return self._since_us is not None and self.top_us - self._since_us <= SHORT_RANGE

    def probe_us(self) -> int | None:
        """The time to probe for next, or None: begin at the nearest position found."""
        if self._probes == MOST_PROBES or not self._widths or (self._away is not None and self._away <= NEAR):
            return None
        start_us = self.top_us - self._widths[0]
        if start_us <= (EARLIEST_US if self._since_us is None else self._since_us):
            return None
        return start_us

    def began(self, bound: Stretch, page_rows: int) -> None:
        """The range's first page was read, and it is not the last."""
        here = Density.of([event.created_at_us for event in bound.held], page_rows, at_end=True)
        self._away = here.pages_to(self.top_us)
        self._probes = 1
        length = self.top_us - (self._since_us or 0)
        first = min(max(2 * here.page_us, length // 64), length // 4)
        self._widths = [first, first * 8]

    def found(self, times_us: list[int], page_rows: int, *, is_crowded: bool) -> None:
        """Learn from a probe that found events of these times, more than a page of them if it `is_crowded`."""
        self._probes += 1
        width = self._widths.pop(0)
        if not times_us:
            self._empty_width = width
            if self._crowded_width is not None:
                self._widths = [self._between(self._crowded_width)]
        elif not is_crowded:
            self._away = 0
        else:
            self._crowded_width = width
            here = Density.of(times_us, page_rows, at_end=True)
            self._away = here.pages_to(self.top_us)
            self._widths = [self._nearer(width, here.page_us, page_rows)]

    def _nearer(self, width: int, page_us: int, page_rows: int) -> int:
        """Two pages back, if it goes on as in the window that is too wide."""
        if self._empty_width * page_rows > SILENT * page_us:
            # It does not: things have been quiet since some time in between.
            return width // 2
        return 2 * page_us if self._empty_width < 2 * page_us < width else self._between(width)

    def _between(self, width: int) -> int:
        return isqrt(max(self._empty_width, 1) * width)

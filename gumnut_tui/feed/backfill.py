"""Where to start reading, at first and then for older events: times only find a position, never decide what is read.

The service cannot read backwards. But a page with `created_at_gte` holds events near that time, and an event's
cursor is a position to continue from. So a *probe* (one request) finds a position some pages before the known rows, and
everything between is read by cursor. However odd times are, at worst they cost requests. `Opening` finds the first
position, near the newest end or at the range's bound; `Backfill` the older ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt

from gumnut_tui.domain.cursors import is_position
from gumnut_tui.domain.models import SECOND, Event
from gumnut_tui.feed.stretch import Density, Stretch

HOUR = 3600 * SECOND
DAY = 24 * HOUR

FEWEST, MOST = 2, 16
"""Pages in a stretch: few at first, as somebody is waiting; then more, as each stretch costs extra requests."""
SPARE = 5.0
"""Requests that may be wasted, whatever the size of the range."""
SHARE = 0.2
"""And as many for each page that was read."""
WIDER = 16
"""How many times wider the next window is after an empty one."""
EARLIEST_US = -62_135_596_800 * SECOND
"""The start of the year 1, the first time there is."""


class Backfill:
    """Decides, before each request at the older end, whether to probe for a nearer position or to read on.

    Probes are wasted requests, as is the last page of each stretch. A probe is made only while all of them, expected
    ones included, stay within `SPARE` and `SHARE`: that bounds the requests for any density.
    """

    def __init__(self) -> None:
        self.page_rows = 1
        """The most events seen in a page."""
        self._pages = 0
        self._waste = 0
        self._aim = FEWEST
        self._silence_us = 0
        """The width of the window that reached beyond the last quiet time."""
        self._rest()

    def _rest(self) -> None:
        self._width = self._empty_width = 0
        self._factor = WIDER
        self._reads_until = 0

    def saw(self, events: int) -> None:
        """Note a page of that many events."""
        self.page_rows = max(self.page_rows, events)

    def read(self) -> None:
        """Note that a page of a stretch was read."""
        self._pages += 1

    def probed(self) -> None:
        """Note a probe."""
        self._waste += 1

    def met(self) -> None:
        """Note that a stretch met the known rows; most of its last page was known."""
        self._waste += 1
        self._pages -= 1
        self._aim = min(MOST, self._aim * 2)
        self._rest()

    def probe_us(self, nearest: Stretch, unread: int, edge: Density) -> int | None:
        """The time to probe for, or None to read on at the nearest position; `unread` counts the open stretches."""
        if nearest.at_us is None or nearest.pages < self._reads_until or self._spare(unread) < 2:
            return None
        aim = self._aim if self._spare(unread) >= 4 else 4 * self._aim
        if nearest.pages > 4 * self._aim:
            # Longer than it seemed from this side: what it has read is a better estimate.
            edge = edge._replace(page_us=min(edge.page_us, nearest.page_us))
        away = edge.us - nearest.at_us
        self._width = self._next_width(aim * edge.page_us, away)
        probe_us = edge.us - self._width
        is_near = edge.pages_to(nearest.at_us) <= 2 * aim or self._width * 10 > away * 9
        return None if is_near or probe_us < EARLIEST_US else probe_us

    def _next_width(self, aimed_us: int, away: int) -> int:
        """As far back as the rows at the edge suggest; then beyond empty windows, but not beyond `away`."""
        if not self._empty_width:
            return max(SECOND, aimed_us or away // WIDER)
        width = max(self._empty_width * self._factor, self._silence_us)
        return width if width * 4 <= away * 3 else isqrt(self._empty_width * max(away, 0))

    def found(self, between: Sequence[Event], *, is_crowded: bool, edge: Density, unread: int) -> bool:
        """Learn from a probe that found these events before the known ones; returns whether to start a stretch there.

        It `is_crowded` when the known ones lie beyond the page.
        """
        if not is_crowded:
            self._empty_width = self._width
            wanted = self._aim * self.page_rows
            self._factor = min(WIDER, max(4, wanted // len(between))) if between else WIDER
            return False
        if self._empty_width:
            self._silence_us = self._width
        here = Density.of([event.created_at_us for event in between], self.page_rows, at_end=True)
        if here.pages_to(edge.us) > 4 * self._aim and self._empty_width and self._spare(unread + 1) >= 3:
            self._factor = WIDER
        else:
            self.read_on(0)
        return True

    def read_on(self, pages: int) -> None:
        """There is no nearer position: for a while, read on in the stretch that has read that many pages."""
        self._rest()
        self._reads_until = pages + 4 * self._aim

    def _spare(self, unread: int) -> float:
        return SPARE + SHARE * self._pages - self._waste - unread


def first_of(events: Sequence[Event]) -> Event | None:
    """The event of a probe to start a stretch at: the earliest, as an event far ahead of its time may precede it.

    None when none of them has a cursor that the service knows.
    """
    positions = (event for event in events if is_position(event.cursor))
    return min(positions, key=lambda event: event.created_at_us, default=None)


SHORT_RANGE = 8 * DAY
"""A range this short is first read from its start: mostly that is all there is."""
FIRST_WIDTHS = (HOUR, 64 * DAY)
"""Windows before the newest end, in µs, that are tried in turn while nothing is known."""
LONGEST = 4096 * DAY
"""How far back a range without a bound is taken to reach."""
NEAR = 2
"""Pages that are read forward rather than a nearer position looked for: the newest rows are the last of them."""
MOST_PROBES = 3
"""Probes for the first position: the first rows come with the fourth request."""
SILENT = 3
"""Events that a window should have held, at the density before it, for its emptiness to mean something."""


class Opening:
    """Decides where the first requests start."""

    def __init__(self, top_us: int, since_us: int | None) -> None:
        self.top_us = top_us
        """Now, or the upper bound."""
        self._since_us = since_us
        self._length_us = LONGEST if since_us is None else top_us - since_us
        self._probes = 0
        self._empty_width = 0
        self._crowded_width: int | None = None
        self._widths = list(FIRST_WIDTHS)
        self._away: int | None = None
        """Estimated pages between the nearest position and the newest end."""

    @property
    def reads_bound_first(self) -> bool:
        """Whether the range is short."""
        return self._since_us is not None and self._length_us <= SHORT_RANGE

    def probe_us(self) -> int | None:
        """The time to probe for next, or None to start at the nearest position found."""
        if self._probes == MOST_PROBES or (self._away is not None and self._away <= NEAR):
            return None
        if self._empty_width and self._crowded_width is None and not self._is_within(self._widths):
            self._widths = [self._between(self._length_us)]
        return self.top_us - self._widths[0] if self._is_within(self._widths) else None

    def _is_within(self, widths: Sequence[int]) -> bool:
        """Whether there is a next width, and it does not reach back beyond the range."""
        return bool(widths) and widths[0] < self._length_us

    def began(self, bound: Stretch, page_rows: int) -> None:
        """Note that the range's first page was read, and is not the last."""
        here = Density.of([event.created_at_us for event in bound.held], page_rows, at_end=True)
        self._away = here.pages_to(self.top_us)
        self._probes = 1
        first = min(max(2 * here.page_us, self._length_us // 64), self._length_us // 4)
        self._widths = [first, first * 8]

    def found(self, times_us: list[int], page_rows: int, *, is_crowded: bool) -> None:
        """Learn from a probe that found events at these times; more than a page of them if it `is_crowded`."""
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
        """Two pages back, at the density of the window that was too wide."""
        if self._empty_width * page_rows > SILENT * page_us:
            # The density differs: it has been quiet since some time in between.
            return self._between(width)
        return 2 * page_us if self._empty_width < 2 * page_us < width else self._between(width)

    def _between(self, width: int) -> int:
        return isqrt(max(self._empty_width, 1) * width)

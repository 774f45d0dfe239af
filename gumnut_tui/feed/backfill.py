"""Where a read begins, the first and each older one: times only find a position, and never decide what is read.

The service gives no way to read backwards. But a page asked for with `created_at_gte` names events near that time, and
an event's own cursor is a position one may read on from. So a *probe* (one request) finds a position some pages before
the rows that are known, and everything between is read by cursor. However odd times are, they cost requests at worst.
`Opening` finds the first position, near the newest end or at the range's own bound; `Backfill` the older ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt

from gumnut_tui.domain.models import SECOND, Event
from gumnut_tui.feed.stretch import Density, Stretch

HOUR = 3600 * SECOND
DAY = 24 * HOUR

FEWEST, MOST = 2, 16
"""Pages a stretch should have: few at first, as somebody waits; more from one to the next, as each has its price."""
SPARE = 5.0
"""Requests that may bring nothing new, whatever the size of the range."""
SHARE = 0.2
"""And so many for each page that was read."""
WIDER = 16
"""How many times wider a window is asked for when the last one was empty."""
EARLIEST_US = -62_135_596_800 * SECOND
"""The year 1, before which no time can be written."""


class Backfill:
    """Decides, before each request at the older end, whether to probe for a nearer position or to read on.

    Requests that bring nothing new are probes, and the last page of each stretch. A probe is made only while all of
    them together, those to come included, stay within `SPARE` and `SHARE`: that bounds the requests for any density.
    """

    def __init__(self) -> None:
        self.page_rows = 1
        """Events a page holds, as far as was seen."""
        self._pages = 0
        self._waste = 0
        self._aim = FEWEST
        self._silence_us = 0
        """How wide a window was needed to look beyond the last silence."""
        self._rest()

    def _rest(self) -> None:
        self._width = self._empty_width = 0
        self._factor = WIDER
        self._reads_until = 0

    def saw(self, events: int) -> None:
        """A page of so many events came."""
        self.page_rows = max(self.page_rows, events)

    def read(self) -> None:
        """A page of a stretch was read."""
        self._pages += 1

    def probed(self) -> None:
        """A page was asked for to find a position."""
        self._waste += 1

    def met(self) -> None:
        """A stretch has met what is known; its last page was there mostly already."""
        self._waste += 1
        self._pages -= 1
        self._aim = min(MOST, self._aim * 2)
        self._rest()

    def probe_us(self, nearest: Stretch, unread: int, edge: Density) -> int | None:
        """The time to probe for, or None: read on at the nearest position. `unread` stretches are begun or noted."""
        if nearest.at_us is None or nearest.pages < self._reads_until or self._spare(unread) < 2:
            return None
        aim = self._aim if self._spare(unread) >= 4 else 4 * self._aim
        if nearest.pages > 4 * self._aim:
            # Longer than it seemed from this side: what it has read tells more.
            edge = edge._replace(page_us=min(edge.page_us, nearest.page_us))
        away = edge.us - nearest.at_us
        self._width = self._next_width(aim * edge.page_us, away)
        probe_us = edge.us - self._width
        is_near = edge.pages_to(nearest.at_us) <= 2 * aim or self._width * 10 > away * 9
        return None if is_near or probe_us < EARLIEST_US else probe_us

    def _next_width(self, aimed_us: int, away: int) -> int:
        """As far back as the rows at the edge suggest; then beyond what was empty, and not beyond what is `away`."""
        if not self._empty_width:
            return max(SECOND, aimed_us or away // WIDER)
        width = max(self._empty_width * self._factor, self._silence_us)
        return width if width * 4 <= away * 3 else isqrt(self._empty_width * max(away, 0))

    def found(self, between: Sequence[Event], *, is_crowded: bool, edge: Density, unread: int) -> bool:
        """Learn from a probe that found these events before the known ones; returns whether their place is of use.

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
        """No nearer position is to be had: read the stretch that has read so many pages, for a while."""
        self._rest()
        self._reads_until = pages + 4 * self._aim

    def _spare(self, unread: int) -> float:
        return SPARE + SHARE * self._pages - self._waste - unread


def first_of(events: Sequence[Event]) -> Event:
    """The event of a probe to begin a stretch with: the earliest, for one far ahead of its time may stand before it."""
    return min(events, key=lambda event: event.created_at_us)


SHORT_RANGE = 8 * DAY
"""A range so short is asked for from its beginning at first: most often that is all there is."""
FIRST_WIDTHS = (HOUR, 64 * DAY)
"""µs before the newest end that are looked at, one behind the other, where nothing is known yet."""
LONGEST = 4096 * DAY
"""How far back a range without a bound is taken to reach."""
NEAR = 2
"""Pages that are read forward rather than a nearer position looked for: the newest rows are the last of them."""
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
        self._length_us = LONGEST if since_us is None else top_us - since_us
        self._probes = 0
        self._empty_width = 0
        self._crowded_width: int | None = None
        self._widths = list(FIRST_WIDTHS)
        self._away: int | None = None
        """About how many pages lie between the nearest position and the newest end."""

    @property
    def reads_bound_first(self) -> bool:
        """The range is short."""
        return self._since_us is not None and self._length_us <= SHORT_RANGE

    def probe_us(self) -> int | None:
        """The time to probe for next, or None: begin at the nearest position found."""
        if self._probes == MOST_PROBES or (self._away is not None and self._away <= NEAR):
            return None
        if self._empty_width and self._crowded_width is None and not self._is_within(self._widths):
            self._widths = [self._between(self._length_us)]
        return self.top_us - self._widths[0] if self._is_within(self._widths) else None

    def _is_within(self, widths: Sequence[int]) -> bool:
        """Whether there is a next width, and it does not reach back beyond the range."""
        return bool(widths) and widths[0] < self._length_us

    def began(self, bound: Stretch, page_rows: int) -> None:
        """The range's first page was read, and it is not the last."""
        here = Density.of([event.created_at_us for event in bound.held], page_rows, at_end=True)
        self._away = here.pages_to(self.top_us)
        self._probes = 1
        first = min(max(2 * here.page_us, self._length_us // 64), self._length_us // 4)
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
            return self._between(width)
        return 2 * page_us if self._empty_width < 2 * page_us < width else self._between(width)

    def _between(self, width: int) -> int:
        return isqrt(max(self._empty_width, 1) * width)

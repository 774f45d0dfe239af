"""Anchors: events that others belong to, as metadata belongs to the creation of its photo, kept by the hour.

An answer about some rows then needs the anchors of few hours only, and it is known which rows have to be asked about
again once more anchors are known.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from operator import gt
from typing import NamedTuple

from gumnut_tui.domain.actions import HOUR

Span = tuple[int, int]
"""From and to, both included, in µs since the epoch."""

LATELY = 16
"""Hours that are kept ready to be asked about."""
MANY_HOURS = 64
"""A span of so many hours is not gone through hour by hour."""


class Anchors:
    """Events others may belong to: the key of what they are about, and their time, by the hour."""

    def __init__(self) -> None:
        self._hours: dict[int, tuple[array[int], array[int]]] = {}
        self._lately: dict[int, tuple[dict[int, int], list[int]]] = {}
        self.version = 0
        """Another after each change."""

    def add(self, keys: Sequence[int], times: Sequence[int]) -> list[Span]:
        """Add some; returns the spans of their times, hour by hour."""
        if not times:
            return []
        self.version += 1
        if any(map(gt, times, islice(times, 1, None))):
            order = sorted(range(len(times)), key=times.__getitem__)
            keys, times = list(map(keys.__getitem__, order)), list(map(times.__getitem__, order))
        spans, start = list[Span](), 0
        while start < len(times):
            hour = times[start] // HOUR
            stop = bisect_left(times, (hour + 1) * HOUR, start)
            known = self._hours.setdefault(hour, (array("q"), array("q")))
            known[0].extend(keys[start:stop])
            known[1].extend(times[start:stop])
            self._lately.pop(hour, None)
            spans.append((times[start], times[stop - 1]))
            start = stop
        return spans

    def within(self, hours: Iterable[int]) -> Known:
        """The anchors of some hours."""
        known = Known([part for hour in hours if (part := self._hours.get(hour)) is not None])
        for hour in hours:
            if hour in self._hours:
                of_hour, times = self._of_hour(hour)
                known.times |= of_hour
                known.sorted += times
        if len(known.times) < len(known.sorted):
            every = defaultdict[int, list[int]](list)
            for key, us in known.pairs():
                every[key].append(us)
            known.twins = {key: sorted(each) for key, each in every.items() if len(each) > 1}
        return known

    def _of_hour(self, hour: int) -> tuple[dict[int, int], list[int]]:
        """The times by key, and sorted; kept, as the rows of an hour mostly come together."""
        if hour not in self._lately:
            if len(self._lately) >= LATELY:
                self._lately.clear()
            keys, times = self._hours[hour]
            self._lately[hour] = dict(zip(keys, times, strict=True)), sorted(times)
        return self._lately[hour]


@dataclass(slots=True)
class Known:
    """Anchors of some hours."""

    parts: Sequence[tuple[array[int], array[int]]] = ()
    times: dict[int, int] = field(default_factory=dict)
    """By what they are about."""
    sorted: list[int] = field(default_factory=list)
    twins: dict[int, list[int]] = field(default_factory=dict)
    """The times of what has more than one."""

    def pairs(self) -> Iterator[tuple[int, int]]:
        """What each is about, and its time."""
        return (pair for keys, times in self.parts for pair in zip(keys, times, strict=True))

    def of(self, key: int | None, us: int, back: int, ahead: int) -> int | None:
        """The time of the anchor with this key: at most `back` before a time, else at most `ahead` after it."""
        if key is None:
            return None
        if key in self.twins:
            return _nearest(self.twins[key], us, back, ahead)
        at = self.times.get(key)
        return at if at is not None and -ahead <= us - at <= back else None

    def near(self, us: int, back: int, ahead: int) -> int | None:
        """The last anchor at most `back` before a time, else the first at most `ahead` after it."""
        return _nearest(self.sorted, us, back, ahead)


def _nearest(times: Sequence[int], us: int, back: int, ahead: int) -> int | None:
    index = bisect_right(times, us)
    if index and us - times[index - 1] <= back:
        return times[index - 1]
    return times[index] if index < len(times) and times[index] - us <= ahead else None


class Runs(NamedTuple):
    """Creations of photos that follow one another without a long pause: where each run begins and ends."""

    lows: list[int]
    highs: list[int]

    @classmethod
    def of(cls, times: Sequence[int], pause: int) -> Runs:
        """The runs of some times, ascending."""
        if not times:
            return cls([], [])
        cuts = [pair for pair in pairwise(times) if pair[1] - pair[0] > pause]
        return cls([times[0], *(after for _, after in cuts)], [*(before for before, _ in cuts), times[-1]])


@dataclass(frozen=True, slots=True)
class Around:
    """What others may belong to, of the hours around some rows."""

    created: Known = field(default_factory=Known)
    people: Known = field(default_factory=Known)
    deleted: Known = field(default_factory=Known)
    moved: Known = field(default_factory=Known)
    runs: Runs = field(default_factory=lambda: Runs([], []))


def hours_of(ordered: Sequence[int], before: int = 0, after: int = 0) -> Sequence[int]:
    """The hours, ascending, in which these ascending times lie, or so many µs before or after; perhaps some between."""
    low, high = (ordered[0] - before) // HOUR, (ordered[-1] + after) // HOUR
    if high - low <= MANY_HOURS:
        return range(low, high + 1)
    spans = {((us - before) // HOUR, (us + after) // HOUR) for us in ordered}
    return sorted({hour for first, last in spans for hour in range(first, last + 1)})


def wider(spans: Iterable[Span], before: int, after: int) -> Iterator[Span]:
    """The spans, each longer by so many µs at its ends."""
    return ((low - before, high + after) for low, high in spans)

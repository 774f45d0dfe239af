"""Anchors: events that others belong to, as metadata belongs to the creation of its photo, kept by the hour.

An answer about some rows then needs the anchors of few hours only, and it is known which rows have to be asked about
again once more anchors are known.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import sub
from typing import NamedTuple

from gumnut_tui.domain.actions import HOUR

Span = tuple[int, int]
"""From and to, both included, in µs since the epoch."""

MANY_HOURS = 64
"""A span of so many hours is not gone through hour by hour."""


class Anchors:
    """Events others may belong to: the key of what they are about, and their time, by the hour."""

    def __init__(self) -> None:
        self._hours: dict[int, tuple[array[int], array[int]]] = {}
        self.version = 0
        """Another after each change."""

    def add(self, keys: Sequence[int], times: Sequence[int]) -> list[Span]:
        """Add some; returns the spans of their times, hour by hour."""
        if not times:
            return []
        self.version += 1
        low, high = min(times), max(times)
        if low // HOUR == high // HOUR:
            known = self._hours.setdefault(low // HOUR, (array("q"), array("q")))
            known[0].extend(keys)
            known[1].extend(times)
            return [(low, high)]
        by_hour: dict[int, list[int]] = {}
        for place, us in enumerate(times):
            by_hour.setdefault(us // HOUR, []).append(place)
        for hour, places in by_hour.items():
            known = self._hours.setdefault(hour, (array("q"), array("q")))
            known[0].extend(map(keys.__getitem__, places))
            known[1].extend(map(times.__getitem__, places))
        found = [list(map(times.__getitem__, places)) for places in by_hour.values()]
        return [(min(each), max(each)) for each in found]

    def within(self, hours: Iterable[int]) -> Known:
        """The anchors of some hours."""
        parts = [part for hour in hours if (part := self._hours.get(hour)) is not None]
        known = Known(parts)
        for keys, times in parts:
            known.times.update(zip(keys, times, strict=True))
            known.sorted += times
        known.sorted.sort()
        if len(known.times) < len(known.sorted):
            every = defaultdict[int, list[int]](list)
            for key, us in known.pairs():
                every[key].append(us)
            known.twins = {key: sorted(each) for key, each in every.items() if len(each) > 1}
        return known


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
        if times[-1] - times[0] <= pause or max(map(sub, times[1:], times)) <= pause:
            return cls([times[0]], [times[-1]])
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


def hours_of(times: Sequence[int]) -> range | set[int]:
    """The hours in which these times lie; if they are close together, also those between them."""
    low, high = min(times) // HOUR, max(times) // HOUR
    return range(low, high + 1) if high - low <= MANY_HOURS else {us // HOUR for us in times}


def wider(spans: Iterable[Span], before: int, after: int) -> Iterator[Span]:
    """The spans, each longer by so many µs at its ends."""
    return ((low - before, high + after) for low, high in spans)

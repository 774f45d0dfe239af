"""How close events lie to one another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Density(NamedTuple):
    """How close events lie to one another at one place: the time there, and how long a page of them lasts, in µs."""

    us: int
    page_us: int

    @classmethod
    def of(cls, times_us: Sequence[int], page_rows: int, *, at_end: bool = False) -> Density:
        """The density of some events; its time is that of the earliest, or of the last, but for a few odd ones."""
        ordered = sorted(times_us)
        tenth = len(ordered) // 10
        low, high = ordered[tenth], ordered[len(ordered) - 1 - tenth]
        rows = max(1, len(ordered) - 2 * tenth)
        return cls(high if at_end else low, (high - low) * page_rows // rows)

    def pages_to(self, us: int) -> int:
        """About how many pages lie between here and another time, if it goes on like this."""
        return abs(us - self.us) // max(1, self.page_us)

"""What the properties draw: times of all kinds, feeds of all densities, and how many cases there are."""

from __future__ import annotations

import os
from random import Random

from hypothesis import strategies as st

from gumnut_tui.domain.models import to_us
from tests.factories import NOW

SECOND = 1_000_000
MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 86400 * SECOND
NOW_US = to_us(NOW)
YEAR_1 = -62_135_596_800 * SECOND
YEAR_9999 = 253_402_300_799 * SECOND
YEAR_2099 = to_us(NOW.replace(year=2099))

TIMES = st.one_of(
    st.integers(0, 90).map(lambda minutes: NOW_US - minutes * MINUTE),
    st.integers(0, 3 * 86400).map(lambda seconds: NOW_US - seconds * SECOND),
    st.integers(0, 40).map(lambda days: NOW_US - days * DAY),
    st.sampled_from([YEAR_1, YEAR_9999, YEAR_2099, NOW_US, NOW_US - DAY, NOW_US + 5 * MINUTE]),
)
"""When a transaction may say it began."""

RANGES = st.sampled_from([None, HOUR, DAY, 30 * DAY])
"""µs a range reaches back; None has no bound."""


def cases(usual: int) -> int:
    """How many cases a property is tried with: `usual`, times GUMNUT_TEST_CASES."""
    return int(usual * float(os.environ.get("GUMNUT_TEST_CASES", "1")))


@st.composite
def densities(draw: st.DrawFn) -> list[int]:
    """Times of up to 480 events, ascending up to now: even stretches, bursts, silences, and many of one time."""
    parts = st.tuples(
        st.integers(1, 80),
        st.sampled_from([0, 1, SECOND // 20, SECOND, MINUTE, HOUR, DAY]),
        st.sampled_from([0, SECOND, HOUR, 3 * DAY, 40 * DAY, 400 * DAY]),
    )
    times, at = list[int](), 0
    for count, apart, silence in draw(st.lists(parts, max_size=6)):
        for _ in range(count):
            times.append(at)
            at += apart
        at += silence
    return [NOW_US - at + time for time in times]


@st.composite
def disordered(draw: st.DrawFn) -> list[int]:
    """Times as `densities` has them, some of them off by seconds, minutes or ages."""
    times = draw(densities())
    chance = Random(draw(st.integers(0, 2**32 - 1)))
    share = draw(st.sampled_from([0.0, 0.01, 0.1, 1.0]))
    off = draw(st.sampled_from([2 * SECOND, 30 * SECOND, 15 * MINUTE, 90 * MINUTE, 40 * DAY]))
    odd = draw(st.lists(st.sampled_from([YEAR_1, YEAR_9999, YEAR_2099]), max_size=2))
    moved = [time + chance.randint(-off, off) if chance.random() < share else time for time in times]
    for time in odd:
        moved.insert(chance.randint(0, len(moved)), time)
    return moved

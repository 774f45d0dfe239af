"""How close events lie to one another."""

from __future__ import annotations

from gumnut_tui.feed.density import Density


def test_a_few_odd_times_do_not_matter() -> None:
    """A tenth at either end is left out."""
    times = [0, *range(1000, 1098), 10**12]
    here = Density.of(times, 100)
    assert 1000 <= here.us <= 1010
    assert 80 <= here.page_us <= 120
    assert here.pages_to(here.us + 1000) in range(8, 13)


def test_one_time_lasts_no_time() -> None:
    """Then there is no telling how many pages lie beyond."""
    assert Density.of([5, 5, 5], 200, at_end=True) == (5, 0)

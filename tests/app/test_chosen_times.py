"""The range of the screen, settled once, and its zone."""

from __future__ import annotations

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest

from gumnut_tui.app.chosen_times import ZoneChoice, choose_range, span_range
from gumnut_tui.domain.errors import UsageProblem
from gumnut_tui.domain.models import to_us
from tests.factories import NOW


def test_a_preset_is_known_by_its_words_and_settled_at_once() -> None:
    """`24h` ends with now and does not move on with the clock."""
    chosen = choose_range("24h", "", now=NOW, zone=UTC)
    assert (chosen.preset, chosen.words) == ("24h", "24h")
    assert (chosen.since_us, chosen.until_us) == (to_us(NOW - timedelta(days=1)), None)
    assert chosen.chosen_at_us == to_us(NOW)


def test_a_range_with_an_end_is_no_preset() -> None:
    """Even where it begins as one does."""
    chosen = choose_range("24h", "1h", now=NOW, zone=UTC)
    assert (chosen.preset, chosen.words) == (None, "24h – 1h")
    assert chosen.until_us == to_us(NOW - timedelta(hours=1))


def test_words_that_mean_no_time_are_refused() -> None:
    """The question stays, to be mended."""
    with pytest.raises(UsageProblem):
        choose_range("sometime", "", now=NOW, zone=UTC)


def test_a_span_of_the_histogram_ends_where_it_was_drawn() -> None:
    """An open end is no part of it."""
    chosen = span_range(1, 2, ("from", "to"))
    assert (chosen.since_us, chosen.until_us, chosen.chosen_at_us) == (1, 2, 2)


def test_the_zone_turns_to_utc_and_back() -> None:
    """One's own comes first."""
    zone = ZoneChoice(ZoneInfo("Europe/Lisbon"))
    seen = [zone.now()]
    for _ in range(2):
        zone.turn()
        seen.append(zone.now())
    assert seen == [ZoneInfo("Europe/Lisbon"), UTC, ZoneInfo("Europe/Lisbon")]

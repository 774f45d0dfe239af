"""The range of the screen, settled once, and its zone."""

from __future__ import annotations

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest

from gumnut_tui.app.open_library import ZoneChoice, choose_range, range_between, span_range
from gumnut_tui.domain.errors import UsageProblem
from gumnut_tui.domain.models import to_us
from tests.factories import NOW


def test_a_preset_is_known_by_its_words_and_settled_at_once() -> None:
    """`24h` ends with now and does not move on with the clock."""
    chosen = choose_range("24h", now=NOW, zone=UTC)
    assert (chosen.preset, chosen.words) == ("24h", "24h")
    assert (chosen.since_us, chosen.until_us) == (to_us(NOW - timedelta(days=1)), None)
    assert chosen.chosen_at_us == to_us(NOW)


def test_yesterday_is_that_day() -> None:
    """As a range it ends where today begins."""
    chosen = choose_range("yesterday", now=NOW, zone=UTC)
    assert (chosen.preset, chosen.until_us) == ("yesterday", to_us(NOW.replace(hour=0)))


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        ("24h", "1h", "24h – 1h"),
        ("yesterday", None, "yesterday .."),
        ("yesterday", "today", "yesterday – today 00:00"),
        ("2026-11-18", "2026-11-19 10:00", "2026-11-18 – 2026-11-19 10:00"),
    ],
)
def test_two_moments_are_said_so_that_they_can_be_typed(since: str, until: str | None, words: str) -> None:
    """`--since` and `--until` are moments, also where they name a day; no preset looks as if it were chosen."""
    chosen = range_between(since, until, now=NOW, zone=UTC)
    assert (chosen.words, chosen.preset) == (words, None)
    again = choose_range(chosen.words, now=NOW, zone=UTC)
    assert (again.since_us, again.until_us) == (chosen.since_us, chosen.until_us)


def test_words_that_mean_no_time_are_refused() -> None:
    """The question stays, to be mended."""
    with pytest.raises(UsageProblem):
        choose_range("sometime", now=NOW, zone=UTC)


def test_a_span_of_the_histogram_ends_where_it_was_drawn() -> None:
    """An open end is no part of it, and its words can be typed."""
    span = to_us(NOW - timedelta(hours=9)), to_us(NOW - timedelta(hours=3))
    chosen = span_range(*span, UTC)
    assert (chosen.since_us, chosen.until_us, chosen.chosen_at_us) == (*span, span[1])
    again = choose_range(chosen.words, now=NOW, zone=UTC)
    assert (again.since_us, again.until_us) == span


def test_the_zone_turns_to_utc_and_back() -> None:
    """One's own comes first."""
    zone = ZoneChoice(ZoneInfo("Europe/Lisbon"))
    seen = [zone.now()]
    for _ in range(2):
        zone.turn()
        seen.append(zone.now())
    assert seen == [ZoneInfo("Europe/Lisbon"), UTC, ZoneInfo("Europe/Lisbon")]

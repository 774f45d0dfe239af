"""Rules for the axis of the histogram: it shows the chosen range, and moves as seldom as can be."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, timedelta
from typing import cast

from gumnut_tui.app.open_library import ChosenRange, choose_range, span_range
from gumnut_tui.app.view_state import axis_of, late_words, mode_note
from gumnut_tui.domain.models import to_us
from gumnut_tui.feed.poller import EventFeed, PollPhase, PollState
from gumnut_tui.store.event_store import EventStore
from tests.factories import NOW, make_event

NOW_US = to_us(NOW)
HOUR = 3_600_000_000
ALL = choose_range("all", now=NOW, zone=UTC)
DAY = choose_range("24h", now=NOW, zone=UTC)


@dataclass
class Read:
    """A feed as far as it was read."""

    hours_ago: tuple[float, ...] = ()
    read_from_us: int | None = None
    reaches_start: bool = False
    store: EventStore = field(default_factory=EventStore)

    def __post_init__(self) -> None:
        self.store.append(
            make_event(number, created_at=NOW - timedelta(hours=hours)) for number, hours in enumerate(self.hours_ago)
        )


def axis(read: Read, chosen: ChosenRange = ALL) -> tuple[int, int]:
    return axis_of(cast(EventFeed, read), chosen)


def test_an_open_range_ends_when_it_was_chosen_or_with_the_last_event() -> None:
    """So that the axis stands still while pages come, and goes on with the live feed."""
    assert axis(Read((5, 1)), DAY) == (NOW_US - 24 * HOUR, NOW_US)
    assert axis(Read((5, -1)), DAY) == (NOW_US - 24 * HOUR, NOW_US + HOUR + 1)


def test_a_closed_range_is_shown_as_it_is() -> None:
    """Whatever was read of it."""
    span = span_range(NOW_US - 9 * HOUR, NOW_US - 3 * HOUR, UTC)
    assert axis(Read((8, 1)), span) == (NOW_US - 9 * HOUR, NOW_US - 3 * HOUR)


def test_without_a_lower_bound_it_begins_with_the_feed() -> None:
    """With the first event, once that was read."""
    assert axis(Read((70, 1), reaches_start=True)) == (NOW_US - 70 * HOUR, NOW_US)


def test_while_its_beginning_is_unknown_there_is_room_for_what_comes() -> None:
    """At most as much again as was read, and many pages are shown upon the same axis."""
    axes = {axis(Read((hours, 0.5), read_from_us=NOW_US - hours * HOUR)) for hours in range(1, 1000)}
    assert len(axes) < 25
    for hours in (1, 10, 100, 1000):
        since_us, end_us = axis(Read((hours, 0.5), read_from_us=NOW_US - hours * HOUR))
        assert end_us - 2 * hours * HOUR <= since_us < NOW_US - hours * HOUR


def test_late_events_are_told_by_where_they_stand() -> None:
    """One by its time, several by the first and the last."""
    assert late_words([NOW_US], UTC, NOW) == "1 late event at 12:00"
    assert late_words([NOW_US, NOW_US - HOUR], UTC, NOW) == "2 late events from today 11:00 to today 12:00"
    assert late_words([NOW_US - 24 * HOUR], UTC, NOW) == "1 late event, yesterday 12:00"


def test_what_was_polled_was_never_polled_in_the_future() -> None:
    """An answer may have set the clock back meanwhile."""
    assert mode_note(PollState(PollPhase.LIVE, NOW + timedelta(seconds=11)), NOW) == "polled just now"
    assert mode_note(PollState(PollPhase.LIVE, NOW - timedelta(seconds=11)), NOW) == "polled 11s ago"

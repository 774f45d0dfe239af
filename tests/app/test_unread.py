"""What could not be read is read again: at once when the service is back, else after a while."""

from __future__ import annotations

from gumnut_tui.app.unread import RETRY, Unread
from gumnut_tui.domain.errors import ServerFailure
from gumnut_tui.feed.poller import PollPhase, PollState
from tests.app.stage import HandClock

WELL = PollState(PollPhase.LIVE)
DOWN = PollState(PollPhase.RETRYING, error=ServerFailure("GET /api/events", 503))


def test_it_is_read_again_as_soon_as_the_service_is_back() -> None:
    """Not while it is down, and once."""
    unread = Unread(HandClock().now)
    assert not unread.is_due(DOWN)
    assert not unread.is_due(WELL)
    unread.failed()
    assert not unread.is_due(DOWN)
    assert unread.is_due(WELL)
    assert not unread.is_due(WELL)


def test_where_the_feed_could_be_read_it_is_tried_again_after_a_while() -> None:
    """A service may refuse entities only; what was read meanwhile, or is wanted no more, is not read again."""
    clock = HandClock()
    unread = Unread(clock.now)
    unread.failed()
    clock.add(RETRY.total_seconds() - 1)
    assert not unread.is_due(WELL)
    clock.add(1)
    assert unread.is_due(WELL)
    unread.failed()
    unread.is_over()
    clock.add(RETRY.total_seconds())
    assert not unread.is_due(WELL)


def test_what_fails_while_the_service_is_down_is_read_again_when_it_is_back() -> None:
    """Though nobody told of the outage in between."""
    unread = Unread(HandClock().now)
    assert not unread.is_due(DOWN)
    unread.failed()
    assert unread.is_due(WELL)

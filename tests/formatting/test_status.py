"""Rules for the words that say what an entity is now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gumnut_tui.domain.models import Entity, EntityState, Presence, to_us
from gumnut_tui.formatting.facts import Fact, Tone
from gumnut_tui.formatting.status import as_of_line, status_line, trash_words
from tests.factories import NOW, RETENTION


def state(presence: Presence, **fields: object) -> EntityState:
    entity = None if presence is Presence.GONE else Entity("asset", "asset_1", dict(fields), NOW)
    return EntityState("asset", "asset_1", presence, NOW, entity)


THIS_MORNING = to_us(NOW - timedelta(hours=2))


@pytest.mark.parametrize(
    ("presence", "since", "line"),
    [
        (Presence.LIVE, None, Fact("", "LIVE", Tone.GOOD)),
        (Presence.MOVED, None, Fact("", "MOVED to another library", Tone.WARN)),
        (Presence.MOVED, THIS_MORNING, Fact("", "MOVED to another library since today 10:00", Tone.WARN)),
        (Presence.GONE, THIS_MORNING, Fact("", "GONE since today 10:00", Tone.BAD)),
        (Presence.GONE, None, Fact("", "GONE", Tone.BAD)),
    ],
)
def test_status(presence: Presence, since: int | None, line: Fact) -> None:
    """Live, moved and gone are told apart, with the time it happened where that is known."""
    assert status_line(state(presence), zone=UTC, now=NOW, retention=RETENTION, gone_since_us=since) == line


def test_trash_tells_how_long_one_can_have_it_back() -> None:
    """The service gives only when it was trashed; how long it is kept is said to be a guess."""
    trashed = state(Presence.TRASHED, trashed_at="2026-11-20T10:00:00Z")
    line = status_line(trashed, zone=UTC, now=NOW, retention=RETENTION)
    assert line.value == "IN TRASH since today 10:00, recoverable until about 18 Feb 2027 (90 days unless configured)"
    assert line.tone is Tone.WARN


def test_trash_without_a_time() -> None:
    """In the trash is recoverable even if nobody knows since when."""
    line = status_line(state(Presence.TRASHED, trashed_at="garbage"), zone=UTC, now=NOW, retention=RETENTION)
    assert line.value == "IN TRASH, recoverable"


def test_trash_past_its_time_promises_nothing() -> None:
    """What should have been purged may be any time."""
    words = trash_words(NOW - timedelta(days=31), zone=UTC, now=NOW, retention=timedelta(days=30))
    assert (
        words == " since Tue 20 Oct 12:00, kept longer than expected (30 days unless configured): "
        "it may be purged at any time"
    )


def test_trash_at_the_end_of_the_calendar() -> None:
    """An absurd time is no reason to fail."""
    assert "recoverable" in trash_words(datetime.max.replace(tzinfo=UTC), zone=UTC, now=NOW, retention=RETENTION)


def test_fields_are_said_to_be_those_of_now() -> None:
    """An entity is shown as it was read, not as it was at an event, and says so."""
    assert as_of_line(NOW, zone=UTC, now=NOW).value == "as it is now, read 12:00:00; not as it was at the event"
    earlier = as_of_line(NOW - timedelta(days=1), zone=UTC, now=NOW).value
    assert earlier == "as it was when read yesterday 12:00:00; not as it was at the event"

"""What the demo plays becomes the actions a newcomer should see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from gumnut_tui.demo.world.world import World
from gumnut_tui.domain.action_facts import Facts, What, facts_of
from gumnut_tui.domain.defaults import DEMO_EVENTS, DEMO_SEED
from gumnut_tui.domain.models import to_us
from gumnut_tui.store.actions import Actions
from gumnut_tui.store.event_store import EventStore
from tests.demo.worlds import library_ids
from tests.factories import make_event

MORNING = datetime(2026, 11, 21, 6, 20, 5, tzinfo=UTC)
NOWS = [MORNING, MORNING + timedelta(hours=9), MORNING + timedelta(days=2, hours=14)]
MOST_ROWS = 40


@cache
def demo(now: datetime, library: int) -> tuple[EventStore, Actions]:
    """The events and the actions of a library of the demo as it is opened by default."""
    world = World(seed=DEMO_SEED, now=now, events=DEMO_EVENTS)
    store = EventStore()
    store.append([
        make_event(
            number,
            entity_type=row.entity_type,
            entity_id=row.entity_id,
            event_type=row.event_type,
            created_at=datetime.fromtimestamp(row.created_at_us / 1e6, UTC),
            payload=row.payload,
        )
        for number, row in enumerate(world.feed(library_ids(world)[library]))
    ])  # fmt: skip
    actions = Actions(store)
    actions.refresh()
    return store, actions


def described(now: datetime, library: int = 0, hours: float = 24 * 365) -> Iterator[Facts]:
    """What each action of so many hours before now did."""
    store, actions = demo(now, library)
    for action in actions.during(to_us(now - timedelta(hours=hours)), to_us(now)):
        yield facts_of(action, actions.kinds(action), [store.event(row) for row in actions.rows(action)])


@pytest.mark.parametrize("now", NOWS)
def test_a_day_fits_on_a_screen(now: datetime) -> None:
    """The default range has few enough actions to be read at once."""
    assert len(list(described(now, hours=24))) <= MOST_ROWS


@pytest.mark.parametrize("now", NOWS)
def test_the_day_tells_its_stories(now: datetime) -> None:
    """An upload, 200 photos trashed, 60 restored, an album deleted, one renamed, a merge, a purge, faces regrouped."""
    day = list(described(now, hours=24))
    photos = {
        what: max(facts.photo_count for facts in day if facts.what is what) for what in (What.TRASH, What.RESTORE)
    }
    assert photos == {What.TRASH: 200, What.RESTORE: 60}
    assert {What.UPLOAD, What.PURGE, What.CLUSTERING} <= {facts.what for facts in day}
    assert all(any(facts.count(event_type) for facts in day) for event_type in ("album_deleted", "album_updated"))
    assert any(facts.hands.merges for facts in day)


def test_everything_people_and_the_service_do_occurs() -> None:
    """In one library or another; only what cannot be known need not."""
    occurring = {facts.what for library in range(3) for facts in described(MORNING, library)}
    assert set(What) - occurring <= {What.CHANGES}

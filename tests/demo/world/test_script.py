"""How a world is staged: what lies between its first day and now."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.demo.worlds import NOW, library_ids, microseconds, still_world

SIZES = pytest.mark.parametrize(("events", "days", "doomed"), [(20_000, 30, 200), (4_000, 10, 40), (500, 2, 10)])


@SIZES
def test_the_last_hour_is_lively(events: int, days: int, doomed: int) -> None:
    """Uploads go on in the last hour, up to about a minute before now."""
    world = still_world(events=events, days=days)
    rows = world.feed(library_ids(world)[0])
    recent = [row for row in rows if row.created_at_us >= microseconds(NOW - timedelta(hours=1))]
    assert len(recent) >= 8
    assert any(row.created_at_us > microseconds(NOW - timedelta(seconds=90)) for row in recent)


def test_retention_purges_what_was_trashed_long_ago() -> None:
    """Some photos are deleted for good that the feed never saw being trashed."""
    rows = list(still_world().feed(library_ids(still_world())[0]))
    trashed = {row.entity_id for row in rows if row.event_type == "asset_trashed"}
    purged = [row for row in rows if row.event_type == "asset_deleted"]
    assert any(row.entity_id not in trashed for row in purged)

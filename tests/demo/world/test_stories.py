"""The last day's set pieces are there, whatever the size of the run."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gumnut_tui.demo.world.events import EventRow
from gumnut_tui.demo.world.world import World
from tests.demo.worlds import NOW, library_ids, microseconds, still_world

SIZES = pytest.mark.parametrize(("events", "days", "doomed"), [(20_000, 30, 200), (4_000, 10, 40), (500, 2, 10)])


def last_day(world: World, *event_types: str) -> list[EventRow]:
    """The family library's events of the last 24 hours of some types."""
    since_us = microseconds(NOW - timedelta(hours=24))
    rows = world.feed(library_ids(world)[0])
    return [row for row in rows if row.created_at_us >= since_us and row.event_type in event_types]


@SIZES
def test_many_photos_are_trashed_at_once(events: int, days: int, doomed: int) -> None:
    """About as many photos as planned go to the trash within half a minute, and a third of them comes back."""
    world = still_world(events=events, days=days)
    trashed = last_day(world, "asset_trashed")
    bursts = [sum(0 <= other.created_at_us - row.created_at_us <= 30_000_000 for other in trashed) for row in trashed]
    assert max(bursts) == pytest.approx(doomed, rel=0.15, abs=3)
    first = trashed[bursts.index(max(bursts))].created_at_us
    burst = {row.entity_id for row in trashed if 0 <= row.created_at_us - first <= 30_000_000}
    restored = [row for row in last_day(world, "asset_restored") if row.entity_id in burst]
    assert len(restored) == pytest.approx(0.3 * doomed, rel=0.2, abs=2)
    assert all(row.created_at_us - first > 60_000_000 for row in restored)


@SIZES
def test_an_album_is_deleted(events: int, days: int, doomed: int) -> None:
    """An album goes with one event; its photos were not removed one by one and are still there."""
    world = still_world(events=events, days=days)
    deleted = last_day(world, "album_deleted")
    assert deleted
    assert all(world.entity("album", row.entity_id) is None for row in deleted)


@SIZES
def test_photos_are_taken_out_of_an_album(events: int, days: int, doomed: int) -> None:
    """Some photos left an album and are safe."""
    world = still_world(events=events, days=days)
    safe = [
        row
        for row in last_day(world, "album_asset_removed")
        if row.payload and world.entity("asset", row.payload["asset_id"])
    ]
    assert safe


@SIZES
def test_photos_are_purged_with_what_hangs_on_them(events: int, days: int, doomed: int) -> None:
    """Some photos are deleted for good, with their faces and memberships before them."""
    world = still_world(events=events, days=days)
    purged = {row.entity_id for row in last_day(world, "asset_deleted")}
    assert purged
    assert last_day(world, "face_deleted")
    removed = {row.payload["asset_id"] for row in last_day(world, "album_asset_removed") if row.payload}
    assert removed & purged

"""Worlds with a fixed clock for the tests of the demo library."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from gumnut_tui.demo.world.world import World

NOW = datetime(2026, 11, 21, 16, 20, 5, tzinfo=UTC)
KINDS = ("asset", "album", "album_asset", "person", "face", "stack")


def make_world(*, seed: int = 7, now: datetime = NOW, events: int = 4_000, days: int = 10) -> World:
    """A world of its own, which a test may let run on."""
    return World(seed=seed, now=now, events=events, days=days)


@cache
def still_world(seed: int = 7, events: int = 4_000, days: int = 10) -> World:
    """A world shared by tests that only read."""
    return make_world(seed=seed, events=events, days=days)


def library_ids(world: World) -> list[str]:
    """The ids of all libraries, the family's first."""
    return [str(library["id"]) for library in world.libraries("all")]


def microseconds(moment: datetime) -> int:
    """A moment as µs since the epoch."""
    return round(moment.timestamp() * 1_000_000)

"""A day on which photos went missing: some to the trash, some for good."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from gumnut_tui.app.gumnut_app import GumnutApp
from gumnut_tui.domain.models import Event
from tests.app.scripted import ALBUM, ScriptedClient, activity, make_asset
from tests.app.stage import make_app
from tests.app.waiting import press, wait_for_text
from tests.factories import NOW, make_event

TRASHED, DELETED = 12, 15
FEW = 4
"""Deletions too few for an incident."""


def burst(event_type: str, count: int, first: int, hours_ago: float, seconds: float = 1) -> list[Event]:
    """Photos 100 + `first` and on, one after the other."""
    begun = NOW - timedelta(hours=hours_ago)
    return [
        make_event(
            first + at,
            entity_id=f"asset_{first + at:02}",
            event_type=event_type,
            created_at=begun + timedelta(seconds=at * seconds),
        )
        for at in range(count)
    ]


TRASH = burst("asset_trashed", TRASHED, 100, 9)
DELETION = burst("asset_deleted", DELETED, 200, 7)
SINGLES = burst("asset_deleted", FEW, 300, 6.5, seconds=90)


def missing_photos() -> ScriptedClient:
    """A day with one incident in the trash, one for good, and a few deletions that are none."""
    quiet = [event for event in activity(20) if event.operation.value == "created"]
    entities = [make_asset(100 + at, trashed_at=NOW.isoformat()) for at in range(TRASHED)]
    return ScriptedClient(
        sorted([*TRASH, *DELETION, *SINGLES, *quiet], key=lambda event: event.created_at),
        entities=[*entities, *map(make_asset, range(20)), ALBUM],
    )


def make_missing(**changes: Any) -> GumnutApp:
    """The app on that day."""
    return make_app(missing_photos(), **changes)


async def listed(pilot: Any) -> None:
    """Open the list, and let it learn what became of the photos."""
    await press(pilot, "i")
    await wait_for_text(pilot, "as of today 12:00:00")


def cursors(events: list[Event]) -> list[str]:
    """In the order of the screen."""
    return [event.cursor for event in reversed(events)]

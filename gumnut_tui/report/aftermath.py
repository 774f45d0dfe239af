"""What later events in the feed say about photos and album memberships that were trashed, deleted or moved."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from gumnut_tui.domain import fields as field
from gumnut_tui.domain.models import Event, Operation, Presence

_PRESENCES = {
    Operation.DELETED: Presence.GONE,
    Operation.TRASHED: Presence.TRASHED,
    Operation.RESTORED: Presence.LIVE,
    Operation.MOVED_IN: Presence.LIVE,
    Operation.MOVED_OUT: Presence.MOVED,
}


class Aftermath:
    """Follows events in feed order: the latest state of each photo, and memberships removed and added again."""

    def __init__(self) -> None:
        self._presences: dict[str, Presence] = {}
        self._trashed: dict[str, datetime] = {}
        self._links: dict[str, bool] = {}
        self._albums: dict[str, dict[str, None]] = {}

    def take(self, events: Iterable[Event]) -> None:
        """Take in events, in feed order."""
        for event in events:
            if event.entity_type == "asset":
                self._take_photo(event)
            elif event.entity_type == "album_asset":
                self._take_link(event)

    def presence(self, asset_id: str) -> Presence | None:
        """What the photo was after the last event that says so; None when none does."""
        return self._presences.get(asset_id)

    def trashed_at(self, asset_id: str) -> datetime | None:
        """When an event last put the photo into the trash."""
        return self._trashed.get(asset_id)

    def is_put_back(self, event: Event) -> bool:
        """Whether the photo this event took out of an album came into the same album again."""
        return any(self._links.get(key, False) for key in _keys(event))

    def albums(self, asset_id: str) -> list[str]:
        """Ids of the albums events took the photo out of."""
        return list(self._albums.get(asset_id, ()))

    def _take_photo(self, event: Event) -> None:
        operation = event.operation
        if operation in _PRESENCES:
            self._presences[event.entity_id] = _PRESENCES[operation]
        if operation is Operation.TRASHED:
            self._trashed[event.entity_id] = event.created_at

    def _take_link(self, event: Event) -> None:
        operation = event.operation
        if operation not in (Operation.ADDED, Operation.REMOVED):
            return
        for key in _keys(event):
            if operation is Operation.REMOVED:
                self._links[key] = False
            elif key in self._links:
                self._links[key] = True
        asset, album = link_ends(event)
        if operation is Operation.REMOVED and asset and album:
            self._albums.setdefault(asset, {})[album] = None


def link_ends(event: Event) -> tuple[str, str]:
    """Ids of the photo and the album a membership event names; empty where its payload does not."""
    details = event.details
    return field.raw_id(details, "asset_id"), field.raw_id(details, "album_id")


def _keys(event: Event) -> list[str]:
    asset, album = link_ends(event)
    return [event.entity_id, f"{album} {asset}"] if asset and album else [event.entity_id]

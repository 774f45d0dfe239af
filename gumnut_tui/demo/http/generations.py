"""The forms the service has had over time, as data: what each one knows, allows and leaves out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_FIRST_TYPES = frozenset({"asset", "album", "person", "face", "album_asset"})

TRASH_EVENTS = frozenset({"asset_trashed", "asset_restored"})
MOVE_EVENTS = frozenset({"asset_moved_out", "asset_moved_in"})
STACK_EVENTS = frozenset({"stack_created", "stack_updated", "stack_deleted"})
LIBRARY_EVENTS = frozenset({"library_trashed", "library_restored"})

# Fields by the SDK release (0.N) that first had them; an older service does not send them at all.
_FIELD_SINCE: dict[str, dict[str, int]] = {
    "library": {"owner": 165, "role": 165, "storage_used_bytes": 105, "storage_limit_bytes": 105},
    "asset": {
        "kind": 147,
        "current_version_id": 147,
        "quality_score": 171,
        "thumbhash": 102,
        "stack_id": 123,
        "trashed_at": 77,
    },
}


@dataclass(frozen=True, slots=True)
class Generation:
    """One form of the service. ``sdk`` is the minor release of the official client it belongs to."""

    name: str
    sdk: int
    entity_types: frozenset[str]
    hidden_events: frozenset[str] = frozenset()
    limit_max: int = 200
    limit_default: int = 20
    ids_max: int = 100
    commit_safe: bool = False
    """Opaque cursors, ``next_cursor`` and ``as_of``; the upper time bound is ignored."""
    repeats_types: bool = True
    """``entity_types`` may be repeated; otherwise only the last value counts, split at commas."""
    has_exif: bool = False
    has_metadata: bool = True
    default_library: bool = False
    """With several libraries and none named, the first one is meant."""

    @property
    def has_include(self) -> bool:
        """Groups come only when asked for; before, all of them always came and file data lay flat."""
        return self.sdk >= 106

    @property
    def has_trash(self) -> bool:
        """Whether there is a trash at all; where there is none, nothing counts as trashed."""
        return self.sdk >= 77

    @property
    def has_stacks(self) -> bool:
        """Whether ``/api/stacks`` exists."""
        return self.sdk >= 127

    @property
    def missing_library_status(self) -> int:
        """The status for "several libraries and none named"."""
        return 400 if self.commit_safe else 422

    def without_later_fields(self, kind: str, entity: dict[str, Any]) -> dict[str, Any]:
        """``entity`` without the fields this generation did not have yet."""
        later = {field for field, since in _FIELD_SINCE.get(kind, {}).items() if since > self.sdk}
        return {key: value for key, value in entity.items() if key not in later} if later else entity


GENERATIONS: dict[str, Generation] = {
    generation.name: generation
    for generation in (
        Generation(
            name="current",
            sdk=178,
            entity_types=_FIRST_TYPES | {"metadata", "stack"},
            ids_max=200,
            commit_safe=True,
        ),
        Generation(
            name="seed2",
            sdk=122,
            entity_types=_FIRST_TYPES | {"metadata"},
            hidden_events=MOVE_EVENTS | STACK_EVENTS | LIBRARY_EVENTS,
        ),
        Generation(
            name="seed1",
            sdk=74,
            entity_types=_FIRST_TYPES | {"metadata", "exif"},
            hidden_events=TRASH_EVENTS | MOVE_EVENTS | STACK_EVENTS | LIBRARY_EVENTS,
            repeats_types=False,
            has_exif=True,
        ),
        Generation(
            name="b",
            sdk=50,
            entity_types=_FIRST_TYPES | {"exif"},
            hidden_events=TRASH_EVENTS | MOVE_EVENTS | STACK_EVENTS | LIBRARY_EVENTS,
            limit_max=500,
            limit_default=100,
            repeats_types=False,
            has_exif=True,
            has_metadata=False,
            default_library=True,
        ),
    )
}

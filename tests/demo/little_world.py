"""A world of two libraries and a handful of rows, written out by hand, for tests of the server alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from gumnut_tui.demo.pictures.drawing import thumbhash
from gumnut_tui.demo.world.entity_filters import EVERY_LIVE, Filters

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
NOW_US = int(NOW.timestamp()) * 1_000_000
HOME, WORK, OLD = "lib_home", "lib_work", "lib_old"
STAMP = "2026-11-01T08:00:00.000001Z"


@dataclass(frozen=True)
class Row:
    seq: int
    created_at_us: int
    entity_type: str
    entity_id: str
    event_type: str
    payload: dict[str, Any] | None = None


@dataclass
class LittleFeed:
    rows: list[Row] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows)

    def row(self, index: int) -> Row:
        return self.rows[index]

    def seq(self, index: int) -> int:
        return self.rows[index].seq

    def index_after_seq(self, seq: int) -> int:
        return sum(row.seq <= seq for row in self.rows)

    def created_at_us(self, index: int) -> int:
        return self.rows[index].created_at_us

    def entity_type(self, index: int) -> str:
        return self.rows[index].entity_type

    def event_type(self, index: int) -> str:
        return self.rows[index].event_type

    def first_at_or_after(self, us: int, start: int = 0) -> int:
        for index in range(start, len(self.rows)):
            if self.rows[index].created_at_us >= us:
                return index
        return len(self.rows)

    def add(self, entity_type: str, entity_id: str, event_type: str, **payload: Any) -> None:
        seq = 100 + 3 * len(self.rows)
        created_us = NOW_US - 1_000_000 * (1000 - len(self.rows))
        self.rows.append(Row(seq, created_us, entity_type, entity_id, event_type, payload or None))


def library(library_id: str, name: str) -> dict[str, Any]:
    return {
        "id": library_id,
        "name": name,
        "description": None,
        "asset_count": 3,
        "user_id": "intuser_ann",
        "owner": {"id": "intuser_ann", "display_name": "Ann"},
        "role": "owner",
        "storage_used_bytes": 1000,
        "storage_limit_bytes": None,
        "created_at": STAMP,
        "updated_at": STAMP,
    }


class LittleWorld:
    """Two live libraries and a trashed one; entities are added by the tests' own hands below."""

    def __init__(self, *, libraries: int = 2) -> None:
        live = [library(HOME, "Home"), library(WORK, "Work")][:libraries]
        self._libraries = {"live": live, "trashed": [library(OLD, "Old")]}
        self._feeds = {each: LittleFeed() for each in (HOME, WORK, OLD)}
        self._entities: dict[tuple[str, str], dict[str, Any]] = {}
        self.advanced: list[datetime] = []
        self.user = {
            "id": "intuser_ann",
            "is_active": True,
            "is_superuser": False,
            "is_verified": True,
            "demo_mode_enabled": False,
            "face_detection_available": True,
            "favorite_display_mode": "favorite",
            "storage_limit_bytes": 10**10,
            "storage_used_bytes": 1000,
            "created_at": STAMP,
            "updated_at": STAMP,
        }

    def libraries(self, state: str = "live") -> list[dict[str, Any]]:
        if state == "all":
            return self._libraries["live"] + self._libraries["trashed"]
        return self._libraries[state]

    def feed(self, library_id: str) -> LittleFeed:
        return self._feeds[library_id]

    def entity(self, kind: str, entity_id: str) -> dict[str, Any] | None:
        return self._entities.get((kind, entity_id))

    def ids(self, kind: str, library_id: str, filters: Filters = EVERY_LIVE) -> Sequence[str]:
        state, album_id, asset_id = filters.state, filters.album_id, filters.asset_id
        found = [
            each
            for (own_kind, _), each in self._entities.items()
            if own_kind == kind
            and each["_library_id"] == library_id
            and (state == "all" or each["_trashed"] == (state == "trashed"))
            and (album_id is None or each.get("album_id", album_id) == album_id)
            and (asset_id is None or each.get("asset_id", asset_id) == asset_id)
            and (not filters.person_ids or each.get("person_id") in filters.person_ids)
            and (filters.name_filter == "all" or (each["name"] is None) == (filters.name_filter == "unnamed"))
            and (filters.include_hidden or not each["is_hidden"])
        ]
        if kind == "asset":
            found.sort(key=lambda each: (each["local_datetime"], each["id"]), reverse=True)
        return [each["id"] for each in found]

    def advance(self, now: datetime) -> int:
        self.advanced.append(now)
        return 0

    def put(self, kind: str, entity_id: str, *, trashed: bool = False, in_: str = HOME, **fields: Any) -> None:
        """Add an entity with the fields its kind always has; ``fields`` override them."""
        common = {"id": entity_id, "created_at": STAMP, "updated_at": STAMP, "_library_id": in_}
        self._entities[kind, entity_id] = {**common, "_trashed": trashed, **_DEFAULTS[kind], **fields}

    def remove(self, kind: str, entity_id: str) -> None:
        """Delete an entity for good."""
        del self._entities[kind, entity_id]


_METADATA = {"asset_id": "asset_1", "created_at": STAMP, "updated_at": STAMP, "rating": 4, "city": "Porto"}
_FILE_DATA = {
    "checksum": "A" * 43 + "=",
    "checksum_sha1": None,
    "device_asset_id": "web-1",
    "device_id": "WEB",
    "file_created_at": STAMP,
    "file_modified_at": STAMP,
    "file_size_bytes": 4000,
}
_DEFAULTS: dict[str, dict[str, Any]] = {
    "asset": {
        "_picture": 4,
        "_aspect": 4 / 3,
        "local_datetime": "2026-10-31T10:00:00.000000",
        "original_file_name": "IMG_0001.JPG",
        "mime_type": "image/jpeg",
        "width": 4000,
        "height": 3000,
        "duration": None,
        "file_size_bytes": 4100,
        "kind": "original",
        "current_version_id": "asset_version_1",
        "description": None,
        "quality_score": 0.5,
        "thumbhash": thumbhash(4, 4000, 3000),
        "stack_id": None,
        "trashed_at": None,
        "metadata": _METADATA,
        "file_data": _FILE_DATA,
        "faces": [],
        "people": [],
    },
    "album": {
        "name": "Porto",
        "description": None,
        "asset_count": 1,
        "album_cover_asset_id": None,
        "start_date": None,
        "end_date": None,
    },
    "album_asset": {"album_id": "album_1", "asset_id": "asset_1"},
    "person": {
        "name": "Ann",
        "birth_date": None,
        "is_favorite": False,
        "is_hidden": False,
        "asset_count": 2,
        "thumbnail_face_id": None,
        "cluster_metrics": {"face_count": 2, "pairwise_mean": 0.2, "pairwise_p90": 0.3},
    },
    "face": {
        "asset_id": "asset_1",
        "person_id": None,
        "bounding_box": {"x": 1, "y": 2, "w": 30, "h": 40},
        "source": "automatic",
        "confidence": 0.9,
        "timestamp_ms": None,
    },
    "stack": {"origin": "user", "asset_count": 2, "asset_ids": ["asset_1"], "primary_asset_id": None},
}

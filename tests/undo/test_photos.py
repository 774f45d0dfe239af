"""What is planned for a photo, by what happened to it, what it is now, and what was found of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gumnut_tui.domain.models import Event
from gumnut_tui.journal.records import Snapshot
from gumnut_tui.undo.photos import MOVING, Photos
from gumnut_tui.undo.plan import Copy, StepKind
from gumnut_tui.undo.selection import Selection
from gumnut_tui.undo.situation import Away, Situation
from tests.report.test_history import event, history, seen

FILE_DATA = {"checksum": "sum", "file_size_bytes": 1_000, "file_created_at": "2026-05-01T10:00:00Z"}
LIVE = seen(1, "asset", "asset_1", trashed_at=None, file_data=FILE_DATA)
TRASHED = event(10, "asset_trashed", "asset_1")
DELETED = event(20, "asset_deleted", "asset_1")
MOVED_OUT = event(10, "asset_moved_out", "asset_1")


def planned(*parts: Event | Snapshot, **found: Any) -> tuple[str, str]:
    """The step for the photo and its reason, when all its events up to the last destructive one are undone."""
    past = history(*parts)
    chosen = [part.cursor for part in parts if isinstance(part, Event) and part in (TRASHED, DELETED, MOVED_OUT)]
    photos = Photos(Situation(past, Selection(past, chosen), **found))
    (step,) = photos.steps
    return step.kind.value, step.reason


COPIES = {"asset_1": Copy(Path("/photos/a.jpg"), (Path("/photos/b.jpg"),))}


@pytest.mark.parametrize(
    ("parts", "found", "expected"),
    [
        ((LIVE, TRASHED), {}, ("restore", "")),
        ((LIVE, TRASHED, event(30, "asset_restored", "asset_1")), {}, ("note", "back already")),
        (
            (LIVE, TRASHED, event(30, "asset_restored", "asset_1"), event(40, "asset_trashed", "asset_1")),
            {},
            ("note", "changed again later, left alone"),
        ),
        (
            (LIVE, TRASHED, DELETED),
            {},
            ("impossible", "the trash is emptied: deleted for good; --copies FOLDER looks for a copy on a disk"),
        ),
        ((LIVE, DELETED), {"copies": {}}, ("impossible", "deleted for good; no copy was found")),
        ((LIVE, DELETED), {"copies": COPIES}, ("upload", "the same bytes are also in /photos/b.jpg")),
        ((LIVE, DELETED), {"copies": COPIES, "room": 1_000}, ("upload", "the same bytes are also in /photos/b.jpg")),
        (
            (LIVE, DELETED),
            {"copies": COPIES, "room": 999},
            ("impossible", "deleted for good; a copy was found, but there is storage for 999 bytes only"),
        ),
        (
            (seen(1, "asset", "asset_1", trashed_at=None), DELETED),
            {"copies": {}},
            ("impossible", "deleted for good; no copy can be looked for: what bytes it had is not known"),
        ),
        ((LIVE, MOVED_OUT), {"away": Away({"asset_1": "lib_2"})}, ("move_back", MOVING)),
        (
            (LIVE, MOVED_OUT),
            {"away": Away({"asset_1": "lib_2"}, {"asset_1"})},
            (
                "impossible",
                "in the trash of another library, from which it has to be restored before it can be moved",
            ),
        ),
        ((LIVE, MOVED_OUT), {}, ("impossible", "in a library that this key cannot see")),
        ((LIVE, MOVED_OUT, event(30, "asset_moved_in", "asset_1")), {}, ("note", "back already")),
    ],
)
def test_what_becomes_of_a_photo(
    parts: tuple[Event | Snapshot, ...], found: dict[str, Any], expected: tuple[str, str]
) -> None:
    """It comes back if it can, is left alone if somebody decided otherwise since, and else the reason is told."""
    assert planned(*parts, **found) == expected


def test_the_same_bytes_in_the_library_again_are_the_photo() -> None:
    """Uploaded anew by somebody, with another id."""
    again = {("asset", "asset_2"): {"id": "asset_2", "trashed_at": None, "file_data": FILE_DATA}}
    assert planned(LIVE, DELETED, newcomers=again) == (StepKind.NOTE.value, "back already")


@pytest.mark.parametrize(
    "sights",
    [
        (LIVE, seen(5, "asset", "asset_1", trashed_at=None, file_data=None)),
        (seen(1, "asset", "asset_1", trashed_at=None, **FILE_DATA),),
    ],
    ids=["told by an earlier read", "told by an old server"],
)
def test_a_file_is_known_by_any_sight_of_its_photo(sights: tuple[Snapshot, ...]) -> None:
    """Not every read tells it, and old servers have it beside the other fields."""
    past = history(*sights, DELETED)
    situation = Situation(past, Selection(past, [DELETED.cursor]), copies=COPIES)
    assert situation.file("asset_1") == FILE_DATA
    (step,) = Photos(situation).steps
    assert (step.kind, step.values["checksum"], step.values["size"]) == (StepKind.UPLOAD, "sum", 1_000)

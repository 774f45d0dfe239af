"""Which events belong to the selected ones: what they caused, and not what somebody did just before."""

from __future__ import annotations

from typing import Any

import pytest

from gumnut_tui.undo.selection import Selection
from tests.report.test_history import event, history, seen

FACE = seen(0, "face", "face_1", asset_id="asset_1", person_id=None)


@pytest.mark.parametrize("left", ["asset_deleted", "asset_moved_out"])
@pytest.mark.parametrize(
    ("told", "is_caused"),
    [
        ({"person_id": None, "previous_person_id": "person_1"}, True),
        ({"person_id": "person_2", "previous_person_id": "person_1"}, False),
        ({}, False),
    ],
    ids=["nobody's", "given to somebody", "not told"],
)
def test_a_photo_that_leaves_gives_its_faces_to_nobody(left: str, told: dict[str, Any], is_caused: bool) -> None:
    """So whoever gave one to a person a moment before did that by hand."""
    face, photo = event(10, "face_updated", "face_1", **told), event(17, left, "asset_1")
    selection = Selection(history(FACE, face, photo), [photo.cursor])
    assert [placed.event for placed in selection.events] == ([face, photo] if is_caused else [photo])

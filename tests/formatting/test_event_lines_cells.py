"""Rules for the cells of a table row."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import msgspec
import pytest

from gumnut_tui.domain.models import Event, Operation, Presence
from gumnut_tui.formatting.event_lines import Cells, event_cells
from tests.factories import NOW, make_event

NAMES = {
    ("asset", "asset_1"): "IMG_2031.HEIC",
    ("album", "album_1"): "Italy",
    ("person", "person_1"): "Ana",
    ("person", "person_2"): "Bo",
    ("stack", "stack_1"): "stack of 5, IMG_2031",
    ("face", "face_1"): "face on IMG_2044",
}


def name(kind: str, entity_id: str) -> str | None:
    return NAMES.get((kind, entity_id))


def cells(event: Event, presence: Presence | None = None) -> Cells:
    return event_cells(event, zone=UTC, name=name, now=NOW, presence=lambda _kind, _id: presence)


def of(event_type: str, entity_type: str = "asset", entity_id: str = "asset_1", payload: Any = None) -> Event:
    return make_event(
        entity_type=entity_type, entity_id=entity_id, event_type=event_type, payload=payload, created_at=NOW
    )


def test_a_row_shows_names() -> None:
    """Time, operation, entity type and the name of the photo stand in a row."""
    assert cells(of("asset_deleted")) == Cells(
        "12:00:00", Operation.DELETED, "✗ deleted", "asset", "IMG_2031.HEIC", "for good"
    )


def test_metadata_is_named_by_its_photo() -> None:
    """The entity type is shown as it is, the name is the photo's."""
    row = cells(of("metadata_updated", "metadata"))
    assert (row.what, row.entity, row.more) == ("metadata", "IMG_2031.HEIC", "")


def test_an_unknown_name_is_a_short_id() -> None:
    """Until a name is known the id is shortened, and stays recognisable."""
    assert cells(of("asset_updated", entity_id="asset_7Kq2mXz9pLe")).entity == "asset …9pLe"


@pytest.mark.parametrize(
    ("album", "entity"), [("album_1", "IMG_2031 ← Italy"), ("album_2222", "IMG_2031 ← album …2222")]
)
def test_a_gone_membership_is_named_from_its_payload(album: str, entity: str) -> None:
    """The link is gone, but photo and album are named."""
    payload = {"album_id": album, "asset_id": "asset_1"}
    assert cells(of("album_asset_removed", "album_asset", "album_asset_1", payload)).entity == entity


@pytest.mark.parametrize(
    ("presence", "more"),
    [
        (None, "photo may be safe"),
        (Presence.LIVE, "photo still there"),
        (Presence.TRASHED, "photo is in the trash"),
        (Presence.MOVED, "photo in another library"),
        (Presence.GONE, "photo is gone too"),
    ],
)
def test_a_removal_says_what_became_of_the_photo(presence: Presence | None, more: str) -> None:
    """Taken out of an album is not deleted: the row says which, as far as it is known."""
    payload = {"album_id": "album_1", "asset_id": "asset_1"}
    assert cells(of("album_asset_removed", "album_asset", "album_asset_1", payload), presence).more == more


@pytest.mark.parametrize(
    ("presence", "more"),
    [
        (None, "recoverable"),
        (Presence.TRASHED, "recoverable"),
        (Presence.LIVE, "restored since"),
        (Presence.GONE, "gone for good since"),
        (Presence.MOVED, "in another library since"),
    ],
)
def test_trash_says_whether_it_can_come_back(presence: Presence | None, more: str) -> None:
    """A trashed photo is recoverable unless more is known by now."""
    assert cells(of("asset_trashed"), presence).more == more


@pytest.mark.parametrize(
    ("event", "more"),
    [
        (
            of("face_updated", "face", "face_1", {"person_id": "person_1", "previous_person_id": None}),
            "assigned to Ana",
        ),
        (
            of("face_updated", "face", "face_1", {"person_id": "person_1", "previous_person_id": "person_2"}),
            "from Bo to Ana",
        ),
        (of("face_updated", "face", "face_1", {"person_id": None, "previous_person_id": "person_2"}), "no longer Bo"),
        (of("face_updated", "face", "face_1", {"person_id": None}), "not assigned"),
        (of("face_updated", "face", "face_1", {"person_id": "person_9pLe"}), "assigned to person …9pLe"),
        (of("face_deleted", "face", "face_1", {"previous_person_id": "person_1"}), "was Ana"),
        (of("face_created", "face", "face_1"), ""),
        (of("asset_updated", payload={"stack_id": "stack_1"}), "now in stack of 5, IMG_2031"),
        (of("asset_updated", payload={"stack_id": None}), "no longer in a stack"),
        (of("asset_updated", payload={}), ""),
        (of("album_updated", "album", "album_1", {"album_cover_asset_id": "asset_1"}), "cover IMG_2031"),
        (of("album_updated", "album", "album_1", {"album_cover_asset_id": None}), "no cover"),
        (of("album_deleted", "album", "album_1"), "its photos stay"),
        (of("person_deleted", "person", "person_3"), "or merged or regrouped"),
        (of("asset_moved_out"), "to another library"),
        (of("asset_sparkled", payload={"glow": 3}), "asset_sparkled glow=3"),
    ],
)
def test_more_tells_what_the_payload_says(event: Event, more: str) -> None:
    """What else matters is told in words, with the names of those concerned."""
    assert cells(event).more == more


def test_an_unknown_operation_shows_as_itself() -> None:
    """The enums are open: what we do not know is shown in the service's own words."""
    assert cells(of("asset_sparkled")).op == "· sparkled"
    assert cells(of("comet_seen", "asset")).op == "· comet_seen"


def test_everything_from_the_server_is_escaped() -> None:
    """Entity types, event types, ids and payloads can be hostile too."""
    row = cells(of("a\x1b[2J\u202e", "x\x9b", "id\r\n12345678\u200b", {"\x00": "\u202e[b]"}))
    assert not [char for text in (row.op, row.what, row.entity, row.more) for char in text if not char.isprintable()]


def test_a_payload_that_cannot_be_decoded_is_no_reason_to_fail() -> None:
    """A row without its payload is better than no row."""
    broken = msgspec.structs.replace(of("face_updated", "face", "face_1"), payload=msgspec.Raw(b'{"a": "\\ud800"}'))
    assert cells(broken).entity == "face on IMG_2044"


@pytest.mark.parametrize("payload", [[1, 2], "text", 7, {"person_id": 7, "previous_person_id": ["x"]}])
def test_a_payload_of_wrong_shape_is_no_reason_to_fail(payload: object) -> None:
    """Payloads are optional and unguarded by any schema."""
    assert cells(of("face_updated", "face", "face_1", payload)).entity == "face on IMG_2044"

"""Rules for what entities are called."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.formatting.entity_names import display_name, second_hop, short_id, stem, wanted_names
from gumnut_tui.formatting.escape import visible
from tests.factories import make_event

KNOWN: dict[tuple[str, str], dict[str, Any]] = {
    ("asset", "asset_1"): {"id": "asset_1", "original_file_name": "IMG_2044.JPG"},
    ("album", "album_1"): {"id": "album_1", "name": "Italy"},
    ("person", "person_1"): {"id": "person_1", "name": "Ana"},
    ("person", "person_2"): {"id": "person_2", "name": None},
}


def related(kind: str, entity_id: str) -> dict[str, Any] | None:
    return KNOWN.get((kind, entity_id))


@pytest.mark.parametrize(
    ("kind", "fields", "name"),
    [
        ("asset", {"original_file_name": "IMG_2031.HEIC"}, "IMG_2031.HEIC"),
        ("asset", {"original_file_name": "  "}, "photo without a name"),
        ("album", {"name": "Italy"}, "Italy"),
        ("album", {}, "album without a name"),
        ("person", {"name": "Ana"}, "Ana"),
        ("person", {"name": None}, "unnamed person"),
        ("face", {"asset_id": "asset_1", "person_id": None}, "face on IMG_2044"),
        ("face", {"asset_id": "asset_1", "person_id": "person_1"}, "face of Ana on IMG_2044"),
        ("face", {"asset_id": "asset_1", "person_id": "person_2"}, "face of unnamed person on IMG_2044"),
        ("face", {"asset_id": "asset_7Kq2mXz9pLe"}, "face on asset …9pLe"),
        ("face", {}, "face on unknown asset"),
        ("album_asset", {"asset_id": "asset_1", "album_id": "album_1"}, "IMG_2044 ← Italy"),
        ("stack", {"asset_count": 5, "asset_ids": ["asset_1"]}, "stack of 5, IMG_2044"),
        ("stack", {"asset_count": 5, "primary_asset_id": "asset_1", "asset_ids": ["x"]}, "stack of 5, IMG_2044"),
        ("stack", {}, "stack"),
        ("library", {"name": "Family Photos"}, "Family Photos"),
        ("comet", {"id": "comet_9pLe2222"}, "comet …2222"),
        ("asset", {"original_file_name": "a\x1b[2Jb\u202e"}, "a␛[2Jb‹U+202E›"),
    ],
)
def test_display_name(kind: str, fields: dict[str, Any], name: str) -> None:
    """Each kind is called what a person would call it, escaped, and its relations by name where known."""
    assert display_name(kind, fields, related) == name


WILD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
NAME_FIELDS = ("id", "name", "original_file_name", "asset_id", "album_id", "person_id", "asset_count", "asset_ids")


@given(
    st.sampled_from(["asset", "album", "album_asset", "person", "face", "stack", "library", "comet"]),
    st.fixed_dictionaries({}, optional=dict.fromkeys(NAME_FIELDS, WILD)),
)
def test_any_fields_have_a_name(kind: str, fields: dict[str, Any]) -> None:
    """Fields of wrong types are no reason to fail, and every name is escaped and not empty."""
    name = display_name(kind, fields, related)
    assert name
    assert visible(name, 10_000) == name
    assert all(isinstance(entity_id, str) for _, entity_id in second_hop(kind, fields))


def test_short_id() -> None:
    """An id is recognised by its ending; a short one is shown whole; a missing one is said."""
    assert short_id("asset", "asset_7Kq2mXzVbN4tRwYcHd9pLe") == "asset …9pLe"
    assert short_id("asset", "a1") == "asset a1"
    assert short_id("asset", "") == "asset without an id"
    assert short_id("as\x1bset", "asset_00000\x1b[2J") == "as␛set …␛[2J"


def test_stem() -> None:
    """Only a file extension is taken off."""
    assert stem("IMG_2031.HEIC") == "IMG_2031"
    assert stem("Dr. Smith and friends") == "Dr. Smith and friends"
    assert stem(".jpeg") == ".jpeg"


def test_a_removed_membership_is_named_by_both_ends() -> None:
    """When the payload names photo and album, the row that is gone is not asked for."""
    payload = {"album_id": "album_1", "asset_id": "asset_1"}
    event = make_event(entity_type="album_asset", entity_id="album_asset_1", payload=payload)
    assert wanted_names(event) == [("album", "album_1"), ("asset", "asset_1")]


def test_a_membership_without_payload_is_read_itself() -> None:
    """Old rows and additions carry no payload; the row itself then leads to both ends."""
    event = make_event(entity_type="album_asset", entity_id="album_asset_1", event_type="album_asset_added")
    assert wanted_names(event) == [("album_asset", "album_asset_1")]
    assert second_hop("album_asset", {"asset_id": "asset_1", "album_id": "album_1"}) == [
        ("asset", "asset_1"),
        ("album", "album_1"),
    ]


def test_metadata_is_named_by_its_photo() -> None:
    """A metadata event carries the id of the photo."""
    assert wanted_names(make_event(entity_type="metadata", entity_id="asset_1")) == [("asset", "asset_1")]


def test_a_face_needs_both_people_of_its_payload() -> None:
    """A re-assignment is told with both names; a null id is nobody to ask for."""
    payload = {"person_id": "person_1", "previous_person_id": "person_2"}
    event = make_event(entity_type="face", entity_id="face_1", event_type="face_updated", payload=payload)
    assert wanted_names(event) == [("person", "person_1"), ("person", "person_2"), ("face", "face_1")]
    assert second_hop("face", {"asset_id": "asset_1", "person_id": None}) == [("asset", "asset_1")]


def test_unknown_kinds_are_not_asked_for() -> None:
    """There is nowhere to ask for an entity type we do not know."""
    assert wanted_names(make_event(entity_type="comet", entity_id="comet_1")) == []


@pytest.mark.parametrize("value", [3, ["asset_1"], {"id": 1}, True])
def test_a_payload_of_wrong_types_names_nobody(value: object) -> None:
    """What is no id is not asked for."""
    event = make_event(payload={"stack_id": value, "asset_id": value})
    assert wanted_names(event) == [("asset", event.entity_id)]

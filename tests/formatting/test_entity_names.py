"""Rules for what entities are called, and for their texts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain.fields import naming_links
from gumnut_tui.formatting.entity_names import display_name, field_text, short_id, stem
from gumnut_tui.formatting.escape import visible

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
    assert all(isinstance(entity_id, str) for _, entity_id in naming_links(kind, fields))


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


@pytest.mark.parametrize("value", [None, True, 3, ["text"], {"a": "text"}, "", "  "])
def test_what_is_no_text_is_shown_as_nothing(value: object) -> None:
    """Missing, null, blank or of another type: there is nothing to show."""
    assert field_text({"name": value}, "name") == field_text({}, "name") == ""


def test_a_text_is_escaped_and_stripped() -> None:
    """It comes from outside, so it may hold what moves the cursor."""
    assert field_text({"name": " a\x1b "}, "name") == "a␛"

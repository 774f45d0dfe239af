"""Rules for the kinds of entities."""

from __future__ import annotations

import pytest

from gumnut_tui.domain.fields import LINKS
from gumnut_tui.domain.kinds import KINDS, KNOWN_ENTITY_TYPES, UNFILTERED_TYPES, kind_of, kind_of_id


def test_every_entity_type_of_the_feed_has_a_kind() -> None:
    """What the sidebar lists can be read, and is listed once."""
    assert len(set(KNOWN_ENTITY_TYPES)) == len(KNOWN_ENTITY_TYPES)
    assert {kind_of(name) for name in KNOWN_ENTITY_TYPES} == set(KINDS)
    assert {*KINDS, "metadata", "exif"} == set(KNOWN_ENTITY_TYPES)
    assert {"library"} == UNFILTERED_TYPES


def test_metadata_carries_the_id_of_a_photo() -> None:
    """So do the older feed's exif events; a type we do not know is its own kind."""
    assert [kind_of(name) for name in ("metadata", "exif", "face", "comet")] == ["asset", "asset", "face", "comet"]


@pytest.mark.parametrize(
    ("entity_id", "kind"),
    [
        ("asset_1", "asset"),
        ("asset_stack_1", "stack"),
        ("asset_version_1", None),
        ("album_1", "album"),
        ("album_asset_1", "album_asset"),
        ("lib_1", "library"),
        ("person_1", "person"),
        ("face_1", "face"),
        ("comet_1", None),
        ("", None),
    ],
)
def test_an_id_tells_its_kind_by_the_longest_beginning(entity_id: str, kind: str | None) -> None:
    """`asset_` begins ids of stacks and versions too, and versions cannot be read."""
    assert kind_of_id(entity_id) == kind


def test_links_and_names_lead_to_kinds_there_are() -> None:
    """A slip in one of the tables would ask for entities that cannot be read."""
    assert {link.kind for link in LINKS.values()} <= set(KINDS)
    assert {key for kind in KINDS.values() for keys in kind.named_by for key in keys} <= set(LINKS)


def test_an_id_is_quoted_into_its_path() -> None:
    """Ids are opaque, so they may hold anything."""
    assert KINDS["person"].single_path("a/b?c") == "/api/people/a%2Fb%3Fc"

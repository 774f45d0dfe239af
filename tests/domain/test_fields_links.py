"""Rules for what entities and events lead to."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain.fields import concerned, linked, links_of, mentioned, naming_links, row_links
from gumnut_tui.domain.filters import mentions
from gumnut_tui.domain.models import Event
from tests import hostile
from tests.factories import make_event

LONG = "7Kq2mXzVbN4tRwYcHd9pLe"
"""What comes behind the prefix of an id."""


def test_fields_lead_on_whatever_their_shape() -> None:
    """A single id, a list of ids, a list of whole entities; what is null or of another type leads nowhere."""
    fields: dict[str, Any] = {
        "asset_id": "asset_1",
        "person_id": None,
        "stack_id": 3,
        "people": [{"id": "person_1"}, {"name": "without an id"}, "person_2"],
        "asset_ids": ["asset_2", None, "asset_3"],
    }
    assert list(links_of(fields)) == [
        ("Photo", [("asset", "asset_1")]),
        ("People", [("person", "person_2"), ("person", "person_1")]),
        ("Photos", [("asset", "asset_2"), ("asset", "asset_3")]),
    ]
    assert linked(fields)[0] == ("asset", "asset_1")


def test_a_stack_is_named_by_its_cover_else_by_its_first_photo() -> None:
    """The cover is the owner's choice, which many stacks lack."""
    assert naming_links("stack", {"primary_asset_id": "asset_2", "asset_ids": ["asset_1"]}) == [("asset", "asset_2")]
    assert naming_links("stack", {"primary_asset_id": None, "asset_ids": ["asset_1"]}) == [("asset", "asset_1")]
    assert naming_links("stack", {}) == []


@pytest.mark.parametrize(
    ("payload", "named"),
    [
        ({"previous_person_id": "p_1", "person_id": None}, [("person", "p_1")]),
        ({"primary_asset_id": "a_1"}, [("asset", "a_1")]),
        ({"asset_ids": ["a_1", "a_2", "a_1"]}, [("asset", "a_1"), ("asset", "a_2")]),
        ({"people": [{"id": "p_1", "name": "Ana"}]}, [("person", "p_1")]),
        ({"move": {"from": {"album_id": "al_1"}}}, [("album", "al_1")]),
        ({"cover_face_id": "face_1"}, [("face", "face_1")]),
        ({"merged_into": f"person_{LONG}"}, [("person", f"person_{LONG}")]),
        ({"members": [f"asset_stack_{LONG}"]}, [("stack", f"asset_stack_{LONG}")]),
        ({"cause": "asset_trashed", "request_id": "req_1", "version": f"asset_version_{LONG}"}, []),
    ],
)
def test_a_payload_names_entities_in_any_field_and_at_any_depth(
    payload: dict[str, Any], named: list[tuple[str, str]]
) -> None:
    """Its keys are an open set: where the key is not known, the beginning of the id tells the kind."""
    event = make_event(payload=payload)
    assert mentioned(event) == named
    assert concerned(event) == [("asset", event.entity_id), *named]


@given(hostile.events)
def test_what_is_named_is_also_found(event: Event) -> None:
    """An entity that is read because of an event has that event in its history: both look at the payload alike."""
    assert all(mentions(event, entity_id) for _, entity_id in mentioned(event))


@given(st.recursive(st.text(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner)))
def test_deep_payloads_are_read(value: object) -> None:
    """Whatever lies beside it, an id is found."""
    event = make_event(payload={"first": value, "stack_id": "stack_1"})
    assert ("stack", "stack_1") in mentioned(event)


def test_a_removed_membership_is_named_by_both_ends() -> None:
    """When the payload names photo and album, the row that is gone is not asked for."""
    payload = {"album_id": "album_1", "asset_id": "asset_1"}
    event = make_event(entity_type="album_asset", entity_id="album_asset_1", payload=payload)
    assert row_links(event) == [("album", "album_1"), ("asset", "asset_1")]


def test_a_membership_without_payload_is_read_itself() -> None:
    """Old rows and additions carry no payload; the row itself then leads to both ends."""
    event = make_event(entity_type="album_asset", entity_id="album_asset_1", event_type="album_asset_added")
    assert row_links(event) == [("album_asset", "album_asset_1")]
    assert naming_links("album_asset", {"asset_id": "asset_1", "album_id": "album_1"}) == [
        ("asset", "asset_1"),
        ("album", "album_1"),
    ]


def test_metadata_is_named_by_its_photo() -> None:
    """A metadata event carries the id of the photo."""
    assert row_links(make_event(entity_type="metadata", entity_id="asset_1")) == [("asset", "asset_1")]


def test_a_face_needs_both_people_of_its_payload() -> None:
    """A re-assignment is told with both names; a null id is nobody to ask for."""
    payload = {"person_id": "person_1", "previous_person_id": "person_2"}
    event = make_event(entity_type="face", entity_id="face_1", event_type="face_updated", payload=payload)
    assert row_links(event) == [("person", "person_1"), ("person", "person_2"), ("face", "face_1")]
    assert naming_links("face", {"asset_id": "asset_1", "person_id": None}) == [("asset", "asset_1")]


def test_unknown_kinds_are_not_asked_for() -> None:
    """There is nowhere to ask for an entity type we do not know."""
    assert row_links(make_event(entity_type="comet", entity_id="comet_1")) == []


@pytest.mark.parametrize("value", [3, ["asset_1"], {"id": 1}, True])
def test_a_payload_of_wrong_types_names_nobody(value: object) -> None:
    """What is no id is not asked for."""
    event = make_event(payload={"stack_id": value, "asset_id": value})
    assert row_links(event) == [("asset", event.entity_id)]

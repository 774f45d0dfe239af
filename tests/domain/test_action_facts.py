"""What actions did, from the sequences of events in which the service tells it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from gumnut_tui.domain.action_facts import CLUSTERED, Facts, What, facts_of
from gumnut_tui.domain.actions import Action, Family
from gumnut_tui.domain.models import Event
from tests.factories import make_event


def happened(name: str, entity_id: str = "", **payload: Any) -> Event:
    """An event of this type."""
    kind = name.rpartition("_")[0]
    return make_event(entity_type=kind, entity_id=entity_id or f"{kind}_1", event_type=name, payload=payload or None)


def face(before: str | None, after: str | None, number: int = 1) -> Event:
    """A face changed hands."""
    return happened("face_updated", f"face_{number}", previous_person_id=before, person_id=after)


def facts(family: Family, *events: Event) -> Facts:
    """The facts of an action of these events."""
    kinds = Counter((event.entity_type, event.event_type) for event in events)
    return facts_of(Action(family, "", 0, 1, len(events)), kinds, events)


def people(*events: Event) -> What:
    """What an action about people and faces is."""
    return facts(Family.PEOPLE, *events).what


def test_a_merge_hands_the_faces_over_and_deletes_the_source() -> None:
    """Then it is told by both people and the number of faces, and these faces are nobody else's doing."""
    merge = facts(
        Family.PEOPLE,
        face("person_a", "person_b", 1),
        face("person_a", "person_b", 2),
        happened("person_updated", "person_b"),
        happened("person_deleted", "person_a"),
    )
    assert merge.what is What.PEOPLE
    assert merge.hands.merges == {"person_a": ("person_b", 2)}
    assert merge.hands.changes == 0


def test_faces_that_went_to_several_people_are_no_merge() -> None:
    """Nor is it one when the receiver is gone too, or the person was made in the same action."""
    to_two = facts(
        Family.PEOPLE,
        face("person_a", "person_b"),
        face("person_a", "person_c"),
        happened("person_deleted", "person_a"),
    )
    to_gone = facts(
        Family.PEOPLE,
        face("person_a", "person_b"),
        happened("person_deleted", "person_a"),
        happened("person_deleted", "person_b"),
    )
    made = facts(
        Family.PEOPLE,
        happened("person_created", "person_a"),
        face("person_a", "person_b"),
        happened("person_deleted", "person_a"),
    )
    assert [each.hands.merges for each in (to_two, to_gone, made)] == [{}, {}, {}]


def test_faces_given_by_hand_are_told_by_person() -> None:
    """Named, taken away, handed from one to another."""
    by_hand = facts(Family.PEOPLE, face(None, "person_leo", 1), face(None, "person_leo", 2), face("person_x", None, 3))
    assert by_hand.what is What.FACES
    assert by_hand.hands.given == {"person_leo": 2}
    assert by_hand.hands.taken == {"person_x": 1}
    assert by_hand.hands.changes == 3


def test_many_faces_that_go_to_many_people_were_grouped_by_the_service() -> None:
    """People come and go with it; somebody's own hand in it makes it changes, which nobody can tell."""
    handed = [face(f"person_{number % 4}", f"person_{number % 3 + 10}", number) for number in range(CLUSTERED)]
    assert people(*handed) is What.CLUSTERING
    assert people(*handed, happened("person_deleted", "person_0")) is What.CLUSTERING
    assert people(*handed, happened("person_updated", "person_9")) is What.CHANGES
    assert people(face("person_1", "person_2"), happened("person_deleted", "person_7")) is What.CHANGES


@pytest.mark.parametrize(
    ("event", "what"),
    [
        (happened("person_updated"), What.PEOPLE),
        (happened("person_deleted"), What.PEOPLE),
        (happened("face_created"), What.FACES),
        (happened("face_deleted"), What.FACES),
        (happened("face_updated"), What.CHANGES),
    ],
)
def test_a_single_event_is_what_it_says(event: Event, what: What) -> None:
    """A face that changed without a word of how (feeds before March 2026) is only a change."""
    assert people(event) is what


def test_photos_and_albums_are_told_once_each() -> None:
    """A membership names both; one that does not is kept by its own id."""
    told = facts(
        Family.ALBUM,
        happened("album_created", "album_1"),
        happened("album_asset_added", "album_asset_1", album_id="album_1", asset_id="asset_1"),
        happened("album_asset_added", "album_asset_2", album_id="album_1", asset_id="asset_1"),
        happened("album_asset_removed", "album_asset_3", album_id="album_2", asset_id="asset_2"),
        happened("album_asset_removed", "album_asset_4"),
    )
    assert told.what is What.ALBUM
    assert told.photos == ("asset_1", "asset_2")
    assert told.albums == {"album_1": {"added": 2}, "album_2": {"removed": 1}}
    assert told.links == ("album_asset_4",)
    assert (told.count("album_asset_added"), told.count("album_asset_removed", "album_created")) == (2, 3)
    assert list(told.types.items())[:2] == [("album_asset_added", 2), ("album_asset_removed", 2)]


def test_a_photo_whose_membership_is_named_later_is_one_photo() -> None:
    """Adding it says nothing of the photo, as a rule; taking it out does (API, section 3.1)."""
    added = [happened("album_asset_added", f"album_asset_{number}") for number in range(3)]
    removed = happened("album_asset_removed", "album_asset_1", album_id="album_1", asset_id="asset_1")
    assert facts(Family.ALBUM, *added, removed).photo_count == 3
    assert facts(Family.ALBUM, removed, *added).photo_count == 3
    assert facts(Family.ALBUM, happened("album_asset_added", "album_asset_1", asset_id="asset_1")).photo_count == 1


def test_stacks_are_known_from_their_photos_too() -> None:
    """A photo's event may tell the stack it came into."""
    told = facts(
        Family.STACKS, happened("stack_created", "asset_stack_1"), happened("asset_updated", stack_id="asset_stack_2")
    )
    assert told.what is What.STACKS
    assert told.stacks == ("asset_stack_1", "asset_stack_2")
    assert told.photos == ("asset_1",)


@pytest.mark.parametrize("family", [family for family in Family if family is not Family.PEOPLE])
def test_all_other_families_are_what_they_are_called(family: Family) -> None:
    """Without any event looked at: how many there are of each kind is enough."""
    assert facts_of(Action(family, "", 0, 0, 1), {}, ()).what is What[family.name]


@pytest.mark.parametrize("payload", [{"person_id": 7}, {"person_id": []}, {"previous_person_id": {"a": 1}}, {}])
def test_odd_payloads_say_nothing(payload: dict[str, Any]) -> None:
    """Ids are texts; anything else is a change that does not say what changed."""
    assert facts(Family.PEOPLE, happened("face_updated", **payload)).hands.unexplained == 1

"""Sentences about actions: figures without names, names where they are known, nothing guessed or drawn unescaped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from gumnut_tui.domain.action_facts import What, facts_of, with_origin
from gumnut_tui.domain.actions import Action, Family
from gumnut_tui.domain.models import Event
from gumnut_tui.formatting.action_sentences import PLAIN, Dress, sentence, tone_of
from gumnut_tui.formatting.facts import Tone
from tests.domain.test_action_facts import face, happened

NAMES = {"album_1": "Italy", "album_2": "Rome", "person_a": "Anna", "person_b": "Anna Weber", "person_leo": "Leo"}


def named(**changes: Any) -> Dress:
    """Everybody's name is known."""
    return Dress(name=lambda _kind, entity_id: NAMES.get(entity_id), **changes)


def told(family: Family, *events: Event, dress: Dress = PLAIN) -> str:
    """The sentence about an action of these events."""
    kinds = Counter((event.entity_type, event.event_type) for event in events)
    return sentence(facts_of(Action(family, "", 0, 1, len(events)), kinds, events), dress)


def photos(name: str, count: int) -> list[Event]:
    """Events about photos of their own."""
    return [happened(name, f"asset_{number}") for number in range(count)]


def link(name: str, number: int, album: str = "album_1") -> Event:
    """A membership that names its album and photo."""
    return happened(f"album_asset_{name}", f"album_asset_{number}", album_id=album, asset_id=f"asset_{number}")


def fields(_kind: str, entity_id: str) -> Mapping[str, Any]:
    """Two photos of three with one camera, the third a video."""
    number = int(entity_id.rpartition("_")[2])
    kind = "video/mp4" if number == 2 else "image/jpeg"
    return {"mime_type": kind, "metadata": {"model": "X100V" if number == 0 else "iPhone 15"}}


def test_an_upload_tells_photos_cameras_albums_and_faces() -> None:
    """Photos and videos apart only where the kind of each is known."""
    upload = [*photos("asset_created", 3), happened("face_created", "face_1"), happened("person_created", "person_x")]
    assert told(Family.UPLOAD, *upload) == "3 photos · 1 face, 1 new person"
    dressed = told(Family.UPLOAD, *upload, dress=named(fields=fields, albums=("album_1",)))
    assert dressed == "2 photos, 1 video · iPhone 15 and X100V · into Italy · 1 face, 1 new person"


def test_album_work_names_the_album() -> None:
    """Without its name by its id, without that as an album."""
    added = [link("added", number) for number in range(40)]
    assert told(Family.ALBUM, *added, dress=named()) == "40 photos into Italy"
    assert told(Family.ALBUM, *added) == "40 photos into album …um_1"
    assert told(Family.ALBUM, happened("album_asset_removed")) == "1 photo taken out of an album"
    renamed = named(changed=lambda _kind, _id: {"name": ("Venice", "Italy")})
    assert told(Family.ALBUM, happened("album_updated"), dress=renamed) == "Italy renamed (was Venice)"
    whole = [happened("album_created"), *added, link("removed", 1), happened("album_deleted")]
    assert told(Family.ALBUM, *whole, dress=named()) == ("Italy created, 40 photos added, 1 photo taken out, deleted")


@pytest.mark.parametrize(
    ("family", "name", "words"),
    [
        (Family.TRASH, "asset_trashed", "1,200 photos to the trash"),
        (Family.RESTORE, "asset_restored", "1,200 photos restored"),
        (Family.DELETE, "asset_deleted", "1,200 photos deleted for good"),
        (Family.PURGE, "asset_deleted", "1,200 photos purged from the trash"),
        (Family.MOVED_OUT, "asset_moved_out", "1,200 photos to another library"),
        (Family.MOVED_IN, "asset_moved_in", "1,200 photos from another library"),
        (Family.EDITS, "metadata_updated", "photos edited"),
        (Family.PEOPLE, "face_updated", "1,200 faces changed"),
    ],
)
def test_figures_are_told_before_any_event_is_looked_at(family: Family, name: str, words: str) -> None:
    """How many there are of each kind is known at once."""
    facts = facts_of(Action(family, "", 0, 1, 1200), {("asset", name): 1200})
    assert sentence(facts) == words


def test_what_became_of_trashed_photos_is_told_with_them() -> None:
    """And what a deletion took along."""
    trashed = photos("asset_trashed", 3)
    assert told(Family.TRASH, *trashed, dress=Dress(since={"restored since": 2, "purged": 0})) == (
        "3 photos to the trash, 2 restored since"
    )
    gone = [*photos("asset_deleted", 2), happened("face_deleted"), link("removed", 1), link("removed", 2)]
    assert told(Family.DELETE, *gone) == "2 photos deleted for good · with 1 face and 2 places in albums"


@pytest.mark.parametrize(
    ("purged", "untold", "words"),
    [
        (3, 0, "3 photos purged from the trash"),
        (2, 0, "3 photos deleted for good, 2 of them from the trash"),
        (0, 3, "3 photos deleted for good · not known whether from the trash"),
        (1, 2, "3 photos deleted for good, 1 of them from the trash · not known of 2 whether from the trash"),
        (0, 0, "3 photos deleted for good"),
    ],
)
def test_a_deletion_says_of_how_many_photos_it_is_a_purge(purged: int, untold: int, words: str) -> None:
    """And where nothing tells when they went into the trash, just that."""
    kinds = {("asset", "asset_deleted"): 3}
    facts = facts_of(Action(Family.DELETE, "", 0, 1, 3), kinds, photos("asset_deleted", 3))
    assert sentence(with_origin(facts, purged, untold)) == words


def test_people_are_named_merged_and_hidden() -> None:
    """A merge by both names; other changes only where snapshots tell them."""
    merge = (face("person_a", "person_b"), happened("person_deleted", "person_a"))
    assert told(Family.PEOPLE, *merge, dress=named()) == "Anna merged into Anna Weber, 1 face"
    update = happened("person_updated", "person_leo")
    changes: dict[str, Mapping[str, tuple[Any, Any]]] = {
        "Leo named": {"name": (None, "Leo")},
        "Leo renamed (was Leon)": {"name": ("Leon", "Leo")},
        "Leo hidden": {"is_hidden": (False, True)},
        "Leo edited": {},
    }
    for words, changed in changes.items():
        dress = named(changed=lambda _kind, _id, changed=changed: changed)
        assert told(Family.PEOPLE, update, dress=dress) == words
    assert told(Family.PEOPLE, *(face(None, "person_leo", n) for n in range(3)), dress=named()) == "3 faces named Leo"


def test_what_nobody_did_is_a_regrouping() -> None:
    """With the people that came and went by it."""
    handed = [face("person_x", f"person_{number % 4}", number) for number in range(80)]
    gone = [happened("person_deleted", f"person_gone_{number}") for number in range(3)]
    assert told(Family.PEOPLE, *handed, *gone) == "regrouped: 80 faces, 3 people gone"


def test_stacks_libraries_and_strangers_are_told_as_themselves() -> None:
    """A type nothing is known of stands as it is written."""
    assert told(Family.STACKS, happened("stack_created"), happened("stack_deleted", "stack_2")) == (
        "1 stack made, 1 stack taken apart"
    )
    assert told(Family.LIBRARY, happened("library_trashed")) == "library trashed"
    assert told(Family.OTHER, happened("moon_rose"), happened("moon_rose")) == "2 moon_rose"


def test_hostile_names_are_escaped() -> None:
    """Whatever an album, a person, a camera or an event type is called."""
    evil = "\x1b[2J\u202eevil\x00"
    dress = Dress(name=lambda _kind, _id: evil, fields=lambda _kind, _id: {"metadata": {"model": evil}})
    dress_changed = Dress(name=lambda _kind, _id: evil, changed=lambda _kind, _id: {"name": (evil, "x")})
    sentences = [
        told(Family.ALBUM, link("added", 1), dress=dress),
        told(Family.ALBUM, happened("album_updated"), dress=dress_changed),
        told(Family.UPLOAD, *photos("asset_created", 1), dress=dress),
        told(Family.PEOPLE, happened("person_updated"), dress=dress_changed),
        told(Family.OTHER, happened(f"{evil}_rose")),
    ]
    for words in sentences:
        assert "evil" in words
        assert not set(words) & {"\x1b", "\u202e", "\x00"}


@pytest.mark.parametrize("what", list(What))
def test_every_kind_of_action_has_a_sign_and_a_tone(what: What) -> None:
    """The sign is one cell wide, so that colour is never the only one."""
    assert len(what.glyph) == 1
    assert what.word
    assert isinstance(tone_of(what), Tone)

"""What follows from events and snapshots for photos, albums, faces and stacks; the rules are those of the API."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from gumnut_tui.domain.models import Event, Presence, to_us
from gumnut_tui.journal.records import Snapshot
from gumnut_tui.report.history import Gone, History, Placed
from gumnut_tui.report.timelines import Known
from tests.factories import NOW


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def event(seconds: float, event_type: str, entity_id: str, **payload: Any) -> Event:
    """An event; what it says of others is its payload."""
    kind = event_type.rpartition("_")[0].removesuffix("_moved")
    raw = msgspec.Raw(msgspec.json.encode(payload) if payload else b"null")
    return Event(f"c{seconds}{entity_id}", kind, entity_id, event_type, at(seconds), raw)


def seen(seconds: float, kind: str, entity_id: str, **fields: Any) -> Snapshot:
    """A snapshot; without fields it was not there."""
    return Snapshot(kind, entity_id, at(seconds), at(seconds), {"id": entity_id, **fields} if fields else None)


def history(*parts: Event | Snapshot) -> History:
    events = [part for part in parts if isinstance(part, Event)]
    placed = [Placed(place, one) for place, one in enumerate(events)]
    return History(placed, (part for part in parts if isinstance(part, Snapshot)), covered_us=to_us(at(-1000)))


def when(seconds: float) -> int:
    return to_us(at(seconds))


def test_photos_come_and_go() -> None:
    """Events say what a photo was before and after; not finding one that left says nothing new."""
    past = history(
        event(10, "asset_trashed", "asset_1"),
        event(20, "asset_restored", "asset_1"),
        event(30, "asset_moved_out", "asset_1"),
        seen(40, "asset", "asset_1"),
        event(50, "asset_moved_in", "asset_1"),
    )
    timeline = past.presence("asset_1")
    found = [timeline.at(timeline.cut_at(when(seconds))) for seconds in (5, 15, 25, 45, 55)]
    expected = [Presence.LIVE, Presence.TRASHED, Presence.LIVE, Presence.MOVED, Presence.LIVE]
    assert found == list(map(Known, expected))


def test_an_album_takes_its_memberships_with_it() -> None:
    """Nothing says so of each; reads hide those of trashed photos, which says nothing."""
    past = history(
        seen(0, "album_asset", "row_1", album_id="album_1", asset_id="asset_1"),
        event(10, "album_asset_added", "row_2", album_id="album_1", asset_id="asset_2"),
        seen(15, "album_asset", "row_1"),
        event(20, "album_deleted", "album_1"),
    )
    assert sorted(past.rows_of["album", "album_1"]) == ["row_1", "row_2"]
    for row, states in {"row_1": (True, True, False), "row_2": (False, True, False)}.items():
        timeline = past.membership(row)
        assert [timeline.at(timeline.cut_at(when(seconds))) for seconds in (5, 17, 25)] == list(map(Known, states))


def test_a_photo_leaves_albums_people_and_stack_behind() -> None:
    """When it is moved or deleted; whether or not there are events of each."""
    past = history(
        seen(0, "album_asset", "row_1", album_id="album_1", asset_id="asset_1"),
        seen(0, "face", "face_1", asset_id="asset_1", person_id="person_1"),
        seen(0, "asset", "asset_1", stack_id="stack_1"),
        event(10, "asset_moved_out", "asset_1"),
    )
    assert past.membership("row_1").at(past.membership("row_1").end) == Known(False)
    assert past.stack_of("asset_1").at(past.stack_of("asset_1").end) == Known(None)
    owner = past.owner("face_1")
    assert owner.at(owner.cut_before(0)) == Known("person_1")
    assert owner.at(owner.end) == Known(Gone.GONE)


def test_whose_a_face_is() -> None:
    """Payloads tell both sides of an assignment; a deleted person leaves their faces to nobody."""
    past = history(
        event(10, "face_updated", "face_1", person_id="person_1", previous_person_id=None),
        event(20, "person_deleted", "person_2"),
        event(30, "person_deleted", "person_1"),
        event(40, "face_deleted", "face_1", previous_person_id=None),
    )
    timeline = past.owner("face_1")
    found = [timeline.at(timeline.cut_at(when(seconds))) for seconds in (5, 15, 25, 35, 45)]
    assert found == [Known(None), Known("person_1"), Known("person_1"), Known(None), Known(Gone.GONE)]


def test_faces_inside_a_photo_are_seen_with_it() -> None:
    """They may never have been read by themselves."""
    past = history(
        seen(0, "asset", "asset_1", faces=[{"id": "face_1", "person_id": "person_1"}]),
        event(10, "person_deleted", "person_1"),
    )
    assert past.faces_on["asset_1"] == ["face_1"]
    owner = past.owner("face_1")
    assert owner.at(owner.cut_at(when(5))) == Known("person_1")
    assert owner.at(owner.end) == Known(None)


def test_which_stack_a_photo_is_in() -> None:
    """Its own events tell, its snapshots, and those of the stack; a dissolved stack lets its photos go."""
    past = history(
        seen(0, "stack", "stack_1", asset_ids=["asset_1", "asset_2"]),
        event(10, "asset_updated", "asset_2", stack_id=None),
        event(20, "stack_deleted", "stack_1"),
    )
    one, two = past.stack_of("asset_1"), past.stack_of("asset_2")
    assert [one.at(one.cut_at(when(seconds))) for seconds in (15, 25)] == [Known("stack_1"), Known(None)]
    assert two.at(two.cut_at(when(15))) == Known(None)


def test_a_snapshot_counts_from_the_change_it_tells() -> None:
    """An album says when it changed last; a face may have come with its photo from another library."""
    past = history(
        event(-100, "album_updated", "album_1"),
        seen(50, "album", "album_1", name="Alps", updated_at="2026-01-01T00:00:00Z"),
        seen(50, "face", "face_1", asset_id="asset_1", updated_at="2026-01-01T00:00:00Z"),
        event(0, "asset_moved_in", "asset_1"),
    )
    album = past.fields("album", "album_1")
    assert album.since(album.cut_at(when(-200))) is not None
    face = past.fields("face", "face_1")
    assert face.at(face.cut_at(when(-10))) == Known(None)


def test_what_changes_by_itself_counts_from_when_it_was_read() -> None:
    """A count has no event and no time of its own: between two reads of the same change it is that of the first."""
    past = history(
        event(10, "person_updated", "person_1"),
        seen(20, "person", "person_1", asset_count=3, updated_at=at(10).isoformat()),
        seen(40, "person", "person_1", asset_count=9, updated_at=at(10).isoformat()),
    )
    timeline = past.fields("person", "person_1")
    found = [timeline.at(timeline.cut_at(when(seconds))) for seconds in (15, 30, 50)]
    assert [known and (known.value or {})["asset_count"] for known in found] == [3, 3, 9]


def test_places_are_the_feeds() -> None:
    """Events about an entity keep their place among all others."""
    past = history(event(1, "album_updated", "album_1"), event(2, "album_updated", "album_2"))
    assert [placed.place for placed in past.about("album", "album_2")] == [1]
    assert isinstance(past.events[0], Placed)
    assert list(past.known("album")) == ["album_1", "album_2"]


def test_metadata_that_came_or_went_says_nothing_of_the_photo() -> None:
    """Servers before May 2026 told of it with events of its own, under the id of the photo."""
    past = history(
        event(10, "asset_created", "asset_1"),
        msgspec.structs.replace(event(20, "exif_created", "asset_1"), entity_type="exif"),
        seen(30, "asset", "asset_1", description="x"),
        msgspec.structs.replace(event(40, "exif_deleted", "asset_1"), entity_type="exif"),
    )
    timeline = past.fields("asset", "asset_1")
    assert timeline.at(timeline.cut_at(when(15))) is None
    assert timeline.at(timeline.cut_at(when(45))) is None
    assert past.is_born("asset", "asset_1")
    assert not past.is_born("asset", "asset_2")

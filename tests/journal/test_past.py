"""What the journal finds of the past of some entities."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec

from gumnut_tui.domain.models import Entity, Event, to_us
from gumnut_tui.journal import libraries, past, snapshots
from gumnut_tui.journal.database import Database
from tests.factories import NOW, make_event
from tests.journal.memory import append_all, begun, memory_database


def read(db: Database, library: int, kind: str, entity_id: str, **fields: Any) -> None:
    """Keep what a read brought; without fields it was not there."""
    found = {entity_id: Entity(kind, entity_id, fields, NOW)} if fields else {}
    with db.transaction():
        snapshots.store(db, library, kind, [entity_id], found, to_us(NOW))


def named(entity_id: str, **payload: Any) -> Event:
    return msgspec.structs.replace(
        make_event(entity_id=entity_id, cursor=f"c_{entity_id}"), payload=msgspec.Raw(msgspec.json.encode(payload))
    )


def test_events_about_entities_and_those_that_name_them() -> None:
    """Across pages, with their numbers in feed order; naming counts only where it is asked for."""
    db = memory_database()
    library = begun(db)
    events = [
        named(f"row_{number}", album_id=f"album_{number % 5}", deep=["x", '"', f"{number}"]) for number in range(600)
    ]
    append_all(db, library, events, 200)
    found = past.about(db, library.row, ["row_7", "row_300", "album_1"], ["album_3"])
    assert [number for number, _ in found if number % 5 != 3] == [7, 300]
    assert [number for number, _ in found if number % 5 == 3] == list(range(3, 600, 5))
    assert all(event.entity_id == f"row_{number}" for number, event in found)
    assert past.about(db, library.row, []) == []


def test_from_when_on_events_are_known() -> None:
    """From the first event there is, or from where the journal was told to begin."""
    db = memory_database()
    library = begun(db)
    assert past.covered_us(db, library.row) == library.began_us
    append_all(db, library, [named("row_1")], 10)
    assert past.covered_us(db, library.row) == named("row_1").created_at_us
    db.run("UPDATE library SET since_us = 5 WHERE id = ?", [library.row])
    assert past.covered_us(db, library.row) == 5


def test_entities_that_held_an_id() -> None:
    """Under that field, whatever became of them since."""
    db = memory_database()
    library = begun(db).row
    read(db, library, "face", "face_1", person_id="person_1")
    read(db, library, "face", "face_1", person_id=None)
    read(db, library, "face", "face_2", person_id="person_2", other="person_1")
    read(db, library, "asset", "asset_1", faces=[{"person_id": "person_1"}])
    assert past.linking(db, library, "face", "person_id", ["person_1"]) == {"face_1"}
    assert past.linking(db, library, "asset", "person_id", ["person_1", "x"]) == {"asset_1"}
    assert past.linking(db, library, "face", "person_id", []) == set()


def test_every_snapshot_of_some() -> None:
    """Those of each entity, oldest first."""
    db = memory_database()
    library = begun(db).row
    for name in ("A", "B"):
        read(db, library, "album", "album_1", name=name)
    read(db, library, "album", "album_2", name="C")
    found = past.histories(db, library, [("album", "album_2"), ("album", "album_1")])
    assert [(one.fields or {})["name"] for one in found] == ["C", "A", "B"]


def test_brief_snapshots_tell_where_something_was_and_where_it_belonged() -> None:
    """Without the rest; one that is not as the service writes it is read whole."""
    db = memory_database()
    library = begun(db).row
    told = {"trashed_at": None, "stack_id": "stack_1"}
    faces = [{"id": "face_1", "person_id": "person_1"}]
    read(db, library, "asset", "asset_1", **told, faces=[{**faces[0], "source": "manual"}], width=4032)
    read(db, library, "asset", "asset_2", faces="many", width=1)
    read(db, library, "album", "album_1", name="A")
    found = past.histories(
        db, library, [("asset", "asset_1"), ("asset", "asset_2"), ("album", "album_1")], is_brief=True
    )
    assert [one.fields for one in found] == [{**told, "faces": faces}, {"faces": "many", "width": 1}, {"name": "A"}]


def test_entities_of_a_time() -> None:
    """Those events after the first moment and up to the second are about, or name, and those that came or went then."""
    db = memory_database()
    library = begun(db)
    events = [
        msgspec.structs.replace(named(f"asset_{at}", album_id=f"album_{at}"), created_at=NOW + timedelta(seconds=at))
        for at in range(10)
    ]
    append_all(db, library, events, 3)
    start, end = (to_us(NOW + timedelta(seconds=at)) for at in (3, 5))
    expected = {(kind, f"{kind}_{at}") for kind in ("asset", "album") for at in (4, 5)}
    assert past.concerned_between(db, library.row, start, end) == (expected, set())
    assert past.concerned_between(db, library.row, end, end) == (set(), set())
    gone = [
        Event(f"gone {event_type}", entity_type, f"{entity_type}_gone", event_type, NOW + timedelta(seconds=20))
        for entity_type, event_type in (
            ("album", "album_deleted"),
            ("exif", "exif_deleted"),
            ("asset", "asset_moved_in"),
        )
    ]
    append_all(db, libraries.record(db, library.row), gone, 3)
    start, end = (to_us(NOW + timedelta(seconds=at)) for at in (15, 25))
    _, passing = past.concerned_between(db, library.row, start, end)
    assert passing == {("album", "album_gone"), ("asset", "asset_gone")}


def test_memberships_of_which_nothing_says_of_what() -> None:
    """No payload with the album, and no snapshot that was read in time."""
    db = memory_database()
    library = begun(db)
    rows = {
        "told": {"album_id": "album_1", "asset_id": "asset_1"},
        "read": {},
        "gone": {},
    }
    events = [
        msgspec.structs.replace(named(row, **payload), entity_type="album_asset", event_type="album_asset_added")
        for row, payload in rows.items()
    ]
    append_all(db, library, [*events, named("asset_1")], 2)
    read(db, library.row, "album_asset", "read", album_id="album_1", asset_id="asset_1")
    read(db, library.row, "album_asset", "gone")
    assert past.endless(db, library.row) == {"gone"}


def test_faces_of_which_an_event_does_not_say_whose_they_are() -> None:
    """Such as the events before March 2026 that changed one; nobody's is an answer."""
    db = memory_database()
    library = begun(db)
    told: dict[str, dict[str, Any]] = {"face_1": {}, "face_2": {"person_id": None}, "face_3": {"person_id": "ana"}}
    events = [
        msgspec.structs.replace(named(face, **payload), entity_type="face", event_type="face_updated")
        for face, payload in told.items()
    ]
    created = msgspec.structs.replace(named("face_4"), entity_type="face", event_type="face_created")
    append_all(db, library, [*events, created], 2)
    assert past.unowned(db, library.row) == {"face_1"}


def test_when_entities_were_mentioned_last_between_two_times() -> None:
    """By what is about them or names them; the ends do not count."""
    db = memory_database()
    library = begun(db)
    start = to_us(NOW)
    events = [
        msgspec.structs.replace(
            named(f"row_{number}", album_id=f"album_{number % 3}", other=None),
            cursor=f"c{number}",
            created_at=NOW + timedelta(seconds=number),
        )
        for number in range(60)
    ]
    append_all(db, library, events, 20)
    second = 1_000_000
    asked = ["row_5", "row_30", "album_1", "row_70"]
    found = past.last_mentioned(db, library.row, asked, start + 5 * second, start + 40 * second)
    assert found == {"row_30": start + 30 * second, "album_1": start + 37 * second}
    assert past.last_mentioned(db, library.row, [], start, start + 40 * second) == {}

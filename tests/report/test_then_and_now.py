"""An entity at a time beside what it is now."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from gumnut_tui.domain.models import Entity, EntityState, Presence
from gumnut_tui.report.as_of import as_of
from gumnut_tui.report.history import History
from gumnut_tui.report.then_and_now import MOST_MEMBERS, Pair, ThenAndNow, then_and_now
from tests.factories import NOW
from tests.report.test_history import at, event, history, seen, when


def name(kind: str, entity_id: str) -> str:
    return f"{kind} {entity_id}"


def compared(past: History, kind: str, entity_id: str, seconds: float, answer: EntityState | None = None) -> ThenAndNow:
    """That time beside 1,000 seconds later."""
    then, later = as_of(past, kind, entity_id, when(seconds)), as_of(past, kind, entity_id, when(1000))
    return then_and_now(then, later, answer, zone=UTC, now=NOW, name=name)


def iso(seconds: float) -> str:
    return at(seconds).isoformat()


def pairs(found: ThenAndNow) -> dict[str, Pair]:
    return {pair.label: pair for pair in found.pairs}


def answered(kind: str, presence: Presence, **fields: Any) -> EntityState:
    """What the service says."""
    entity = Entity(kind, "x", fields, NOW) if fields else None
    return EntityState(kind, "x", presence, NOW, entity)


def test_changed_fields_are_marked() -> None:
    """Of an album with what it held then and holds now; what follows from others is not told twice."""
    past = history(
        seen(-20, "album", "album_1", name="Lisboa", description="Spring", asset_count=1, updated_at=iso(-30)),
        seen(-20, "album_asset", "row_1", album_id="album_1", asset_id="old"),
        event(10, "album_updated", "album_1"),
        event(20, "album_asset_added", "row_2", album_id="album_1", asset_id="new"),
        event(30, "album_asset_removed", "row_1", album_id="album_1", asset_id="old"),
        seen(40, "album", "album_1", name="Lisbon", description="Spring", asset_count=1, updated_at=iso(10)),
    )
    found = compared(past, "album", "album_1", 5)
    assert found.head[0].value.startswith("As of today 12:00: known, as seen today 11:59")
    told = pairs(found)
    assert told["name"] == Pair("name", "Lisboa", "Lisbon", differs=True)
    assert told["description"] == Pair("description", "Spring", "Spring")
    assert told["state"] == Pair("state", "there", "there")
    assert told["photos"] == Pair("photos", "1, those in the trash too", "1, those in the trash too")
    assert not told["changed"].differs
    assert [line.value for line in found.since] == [
        "1 photo only since", "  asset new", "1 photo only then", "  asset old"
    ]  # fmt: skip


def test_a_photo_that_went_to_the_trash() -> None:
    """Where it is now the service says, if it was asked; else the journal."""
    past = history(
        seen(-20, "asset", "x", original_file_name="IMG_1.HEIC", description="A cat"),
        event(10, "asset_trashed", "x"),
    )
    assert pairs(compared(past, "asset", "x", 5))["state"] == Pair("state", "in the library", "in the trash", True)
    gone = compared(past, "asset", "x", 5, answered("asset", Presence.GONE))
    assert pairs(gone)["state"] == Pair("state", "in the library", "gone for good", True)
    assert pairs(gone)["name"] == Pair("name", "IMG_1.HEIC", "")
    renamed = answered("asset", Presence.LIVE, original_file_name="IMG_1.HEIC", description="A dog")
    assert pairs(compared(past, "asset", "x", 5, renamed))["description"].differs


def test_what_is_not_known_is_not_called_different() -> None:
    """Never read, changed since it was read, or not there yet."""
    past = history(
        event(-50, "album_created", "album_1"),
        event(10, "album_updated", "album_1"),
        seen(20, "album", "album_1", name="Lisbon"),
        event(30, "album_updated", "album_1"),
        event(40, "album_updated", "album_1"),
        seen(50, "album", "album_1", name="Lisboa"),
    )
    early = compared(past, "album", "album_1", -10)
    assert pairs(early)["name"] == Pair("name", "?", "Lisboa")
    assert pairs(early)["state"] == Pair("state", "there", "there")
    assert early.head[0].value.endswith("not known; it was not read before it changed")
    between = compared(past, "album", "album_1", 35)
    assert between.heading == "last seen before"
    assert len(between.head) == 2
    before = compared(past, "album", "album_1", -60)
    assert pairs(before)["state"] == Pair("state", "not there", "there", True)
    assert pairs(before)["name"] == Pair("name", "", "Lisboa")


def test_many_members_are_counted() -> None:
    """Not all are named."""
    rows = [event(10, "album_asset_added", f"row_{n}", album_id="album_1", asset_id=f"{n}") for n in range(15)]
    found = compared(history(event(5, "album_created", "album_1"), *rows), "album", "album_1", 7)
    assert found.since[-1].value == f"  and {15 - MOST_MEMBERS} more"


def test_a_person_with_faces() -> None:
    """Faces are in no trash."""
    past = history(
        seen(-20, "person", "ana", name="Ana"),
        seen(-20, "face", "face_1", asset_id="asset_1", person_id="ana"),
        event(10, "face_updated", "face_1", person_id=None, previous_person_id="ana"),
    )
    assert pairs(compared(past, "person", "ana", 5))["faces"] == Pair("faces", "1", "0", True)

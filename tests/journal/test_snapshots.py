"""What entities were: a snapshot for every change, and a list of what is still to be read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain.errors import JournalDamaged
from gumnut_tui.domain.models import Entity, to_us
from gumnut_tui.journal import libraries, snapshots
from gumnut_tui.journal.database import Database
from gumnut_tui.journal.snapshots import CAUGHT_US, canonical
from tests.factories import NOW
from tests.journal.memory import begun, memory_database
from tests.journal.sources import KEY

NOW_US = to_us(NOW)


def begun_library() -> tuple[Database, int]:
    """A journal with one library, and its number."""
    db = memory_database()
    return db, libraries.begin(db, KEY, "Family", None, NOW_US).row


def keep(db: Database, library: int, seconds: int, **fields: Any) -> int:
    """Keep what a read of photo `a`, so many seconds from now, brought; without fields it was not there."""
    at = NOW + timedelta(seconds=seconds)
    found = {"a": Entity("asset", "a", {"id": "a", **fields}, at)} if fields else {}
    with db.transaction():
        return snapshots.store(db, library, "asset", ["a"], found, to_us(at))


def test_a_snapshot_is_stored_when_a_field_changed() -> None:
    """A read that brings nothing new only moves the time it was last seen."""
    db, library = begun_library()
    stored = [keep(db, library, at, name=name) for at, name in ((0, "A"), (10, "A"), (20, "B"), (30, "A"))]
    assert stored == [1, 0, 1, 1]
    history = snapshots.history(db, library, "asset", "a")
    assert [(one.fields or {})["name"] for one in history] == ["A", "B", "A"]
    assert (history[0].read_at, history[0].seen_at) == (NOW, NOW + timedelta(seconds=10))


def test_an_entity_that_is_not_there_is_a_snapshot_too() -> None:
    """That it was gone, and when; what it last was stays."""
    db, library = begun_library()
    keep(db, library, 0, name="A")
    assert keep(db, library, 10) == 1
    assert keep(db, library, 20) == 0
    (gone,) = snapshots.latest(db, library, [("asset", "a")]).values()
    assert (gone.fields, gone.read_at, gone.seen_at) == (
        None,
        NOW + timedelta(seconds=10),
        NOW + timedelta(seconds=20),
    )
    (ghost,) = snapshots.last_known(db, library, [("asset", "a"), ("asset", "never read")]).values()
    assert ghost.fields == {"id": "a", "name": "A"}
    assert gone.entity is None
    assert ghost.entity is not None


def test_signatures_are_neither_kept_nor_a_change() -> None:
    """The query of an address lets anyone fetch the picture, and is another one at every read."""
    db, library = begun_library()
    keep(db, library, 0, urls={"thumb": {"url": "https://p.example/a.png?verify=one&dl=x", "width": 3}}, name="why?")
    assert (
        keep(db, library, 5, urls={"thumb": {"url": "https://p.example/a.png?verify=two", "width": 3}}, name="why?")
        == 0
    )
    (one,) = snapshots.history(db, library, "asset", "a")
    assert one.fields == {"id": "a", "urls": {"thumb": {"url": "https://p.example/a.png", "width": 3}}, "name": "why?"}


@given(
    st.recursive(
        st.none() | st.integers(-(2**60), 2**60) | st.text() | st.booleans(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_fields_keep_everything_but_signatures(value: object) -> None:
    """Whatever else is in a text, quotes, backslashes or question marks, comes back as it was."""
    import json

    nasty = {"value": value, "text": 'say "https://x.example/?y" \\', "url": 'https://x.example/"\\a?b"c\\'}
    assert json.loads(canonical(nasty)) == nasty | {"url": 'https://x.example/"\\a'}


def test_what_events_name_is_to_be_read_unless_a_later_read_is_known() -> None:
    """A read counts as later once no transaction that began before it can still have been under way."""
    db, library = begun_library()
    keep(db, library, 0, name="A")
    for named_us, expected in ((NOW_US - CAUGHT_US, {}), (NOW_US - CAUGHT_US + 1, {"asset": ["a"]})):
        with db.transaction():
            snapshots.note(db, library, {("asset", "a"): named_us})
        assert snapshots.unread(db, library, 10) == expected
    keep(db, library, 5, name="A")
    assert snapshots.unread(db, library, 10) == {}


def test_entities_named_by_others_are_read_only_when_nothing_is_known() -> None:
    """A face names its photo and its person at every read; those are read once."""
    db, library = begun_library()
    keep(db, library, 0)
    with db.transaction():
        snapshots.note_unknown(db, library, [("asset", "a"), ("asset", "b")])
    assert snapshots.unread(db, library, 10) == {"asset": ["b"]}
    assert snapshots.unread_counts(db, library) == {"asset": 1}


def test_a_photo_knows_what_belonged_to_it() -> None:
    """Faces and memberships are found by their photo, as they last were while they were there."""
    db, library = begun_library()
    for at, found in enumerate((True, False)):
        link = Entity("album_asset", "link", {"id": "link", "asset_id": "a", "album_id": "al"}, NOW)
        with db.transaction():
            snapshots.store(db, library, "album_asset", ["link"], {"link": link} if found else {}, NOW_US + at)
    (last,) = snapshots.on_asset(db, library, "a", "album_asset")
    assert (last.fields or {})["album_id"] == "al"
    assert snapshots.on_asset(db, library, "a", "face") == []


REFERENCE = ("asset", "asset_1")


def kept(db: Database) -> int:
    """A library with a snapshot; returns its number."""
    library = begun(db).row
    with db.transaction():
        snapshots.put(db, library, REFERENCE, 1, 1, {"id": "asset_1", "name": "a.jpg"})
    return library


@pytest.mark.parametrize(
    "damage",
    [
        "fields = substr(fields, 1, 8)",
        "fields = '[]'",
        "fields = CAST(X'7bff7d' AS TEXT)",
        "read_us = 9000000000000000000",
    ],
)
def test_a_snapshot_that_cannot_be_read_is_damage(damage: str) -> None:
    """It is no fault of the program."""
    db = memory_database()
    library = kept(db)
    db.run(f"UPDATE snapshot SET {damage}")
    with pytest.raises(JournalDamaged, match="journal in memory"):
        snapshots.latest(db, library, [REFERENCE])
    with pytest.raises(JournalDamaged, match="journal in memory"):
        list(snapshots.every(db, library))

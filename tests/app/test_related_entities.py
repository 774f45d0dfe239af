"""Rules for what is related to the subject of the detail pane: each entity once, by its name."""

from __future__ import annotations

import pytest

from gumnut_tui.app.subject import Subject
from tests.app.detail_bench import BROKEN, ITALY, Bench, groups
from tests.factories import make_event
from tests.feed.entity_sources import make_entity, photo


async def test_related_entities_are_named_and_each_is_listed_once() -> None:
    """What the event mentions, what the fields point to, albums: by name, never itself, nobody without an id."""
    linked = make_event(1, entity_id="asset_1", payload={"album_id": "album_1"})
    ana = make_entity("person", "person_1", name="Ana")
    bench = Bench(photo(people=[{"id": "person_1"}, {"id": ""}, {}], stack_id=None), ana, ITALY, events=(linked,))
    bench.relations.albums = [ITALY, make_entity("album", "album_2", name="Lisbon")]
    await bench.look(linked)
    await bench.details.read_related()
    assert groups(bench) == [("In the event", ["Italy"]), ("People", ["Ana"]), ("Albums", ["Lisbon"])]
    asked = len(bench.shelf.asked)
    assert await bench.details.read_related() == bench.state.related
    assert len(bench.shelf.asked) == asked


async def test_related_entities_do_not_depend_on_who_is_quicker() -> None:
    """Asked for before the entity was read, they are those of its fields all the same."""
    bench = Bench(make_entity("face", "face_1", asset_id="asset_1"), photo())
    bench.details.look_at(Subject("face", "face_1"))
    await bench.details.read_related()
    assert groups(bench) == [("Photo", ["IMG_2031.HEIC"])]


async def test_photos_of_an_album_are_related() -> None:
    """An album, a person or a stack lists its photos."""
    bench = Bench(ITALY)
    bench.relations.assets = [photo("asset_1", "a.jpg"), photo("asset_2", "b.jpg")]
    bench.details.look_at(Subject("album", "album_1"))
    await bench.details.read_related()
    assert groups(bench) == [("Photos", ["a.jpg", "b.jpg"])]


async def test_of_an_album_that_is_gone_what_its_events_mention_is_related() -> None:
    """The newest first; nothing else is known of what was in it."""
    events = [
        make_event(
            number,
            event_type="album_asset_added",
            entity_type="album_asset",
            entity_id=f"album_asset_{number}",
            payload={"asset_id": f"asset_{number}", "album_id": "album_1"},
        )
        for number in (1, 2)
    ]
    bench = Bench(photo("asset_1", "a.jpg"), photo("asset_2", "b.jpg"), events=tuple(events))
    bench.details.look_at(Subject("album", "album_1"))
    await bench.details.read_related()
    assert groups(bench) == [("In its history", ["b.jpg", "a.jpg"])]


@pytest.mark.parametrize("moves_on", [False, True])
async def test_related_that_cannot_be_read_say_why(moves_on: bool) -> None:
    """The reason stands in their place, unless one looks at something else by now."""
    bench = Bench(photo())
    bench.relations.error = BROKEN
    bench.details.look_at(Subject("asset", "asset_1"))
    if moves_on:
        bench.relations.meanwhile = bench.details.forget
    assert await bench.details.read_related() == ()
    assert bench.state.related_note == ("" if moves_on else "GET /api/albums got no answer: gone")
    assert bench.state.related is None

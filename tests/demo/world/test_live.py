"""Life goes on after now."""

from __future__ import annotations

from datetime import timedelta

from gumnut_tui.demo.world.entity_filters import Filters
from gumnut_tui.demo.world.world import World
from tests.demo.worlds import NOW, library_ids, make_world, microseconds


def test_something_happens_every_few_seconds() -> None:
    """Two minutes bring dozens of events, and no half minute passes in silence."""
    world = make_world()
    counts = [world.advance(NOW + timedelta(seconds=30 * step)) for step in range(1, 5)]
    assert all(counts)
    assert 20 < sum(counts) < 800


def test_it_does_not_matter_how_often_one_looks() -> None:
    """Advancing in many small steps, with reads between them, gives the same feeds as one large step."""
    often, once = make_world(), make_world()
    library_id = library_ids(once)[0]
    for step in range(1, 181):
        often.advance(NOW + timedelta(seconds=step))
        often.ids("asset", library_id)
    once.advance(NOW + timedelta(seconds=180))
    for each in library_ids(once):
        assert list(often.feed(each)) == list(once.feed(each))


def test_a_world_met_on_the_way_goes_on_as_it_did() -> None:
    """Stopped some hours before now and let go on, it comes to the same feeds and the same entities."""
    met, whole = World(now=NOW, events=900, reached=NOW - timedelta(hours=9)), World(now=NOW, events=900)
    library_id = library_ids(whole)[0]
    assert len(met.feed(library_id)) < len(whole.feed(library_id))
    assert met.advance(NOW) > 0
    for each in library_ids(whole):
        assert list(met.feed(each)) == list(whole.feed(each))
        ids = whole.ids("asset", each, Filters(state="all"))
        assert [met.entity("asset", one) for one in ids] == [whole.entity("asset", one) for one in ids]


def test_the_past_stays() -> None:
    """What stood in a feed stands there afterwards; new events come at the end and are not from the future."""
    world = make_world()
    library_id = library_ids(world)[0]
    before = list(world.feed(library_id))
    later = NOW + timedelta(minutes=3)
    world.advance(later)
    after = list(world.feed(library_id))
    assert after[: len(before)] == before
    assert len(after) > len(before)
    assert max(row.created_at_us for row in after) <= microseconds(later)


def test_going_back_in_time_does_nothing() -> None:
    """An instant that is past brings no events."""
    assert make_world().advance(NOW - timedelta(hours=1)) == 0


def test_a_fresh_photo_is_not_finished() -> None:
    """The newest uploads lack their ThumbHash for some seconds; a minute later they have it."""
    world = make_world()
    fresh: list[str] = []
    moment = NOW
    while not fresh:
        moment += timedelta(seconds=1)
        world.advance(moment)
        newest = [row for row in list(world.feed(library_ids(world)[0]))[-4:] if row.event_type == "asset_created"]
        assets = [world.entity("asset", row.entity_id) for row in newest]
        fresh = [asset["id"] for asset in assets if asset and asset["thumbhash"] is None]
    world.advance(moment + timedelta(minutes=5))
    finished = [world.entity("asset", asset_id) for asset_id in fresh]
    assert all(asset is None or asset["thumbhash"] for asset in finished)

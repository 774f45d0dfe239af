"""What the feeds look like: order, times, payloads, and entities that are gone by now."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.demo.world.events import EventRow, Feed
from gumnut_tui.demo.world.ids import IdSpace
from gumnut_tui.demo.world.world import World
from tests.demo.worlds import KINDS, NOW, library_ids, make_world, microseconds, still_world

MINUTE_US = 60_000_000


def rows_of(world: World) -> list[list[EventRow]]:
    """The rows of each library."""
    return [list(world.feed(library_id)) for library_id in library_ids(world)]


def made_feed(times: list[int]) -> Feed:
    """A feed whose events differ in their times only."""
    feed = Feed(IdSpace(1))
    for seq, created_us in enumerate(times):
        feed.append(seq * 3 + 5, created_us, 0, seq, 0, -1, -1)
    return feed


def test_sequence_numbers_ascend_with_gaps() -> None:
    """`seq` counts over all libraries, so within one it ascends and leaves numbers out; no number comes twice."""
    feeds = rows_of(still_world())
    numbers = [row.seq for rows in feeds for row in rows]
    assert len(set(numbers)) == len(numbers)
    for rows in feeds:
        steps = [after.seq - before.seq for before, after in pairwise(rows)]
        assert min(steps) >= 1
        assert max(steps) > 1


def test_created_at_is_a_little_out_of_feed_order() -> None:
    """Some events stand behind younger ones: mostly by less than some seconds, never by more than two minutes."""
    for rows in rows_of(still_world())[:2]:
        latest, late = 0, []
        for row in rows:
            late.append(latest - row.created_at_us)
            latest = max(latest, row.created_at_us)
        behind = [us for us in late if us > 0]
        assert len(behind) < len(rows) / 2
        assert max(behind) > 1_000_000
        assert max(behind) < 2 * MINUTE_US
        assert sum(us > 10_000_000 for us in behind) < len(rows) * 0.01


def test_some_pairs_are_swapped() -> None:
    """Now and then an asset's first metadata stands before its creation."""
    swapped = 0
    for rows in rows_of(still_world(events=20_000, days=30)):
        first: dict[str, str] = {}
        for row in rows:
            if row.entity_type in ("asset", "metadata"):
                first.setdefault(row.entity_id, row.event_type)
        swapped += sum(event == "metadata_updated" for event in first.values())
    assert 2 <= swapped < 60


def test_payloads_hold_what_their_types_promise() -> None:
    """Promised keys are there on all but old rows, where the payload may be null or empty."""
    promised = {
        "face_updated": {"person_id", "previous_person_id"},
        "face_deleted": {"previous_person_id"},
        "album_asset_removed": {"album_id", "asset_id"},
    }
    missing: set[str] = set()
    for rows in rows_of(still_world(events=20_000, days=30)):
        for row in rows:
            keys = promised.get(row.event_type)
            if keys is None or (row.payload and set(row.payload) == keys):
                continue
            assert not row.payload
            assert row.created_at_us < microseconds(NOW) - 20 * 86_400_000_000
            missing.add("null" if row.payload is None else "{}")
    assert missing == {"null", "{}"}


def test_a_previous_person_may_be_gone() -> None:
    """Faces name people that lived for a minute or were merged away."""
    world = still_world()
    previous = {
        str(row.payload["previous_person_id"])
        for rows in rows_of(world)
        for row in rows
        if row.payload and row.payload.get("previous_person_id")
    }
    gone = {each for each in previous if world.entity("person", each) is None}
    assert gone
    assert any(world.entity("person", each) for each in previous)


def test_short_lived_people_are_normal() -> None:
    """Some people are deleted within two minutes of their creation."""
    short = 0
    for rows in rows_of(still_world(events=20_000, days=30)):
        born = {row.entity_id: row.created_at_us for row in rows if row.event_type == "person_created"}
        dead = {row.entity_id: row.created_at_us for row in rows if row.event_type == "person_deleted"}
        short += sum(dead[each] - born[each] < 2 * MINUTE_US for each in dead.keys() & born.keys())
    assert short > 3


@pytest.mark.parametrize("seed", [7, 8])
def test_what_is_deleted_is_gone(seed: int) -> None:
    """An entity with a final event resolves to nothing."""
    world = still_world(seed)
    final = {"asset_deleted", "album_deleted", "album_asset_removed", "person_deleted", "face_deleted"}
    final.add("stack_deleted")
    for rows in rows_of(world):
        for row in rows:
            if row.event_type in final:
                assert world.entity(row.entity_type, row.entity_id) is None, row


@pytest.mark.parametrize("seed", [7, 8])
def test_what_is_not_deleted_is_there(seed: int) -> None:
    """Everything named by an event resolves, unless an event (of it, or of its album) says that it is gone."""
    world = still_world(seed)
    feeds = rows_of(world)
    gone = {
        row.entity_id
        for rows in feeds
        for row in rows
        if row.event_type.endswith("_deleted") or row.event_type == "album_asset_removed"
    }
    silent = 0
    for rows in feeds:
        for row in rows:
            kind = "asset" if row.entity_type == "metadata" else row.entity_type
            if kind not in KINDS or row.entity_id in gone or world.entity(kind, row.entity_id):
                continue
            assert kind == "album_asset", row
            silent += 1
    assert silent, "memberships of a deleted album vanish without events"


def test_trashed_is_not_gone() -> None:
    """An asset whose last word is `asset_trashed` is still readable, and hidden."""
    world = still_world()
    last: dict[str, str] = {}
    for rows in rows_of(world):
        for row in rows:
            if row.event_type in ("asset_trashed", "asset_restored", "asset_deleted"):
                last[row.entity_id] = row.event_type
    for entity_id, event_type in last.items():
        asset = world.entity("asset", entity_id)
        if event_type == "asset_deleted":
            assert asset is None
            continue
        assert asset is not None
        assert bool(asset["trashed_at"]) == asset["_trashed"] == (event_type == "asset_trashed")


def test_a_move_is_one_event_in_either_feed() -> None:
    """What leaves one library enters another, under the same id, and belongs to the last one entered."""
    world = make_world()
    feeds = dict(zip(library_ids(world), rows_of(world), strict=True))

    def moved(event_type: str) -> list[str]:
        return sorted(row.entity_id for rows in feeds.values() for row in rows if row.event_type == event_type)

    assert moved("asset_moved_out") == moved("asset_moved_in")
    arrivals = {
        row.entity_id: (row.seq, library_id)
        for library_id, rows in feeds.items()
        for row in sorted(rows, key=lambda row: row.seq)
        if row.event_type == "asset_moved_in"
    }
    for entity_id, (seq, _) in arrivals.items():
        asset = world.entity("asset", entity_id)
        latest = max(
            (row.seq, library_id)
            for library_id, rows in feeds.items()
            for row in rows
            if row.event_type == "asset_moved_in" and row.entity_id == entity_id
        )
        assert seq <= latest[0]
        assert asset is None or asset["_library_id"] == latest[1]


@given(
    times=st.lists(st.integers(0, 60), max_size=40),
    us=st.integers(-1, 62),
    start=st.integers(0, 41),
)
def test_first_at_or_after_is_a_walk_from_start(times: list[int], us: int, start: int) -> None:
    """Whatever the disorder, the quick answer is that of walking along the feed."""
    walked = next((index for index in range(start, len(times)) if times[index] >= us), len(times))
    assert made_feed(times).first_at_or_after(us, start) == walked


@given(times=st.lists(st.integers(0, 9), max_size=20), seq=st.integers(0, 80))
def test_a_sequence_number_leads_to_a_place(times: list[int], seq: int) -> None:
    """`index_after_seq` is where reading goes on after that number."""
    feed = made_feed(times)
    index = feed.index_after_seq(seq)
    assert all(feed.seq(each) <= seq for each in range(index))
    assert all(feed.seq(each) > seq for each in range(index, len(feed)))

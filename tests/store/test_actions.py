"""Actions of a store: a partition that follows from the events alone, however they came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gumnut_tui.domain.actions import RULES
from gumnut_tui.domain.models import Event, from_us, to_us
from gumnut_tui.store.actions import Actions
from gumnut_tui.store.event_store import EventStore
from tests.action_rules import partition
from tests.factories import NOW, make_event

PAUSES = (0, 0, 1, 5, 29, 30, 31, 59, 61, 119, 121, 200, 299, 301, 1000, 3299, 3599, 3601, 9000)
"""Seconds between two events, around each limit of the rules."""


@st.composite
def feeds(draw: st.DrawFn, most: int = 60) -> list[Event]:
    """Events about few photos, albums and people, so that they have to do with one another; some twice created."""
    events, us = list[Event](), to_us(NOW)
    for number in range(draw(st.integers(1, most))):
        us += draw(st.sampled_from(PAUSES)) * 1_000_000
        name = draw(st.sampled_from((*RULES, "album_asset_added", "face_updated", "memory_created", "moon_rose")))
        events.append(_event(draw, number, name, us))
    return events


def _event(draw: st.DrawFn, number: int, name: str, us: int) -> Event:
    def one_of(kind: str) -> st.SearchStrategy[str]:
        return st.sampled_from([f"{kind}_{letter}" for letter in "abc"])

    def maybe(kind: str) -> str | None:
        return draw(st.none() | one_of(kind))

    payload: dict[str, Any] | None = None
    kind = name.rpartition("_")[0]
    match name:
        case "face_updated":
            payload = {"person_id": maybe("person"), "previous_person_id": maybe("person")}
        case "album_asset_added" | "album_asset_removed":
            payload = {"album_id": maybe("album"), "asset_id": maybe("asset")}
        case "asset_updated":
            payload = draw(st.sampled_from([None, {"stack_id": "asset_stack_a"}, {"stack_id": None}]))
    if draw(st.integers(0, 5)) == 0:
        payload = None
    entity = draw(one_of("asset" if kind in ("metadata", "exif") else kind))
    return make_event(
        number, entity_type=kind, entity_id=entity, event_type=name, created_at=from_us(us), payload=payload
    )


def cursors(store: EventStore, actions: Actions) -> list[frozenset[str]]:
    """The cursors of each action's events."""
    return [frozenset(store.cursor(row) for row in actions.rows(action)) for action in actions]


def told(actions: Actions) -> list[tuple[object, ...]]:
    """Everything an action says of itself."""
    return sorted((action.id, action.events, action.first_us, action.last_us) for action in actions)


@given(feeds(), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_actions_follow_from_the_events_alone(events: list[Event], random: Random) -> None:
    """In pages of any size, from either end, in any order, looked at in between or not: as the rules say."""
    expected = sorted(map(sorted, partition(events)))
    store = EventStore()
    actions = Actions(store, block_rows=random.choice((1, 2, 3, 7, 100)))
    waiting = list(events)
    while waiting:
        size, at_front = random.randint(1, 12), random.random() < 0.5
        if random.random() < 0.2:
            random.shuffle(waiting)
        page, waiting = (waiting[-size:], waiting[:-size]) if at_front else (waiting[:size], waiting[size:])
        store.insert(page, before=store.first_row if at_front else None)
        for _ in range(random.randint(0, 4)):
            actions.step()
    actions.refresh()
    assert sorted(map(sorted, cursors(store, actions))) == expected
    assert sum(action.events for action in actions) == len(events)
    assert len({action.id for action in actions}) == len(actions)
    at_once = EventStore()
    at_once.append(events)
    whole = Actions(at_once)
    whole.refresh()
    assert told(whole) == told(actions)


HOUR = 3600
Told = list[tuple[str, str, int]]


def feed(*told: tuple[Any, ...]) -> list[Event]:
    """Events from seconds after NOW, event type, entity id and payload."""
    events = []
    for number, (seconds, name, entity, *payload) in enumerate(told):
        kind = name.rpartition("_")[0].removesuffix("_moved")
        at = NOW + timedelta(seconds=seconds)
        details = payload[0] if payload else None
        events.append(
            make_event(number, entity_type=kind, entity_id=entity, event_type=name, created_at=at, payload=details)
        )
    return events


def seen(events: list[Event]) -> Told:
    """Family, subject and number of events of each action, whichever end the events are read from."""
    found = list[Told]()
    for order in (events, events[::-1]):
        store = EventStore()
        actions = Actions(store)
        for event in order:
            store.insert([event], before=None if order is events else store.first_row)
            actions.refresh()
        found.append([(action.family.name.lower(), action.subject, action.events) for action in actions])
    assert found[0] == found[1]
    return found[0]


UPLOAD = (
    (0, "asset_created", "asset_a"),
    (0.1, "metadata_updated", "asset_a"),
    (3, "asset_updated", "asset_a"),
    (5, "face_created", "face_a"),
    (6, "metadata_updated", "asset_a"),
    (200, "person_created", "person_a"),
    (201, "face_updated", "face_a", {"person_id": "person_a", "previous_person_id": None}),
)


def test_an_upload_is_all_that_the_service_does_to_its_photos() -> None:
    """Created, metadata, then in any order thumbhash, faces, places; minutes later clustering (API, section 6.2)."""
    assert seen(feed(*UPLOAD)) == [("upload", "", 7)]


def test_photos_that_follow_one_another_are_one_upload() -> None:
    """Pauses up to five minutes, whatever the aftermath; an hour after its creation a photo is not new any more."""
    photos = [(at, "asset_created", f"asset_{at}") for at in (0, 300, 600, 901)]
    assert seen(feed(*photos)) == [("upload", "", 3), ("upload", "", 1)]
    late = [(HOUR, "metadata_updated", "asset_0"), (HOUR + 1, "metadata_updated", "asset_0")]
    assert seen(feed(photos[0], *late)) == [("upload", "", 2), ("edits", "", 1)]


def test_a_clustering_run_of_an_upload_is_part_of_it() -> None:
    """People live for a minute, and a face goes from hand to hand: all one face's story (API, section 6.2)."""
    run = (
        (300, "person_created", "person_1"),
        (301, "face_updated", "face_a", {"person_id": "person_1", "previous_person_id": None}),
        (330, "face_updated", "face_a", {"person_id": "person_2", "previous_person_id": "person_1"}),
        (350, "person_deleted", "person_1"),
        (351, "face_updated", "face_a", {"person_id": "person_3", "previous_person_id": "person_1"}),
    )
    assert seen(feed(*UPLOAD, *run)) == [("upload", "", 12)]


def test_a_burst_that_is_stacked_is_part_of_the_upload() -> None:
    """The stack, and the photos that tell their stack; stacked later they are work on stacks (API, section 6.2)."""

    def stack(at: int) -> Iterator[tuple[Any, ...]]:
        yield at, "stack_created", "asset_stack_s"
        yield at + 1, "asset_updated", "asset_a", {"stack_id": "asset_stack_s"}

    assert seen(feed(*UPLOAD, *stack(60))) == [("upload", "", 9)]
    assert seen(feed(*UPLOAD, *stack(2 * HOUR))) == [("upload", "", 7), ("stacks", "", 2)]


def test_what_somebody_does_to_people_during_an_upload_is_not_part_of_it() -> None:
    """Naming, merging and taking faces from people one knew before (API, sections 5.7 and 6.2)."""
    work = (
        (210, "person_updated", "person_old"),
        (215, "face_updated", "face_x", {"person_id": "person_new", "previous_person_id": "person_old"}),
        (216, "person_deleted", "person_old"),
    )
    assert seen(feed(*UPLOAD, *work)) == [("upload", "", 7), ("people", "", 3)]


def test_old_photos_edited_during_an_upload_are_edits() -> None:
    """An update belongs to the photo it is about, not to whatever goes on at the time."""
    assert seen(feed(*UPLOAD, (4, "metadata_updated", "asset_old"))) == [("upload", "", 7), ("edits", "", 1)]


def test_work_on_an_album_is_one_action_for_each_album() -> None:
    """Created, photos added, a cover; what does not tell its album belongs to the only one there is."""
    link = {"album_id": "album_a", "asset_id": "asset_a"}
    work = [
        (0, "album_created", "album_a"),
        (1, "album_asset_added", "album_asset_1", link),
        (2, "album_asset_added", "album_asset_2"),
        (290, "album_updated", "album_a", {"album_cover_asset_id": "asset_a"}),
    ]
    assert seen(feed(*work)) == [("album", "album_a", 4)]
    other = (3, "album_asset_removed", "album_asset_9", {"album_id": "album_b", "asset_id": "asset_z"})
    assert seen(feed(*work, other)) == [("album", "album_a", 3), ("album", "", 1), ("album", "album_b", 1)]


def test_an_album_deleted_is_work_on_it() -> None:
    """One event, none for its photos (API, section 5.5)."""
    assert seen(feed((0, "album_created", "album_a"), (240, "album_deleted", "album_a"))) == [("album", "album_a", 2)]


def test_trash_and_restore_are_two_actions() -> None:
    """Forty events each and nothing else (API, section 6.2), with pauses as incidents have them."""
    trashed = [(at, "asset_trashed", f"asset_{at}") for at in range(40)]
    restored = [(90 + at, "asset_restored", f"asset_{at}") for at in range(40)]
    assert seen(feed(*trashed, *restored)) == [("trash", "", 40), ("restore", "", 40)]
    assert seen(feed((0, "asset_trashed", "asset_a"), (31, "asset_trashed", "asset_b"))) == [("trash", "", 1)] * 2


PURGED = (
    (1, "face_deleted", "face_a", {"previous_person_id": "person_a"}),
    (2, "album_asset_removed", "album_asset_a", {"album_id": "album_a", "asset_id": "asset_a"}),
    (3, "asset_deleted", "asset_a"),
)


def test_a_deletion_takes_faces_and_memberships_with_it() -> None:
    """Faces, memberships, the photo, in whatever order (API, sections 5.4 and 6.2)."""
    assert seen(feed(*PURGED)) == [("delete", "", 3)]
    by_hand = (2, "album_asset_removed", "album_asset_z", {"album_id": "album_a", "asset_id": "asset_z"})
    assert seen(feed(*PURGED, by_hand)) == [("delete", "", 3), ("album", "album_a", 1)]


def test_a_purge_is_told_from_a_deletion() -> None:
    """Photos that had been in the trash for more than an hour, and were not restored since."""
    before = (-2 * HOUR, "asset_trashed", "asset_a")
    assert seen(feed(before, *PURGED)) == [("trash", "", 1), ("purge", "", 3)]
    assert seen(feed((-HOUR, "asset_trashed", "asset_a"), *PURGED[2:])) == [("trash", "", 1), ("purge", "", 1)]
    assert seen(feed((4 - HOUR, "asset_trashed", "asset_a"), *PURGED[2:])) == [("trash", "", 1), ("delete", "", 1)]
    back = (-HOUR, "asset_restored", "asset_a")
    assert seen(feed(before, back, *PURGED)) == [("trash", "", 1), ("restore", "", 1), ("delete", "", 3)]


def test_two_deletions_that_begin_at_one_time_are_told_apart() -> None:
    """What a deletion took along may be dated when another one was over; no event is lost by it."""
    events = feed(
        (0, "album_asset_removed", "link_c", {"album_id": "album_c", "asset_id": "asset_c"}),
        (0, "asset_deleted", "asset_b"),
        (38, "asset_deleted", "asset_c"),
    )
    assert seen(events) == [("delete", "", 1), ("delete", "", 2)]
    store = EventStore()
    store.append(events)
    actions = Actions(store)
    actions.refresh()
    assert sorted(map(sorted, cursors(store, actions))) == [["cursor-000000", "cursor-000002"], ["cursor-000001"]]
    assert len({action.id for action in actions}) == 2
    assert all(actions.find(action.id) == action for action in actions)


def test_a_move_takes_memberships_with_it() -> None:
    """The photo drops out of its albums; out and in are two feeds, and two actions (API, section 5.6)."""
    gone = {"album_id": "album_a", "asset_id": "asset_a"}
    out = [(0, "album_asset_removed", "album_asset_a", gone), (1, "asset_moved_out", "asset_a")]
    assert seen(feed(*out, (2, "asset_moved_in", "asset_z"))) == [("moved_out", "", 2), ("moved_in", "", 1)]


def test_a_merge_is_one_action() -> None:
    """Faces are handed over, the source is deleted, the target may change (API, sections 5.7 and 6.2)."""
    hands = {"person_id": "person_a", "previous_person_id": "person_b"}
    merge = [(at, "face_updated", f"face_{at}", hands) for at in range(31)]
    rest = [(32, "person_deleted", "person_b"), (33, "person_updated", "person_a")]
    assert seen(feed(*merge, *rest)) == [("people", "", 33)]


def test_the_rest_is_shown_as_itself() -> None:
    """Libraries, and unknown types, each type for itself (API, section 3)."""
    rest = [
        (0, "library_trashed", "lib_a"),
        (1, "memory_created", "memory_a"),
        (2, "moon_rose", "moon_a"),
        (3, "memory_created", "memory_b"),
    ]
    assert seen(feed(*rest)) == [("library", "", 1), ("other", "memory_created", 2), ("other", "moon_rose", 1)]


def test_an_action_knows_its_rows_and_kinds() -> None:
    """Unfolded it shows exactly its events; it is found again by its id, and by each of its rows."""
    store = EventStore()
    store.append(feed(*UPLOAD, (4, "metadata_updated", "asset_old")))
    actions = Actions(store)
    assert actions.of_row(0) is None
    actions.refresh()
    upload, edits = actions
    assert (list(actions.rows(upload)), list(actions.rows(edits))) == ([0, 1, 2, 3, 4, 5, 6], [7])
    assert actions.kinds(edits) == {("metadata", "metadata_updated"): 1}
    assert [actions.of_row(row) for row in (6, 7)] == [upload, edits]
    assert actions.find(upload.id) == upload
    assert actions.find("upload-yesterday") is None
    assert actions.counts([0, 3, 7]) == {upload: 2, edits: 1}
    assert actions[-1:] == [edits]


def test_an_action_goes_on_growing_under_its_id() -> None:
    """A page that comes makes it larger; what is asked of the one seen before is answered of the one it is now."""
    store = EventStore()
    store.append(feed(*UPLOAD))
    actions = Actions(store)
    actions.refresh()
    (before,), version = list(actions), actions.version
    assert actions.is_current
    store.append(feed((250, "asset_created", "asset_b")))
    assert not actions.is_current
    actions.refresh()
    (after,) = actions
    assert (after.id, after.events, actions.version > version) == (before.id, 8, True)
    assert len(list(actions.rows(before))) == 8


def test_more_types_than_a_byte_holds() -> None:
    """An open enum must not end in an error, nor change what the known types mean."""
    strangers = [(0, f"kind{number}_seen", "kind_a") for number in range(300)]
    assert len(seen(feed(*strangers[:255], *UPLOAD, *strangers[255:]))) == 301


def test_more_uploads_than_a_byte_counts() -> None:
    """A quiet year: each photo for itself, in one block of rows."""
    photos = [(number * 400, "asset_created", f"asset_{number}") for number in range(300)]
    updates = [(number * 400 + 90, "metadata_updated", f"asset_{number}") for number in range(300)]
    store = EventStore()
    store.append(feed(*photos, *updates))
    actions = Actions(store)
    actions.refresh()
    assert [action.events for action in actions] == [2] * 300
    assert all(len(list(actions.rows(action))) == 2 for action in actions)

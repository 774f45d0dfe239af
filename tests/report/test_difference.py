"""What differs between two moments: compared with a library that keeps every state."""

from __future__ import annotations

from collections.abc import Sequence, Set
from itertools import combinations
from typing import Any

from hypothesis import example, given, settings

from gumnut_tui.domain.models import Event, Presence, to_us
from gumnut_tui.journal.records import Snapshot
from gumnut_tui.report.difference import Difference, Fate, HolderChange, PhotoChange, difference
from gumnut_tui.usecases.difference import read_difference
from gumnut_tui.usecases.history import gather_history
from tests.demo import deeds as do
from tests.demo.lived import Lived, State
from tests.report.test_as_of import DEEDS, held
from tests.report.test_history import event, history, seen, when

OWN = {"album": ("name", "description"), "person": ("name", "birth_date", "is_favorite", "is_hidden")}
ABSENT = "absent"


def where(state: State, asset_id: str) -> str:
    """Where a photo was."""
    photo = state.get(("asset", asset_id))
    return ABSENT if photo is None else "trashed" if photo["trashed_at"] else "live"


def said(presence: Presence | None) -> str | None:
    """The same, as the answer says it."""
    if presence is None:
        return None
    return ABSENT if presence in (Presence.GONE, Presence.MOVED) else presence.value


def ids(state: State, *kinds: str) -> set[str]:
    """Ids of all of some kinds."""
    return {one for kind, one in state if kind in kinds}


def check_photos(found: Difference, old: State, new: State) -> None:
    """Every photo that is elsewhere is told, with no wrong word about where it was or is."""
    told = {photo.id: photo for photo in found.photos}
    differing = {one for one in ids(old, "asset") | ids(new, "asset") if where(old, one) != where(new, one)}
    assert differing <= told.keys()
    for one, photo in told.items():
        assert said(photo.before) in (None, where(old, one))
        assert said(photo.after) in (None, where(new, one))
        assert one in differing or photo.before is None or photo.after is None


def check_holder(change: HolderChange, old: State, new: State) -> None:
    """Nothing is called certain that was not so."""
    key = (change.kind, change.id)
    match change.fate:
        case Fate.NEW:
            assert key not in old
            assert key in new
        case Fate.DELETED:
            assert key in old
            assert key not in new
    for name, before, after in change.fields:
        assert (old[key][name], new[key][name]) == (before, after)
    were, are = held(old, *key), held(new, *key)
    assert set(change.came) <= are - were
    assert set(change.went) <= were - are


def check_kind(kind: str, changes: tuple[HolderChange, ...], old: State, new: State) -> None:
    """Whatever differs is told, if not how."""
    told = {change.id: change for change in changes}
    for change in changes:
        check_holder(change, old, new)
    for one in ids(old, kind) | ids(new, kind):
        before, after = old.get((kind, one)), new.get((kind, one))
        if (before is None) != (after is None):
            assert told[one].fate in (Fate.NEW, Fate.DELETED, Fate.UNCERTAIN)
        elif before is not None and after is not None:
            differing = {name for name in OWN[kind] if before[name] != after[name]}
            known = {name for name, _, _ in told[one].fields} if one in told else set[str]()
            assert differing == known or (told[one].is_unclear and not known)


async def never_read(lived: Lived, states: Sequence[State]) -> set[str]:
    """The faces that came and went unread: nothing says on which photo they were, so none that they left with it."""
    photos = {
        one: str(fields["asset_id"]) for state in states for (kind, one), fields in state.items() if kind == "face"
    }
    references = {("face", face) for face in photos} | {("asset", photo) for photo in photos.values()}
    past = await gather_history(lived.journal, lived.record, references)
    return photos.keys() - past.face_photos.keys()


def check_held(found: Difference, kind: str, old: State, new: State, unread: Set[str]) -> None:
    """What an album or a person gained or lost is told, or that it may have; but for faces and rows never read."""
    told = {change.id: change for change in (found.albums if kind == "album" else found.people)}
    missing = 0
    for one in ids(old, kind) | ids(new, kind):
        change = told.get(one) or HolderChange(kind, one, Fate.CHANGED)
        were, are = held(old, kind, one), held(new, kind, one)
        missing += len((were ^ are) - {*change.came, *change.went, *change.uncertain} - unread)
    assert missing <= (found.unplaced + found.lost_with_albums if kind == "album" else 0)


async def live_and_compare(deeds: list[Any]) -> None:
    """Do all that, syncing where it says so, and compare every two moments."""
    async with Lived(events=600) as lived:
        await lived.sync()
        states = [(lived.now, lived.state())]
        for deed, first, second, is_synced in deeds:
            lived.wait(30)
            lived.do(deed, first, second)
            lived.wait(30)
            states.append((lived.now, lived.state()))
            if is_synced:
                await lived.sync()
        await lived.sync()
        unread = await never_read(lived, [state for _, state in states])
        for (before, old), (after, new) in combinations(states, 2):
            found = await read_difference(lived.journal, lived.record, to_us(before), to_us(after))
            check_photos(found, old, new)
            check_kind("album", found.albums, old, new)
            check_kind("person", found.people, old, new)
            check_held(found, "album", old, new, unread)
            check_held(found, "person", old, new, unread)


@settings(deadline=None, max_examples=12)
@given(DEEDS)
@example([(do.trash, 0, 0, False), (do.draw_face, 42, 0, False), (do.move_out, 78, 0, False)])
async def test_whatever_differs_is_told_and_nothing_wrong(deeds: list[Any]) -> None:
    """Whatever is done, and whenever it is synced."""
    await live_and_compare(deeds[:6])


BEFORE, AFTER = -5, 95
"""Seconds: the moments compared below."""


def compared(*parts: Event | Snapshot, since: float = -1000) -> Difference:
    """The difference, as told by these events and snapshots of a journal that begins then."""
    past = history(*parts)
    past.covered_us = when(since)
    return difference(past, when(BEFORE), when(AFTER))


def test_photos_by_where_they_were_and_are() -> None:
    """One that came and went in between is not told; one of which too little is known is, without guessing."""
    found = compared(
        event(10, "asset_created", "new"),
        event(10, "asset_created", "brief"),
        event(20, "asset_deleted", "brief"),
        event(20, "asset_trashed", "old"),
        event(30, "asset_moved_out", "away"),
        event(30, "asset_moved_in", "here"),
        event(40, "asset_deleted", "gone"),
        event(40, "asset_updated", "same"),
        event(99, "asset_trashed", "later"),
    )
    assert found.photos == (
        PhotoChange("new", Presence.GONE, Presence.LIVE),
        PhotoChange("old", Presence.LIVE, Presence.TRASHED),
        PhotoChange("away", Presence.LIVE, Presence.MOVED),
        PhotoChange("here", Presence.MOVED, Presence.LIVE),
        PhotoChange("gone", None, Presence.GONE),
    )


def test_what_was_made_was_not_there_before_even_if_that_is_before_the_journal() -> None:
    """Ids are never given again; of what was only changed it is not known since when it is there."""
    found = compared(
        event(10, "asset_created", "new"),
        event(10, "album_created", "album_1"),
        event(20, "asset_trashed", "old"),
        event(20, "person_updated", "person_1"),
        event(30, "album_asset_added", "row_1", album_id="album_1", asset_id="old"),
        since=0,
    )
    assert found.photos == (
        PhotoChange("new", Presence.GONE, Presence.LIVE),
        PhotoChange("old", None, Presence.TRASHED),
    )
    assert found.albums == (HolderChange("album", "album_1", Fate.NEW, came=("old",)),)
    assert found.people == (HolderChange("person", "person_1", Fate.UNCERTAIN, is_unclear=True),)


def test_albums_with_photos_in_and_out() -> None:
    """Put in again after it was taken out, a photo is neither; with a deleted album all its photos go."""
    found = compared(
        seen(-20, "album", "album_1", name="Lisboa", description=None),
        seen(-20, "album_asset", "row_1", album_id="album_1", asset_id="stays"),
        seen(-20, "album_asset", "row_2", album_id="album_1", asset_id="goes"),
        seen(-20, "album", "album_2", name="Rome"),
        seen(-20, "album_asset", "row_4", album_id="album_2", asset_id="goes"),
        event(10, "album_asset_removed", "row_1", album_id="album_1", asset_id="stays"),
        event(20, "album_asset_removed", "row_2", album_id="album_1", asset_id="goes"),
        event(30, "album_asset_added", "row_3", album_id="album_1", asset_id="stays"),
        event(40, "album_updated", "album_1"),
        event(50, "album_deleted", "album_2"),
        seen(60, "album", "album_1", name="Lisbon", description=None),
    )
    assert found.albums == (
        HolderChange("album", "album_1", Fate.CHANGED, fields=(("name", "Lisboa", "Lisbon"),), went=("goes",)),
        HolderChange("album", "album_2", Fate.DELETED, went=("goes",)),
    )


def test_people_with_their_faces() -> None:
    """A face goes from one person to another; one that nobody ever read may be gone with its photo."""
    found = compared(
        seen(-20, "face", "face_1", asset_id="asset_1", person_id="ana"),
        event(10, "face_updated", "face_1", person_id="bo", previous_person_id="ana"),
        event(20, "face_updated", "face_2", person_id="bo", previous_person_id=None),
    )
    assert found.people == (
        HolderChange("person", "ana", Fate.CHANGED, went=("face_1",)),
        HolderChange("person", "bo", Fate.CHANGED, came=("face_1",), uncertain=("face_2",)),
    )


def test_memberships_of_which_nothing_is_known_are_counted() -> None:
    """Events of the older feed do not name album and photo; with a deleted album such photos may be lost."""
    old = (event(-50, "album_asset_added", "row_1"), event(10, "album_asset_removed", "row_2"))
    assert (compared(*old).unplaced, compared(*old).lost_with_albums) == (1, 0)
    found = compared(*old, event(20, "album_deleted", "album_1"))
    assert (found.unplaced, found.lost_with_albums) == (1, 1)
    assert compared(event(99, "asset_created", "later")).is_empty


def test_faces_of_which_nobody_is_named_are_counted() -> None:
    """Events before March 2026 do not say whose a face was; where one side is known, that person is told."""
    found = compared(
        event(10, "face_updated", "face_1"),
        seen(-20, "face", "face_2", asset_id="asset_1", person_id="ana"),
        event(10, "face_updated", "face_2"),
        event(20, "face_deleted", "face_2", previous_person_id="bo"),
    )
    assert found.unowned == 1
    assert found.people == (HolderChange("person", "ana", Fate.CHANGED, went=("face_2",)),)

"""Which fields an action changed: only where copies from before and after have nothing else between them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

import pytest

from gumnut_tui.domain.action_facts import facts_of
from gumnut_tui.domain.models import Event, from_us, to_us
from gumnut_tui.journal.records import Snapshot
from gumnut_tui.store.actions import Actions
from gumnut_tui.store.event_store import EventStore
from gumnut_tui.usecases.action_changes import MOST_COMPARED, FieldChanges
from tests.factories import NOW, make_event


class Copies:
    """Remembers photos; `mentioned` are the times at which older events were last about them."""

    def __init__(self, *snapshots: Snapshot, mentioned: Mapping[str, float] | None = None) -> None:
        self.held = snapshots
        self.mentioned = mentioned or {}
        self.asked: list[tuple[set[str], float, float]] = []

    async def snapshots(self, kind: str, entity_id: str) -> list[Snapshot]:
        return [one for one in self.held if (one.kind, one.id) == (kind, entity_id)]

    async def last_mentioned(self, ids: Collection[str], from_us: int, to_us: int) -> Mapping[str, int]:
        self.asked.append((set(ids), minutes_of(from_us), minutes_of(to_us)))
        return {one: us_at(minutes) for one, minutes in self.mentioned.items() if one in ids}


def us_at(minutes: float) -> int:
    """So many minutes after NOW, in µs."""
    return to_us(NOW + timedelta(minutes=minutes))


def minutes_of(us: int) -> float:
    """The other way round."""
    return (from_us(us) - NOW) / timedelta(minutes=1)


def copy(minutes: float, photo: str = "asset_1", **fields: Any) -> Snapshot:
    """A photo as it was read then, and not since."""
    at = NOW + timedelta(minutes=minutes)
    return Snapshot("asset", photo, at, at, fields)


def edited(minutes: float, photo: str = "asset_1", name: str = "metadata_updated") -> Event:
    """Somebody changes a photo so many minutes after NOW."""
    at = NOW + timedelta(minutes=minutes)
    number = round(minutes * 60) * 10 + int(photo[-1])
    return make_event(number, entity_type=name.rpartition("_")[0], entity_id=photo, event_type=name, created_at=at)


async def changes(copies: Copies, *events: Event) -> dict[str, Any]:
    """The fields of the photos that the last action changed."""
    store = EventStore()
    store.append(events)
    actions = Actions(store)
    actions.refresh()
    action = actions[len(actions) - 1]
    facts = facts_of(action, actions.kinds(action), [store.event(row) for row in actions.rows(action)])
    return {photo: dict(each) for (_, photo), each in (await FieldChanges(actions, copies).of(action, facts)).items()}


async def test_what_differs_between_copies_around_an_edit_was_changed_by_it() -> None:
    """Fields of the metadata as fields of the photo; times and addresses are nobody's work."""
    before = copy(-9, rating=1, metadata={"city": "Rome", "iso": 100}, updated_at="a", asset_urls={"thumb": "a"})
    after = copy(9, rating=5, metadata={"city": "Oslo", "iso": 100}, updated_at="b", asset_urls={"thumb": "b"})
    assert await changes(Copies(before, after), edited(0)) == {"asset_1": {"rating": (1, 5), "city": ("Rome", "Oslo")}}
    assert await changes(Copies(before), edited(0)) == {}
    assert await changes(Copies(before, copy(-1, rating=5), copy(9, rating=5)), edited(0)) == {}


async def test_copies_read_while_an_action_goes_on_tell() -> None:
    """A journal that is kept up to date has them a moment after each edit, and the first of many before the last."""
    held = [copy(-60, rating=0), copy(1, rating=1), copy(3, rating=2)]
    held += [copy(1, "asset_2", rating=0), copy(3, "asset_2", rating=5)]
    events = [edited(0), edited(2), edited(2.5, "asset_2"), edited(4, "asset_3"), edited(6, "asset_3")]
    assert await changes(Copies(*held), *events) == {"asset_1": {"rating": (0, 2)}, "asset_2": {"rating": (0, 5)}}


async def test_what_was_changed_and_changed_back_is_no_change() -> None:
    """As nobody can see it."""
    held = [copy(-60, rating=0), copy(1, rating=1), copy(3, rating=0)]
    assert await changes(Copies(*held), edited(0), edited(2)) == {}


async def test_what_has_gone_or_come_was_not_changed() -> None:
    """Not every field of it."""
    gone = Snapshot("asset", "asset_1", NOW + timedelta(minutes=9), NOW + timedelta(minutes=9), None)
    assert await changes(Copies(copy(-9, rating=1), gone), edited(0)) == {}
    early = Snapshot("asset", "asset_1", NOW - timedelta(minutes=9), NOW - timedelta(minutes=9), None)
    assert await changes(Copies(early, copy(9, rating=1)), edited(0)) == {}


@pytest.mark.parametrize("other", [edited(-20), edited(-20, name="asset_trashed"), edited(8, name="asset_trashed")])
async def test_what_another_action_may_have_changed_is_not_told(other: Event) -> None:
    """Whatever it did to the photo."""
    held = copy(-60, rating=0), copy(9, rating=5)
    events = sorted([other, edited(0)], key=lambda event: event.created_at)
    found = [await changes(Copies(*held), *events)]
    assert found == [{}]


@pytest.mark.parametrize(("mentioned", "is_told"), [(None, True), (-90, True), (-30, False)])
async def test_events_before_those_that_were_read_count(mentioned: float | None, is_told: bool) -> None:
    """The journal has them; only what came after the earlier copy may have changed it."""
    held = copy(-60, rating=0), copy(9, rating=5)
    copies = Copies(*held, mentioned={} if mentioned is None else {"asset_1": mentioned})
    events = [edited(-10, "asset_2", "asset_trashed"), edited(0)]
    assert (await changes(copies, *events) != {}) == is_told
    assert copies.asked == [({"asset_1"}, -60, -10)]


async def test_nothing_is_asked_of_the_past_where_events_reach_back_far_enough() -> None:
    """Or where nothing has changed."""
    held = copy(-60, rating=0), copy(9, rating=5)
    copies = Copies(*held)
    assert await changes(copies, edited(-90, "asset_2", "asset_trashed"), edited(0))
    same = Copies(copy(-60, rating=0), copy(9, rating=0))
    assert not await changes(same, edited(0))
    assert copies.asked == same.asked == []


async def test_only_some_photos_of_many_are_compared() -> None:
    """What they have in common is what an action did."""
    photos = [f"asset_{number}" for number in range(MOST_COMPARED + 5)]
    held = [copy(at, photo, rating=at) for photo in photos for at in (-9, 9)]
    events = [make_event(n, entity_id=one, event_type="asset_updated", created_at=NOW) for n, one in enumerate(photos)]
    assert len(await changes(Copies(*held), *events)) == MOST_COMPARED

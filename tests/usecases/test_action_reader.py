"""Actions told one by one."""

from __future__ import annotations

from datetime import timedelta

from gumnut_tui.domain.actions import ActionRules
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Event, to_us
from gumnut_tui.report.digest import Entry
from gumnut_tui.usecases.action_describer import KEPT
from gumnut_tui.usecases.action_reader import ActionReader, Ended
from gumnut_tui.usecases.event_reader import Names
from tests.factories import NOW, make_event
from tests.feed.entity_sources import EntityShelf, make_entity

HOUR = timedelta(hours=1)


def trashed(count: int, *, hours: float = 0) -> list[Event]:
    """So many photos into the trash, so many hours after NOW."""
    start = NOW + hours * HOUR
    return [
        make_event(
            1_000 * int(10 * hours) + number,
            entity_id=f"asset_{number}",
            event_type="asset_trashed",
            created_at=start + timedelta(seconds=number),
        )
        for number in range(count)
    ]


def reader(*entities: object, wanted: EventFilter | None = None, size: int = 10) -> ActionReader:
    """A reader whose names come from these entities."""
    names = Names(EntityShelf(*entities), "lib_1", lambda _text: None)  # type: ignore[arg-type]
    return ActionReader(ActionRules(incident_size=size), wanted or EventFilter(), names)


async def all_of(reading: ActionReader, *, pictures: bool = False) -> list[Entry]:
    """Every action that has an event which passes."""
    return [entry async for entry in reading.entries.described((await reading.matching()).items(), pictures=pictures)]


async def test_events_outside_the_range_are_left_out() -> None:
    """A server that knows no upper bound gives them all the same."""
    reading = reader(wanted=EventFilter(since_us=to_us(NOW), until_us=to_us(NOW + HOUR)))
    reading.take([*trashed(2, hours=-2), *trashed(3), *trashed(4, hours=1)])
    (entry,) = await all_of(reading)
    assert (entry.action.events, entry.matching) == (3, 3)


async def test_an_action_is_whole_whatever_passes() -> None:
    """What does not pass counts as its event all the same."""
    reading = reader(wanted=EventFilter(entity_id="asset_1"))
    reading.take([*trashed(3), *trashed(1, hours=1)])
    (entry,) = await all_of(reading)
    assert (entry.action.events, entry.matching, entry.sentence) == (3, 1, "3 photos to the trash")


async def test_actions_of_the_size_of_an_incident_have_its_id() -> None:
    """One event less is none."""
    reading = reader(size=3)
    reading.take([*trashed(3), *trashed(2, hours=1)])
    assert [entry.incident for entry in await all_of(reading)] == ["inc_20261120T120000.000000Z", None]


async def test_an_incident_may_have_several_actions() -> None:
    """What one slip did in one burst is one incident, though parts of it are other actions."""
    reading = reader(size=5)
    moved = [
        make_event(90 + number, event_type="asset_moved_out", created_at=NOW + timedelta(seconds=5 + number))
        for number in range(2)
    ]
    reading.take([*trashed(3), *moved])
    entries = await all_of(reading)
    assert [entry.sentence for entry in entries] == ["3 photos to the trash", "2 photos to another library"]
    assert [entry.incident for entry in entries] == ["inc_20261120T120000.000000Z"] * 2


async def test_an_action_that_spans_incidents_is_part_of_the_larger() -> None:
    """Photos taken out of an album in two bursts, a minute apart, are one action."""
    reading = reader(size=2)
    payload = {"album_id": "album_a"}
    reading.take(
        make_event(
            number,
            event_type="album_asset_removed",
            entity_type="album_asset",
            payload=payload,
            created_at=NOW + timedelta(seconds=second),
        )
        for number, second in enumerate((0, 1, 61, 62, 63), 1)
    )
    (entry,) = await all_of(reading)
    assert entry.incident == "inc_20261120T120101.000000Z"


async def test_what_became_of_photos_is_told() -> None:
    """Restored, and deleted for good; each photo by what came last."""
    reading = reader()
    back = make_event(50, entity_id="asset_0", event_type="asset_restored", created_at=NOW + HOUR)
    gone = make_event(51, entity_id="asset_1", event_type="asset_deleted", created_at=NOW + HOUR)
    reading.take([*trashed(3), back, gone])
    entries = await all_of(reading)
    assert entries[0].sentence == "3 photos to the trash, 1 restored since, 1 deleted for good since"


async def test_many_actions_are_described_whole() -> None:
    """Also those that were read long before their names are."""
    reading = reader()
    reading.take(event for number in range(KEPT + 30) for event in trashed(1, hours=number))
    assert all(entry.facts.entities == ("asset_0",) for entry in await all_of(reading))


async def test_pictures_come_with_the_photos() -> None:
    """As far as they are known, and only when they are wanted."""
    reading = reader(make_entity("asset", "asset_0", thumbhash="3OcRJYB4d3h/iIeHeEh3eIhw+j2w"))
    reading.take(trashed(2))
    (entry,) = await all_of(reading, pictures=True)
    assert entry.pictures == (("asset_0", "3OcRJYB4d3h/iIeHeEh3eIhw+j2w"), ("asset_1", None))
    assert [entry.pictures for entry in await all_of(reading)] == [()]


async def test_a_text_is_looked_for_in_names() -> None:
    """The names of all events are read for it."""
    reading = reader(make_entity("asset", "asset_1", original_file_name="Sao.jpg"), wanted=EventFilter(text="são"))
    reading.take([*trashed(3), *trashed(1, hours=1)])
    assert [entry.matching for entry in await all_of(reading)] == [1]


async def test_an_action_ends_when_nothing_can_follow_it() -> None:
    """It is told once, and again only when it has grown since."""
    reading, ended = reader(), Ended(ActionRules())
    reading.take(trashed(3))
    matching = (await reading.matching()).items()
    last_us = to_us(NOW) + 2_000_000
    assert ended.among(matching, last_us + 30_000_000) == []
    assert [action.events for action, _ in ended.among(matching, last_us + 30_000_001)] == [3]
    assert ended.among(matching, last_us + 90_000_000) == []
    reading.take([make_event(90, entity_id="asset_9", event_type="asset_trashed", created_at=NOW)])
    grown = (await reading.matching()).items()
    assert [action.events for action, _ in ended.among(grown, last_us + 90_000_000)] == [4]

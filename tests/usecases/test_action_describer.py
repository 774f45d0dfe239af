"""What actions are called on the screen."""

from __future__ import annotations

from datetime import timedelta

from gumnut_tui.feed.entity_cache import NameCache
from gumnut_tui.store.actions import Actions
from gumnut_tui.store.event_store import EventStore
from gumnut_tui.usecases.action_describer import ActionDescriber
from tests.factories import NOW, make_event
from tests.feed.entity_sources import EntityShelf, make_entity


def added(number: int) -> dict[str, object]:
    """The fields of an event by which a photo was put into an album."""
    return {
        "entity_type": "album_asset",
        "entity_id": f"album_asset_{number}",
        "event_type": "album_asset_added",
        "payload": {"album_id": "album_1", "asset_id": f"asset_{number}"},
        "created_at": NOW + timedelta(seconds=number),
    }


async def test_figures_come_at_once_and_names_when_they_were_read() -> None:
    """A row is there before the service was asked; when an action has grown, it is told anew."""
    store = EventStore()
    store.append([make_event(number, **added(number)) for number in range(3)])
    actions = Actions(store)
    actions.refresh()
    shelf = EntityShelf(make_entity("album", "album_1", name="Italy"))
    describer = ActionDescriber(actions, NameCache(shelf, "lib_1"))
    assert describer.sentence(actions[0]) == "3 photos into an album"
    await describer.read(actions[0])
    assert describer.sentence(actions[0]) == "3 photos into Italy"
    assert describer.facts(actions[0]).photos == ("asset_0", "asset_1", "asset_2")
    store.append([make_event(3, **added(3))])
    actions.refresh()
    assert not describer.is_read(actions[0])
    await describer.read(actions[0])
    assert describer.sentence(actions[0]) == "4 photos into Italy"

"""Rules for the answers about single entities: asked once, until an event says otherwise."""

from __future__ import annotations

import pytest

from gumnut_tui.domain.errors import ConnectionFailed
from gumnut_tui.domain.models import Presence
from gumnut_tui.feed.entity_cache import MOST_KEPT, EntityCache
from tests.factories import make_event
from tests.feed.entity_sources import EntityShelf, photo

EVENT = make_event(entity_id="asset_1")
LINK = make_event(entity_type="album_asset", entity_id="album_asset_1", payload={"asset_id": "asset_1"})


def desk_on(shelf: EntityShelf) -> EntityCache:
    return EntityCache(shelf, "lib_1")


async def test_an_answer_is_asked_for_once() -> None:
    """Looking at the same entity again costs nothing; gone is an answer as well."""
    shelf = EntityShelf(photo())
    entity_cache = desk_on(shelf)
    for entity_id, presence in (("asset_1", Presence.LIVE), ("asset_2", Presence.GONE)):
        first = await entity_cache.state("asset", entity_id)
        assert first.presence is presence
        assert await entity_cache.state("asset", entity_id) is first is entity_cache.known("asset", entity_id)
    assert len(shelf.asked) == 2


LIST = make_event(entity_type="album", entity_id="album_1", payload={"added": {"asset_ids": ["asset_2", "asset_1"]}})


@pytest.mark.parametrize("event", [EVENT, make_event(entity_id="asset_1", entity_type="metadata"), LINK, LIST])
async def test_an_event_that_names_the_entity_voids_the_answer(event: object) -> None:
    """Events about it, its metadata, and those whose payload names it, in a list too; others do not."""
    shelf = EntityShelf(photo())
    entity_cache = desk_on(shelf)
    await entity_cache.state("asset", "asset_1")
    entity_cache.changed([make_event(entity_id="asset_2")])
    assert entity_cache.known("asset", "asset_1") is not None
    entity_cache.changed([event])  # type: ignore[list-item]
    assert entity_cache.known("asset", "asset_1") is None


async def test_an_answer_older_than_an_event_is_not_kept() -> None:
    """An event that arrives while the entity is asked for: the answer is given, and asked for anew next time."""
    shelf = EntityShelf(photo())
    entity_cache = desk_on(shelf)
    shelf.meanwhile = lambda: entity_cache.changed([EVENT])
    assert (await entity_cache.state("asset", "asset_1")).presence is Presence.LIVE
    shelf.meanwhile = lambda: None
    assert entity_cache.known("asset", "asset_1") is None
    await entity_cache.state("asset", "asset_1")
    assert entity_cache.known("asset", "asset_1") is not None


async def test_of_two_reads_the_older_one_does_not_win() -> None:
    """A read begun after the event does not make the answer of one begun before it hold."""
    shelf = EntityShelf(photo())
    entity_cache = desk_on(shelf)
    inner = []

    def event_and_second_read() -> None:
        shelf.meanwhile = lambda: None
        entity_cache.changed([EVENT])
        inner.append(entity_cache.state("asset", "asset_1"))

    shelf.meanwhile = event_and_second_read
    await entity_cache.state("asset", "asset_1")
    assert entity_cache.known("asset", "asset_1") is None
    await inner[0]
    assert entity_cache.known("asset", "asset_1") is not None


async def test_a_failure_is_raised_and_not_remembered() -> None:
    """After a failure the entity is unknown, and asked for again."""
    shelf = EntityShelf(photo())
    entity_cache = desk_on(shelf)
    shelf.error = ConnectionFailed("GET /api/assets", "gone")
    with pytest.raises(ConnectionFailed):
        await entity_cache.state("asset", "asset_1")
    shelf.error = None
    assert (await entity_cache.state("asset", "asset_1")).presence is Presence.LIVE


async def test_only_the_latest_answers_are_kept() -> None:
    """Looking at entity after entity does not fill the memory, and nothing stays of requests that are over."""
    entity_cache = desk_on(EntityShelf())
    for number in range(MOST_KEPT + 5):
        await entity_cache.state("asset", f"asset_{number}")
    assert max(len(held) for held in vars(entity_cache).values() if hasattr(held, "__len__")) == MOST_KEPT
    assert entity_cache.known("asset", "asset_4") is None
    assert entity_cache.known("asset", "asset_5") is not None

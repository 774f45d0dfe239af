"""Names for tables and searches, and doing without them."""

from __future__ import annotations

from typing import cast

from gumnut_tui.api.client import Client
from gumnut_tui.domain.errors import ConnectionFailed
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.usecases.event_names import Names
from gumnut_tui.usecases.event_reader import Received
from tests.factories import make_event
from tests.feed.entity_sources import EntityShelf, photo

ONE, TWO = (make_event(number, entity_id=f"asset_{number}") for number in (1, 2))
BATCH = [Received(ONE, b"{}"), Received(TWO, b"{}")]


def names_from(shelf: EntityShelf) -> tuple[Names, list[str]]:
    """Names read from a shelf, and the warnings so far."""
    warned: list[str] = []
    return Names(cast(Client, shelf), "lib_1", warned.append), warned


async def test_names_are_read_only_when_a_text_is_searched() -> None:
    """Any other filter is met by what the event says itself."""
    shelf = EntityShelf(photo("asset_1", "beach.jpg"), photo("asset_2", "forest.jpg"))
    names, warned = names_from(shelf)
    assert await names.matching(BATCH, EventFilter()) == BATCH
    assert shelf.asked == []
    assert await names.matching(BATCH, EventFilter(text="BEACH")) == BATCH[:1]
    assert len(shelf.asked) == 1
    assert warned == []


async def test_names_that_cannot_be_read_are_warned_of_once() -> None:
    """Ids do from then on, and nothing is asked again."""
    shelf = EntityShelf()
    shelf.error = ConnectionFailed("GET /api/assets", "no route to host")
    names, warned = names_from(shelf)
    await names.learn([ONE])
    asked = len(shelf.asked)
    await names.learn([TWO])
    assert len(shelf.asked) == asked
    (warning,) = warned
    assert "ids are shown" in warning
    assert await names.matching(BATCH, EventFilter(text="asset_2")) == BATCH[1:]

"""A client that connects when it is first asked, and again after that failed."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest

from gumnut_tui.api.client import Client
from gumnut_tui.domain.errors import ConnectionFailed, NotFound
from gumnut_tui.domain.ports import EventQuery
from gumnut_tui.usecases.account import LazyClient
from tests.app.scripted import HOME, WORK, ScriptedClient, activity, cursor


class Door:
    """Lets one in at the attempt after `refusals`."""

    def __init__(self, *, refusals: int = 0) -> None:
        self.client = ScriptedClient(page_rows=25)
        self.refusals = refusals
        self.knocks = 0

    async def connect(self) -> Client:
        self.knocks += 1
        await asyncio.sleep(0)
        if self.knocks <= self.refusals:
            raise ConnectionFailed("GET /api/users/me", "no route to host")
        return cast(Client, self.client)


def late(door: Door) -> LazyClient:
    return LazyClient("https://api.example.org", door.connect)


async def test_nothing_is_connected_before_it_is_asked() -> None:
    """Nor when it is closed without having been asked."""
    door = Door()
    client = late(door)
    assert (client.base_url, client.requests) == ("https://api.example.org", 0)
    await client.aclose()
    assert door.knocks == 0


async def test_questions_at_once_connect_once() -> None:
    """Names, entity and feed are asked for at the same time."""
    door = Door()
    client = late(door)
    await asyncio.gather(
        client.libraries(), client.entities("asset", ["asset_01"], None), client.events(EventQuery(None))
    )
    assert door.knocks == 1
    assert client.requests == door.client.requests == 1


async def test_what_stood_in_the_way_is_raised_and_the_next_question_tries_again() -> None:
    """An attempt that failed leaves nothing behind."""
    door = Door(refusals=1)
    client = late(door)
    with pytest.raises(ConnectionFailed):
        await client.libraries()
    assert await client.libraries() == [HOME, WORK]


async def test_a_question_given_up_while_it_connects_does_not_lock_the_others_out() -> None:
    """The next one connects."""
    door = Door()
    client = late(door)
    asking = asyncio.create_task(client.libraries())
    await asyncio.sleep(0)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    assert await client.libraries() == [HOME, WORK]


async def test_every_question_is_passed_on() -> None:
    """With what was asked, and the answer as it is."""
    door = Door()
    client = late(door)
    pages = [page async for page in client.read_feed(EventQuery("lib_home", after_cursor=cursor(10)))]
    assert [event for page in pages for event in page.events] == activity()[10:]
    assert door.client.asked[0] == ("lib_home", cursor(10))
    assert (await client.events(EventQuery(None, after_cursor=cursor(59)))).events == (activity()[59],)
    assert (await client.entity("asset", "asset_01", None)).entity is not None
    assert [album.id for album in await client.albums_of("asset_01", None)] == ["album_1"]
    assert len(await client.assets_of("album", "album_1", None, limit=3)) == 3
    with pytest.raises(NotFound):
        await client.picture("https://pictures.example.org/1")
    await client.aclose()
    assert door.client.is_closed

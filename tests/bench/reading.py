"""Reading a feed over loopback into the store, beside the official client's own loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from time import perf_counter

from gumnut import Gumnut

from gumnut_tui.api.client import Client
from gumnut_tui.demo.http.auth import KEY
from gumnut_tui.feed.feed import Feed
from gumnut_tui.feed.poller import Prefetch
from tests.bench.measure import Figure, Group
from tests.bench.server import serving

GROUP = Group()

EVENTS = 125_800
"""Of which 100,000 are in the first library."""
ROUNDS = 3


@GROUP.benchmark(at_least=5)
def read_vs_sdk() -> Figure:
    """Events per second from a server in another process to rows in the store, over those the official client reads."""
    with serving(EVENTS) as base_url:
        asyncio.run(read_bare(base_url))
        ours, theirs = list[float](), list[float]()
        for _ in range(ROUNDS):
            ours.append(rate(lambda: asyncio.run(read_bare(base_url))))
            theirs.append(rate(lambda: read_with_sdk(base_url)))
    made_of = f"{median(ours):,.0f} / {median(theirs):,.0f} events/s"
    return Figure(median(ours) / median(theirs), made_of)


def rate(read: Callable[[], int]) -> float:
    """Events per second of a reading that tells how many it read."""
    begun = perf_counter()
    return read() / (perf_counter() - begun)


async def read_bare(base_url: str) -> int:
    """The first library's feed into a store, with no screen; returns how many events that were."""
    async with Client(base_url=base_url, key=KEY) as client:
        libraries = await client.libraries()
        source = Prefetch(client, lambda: True)
        feed = Feed(source, libraries[0].id, clock=lambda: datetime.now(UTC), newest_first=False)
        while not feed.caught_up:
            await feed.newer()
    return len(feed.store)


def read_with_sdk(base_url: str) -> int:
    """The official client's own loop over the first library's feed; returns how many events that were."""
    with Gumnut(api_key=KEY, base_url=base_url) as sdk:
        library_id = sdk.libraries.list()[0].id
        page = sdk.events.get(library_id=library_id, limit=200)
        events = list(page.data)
        while page.has_more:
            page = sdk.events.get(library_id=library_id, limit=200, after_cursor=page.next_cursor or "")
            events += page.data
    return len(events)

"""The demo library in this process."""

from __future__ import annotations

import asyncio

from tests.demo.asking import ask, client
from tests.demo.little_world import LittleWorld


async def test_an_answer_leaves_the_event_loop_time_for_others() -> None:
    """Reading page after page must not keep keys and frames from their turn, as no network does."""
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(others())
    try:
        async with client(LittleWorld()) as http:
            for request in range(1, 6):
                before = turns
                await ask(http, "/api/server/ping")
                assert turns - before > 3, f"request {request}"
    finally:
        task.cancel()

"""An app that acts on itself once it stands, and takes the processor time until the screen is still again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from statistics import median
from time import perf_counter, process_time

from textual.app import App

STILL = 0.15
"""Seconds without a frame after which nothing more is to come; the table moves its scrollbar within 0.1."""


class FrameApp(App[None]):
    """Notices each frame."""

    def __init__(self) -> None:
        super().__init__()
        self._last_frame = 0.0
        self.frames = 0

    def post_display_hook(self) -> None:
        """A frame was written."""
        self._last_frame = perf_counter()
        self.frames += 1

    async def still(self) -> None:
        """Return when no frame has come for a while."""
        await asyncio.sleep(STILL)
        while (left := self._last_frame + STILL - perf_counter()) > 0:
            await asyncio.sleep(left)

    async def cost(self, act: Callable[[int], Awaitable[None]], *, repeat: int) -> float:
        """Median processor time in ms from an act until the screen is still, frames and terminal output included."""
        times = []
        for number in range(repeat):
            await self.still()
            begun = process_time()
            await act(number)
            await self.still()
            times.append((process_time() - begun) * 1e3)
        return median(times)

"""The simulation's clock: stories that pause, resumed in order of time."""

from __future__ import annotations

import heapq
from collections.abc import Iterator

Story = Iterator[float]
"""Something that happens over time: each value it yields is a pause in seconds."""


class Agenda:
    """Runs stories by the clock. Nothing depends on how the run is cut into pieces."""

    def __init__(self, start_us: int) -> None:
        self.now_us = start_us
        """The instant of the step that is running, µs since the epoch."""
        self._waiting: list[tuple[int, int, Story]] = []
        self._started = 0

    def start(self, story: Story, delay: float = 0.0) -> None:
        """Let a story begin `delay` seconds from now."""
        self.start_at(story, self.now_us + int(delay * 1_000_000))

    def start_at(self, story: Story, at_us: int) -> None:
        """Let a story begin at an instant, or at once when that instant is past."""
        self._started += 1
        heapq.heappush(self._waiting, (max(at_us, self.now_us), self._started, story))

    def run(self, until_us: int) -> None:
        """Run every step that is due up to and including `until_us`."""
        waiting = self._waiting
        while waiting and waiting[0][0] <= until_us:
            self.now_us, order, story = heapq.heappop(waiting)
            pause = next(story, None)
            if pause is not None:
                heapq.heappush(waiting, (self.now_us + int(pause * 1_000_000), order, story))
        self.now_us = max(self.now_us, until_us)

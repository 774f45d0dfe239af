"""Many events of one and the same time, as one transaction writes them: reading them takes time in step with them."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import httpx

from gumnut_tui.domain.models import to_us
from gumnut_tui.feed.feed import Feed
from tests.bench.measure import Figure, Group
from tests.cli.harness import gumnut, runtime
from tests.demo.worlds import NOW
from tests.simulation.adapters import SimulatedApi, SimulatedSource
from tests.simulation.service import Service

GROUP = Group()

FEW, MANY = 5_000, 20_000
HOUR = 3_600_000_000


@GROUP.benchmark(at_most=5)
def equal_times_20k_vs_5k() -> Figure:
    """CPU time for 20,000 events of one time over that for 5,000, where that is most: commands, the screen's feed."""
    ratios, made_of = list[float](), list[str]()
    for name, read in READERS.items():
        read(_service(200))
        few, many = (min(_seconds(read, count) for _ in range(3)) for count in (FEW, MANY))
        ratios.append(many / few)
        made_of.append(f"{name} {many:.2f}/{few:.2f}")
    return Figure(max(ratios), f"s: {', '.join(made_of)}")


def _seconds(read: Callable[[Service], None], count: int) -> float:
    service = _service(count)
    gc.collect()
    begun = process_time()
    read(service)
    return process_time() - begun


def _service(count: int) -> Service:
    """An event, and behind it many of one earlier time."""
    service = Service(to_us(NOW))
    service.release(to_us(NOW) - HOUR)
    service.release(to_us(NOW) - 2 * HOUR, count)
    return service


def _command(*arguments: str, journal: bool = False) -> Callable[[Service], None]:
    def run(service: Service) -> None:
        with TemporaryDirectory() as folder:
            at = ("--journal", str(Path(folder) / "journal.sqlite3")) if journal else ()
            around = runtime(
                {"GUMNUT_BASE_URL": "https://api.example.com", "GUMNUT_API_KEY": "demo"},
                transport=httpx.MockTransport(SimulatedApi(service, "asset_deleted")),
            )
            ran = gumnut(around, *arguments, *at)
            assert ran.code in (0, 5), ran.err

    return run


def _screen(service: Service) -> None:
    async def read() -> None:
        feed = Feed(SimulatedSource(service), "lib_1", clock=lambda: NOW)
        while not feed.caught_up:
            await feed.newer()
        while not feed.reaches_start:
            await feed.older()

    asyncio.run(read())


READERS = {
    "events": _command("events", "--since", "all"),
    "newest": _command("events", "--since", "all", "--order", "newest"),
    "watch": _command("watch", "--once", "--since", "all", "--fail-on", "deleted>100000/1d"),
    "deletions": _command("deletions", "--since", "all"),
    "sync": _command("sync", journal=True),
    "screen": _screen,
}

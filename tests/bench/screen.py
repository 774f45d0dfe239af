"""The whole program in a terminal: how it answers while it reads, at a million rows, and what it costs idle."""

from __future__ import annotations

import asyncio
import tempfile
from functools import cache
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.bench.data import MILLION
from tests.bench.measure import Figure, Group, p95, p99
from tests.bench.reading import EVENTS, ROUNDS, rate, read_bare
from tests.bench.server import serving
from tests.bench.terminal import report_of, running

GROUP = Group()

APP = ("-m", "tests.bench.screen_app")
STREAMED = 60_000
KEYS = (b"k", b"k", b"\x1b[5~", b"j", b"\x1b[6~")
"""Up twice, pageup, down, pagedown: from the last row on each of them moves the cursor."""
PRESSES = 60


@GROUP.benchmark()
def loop_lag_ms_p99() -> Figure:
    """How late the event loop comes back while pages stream in from loopback and are drawn, as it looks every ms."""
    with serving(STREAMED) as base_url:
        looks = report_of([*APP, "stream", base_url])
    lags, worked = zip(*looks, strict=True)
    longest = ", ".join(f"{lag:.0f}" for lag in sorted(lags)[-5:])
    above = sum(lag > 10 for lag in lags)
    return Figure(
        p99(list(lags)),
        f"median {median(lags):.1f} ms, longest {longest} ms, {above} of {len(lags)} above 10 ms; "
        f"own work at a stretch at most {max(worked):.1f} ms",
    )


@GROUP.benchmark(at_most=3)
def read_to_end_vs_bare() -> Figure:
    """Time until the last of 100,000 events from loopback is on the screen, over reading as many without a screen."""
    with serving(EVENTS) as base_url:
        asyncio.run(read_bare(base_url))
        ours, bare = list[float](), list[float]()
        for _ in range(ROUNDS):
            bare.append(rate(lambda: asyncio.run(read_bare(base_url))))
            seconds, events = report_of([*APP, "end", base_url])
            ours.append(events / seconds)
    return Figure(median(bare) / median(ours), f"{median(ours):,.0f} / {median(bare):,.0f} events/s")


@GROUP.benchmark(at_most=1)
def idle_cpu_percent() -> Figure:
    """Processor time with the live tail on and nothing new, in percent of a core, over twenty seconds."""
    with serving(5_000) as base_url:
        return Figure(report_of([*APP, "idle", base_url]))


@GROUP.benchmark()
def key_to_frame_ms_p95() -> Figure:
    """From a key sent to the first byte of the frame that answers it, at a million rows."""
    many, few = _key_times(MILLION), _key_times(1_000)
    return Figure(p95(many), f"median {median(many):.1f}; at 1,000 rows p95 {p95(few):.1f}, median {median(few):.1f}")


@cache
def _key_times(rows: int) -> list[float]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        with running([*APP, "rows", str(rows), str(report)]) as terminal:
            terminal.wait_for_file(report, seconds=120)
            terminal.drain(1)
            times = []
            for number in range(PRESSES):
                terminal.drain(0.25)
                begun = perf_counter()
                terminal.send(KEYS[number % len(KEYS)])
                terminal.wait_for_anything()
                times.append((perf_counter() - begun) * 1e3)
    return times

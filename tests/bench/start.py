"""From the start of the process to what one sees first, beside an app that shows one word."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from statistics import median
from time import perf_counter

from gumnut_tui.demo.http.auth import KEY
from tests.bench.measure import Figure, Group
from tests.bench.server import serving
from tests.bench.terminal import running

GROUP = Group()

ROUNDS = 15
EMPTY_APP = ("-m", "tests.bench.empty_app")
DEMO = ("-m", "gumnut_tui", "--demo", "--since", "all")
ACCOUNT = ("-m", "gumnut_tui", "--no-journal", "--since", "all")
SERVED = 20_000
PANES = b"Filters"
"""The title of a pane."""
FIRST_EVENT = b"entity_id"
"""Stands in the detail pane as soon as the first row is selected."""


@GROUP.benchmark(at_most=1.25)
def first_paint_vs_empty_app() -> Figure:
    """Time until the panes are drawn, over an empty Textual app's until its word is; both in turn, byte code cached."""
    ours, empty = _first_paints()
    return Figure(ours / empty, f"{ours:.0f} / {empty:.0f} ms")


@GROUP.benchmark(at_most=3)
def first_rows_vs_empty_app() -> Figure:
    """Time until the first rows from a server are drawn, without a journal, over an empty app's first paint."""
    ours, empty = list[float](), list[float]()
    with serving(SERVED) as base_url:
        account = {"GUMNUT_BASE_URL": base_url, "GUMNUT_API_KEY": KEY}
        _ms_until(ACCOUNT, FIRST_EVENT, **account)
        for _ in range(ROUNDS):
            empty.append(_ms_until(EMPTY_APP, b"ready"))
            ours.append(_ms_until(ACCOUNT, FIRST_EVENT, **account))
    return Figure(median(ours) / median(empty), f"{median(ours):.0f} / {median(empty):.0f} ms")


@cache
def _first_paints() -> tuple[float, float]:
    for command in (EMPTY_APP, DEMO):
        _ms_until(command, b"ready" if command is EMPTY_APP else PANES)
    ours, empty = list[float](), list[float]()
    for _ in range(ROUNDS):
        empty.append(_ms_until(EMPTY_APP, b"ready"))
        ours.append(_ms_until(DEMO, PANES))
    return median(ours), median(empty)


def _ms_until(command: Sequence[str], text: bytes, **environ: str) -> float:
    begun = perf_counter()
    with running(command, **environ) as terminal:
        terminal.wait_for(text)
        return (perf_counter() - begun) * 1e3

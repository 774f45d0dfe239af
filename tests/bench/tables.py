"""The event table beside Textual's DataTable, in a terminal: processor time until the screen is still again."""

from __future__ import annotations

from functools import cache

from tests.bench.data import MILLION
from tests.bench.measure import Figure, Group
from tests.bench.terminal import report_of

GROUP = Group()


@GROUP.benchmark(at_most=1.5)
def append_1m_vs_1k() -> Figure:
    """A page of 200 events taken in and drawn at a million rows, over the same at a thousand."""
    return _ratio(_figures("ours", MILLION), _figures("ours", 1_000), "append")


@GROUP.benchmark(at_most=0.033)
def append_100k_vs_datatable() -> Figure:
    """A page taken in at 100,000 rows, over a DataTable's time."""
    return _ratio(_figures("ours", 100_000), _figures("peer", 100_000), "append")


@GROUP.benchmark(at_most=0.25)
def pagedown_vs_datatable() -> Figure:
    """The key pagedown at 100,000 rows, over a DataTable's time."""
    return _ratio(_figures("ours", 100_000), _figures("peer", 100_000), "pagedown")


@GROUP.benchmark(at_most=0.125)
def resize_100k_vs_datatable() -> Figure:
    """Another terminal width at 100,000 rows, over a DataTable's time."""
    return _ratio(_figures("ours", 100_000), _figures("peer", 100_000), "resize")


def _ratio(ours: dict[str, float], other: dict[str, float], name: str) -> Figure:
    return Figure(ours[name] / other[name], f"{ours[name]:.1f} / {other[name]:.1f} ms of processor time")


@cache
def _figures(kind: str, rows: int) -> dict[str, float]:
    figures = report_of(["-m", "tests.bench.table_apps", kind, str(rows)])
    return {name: float(value) for name, value in figures.items()}

"""What a benchmark is: a named function that gives a figure, and the target it is held against."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median, quantiles
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, and the numbers it was made from."""

    value: float
    made_of: str = ""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One line of the table."""

    name: str
    run: Callable[[], Figure]
    at_most: float | None = None
    at_least: float | None = None

    @property
    def target(self) -> str:
        """The target in words; empty for figures that are only reported."""
        if self.at_most is not None:
            return f"≤ {self.at_most:g}"
        return "" if self.at_least is None else f"≥ {self.at_least:g}"

    def is_met(self, value: float) -> bool:
        """Whether the value is within the target."""
        return (self.at_most is None or value <= self.at_most) and (self.at_least is None or value >= self.at_least)


@dataclass
class Group:
    """The benchmarks of a module."""

    benchmarks: list[Benchmark] = field(default_factory=list)

    def benchmark(
        self, *, at_most: float | None = None, at_least: float | None = None
    ) -> Callable[[Callable[[], Figure]], Callable[[], Figure]]:
        """Decorate a function as a benchmark of its own name."""

        def keep(run: Callable[[], Figure]) -> Callable[[], Figure]:
            self.benchmarks.append(Benchmark(run.__name__, run, at_most, at_least))
            return run

        return keep


def ms_of(run: Callable[[], object], *, repeat: int = 7) -> float:
    """Median wall time of a call in ms, garbage collection outside."""
    times = []
    for _ in range(repeat):
        gc.collect()
        begun = perf_counter()
        run()
        times.append((perf_counter() - begun) * 1e3)
    return median(times)


def p95(values: list[float]) -> float:
    """The 95th percentile."""
    return quantiles(values, n=20)[-1]


def p99(values: list[float]) -> float:
    """The 99th percentile."""
    return quantiles(values, n=100)[-1]

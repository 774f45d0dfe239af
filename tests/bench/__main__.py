"""Run all benchmarks, or those named, and print each figure beside its target."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from time import perf_counter

from tests.bench import actions, equal_times, journal, names, printing, questions, reading, screen, start, tables
from tests.bench.measure import Benchmark

ROOMS = (start, tables, questions, names, actions, reading, journal, printing, equal_times, screen)


def main(arguments: list[str]) -> int:
    """Returns 1 when a target was missed."""
    benchmarks = {each.name: each for room in ROOMS for each in room.GROUP.benchmarks}
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(benchmarks)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the values by name")
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - benchmarks.keys():
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    values = {name: _run(benchmarks[name]) for name in options.names or benchmarks}
    if options.json:
        options.json.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
    return 0 if all(benchmarks[name].is_met(value) for name, value in values.items()) else 1


def _run(benchmark: Benchmark) -> float:
    begun = perf_counter()
    figure = benchmark.run()
    missed = "" if benchmark.is_met(figure.value) else "MISSED"
    took = perf_counter() - begun
    print(
        f"{benchmark.name:28} {figure.value:9.3f}  {benchmark.target:8} {missed:7} {took:5.0f} s  {figure.made_of}",
        flush=True,
    )
    return round(figure.value, 4)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

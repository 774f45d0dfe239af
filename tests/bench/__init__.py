"""Benchmarks: `python -m tests.bench [NAME…] [--json FILE]` measures against the peers, side by side in one run."""

"""The clock of the tests, for programs they start with an environment of their own: `.ci/run` shifts it for one run."""

from __future__ import annotations

import os

SHIFTED = {name: os.environ[name] for name in ("LD_PRELOAD", "CLOCK_SHIFT", "TZ") if name in os.environ}
"""What makes a program see the time that the tests see; empty but for a shifted run, save the time zone."""

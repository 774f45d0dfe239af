"""The screen in a browser: `textual-serve` runs the program with a driver of its own, and without a terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_screen_opens_for_a_browser(tmp_path: Path) -> None:
    """Where a browser stands for the terminal, the screen opens although its streams are pipes."""
    driver = {"TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver", "COLUMNS": "80", "ROWS": "24"}
    surroundings = os.environ | driver | {"HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-m", "gumnut_tui", "--demo"],
        cwd=tmp_path,
        env=surroundings,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None
        try:
            # How a program says to `textual-serve` that packets of its screen follow.
            assert process.stdout.readline() == b"__GANGLION__\n"
        finally:
            process.kill()

"""`gumnut-tui demo`: its options; `tests/cli/test_process.py` serves with it."""

from __future__ import annotations

import pytest

from tests.cli.harness import gumnut, runtime


@pytest.mark.parametrize("arguments", [["--port", "70000"], ["--events", "0"], ["--generation", "z"], ["--seed", "x"]])
def test_demo_serve_checks_its_options(arguments: list[str]) -> None:
    """A wrong value is a usage error that names the option."""
    ran = gumnut(runtime(), "demo", "serve", *arguments)
    assert ran.code == 2
    assert arguments[0] in ran.err

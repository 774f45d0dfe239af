"""What imports what: nothing heavy before the first paint, and layers that hold."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = (
    *("httpx", "starlette", "uvicorn", "PIL", "sqlite3", "keyring"),
    *("gumnut_tui.demo", "gumnut_tui.api.client", "gumnut_tui.store"),
)


@pytest.mark.parametrize("modules", ["gumnut_tui.app.gumnut_app, gumnut_tui.app.services", "gumnut_tui.cli.main"])
def test_screen_opens_without_what_is_heavy(modules: str) -> None:
    """Whatever the network, pictures, a database or the demo need is imported behind the first paint."""
    assert [name for name in HEAVY if name in _loaded_by(f"import {modules}")] == []


def test_command_line_opens_without_the_screen() -> None:
    """Commands do not wait for Textual."""
    loaded = _loaded_by("import gumnut_tui.cli.main, gumnut_tui.cli.runtime, gumnut_tui.cli.commands.events")
    assert [name for name in (*HEAVY, "textual") if name in loaded] == []


def test_layers_hold() -> None:
    """The import contracts of pyproject.toml are kept."""
    program = "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-cache'])"
    result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


def _loaded_by(statement: str) -> list[str]:
    """Names of the modules a fresh interpreter has after a statement."""
    program = f"{statement}\nimport sys, json\nprint(json.dumps(sorted(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    names: list[str] = json.loads(result.stdout)
    return names

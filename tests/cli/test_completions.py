"""What shells complete: the scripts are tried in the shells themselves, where those are installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gumnut_tui.demo.http.library_world import LibraryWorld
from tests.cli.harness import gumnut, runtime, service
from tests.demo.worlds import still_world

BASH = """
eval "$(gumnut-tui completion bash)"
COMP_WORDS=({words}) COMP_CWORD={last} COMP_LINE="$*" COMPREPLY=()
_gumnut_tui_completion gumnut-tui
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
ZSH = """
autoload -U compinit && compinit -D -u
_describe() {{ print -rl -- ${{(P)3}} ${{(P)4}} }}
compadd() {{ print -rl -- ${{(P)@[-1]}} }}
eval "$(gumnut-tui completion zsh)"
words=({words}) CURRENT={next}
_gumnut_tui_completion
"""
FISH = """
gumnut-tui completion fish | source
complete --do-complete {line}
"""
SHELLS = {"bash": ["bash", "--norc", "-c"], "zsh": ["zsh", "-f", "-c"], "fish": ["fish", "--no-config", "-c"]}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with the program in its path, and a journal."""
    folder = tmp_path / "gumnut-tui"
    folder.mkdir()
    assert gumnut(service(journal_folder=lambda: folder), "sync", "--no-snapshots").code == 0
    program = tmp_path / "bin" / "gumnut-tui"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m gumnut_tui "$@"\n')
    program.chmod(0o755)
    return tmp_path


def offered(shell: str, home: Path, *typed: str) -> list[str]:
    """What the shell offers for the last word of a line that begins with the program."""
    words = ["gumnut-tui", *typed]
    quoted = " ".join(f"'{word}'" for word in words)
    script = {"bash": BASH, "zsh": ZSH, "fish": FISH}[shell].format(
        words=quoted, last=len(words) - 1, next=len(words), line=f"'{' '.join(words)}'"
    )
    environ = {**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home), "PYTHONPATH": os.getcwd()}
    environ["PATH"] = f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run([*SHELLS[shell], script], env=environ, capture_output=True, text=True, timeout=60)
    assert ran.stderr == ""
    return [line.partition("\t")[0].partition(":")[0] for line in ran.stdout.splitlines()]


@pytest.mark.parametrize("shell", SHELLS)
def test_the_shell_completes(shell: str, home: Path) -> None:
    """Commands, options, choices, and values in a list."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    assert {"deletions", "doctor"} <= set(offered(shell, home, "d"))
    assert "--follow" in offered(shell, home, "events", "--f")
    assert {"newest", "oldest"} <= set(offered(shell, home, "events", "--order", ""))
    assert "asset,album_asset" in offered(shell, home, "events", "--types", "asset,alb")
    asked = offered(shell, home, "events", "--library", "")
    assert asked == ([r"Family\ Photos"] if shell == "bash" else ["Family Photos"])


def completed(*typed: str, folder: Path | None = None, world: LibraryWorld | None = None) -> list[str]:
    """What this program offers for the last word, without a shell."""
    from click.shell_completion import ShellComplete

    from gumnut_tui.cli.main import root

    around = runtime() if folder is None else service(world or still_world(), journal_folder=lambda: folder)
    *before, last = typed
    asked = ShellComplete(root, {"obj": around}, "gumnut-tui", "_GUMNUT_TUI_COMPLETE")
    return [item.value for item in asked.get_completions(before, last)]


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        (("--ops", "trashed,del"), ["trashed,deleted"]),
        (("events", "--types", "asset,asset"), []),
        (("events", "--events", "asset_deleted,asset_tr"), ["asset_deleted,asset_trashed"]),
        (("--since", "y"), ["yesterday"]),
        (("diff", "--from", "y"), ["yesterday"]),
        (("--tz", "europe/lis"), ["Europe/Lisbon"]),
        (("entity", "x", "--format", ""), ["text", "json"]),
        (("completion", ""), ["bash", "zsh", "fish"]),
        (("journal", "f"), ["forget"]),
    ],
)
def test_values_are_completed(typed: tuple[str, ...], values: list[str]) -> None:
    """Those that can be known without asking a server."""
    assert completed(*typed) == values


def test_libraries_are_those_of_the_journal(tmp_path: Path) -> None:
    """No shell may wait for a server; without a journal there are none."""
    assert completed("events", "--library", "", folder=tmp_path) == []
    assert gumnut(service(journal_folder=lambda: tmp_path), "sync", "--no-snapshots").code == 0
    assert completed("events", "--library", "fam", folder=tmp_path) == ["Family Photos"]


def test_profiles_are_those_of_the_config_file(tmp_path: Path) -> None:
    """A file that cannot be read has none."""
    from gumnut_tui.cli.completions import profile

    path = tmp_path / "config.toml"
    path.write_text("[profiles.home]\n[profiles.work]\n")
    import click

    command = click.Command("x")
    context = click.Context(command, obj=runtime(config_path=lambda: path))
    param = click.Option(["--profile"])
    assert [item.value for item in profile(context, param, "w")] == ["work"]
    path.write_text("[")
    assert profile(context, param, "") == []

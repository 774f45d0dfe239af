"""The script is printed as any output is."""

from __future__ import annotations

import pytest

from tests.cli.harness import gumnut, runtime


@pytest.mark.parametrize(("shell", "words"), [("bash", "complete -o"), ("zsh", "#compdef"), ("fish", "function")])
def test_a_script_for_each_shell(shell: str, words: str) -> None:
    """It asks this program, under the name it is installed by."""
    ran = gumnut(runtime(), "completion", shell)
    assert (ran.code, ran.err) == (0, "")
    assert words in ran.out
    assert "_GUMNUT_TUI_COMPLETE" in ran.out
    assert "gumnut-tui" in ran.out


def test_another_shell_is_wrong_usage() -> None:
    """The answer names those there are."""
    ran = gumnut(runtime(), "completion", "tcsh")
    assert (ran.code, ran.out) == (2, "")
    assert "'bash', 'zsh', 'fish'" in ran.err

"""`gumnut-tui completion`: the script with which a shell completes commands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import click
from click.shell_completion import get_completion_class

from gumnut_tui.cli.exit_codes import Exit
from gumnut_tui.cli.help import HelpfulCommand
from gumnut_tui.cli.options import collect
from gumnut_tui.cli.session import runtime_of

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_GUMNUT_TUI_COMPLETE"
"""Set by the script when it asks this program what could come next; click reads it."""
MENDED = {
    "bash": ("COMPREPLY+=($value)", r'COMPREPLY+=("${value// /\\ }")'),
    "zsh": ("", ""),
    "fish": ('string split ","', 'string split -m 1 ","'),
}
"""What click's scripts do to a value with a space in bash, or with a comma in fish, and what should be done."""
EXAMPLES = (
    'eval "$(gumnut-tui completion bash)"     # in ~/.bashrc',
    'eval "$(gumnut-tui completion zsh)"      # in ~/.zshrc, after compinit',
    "gumnut-tui completion fish > ~/.config/fish/completions/gumnut-tui.fish",
)


@dataclass(frozen=True, slots=True)
class CompletionOptions:
    """Argument of `completion`; it reads no settings."""

    shell: Literal["bash", "zsh", "fish"]


@click.command("completion", cls=HelpfulCommand, examples=EXAMPLES)
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def command(context: click.Context, /, **_values: Any) -> int:
    """Print the script with which bash, zsh or fish completes commands, options and their values."""
    shell = collect(context, CompletionOptions).shell
    kind = get_completion_class(shell)
    assert kind is not None
    root = context.find_root()
    script = kind(root.command, {}, root.info_name or "", VARIABLE)
    # Not `source()`: for bash that runs bash, to see which version it is.
    template = script.source_template.replace(*MENDED[shell])
    runtime_of(context).output.text(template % script.source_vars())
    return Exit.DONE

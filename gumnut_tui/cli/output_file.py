"""`--output`: a file that a command writes whole or not at all, in the format its extension chooses."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from gumnut_tui.cli.options import OUTPUT, completed, option
from gumnut_tui.cli.runtime import Runtime
from gumnut_tui.domain.errors import UsageProblem
from gumnut_tui.usecases.export import STANDARD_OUTPUT, output_path, save_output

output_option = option(
    "--output",
    metavar="FILE",
    group=OUTPUT,
    shell_complete=completed("file"),
    help="Write to this file; its extension chooses the format. - is standard output.",
)


def output_file(given: str | None, *, has_format: bool, endings: Collection[str]) -> Path | None:
    """The file to write; None for standard output. Raises UsageProblem for one that cannot be written.

    Without a format that was given, its extension must be one of `endings`.
    """
    if given is None or given == STANDARD_OUTPUT:
        return None
    if not given:
        raise UsageProblem("--output: the name is empty.")
    try:
        path = output_path(given)
    except UsageProblem as problem:
        raise UsageProblem(f"--output: {problem}") from None
    if not has_format and path.suffix.lower() not in endings:
        raise UsageProblem(f"--output: name a file that ends in {', '.join(endings)}, or a --format.")
    return path


def write(chunks: Iterable[bytes], path: Path | None, runtime: Runtime, written: str) -> None:
    """Write to a file, or to standard output; `written` says what, for the line that tells it is done."""
    if path is None:
        for chunk in chunks:
            runtime.output.data(chunk)
    else:
        save_output(path, chunks)
        runtime.talk.note(f"Wrote {written} to {path}")

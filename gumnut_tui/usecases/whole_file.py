"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from gumnut_tui.domain.errors import UsageProblem


def output_path(name: str) -> Path:
    """Where a file called `name` is written, checked before there is anything to write.

    `~` is the home folder. Raises `UsageProblem` when there is no such folder, or a folder of that name.
    """
    try:
        path = Path(name).expanduser()
    except RuntimeError as error:
        raise UsageProblem(f"there is no home folder for {name}.") from error
    # Those of `os.path` know of names that are too long to exist.
    if not os.path.isdir(path.parent):
        raise UsageProblem(f"there is no folder {path.parent}.")
    if os.path.isdir(path):
        raise UsageProblem(f"{path} is a folder.")
    return path


def save_whole(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file whole or not at all; raises `UsageProblem` when it cannot be written."""
    try:
        write_whole(path, chunks)
    except OSError as error:
        raise UsageProblem(f"{path} cannot be written: {error.strerror}.") from error


def write_whole(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file beside its place first, readable by its owner alone, then rename it. Raises `OSError`.

    Whatever the chunks raise is raised too; then the file that was there before stays as it was.
    """
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(chunks)
        os.replace(beside, path)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(beside)


def encoded(lines: Iterable[str]) -> Iterator[bytes]:
    """The lines in UTF-8; a lone surrogate becomes the escape it is written as in JSON."""
    return (line.encode("utf-8", "backslashreplace") for line in lines)

"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path


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

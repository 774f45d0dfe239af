"""SHA-256 sums of files on this machine, kept between runs by path, size and time of change."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import msgspec

Known = dict[str, tuple[int, int, str]]
"""By path: size in bytes, time of change in nanoseconds, the sum as base64."""


class HashCache:
    """Sums of files; a file whose size or time of change differs has none.

    A cache that cannot be read is empty, because every sum in it can be computed again. `save` raises `OSError`.
    """

    def __init__(self, file: Path) -> None:
        """Read `file`, which need not exist."""
        self._file = file
        self._known: Known = {}
        try:
            self._known = msgspec.json.decode(file.read_bytes(), type=Known)
        except (OSError, ValueError):
            self._known = {}

    def get(self, path: str, size: int, changed_ns: int) -> str | None:
        """The sum of a file that is as it was when hashed."""
        entry = self._known.get(_key(path))
        return entry[2] if entry is not None and entry[:2] == (size, changed_ns) else None

    def put(self, path: str, size: int, changed_ns: int, checksum: str) -> None:
        """Keep a sum, in place of an older one of that path."""
        self._known[_key(path)] = (size, changed_ns, checksum)

    def save(self) -> None:
        """Write all sums, whole or not at all, readable only by this user."""
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = self._file.with_name(f".{self._file.name}.{secrets.token_hex(4)}")
        try:
            with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(msgspec.json.encode(self._known))
            part.replace(self._file)
        finally:
            part.unlink(missing_ok=True)


def _key(path: str) -> str:
    # Names of files need not be valid text; JSON is.
    return os.fsencode(path).decode("latin-1")

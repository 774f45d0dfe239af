"""The write lock: one process at a time, released when that process ends, however it ends."""

from __future__ import annotations

import os
import socket
import stat
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec

from gumnut_tui.domain.errors import JournalDiskFailed, JournalInaccessible

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        # Far behind the content, so that others can read who it is.
        os.lseek(descriptor, 1 << 20, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


_LEAVE_OTHERS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""A link or a pipe that lies there is neither followed nor waited for."""
_BEGINNING = b'{"pid":'


class Holder(msgspec.Struct, frozen=True):
    """The process that writes the journal."""

    pid: int
    host: str
    since: datetime

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}, since {self.since:%Y-%m-%d %H:%M:%S} UTC"


class WriterLock:
    """Held until closed, or until the process ends in whatever way."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def close(self) -> None:
        """Let others write."""
        os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)


def take_lock(path: Path, clock: Callable[[], datetime]) -> WriterLock | Holder | None:
    """The lock of the journal at `path`; else who holds it, or None when that cannot be told.

    Raises `JournalInaccessible` when the file beside the journal is no lock of ours: it stays as it is.
    """
    beside = path.with_name(path.name + ".lock")
    try:
        descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | _LEAVE_OTHERS, 0o600)
    except OSError as error:
        raise JournalInaccessible(f"the file {beside} cannot be opened: {error.strerror}.") from error
    try:
        _check_ours(descriptor, beside)
        _lock(descriptor)
    except JournalInaccessible:
        os.close(descriptor)
        raise
    except OSError:
        try:
            return _holder(_content(descriptor))
        finally:
            os.close(descriptor)
    try:
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, msgspec.json.encode(Holder(os.getpid(), socket.gethostname(), clock())))
    except OSError as error:
        os.close(descriptor)
        raise JournalDiskFailed(f"the file {beside} cannot be written: {error.strerror}.") from error
    return WriterLock(descriptor)


def _check_ours(descriptor: int, beside: Path) -> None:
    """A `poetry.lock` beside a journal called `poetry` is somebody's work."""
    is_file = stat.S_ISREG(os.fstat(descriptor).st_mode)
    if not is_file or not _may_be_ours(_content(descriptor)):
        raise JournalInaccessible(
            f"{beside} is not a lock file of this program and was left as it is; name another journal."
        )


def _may_be_ours(content: bytes) -> bool:
    # One that was cut off while it was written begins like a whole one.
    return not content or content.startswith(_BEGINNING) or _BEGINNING.startswith(content)


def _content(descriptor: int) -> bytes:
    if hasattr(os, "pread"):
        return os.pread(descriptor, 4096, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return os.read(descriptor, 4096)


def _holder(content: bytes) -> Holder | None:
    try:
        return msgspec.json.decode(content, type=Holder)
    except msgspec.DecodeError:
        return None

"""The journal's file: where it is, whether it is a journal, and who may write it.

The file is recognised by its first bytes, before anything opens or writes it. One process at a time writes; its lock is
released when it ends, however it ends.
"""

from __future__ import annotations

import os
import socket
import stat
import sys
from collections.abc import Callable
from datetime import datetime
from enum import Enum
from pathlib import Path

import msgspec

from gumnut_tui.domain.errors import JournalDiskFailed, JournalInaccessible, JournalTooNew, NotAJournal
from gumnut_tui.journal.migrations import MIGRATIONS

FILE = "journal.sqlite3"
DEMO_FILE = "demo-journal.sqlite3"
"""The demo library's journal, kept apart from real ones."""


def default_journal_folder() -> Path:
    """The platform's folder for a program's data."""
    from platformdirs import user_data_path

    return user_data_path("gumnut-tui", appauthor=False)


APPLICATION_ID = int.from_bytes(b"Gmnt", "big")
"""In the header of every journal (`PRAGMA application_id`); older ones get it when they are next written."""

HEAD_BYTES = 100
"""Bytes of the header of an SQLite file."""
MAGIC = b"SQLite format 3\0"
_FORM = slice(60, 64)
_MARK = slice(68, 72)

COMPANIONS = {
    "-wal": (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83"),
    "-shm": ((3_007_000).to_bytes(4, sys.byteorder),),
    "-journal": (b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7",),
}
"""Suffixes of the files that SQLite keeps beside a database, and how they begin; it overwrites and deletes others."""


class Identity(Enum):
    """What is at the path of a journal."""

    ABSENT = "nothing"
    OURS = "a journal"
    UNMARKED = "a database without a mark"


def real_path(path: Path) -> Path:
    """The path of the file itself: links are followed, so that lock and log are beside it."""
    return Path(os.path.realpath(path))


def is_there(path: Path) -> bool:
    """Whether the path exists; raises `JournalInaccessible` when that cannot be determined."""
    return _status(path) is not None


def identify(path: Path) -> Identity:
    """What is at the path, by its type and its first bytes.

    Raises `NotAJournal` for what cannot be a journal, `JournalTooNew` for one of a later version of this program,
    and `JournalInaccessible` when it cannot be read.
    """
    status = _status(path)
    if status is None:
        return Identity.ABSENT
    if not stat.S_ISREG(status.st_mode):
        raise no_journal(path, f"it is {_kind(status.st_mode)}")
    head = _head(path)
    if not head.startswith(MAGIC) or len(head) < HEAD_BYTES:
        raise no_journal(path, _content(head))
    mark = int.from_bytes(head[_MARK], "big")
    if mark == APPLICATION_ID:
        check_form(path, int.from_bytes(head[_FORM], "big"))
        return Identity.OURS
    if mark:
        raise no_journal(path, "it is another program's database")
    return Identity.UNMARKED


def check_companions(path: Path) -> None:
    """Raise `JournalInaccessible` for another file with a name that SQLite would use for its own beside the journal."""
    for ending in COMPANIONS:
        if is_there(beside := path.with_name(path.name + ending)) and not is_companion(path, ending):
            raise JournalInaccessible(
                f"{beside} is not a file of the journal beside it and was left as it is; rename one of the two."
            )


def is_companion(path: Path, ending: str) -> bool:
    """Whether the file with that suffix beside the journal is one that SQLite keeps there; a new one is empty."""
    beside = path.with_name(path.name + ending)
    try:
        if not stat.S_ISREG(os.lstat(beside).st_mode):
            return False
    except FileNotFoundError:
        return False
    head = _head(beside)
    return head.startswith(COMPANIONS[ending]) or not head.strip(b"\0")


def check_form(path: Path | None, form: int) -> None:
    """Raise `JournalTooNew` for a format of a later version of this program."""
    if form > len(MIGRATIONS):
        name = f"the journal {path}" if path else "the journal in memory"
        raise JournalTooNew(f"{name} has format {form}; this program knows formats up to {len(MIGRATIONS)}.")


def no_journal(path: Path, words: str) -> NotAJournal:
    """The error for a file that is no journal; `words` say what it is."""
    return NotAJournal(f"{path} is not a journal of this program: {words}. It was left as it is.")


def _status(path: Path) -> os.stat_result | None:
    try:
        return os.stat(path)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise _inaccessible(path, error) from error


def _head(path: Path) -> bytes:
    try:
        with open(path, "rb", buffering=0) as file:
            return file.read(HEAD_BYTES)
    except OSError as error:
        raise _inaccessible(path, error) from error


def _inaccessible(path: Path, error: OSError | ValueError) -> JournalInaccessible:
    reason = error.strerror if isinstance(error, OSError) else "that is not a possible file name"
    return JournalInaccessible(f"the journal {path} cannot be opened: {reason}.")


def _kind(mode: int) -> str:
    kinds = (
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISFIFO, "a pipe"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISCHR, "a device"),
        (stat.S_ISBLK, "a device"),
    )
    return next((words for is_kind, words in kinds if is_kind(mode)), "not a file")


def _content(head: bytes) -> str:
    if not head:
        return "it is empty"
    if head.startswith(MAGIC):
        return "it is the beginning of a database"
    is_text = not any(byte < 9 or 13 < byte < 32 for byte in head)
    return "it is a text file" if is_text else "it is not a database"


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        # Far beyond the content, so that others can read who holds it.
        os.lseek(descriptor, 1 << 20, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


_LEAVE_OTHERS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""A link is not followed, and a pipe not waited for."""
_BEGINNING = b'{"pid":'


class Holder(msgspec.Struct, frozen=True):
    """The process that is writing the journal."""

    pid: int
    host: str
    since: datetime

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}, since {self.since:%Y-%m-%d %H:%M:%S} UTC"


class WriterLock:
    """Held until closed, or until the process ends, however it ends."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def close(self) -> None:
        """Let others write."""
        os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)


def take_lock(path: Path, clock: Callable[[], datetime]) -> WriterLock | Holder | None:
    """Take the lock of the journal at `path`; else returns who holds it, or None when that is unknown.

    Raises `JournalInaccessible` when the file beside the journal is not our lock; it is left unchanged.
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
            return _holder(_lock_content(descriptor))
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
    """Protect other lock files: a journal called `poetry` may have a `poetry.lock` beside it."""
    is_file = stat.S_ISREG(os.fstat(descriptor).st_mode)
    if not is_file or not _may_be_ours(_lock_content(descriptor)):
        raise JournalInaccessible(
            f"{beside} is not a lock file of this program and was left as it is; name another journal."
        )


def _may_be_ours(content: bytes) -> bool:
    # One that was cut off while being written begins like a complete one.
    return not content or content.startswith(_BEGINNING) or _BEGINNING.startswith(content)


def _lock_content(descriptor: int) -> bytes:
    if hasattr(os, "pread"):
        return os.pread(descriptor, 4096, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return os.read(descriptor, 4096)


def _holder(content: bytes) -> Holder | None:
    try:
        return msgspec.json.decode(content, type=Holder)
    except msgspec.DecodeError:
        return None

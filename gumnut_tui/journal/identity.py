"""Where the journal is, and what lies there: told from the file's first bytes before anything opens or writes it."""

from __future__ import annotations

import os
import stat
from enum import Enum
from pathlib import Path

from gumnut_tui.domain.errors import JournalInaccessible, JournalTooNew, NotAJournal
from gumnut_tui.journal.migrations import MIGRATIONS

FILE = "journal.sqlite3"
DEMO_FILE = "demo-journal.sqlite3"
"""The demo library's own, so that it never mixes with what is worth keeping."""


def default_journal_folder() -> Path:
    """The platform's folder for a program's data."""
    from platformdirs import user_data_path

    return user_data_path("gumnut-tui", appauthor=False)


APPLICATION_ID = int.from_bytes(b"Gmnt", "big")
"""Stands in the head of every journal (`PRAGMA application_id`); older ones have none and get it when next written."""

HEAD_BYTES = 100
"""Bytes of the head of an SQLite file."""
MAGIC = b"SQLite format 3\0"
_FORM = slice(60, 64)
_MARK = slice(68, 72)


class Identity(Enum):
    """What lies at a path that may become, or may be, a journal."""

    ABSENT = "nothing"
    OURS = "a journal"
    UNMARKED = "a database that says nothing of whose it is"


def real_path(path: Path) -> Path:
    """Where the file itself lies: a link is followed, so that lock and companions lie beside the file."""
    return Path(os.path.realpath(path))


def is_there(path: Path) -> bool:
    """Whether something has this name; raises `JournalInaccessible` when that cannot be told."""
    return _status(path) is not None


def identify(path: Path) -> Identity:
    """What lies at the path, by its kind and its first bytes.

    Raises `NotAJournal` for what cannot be a journal, `JournalTooNew` for one of a later version of this program,
    and `JournalInaccessible` when it cannot be looked at.
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


def check_form(path: Path | None, form: int) -> None:
    """Raise `JournalTooNew` for the form of a later version of this program."""
    if form > len(MIGRATIONS):
        name = f"the journal {path}" if path else "the journal in memory"
        raise JournalTooNew(f"{name} has format {form}; this program knows formats up to {len(MIGRATIONS)}.")


def no_journal(path: Path, words: str) -> NotAJournal:
    """The error that says what it is instead."""
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

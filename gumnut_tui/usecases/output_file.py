"""Files one asked for: there whole or not at all, with the rights they had; pipes and devices are written to."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from gumnut_tui.config.settings import user_path
from gumnut_tui.domain.errors import UsageProblem

STANDARD_OUTPUT = "-"
"""The name that stands for standard output."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""By these bytes at the beginning Excel takes a CSV for UTF-8."""
CHUNK = 1 << 20
_STREAMS = ("/dev/", "/proc/")
"""Where names stand for what is open already, such as `/dev/stdout`: it is written to, whatever it is."""


def output_path(name: str) -> Path:
    """Where a file called `name` is written, checked before there is anything to write.

    `~` is the home folder. Raises `UsageProblem` when there is no such folder, or a folder of that name.
    """
    path = user_path(name)
    # Those of `os.path` know of names that are too long to exist.
    if not os.path.isdir(path.parent):
        raise UsageProblem(f"there is no folder {path.parent}.")
    if os.path.isdir(path):
        raise UsageProblem(f"{path} is a folder.")
    return path


def save_output(path: Path, chunks: Iterable[bytes], *, waits: bool = True) -> None:
    """Write what the chunks say, as `write_output` does; raises `UsageProblem` when it cannot be written.

    Whoever reads a pipe may go away before its end, as `head` does.
    """
    try:
        with suppress(BrokenPipeError):
            write_output(path, chunks, waits=waits)
    except OSError as error:
        raise UsageProblem(f"{path} cannot be written: {error.strerror}.") from error


def write_output(path: Path, chunks: Iterable[bytes], *, waits: bool = True) -> None:
    """Write what the chunks say. Raises `OSError`, and whatever the chunks raise.

    A regular file is there whole or as it was before: written beside its place, then renamed. One that was there
    keeps its mode and owner, a new one has what the umask leaves. A link leads to the file that is replaced. Pipes and
    devices are written to as the chunks come; with `waits` a pipe is waited for until somebody reads it, else that
    nobody does is an `OSError`.
    """
    status = _status(path)
    if _is_stream(path, status):
        with _opened_stream(path, waits=waits) as stream:
            stream.writelines(chunks)
        return
    target = Path(os.path.realpath(path))
    if status is None:
        _write_new(target, chunks)
    else:
        _replace(target, status, chunks)


def _status(path: Path) -> os.stat_result | None:
    try:
        return os.stat(path)
    except FileNotFoundError:
        return None


def _is_stream(path: Path, status: os.stat_result | None) -> bool:
    if status is None or stat.S_ISDIR(status.st_mode):
        return False
    return not stat.S_ISREG(status.st_mode) or os.path.abspath(path).startswith(_STREAMS)


def _opened_stream(path: Path, *, waits: bool) -> BinaryIO:
    flags = os.O_WRONLY | getattr(os, "O_NOCTTY", 0) | (0 if waits else getattr(os, "O_NONBLOCK", 0))
    descriptor = os.open(path, flags)
    if not waits and os.name == "posix":
        os.set_blocking(descriptor, True)
    return os.fdopen(descriptor, "wb")


def _write_new(target: Path, chunks: Iterable[bytes]) -> None:
    beside = _write_beside(target, chunks)
    _rename(beside, target)


def _replace(target: Path, status: os.stat_result, chunks: Iterable[bytes]) -> None:
    if not os.access(target, os.W_OK):
        # A rename would not ask for that right.
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
    try:
        beside = _write_beside(target, chunks, like=status)
    except _CannotLieBeside:
        _write_into(target, chunks)
        return
    try:
        os.replace(beside, target)
    except OSError:
        # A file that is mounted by itself cannot be renamed over.
        try:
            with open(beside, "rb") as whole:
                _write_into(target, iter(lambda: whole.read(CHUNK), b""))
        finally:
            os.unlink(beside)


class _CannotLieBeside(Exception):
    """No file can be made in the folder, or none with the owner of the one it is to replace."""


def _write_beside(target: Path, chunks: Iterable[bytes], like: os.stat_result | None = None) -> Path:
    """Write a file in the same folder, under a name of its own; returns its path."""
    beside = target.with_name(f".gumnut-tui-{secrets.token_hex(6)}.part")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    except OSError as error:
        if like is None:
            raise
        raise _CannotLieBeside from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            if like is not None:
                _take_over(file.fileno(), like)
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        _remove(beside)
        raise
    return beside


def _take_over(descriptor: int, like: os.stat_result) -> None:
    """Give a new file the owner and the mode of the one it replaces."""
    if os.name != "posix":
        return
    own = os.fstat(descriptor)
    try:
        if (own.st_uid, own.st_gid) != (like.st_uid, like.st_gid):
            os.fchown(descriptor, like.st_uid, like.st_gid)
        os.fchmod(descriptor, stat.S_IMODE(like.st_mode))
    except OSError as error:
        raise _CannotLieBeside from error


def _write_into(target: Path, chunks: Iterable[bytes]) -> None:
    """Write a file in its place, once everything that is to stand there is known."""
    with tempfile.TemporaryFile() as whole:
        whole.writelines(chunks)
        whole.seek(0)
        with open(target, "r+b") as file:
            shutil.copyfileobj(whole, file)
            file.truncate()
            file.flush()
            os.fsync(file.fileno())


def _rename(beside: Path, target: Path) -> None:
    try:
        os.replace(beside, target)
    except BaseException:
        _remove(beside)
        raise


def _remove(path: Path) -> None:
    with suppress(FileNotFoundError):
        os.unlink(path)


def encoded(lines: Iterable[str], *, bom: bool = False) -> Iterator[bytes]:
    """The lines in UTF-8; a lone surrogate becomes the escape it is written as in JSON."""
    if bom:
        yield BYTE_ORDER_MARK
    for line in lines:
        yield line.encode("utf-8", "backslashreplace")

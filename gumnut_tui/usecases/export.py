"""Export: an event or entity as text, commands that read it, the rows shown as a file, and how files are written.

A file is written completely or not at all, and keeps its mode; pipes and devices are written to directly.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlencode

import msgspec

from gumnut_tui.config.settings import user_path
from gumnut_tui.domain.defaults import PAGE_LIMIT
from gumnut_tui.domain.errors import RefusedAddress, UsageProblem
from gumnut_tui.domain.key import KEY_HEADER
from gumnut_tui.domain.kinds import KINDS, kind_of
from gumnut_tui.domain.models import Event
from gumnut_tui.domain.ports import EVENTS_PATH
from gumnut_tui.formatting.event_lines import Cells
from gumnut_tui.formatting.interchange import csv_line, csv_lines, encoded, markdown_text, utc_time, without_signatures

STANDARD_OUTPUT = "-"
"""The name that means standard output."""
CHUNK = 1 << 20
_STREAMS = ("/dev/", "/proc/")
"""Paths here mean open files, such as `/dev/stdout`: they are written to, whatever they are."""


def output_path(name: str) -> Path:
    """The path of a file to write, checked before there is anything to write.

    `~` is the home folder. Raises `UsageProblem` when its folder is missing, or it is a folder.
    """
    path = user_path(name)
    # The functions of `os.path` handle names that are too long.
    if not os.path.isdir(path.parent):
        raise UsageProblem(f"there is no folder {path.parent}.")
    if os.path.isdir(path):
        raise UsageProblem(f"{path} is a folder.")
    return path


def save_output(path: Path, chunks: Iterable[bytes], *, waits: bool = True) -> None:
    """Like `write_output`, but raises `UsageProblem` when the file cannot be written.

    The reader of a pipe may close it early, as `head` does.
    """
    try:
        with suppress(BrokenPipeError):
            write_output(path, chunks, waits=waits)
    except OSError as error:
        raise UsageProblem(f"{path} cannot be written: {error.strerror}.") from error


def write_output(path: Path, chunks: Iterable[bytes], *, waits: bool = True) -> None:
    """Write the chunks. Raises `OSError`, and whatever the chunks raise.

    A regular file is complete or unchanged: it is written beside its path, then renamed. An existing one keeps its mode
    and owner, a new one gets those of the umask. Links are followed. Pipes and devices are written to as the chunks
    come; with `waits` a pipe is waited for until it has a reader, else a missing reader is an `OSError`.
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
        # A rename would not need that permission.
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
    try:
        beside = _write_beside(target, chunks, like=status)
    except _CannotLieBeside:
        _write_into(target, chunks)
        return
    try:
        os.replace(beside, target)
    except OSError:
        # A file that is itself a mount point cannot be replaced by a rename.
        try:
            with open(beside, "rb") as whole:
                _write_into(target, iter(lambda: whole.read(CHUNK), b""))
        finally:
            os.unlink(beside)


class _CannotLieBeside(Exception):
    """No file can be created in the folder, or none with the owner of the one it replaces."""


def _write_beside(target: Path, chunks: Iterable[bytes], like: os.stat_result | None = None) -> Path:
    """Write a temporary file in the same folder; returns its path."""
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
    """Give a new file the owner and mode of the one it replaces."""
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
    """Overwrite a file in place, once its whole content is known."""
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


FORMATS = ("csv", "jsonl", "md")


def event_json(event: Event) -> str:
    """The event as one line of JSON, as the API gives it."""
    return msgspec.json.encode(event).decode("utf-8", "replace")


def entity_json(fields: dict[str, Any]) -> str:
    """An entity as indented JSON; picture addresses without their signatures, which open the picture to anyone."""
    return msgspec.json.format(msgspec.json.encode(without_signatures(fields)), indent=2).decode()


def entity_curl(base_url: str, entity_type: str, entity_id: str, library_id: str | None) -> str | None:
    """A command that reads the entity; None for a kind that cannot be read."""
    kind = KINDS.get(kind_of(entity_type))
    # An id of dots would change the path.
    if kind is None or not entity_id.strip("."):
        return None
    scoped = {"library_id": library_id} if kind.single_is_scoped and library_id else {}
    return _curl(f"{base_url}{kind.single_path(entity_id)}", scoped)


def events_curl(base_url: str, library_id: str | None, since: str | None) -> str:
    """A command that reads the feed from a time on."""
    wanted = {"library_id": library_id, "created_at_gte": since, "limit": str(PAGE_LIMIT)}
    return _curl(f"{base_url}{EVENTS_PATH}", {name: value for name, value in wanted.items() if value})


def _curl(address: str, query: dict[str, str]) -> str:
    url = f"{address}?{urlencode(query)}" if query else address
    # In single quotes a shell takes everything literally, except themselves.
    quoted = url.replace("'", "%27")
    return f"curl -sS -H {KEY_HEADER} '{quoted}'"


def writable_path(name: str, formats: Sequence[str] = FORMATS, *, replace: bool) -> tuple[Path, str]:
    """Where to write, and the format by the extension; raises `UsageProblem` for an unusable name."""
    path = output_path(name)
    ending = path.suffix.lower().removeprefix(".")
    if ending not in formats:
        raise UsageProblem(f"the name must end in .{', .'.join(formats)}, not “{path.name}”")
    if os.path.isfile(path) and not replace:
        raise UsageProblem(f"{path} already exists; press enter again to replace it")
    return path, ending


def save(path: Path, lines: Iterable[str], *, bom: bool = False) -> None:
    """Write a file completely or not at all, with a byte order mark if `bom`. Raises `OSError`."""
    write_output(path, encoded(lines, bom=bom), waits=False)


def lines(wanted: str, rows: Iterable[tuple[Event, Cells]]) -> Iterator[str]:
    """The rows in a format of `FORMATS`, line by line."""
    match wanted:
        case "jsonl":
            return (event_json(event) + "\n" for event, _ in rows)
        case "csv":
            return _csv_lines(rows)
        case _:
            return _markdown_lines(rows)


COLUMNS = ("created_at", "operation", "entity_type", "name", "more", "event_type", "entity_id", "cursor", "payload")


def csv_values(event: Event, cells: Cells) -> tuple[str, ...]:
    """A row under `COLUMNS`."""
    created_at = utc_time(event.created_at)
    return (
        created_at, event.operation.word, event.entity_type, cells.entity, cells.more,
        event.event_type, event.entity_id, event.cursor,
        bytes(event.payload).decode("utf-8", "replace").removeprefix("null"),
    )  # fmt: skip


def _csv_lines(rows: Iterable[tuple[Event, Cells]]) -> Iterator[str]:
    yield csv_line(COLUMNS)
    yield from csv_lines(csv_values(event, cells) for event, cells in rows)


def _markdown_lines(rows: Iterable[tuple[Event, Cells]]) -> Iterator[str]:
    yield "| " + " | ".join(COLUMNS[:5]) + " |\n"
    yield "|" + " --- |" * 5 + "\n"
    for event, cells in rows:
        yield "| " + " | ".join(markdown_text(value) for value in csv_values(event, cells)[:5]) + " |\n"


def command_address(configured: str, journaled: str) -> str:
    """The configured address if a journal's library was read from there; empty for any other, which gets no command.

    Empty also for an address to which the key is never sent: plain http beyond this machine.
    """
    from gumnut_tui.api.address import base_address

    try:
        address = base_address(configured)
    except RefusedAddress:
        return ""
    return address if journaled == address else ""


def foreign_words(configured: str, journaled: str) -> str:
    """Why there is no command: which server the journal is of, and how to get a command."""
    return (
        f"this library was read from {journaled}, not from the configured server {configured}, "
        "so no command sends the key there. If you trust it, set GUMNUT_BASE_URL to it."
    )

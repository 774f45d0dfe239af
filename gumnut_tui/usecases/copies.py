"""Copies of photos on this machine: files of a sought size are hashed and matched by checksum, never by name."""

from __future__ import annotations

import base64
import hashlib
import os
import stat
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import NamedTuple

from gumnut_tui.undo.plan import Copy
from gumnut_tui.usecases.hash_cache import HashCache

CHUNK = 1 << 20
"""Bytes hashed between two looks at whether to stop."""
REPORT_EVERY = 0.1
"""Seconds between two calls of `progress`."""


class Sought(NamedTuple):
    """A photo as the journal knows it: size in bytes, SHA-256 as base64 like `file_data.checksum`."""

    asset_id: str
    size: int
    checksum: str


class Unread(NamedTuple):
    """A file or folder that could not be read, or changed while it was hashed, and why."""

    path: Path
    reason: str


class Progress(NamedTuple):
    """How far hashing has come: files and bytes; bytes a second since it began."""

    files: int
    of_files: int
    done_bytes: int
    of_bytes: int
    rate: float


class Copies(NamedTuple):
    """What was found by asset id, how many files were looked at, and which could not be read."""

    found: dict[str, Copy]
    """The first in the order of folders and paths, and all others."""
    walked: int
    unread: tuple[Unread, ...]


class _File(NamedTuple):
    path: str
    size: int
    changed_ns: int


class _Cancelled(Exception):
    """Hashing was told to stop."""


def find_copies(
    sought: Iterable[Sought],
    folders: Sequence[Path],
    cache: HashCache,
    *,
    clock: Callable[[], float],
    progress: Callable[[Progress], None] = lambda _: None,
    threads: int = 4,
) -> Copies:
    """Search `folders` for the photos; `clock` counts seconds.

    `progress` is called in the calling thread; what it raises, like ctrl+c, ends the search within a chunk. Sums that
    were computed by then are in the cache, which the caller saves.
    """
    photos, unread = list(sought), list[Unread]()
    candidates, walked = _candidates(folders, {photo.size for photo in photos}, unread)
    sums = _Hashing(candidates, cache, unread, clock).run(progress, threads)
    paths: dict[tuple[int, str], list[Path]] = {}
    for file in candidates:
        if file.path in sums:
            paths.setdefault((file.size, sums[file.path]), []).append(Path(file.path))
    found = {
        photo.asset_id: Copy(copies[0], tuple(copies[1:]))
        for photo in photos
        if (copies := paths.get((photo.size, photo.checksum)))
    }
    return Copies(found, walked, tuple(unread))


def _candidates(folders: Sequence[Path], sizes: set[int], unread: list[Unread]) -> tuple[list[_File], int]:
    """The files of these sizes, each once, in the order of folders and paths; and how many files there are at all."""
    found: list[_File] = []
    seen: set[str] = set()
    for folder in folders:
        for path in _walk(os.path.realpath(folder), unread):
            if path not in seen:
                seen.add(path)
                found += _of_size(path, sizes, unread)
    return found, len(seen)


def _walk(root: str, unread: list[Unread]) -> Iterator[str]:
    """Paths of all files below, sorted. No link is followed: what it leads to inside is walked anyway."""
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            unread.append(_unread(folder, error))
            continue
        waiting.extend(entry.path for entry in reversed(listed) if entry.is_dir(follow_symlinks=False))
        # Entries of pipes and devices are no files, and opening them could wait for ever.
        yield from (entry.path for entry in listed if entry.is_file(follow_symlinks=False))


def _of_size(path: str, sizes: set[int], unread: list[Unread]) -> Iterator[_File]:
    """The file, if it has one of these sizes and can be looked at."""
    try:
        found = os.lstat(path)
    except OSError as error:
        unread.append(_unread(path, error))
        return
    if found.st_size in sizes:
        yield _File(path, found.st_size, found.st_mtime_ns)


def _unread(path: str, error: OSError) -> Unread:
    return Unread(Path(path), error.strerror or str(error))


class _Hashing:
    """Hashes files in threads."""

    def __init__(
        self, files: Sequence[_File], cache: HashCache, unread: list[Unread], clock: Callable[[], float]
    ) -> None:
        self._files = files
        self._cache = cache
        self._unread = unread
        self._clock = clock
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._bytes = 0

    def run(self, progress: Callable[[Progress], None], threads: int) -> dict[str, str]:
        """Sums by path; files that cannot be read are added to the unread ones."""
        sums: dict[str, str] = {}
        missing: list[_File] = []
        for file in self._files:
            known = self._cache.get(*file)
            if known is None:
                missing.append(file)
            else:
                sums[file.path] = known
        total, begun = sum(file.size for file in missing), self._clock()
        pool = ThreadPoolExecutor(threads)
        try:
            waiting = {pool.submit(self._sum, file): file for file in missing}
            while waiting:
                for future in wait(waiting, REPORT_EVERY).done:
                    self._take(future, waiting.pop(future), sums)
                elapsed = self._clock() - begun
                rate = self._bytes / elapsed if elapsed > 0 else 0.0
                progress(Progress(len(missing) - len(waiting), len(missing), self._bytes, total, rate))
        finally:
            self._stop.set()
            pool.shutdown(cancel_futures=True)
        return sums

    def _take(self, future: Future[str | None], file: _File, sums: dict[str, str]) -> None:
        try:
            checksum = future.result()
        except OSError as error:
            self._unread.append(_unread(file.path, error))
            return
        if checksum is None:
            self._unread.append(Unread(Path(file.path), "it changed while it was read"))
            return
        sums[file.path] = checksum
        self._cache.put(*file, checksum)

    def _sum(self, file: _File) -> str | None:
        """The sum of a file, or None if it is not the file that was seen, or changed meanwhile."""
        digest = hashlib.sha256()
        # Between the walk and here the file may have become a link or a pipe.
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with open(os.open(file.path, flags), "rb", buffering=0) as source:
            if not _same(file, os.fstat(source.fileno())):
                return None
            while chunk := source.read(CHUNK):
                if self._stop.is_set():
                    raise _Cancelled
                digest.update(chunk)
                with self._lock:
                    self._bytes += len(chunk)
            if not _same(file, os.fstat(source.fileno())):
                return None
        return base64.b64encode(digest.digest()).decode()


def _same(file: _File, now: os.stat_result) -> bool:
    return stat.S_ISREG(now.st_mode) and (now.st_size, now.st_mtime_ns) == (file.size, file.changed_ns)

"""Searches folders of this machine for copies of photos deleted for good, and says meanwhile how far it is."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from gumnut_tui.cli.runtime import Runtime
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.quantities import byte_size, number, plural

if TYPE_CHECKING:
    from gumnut_tui.undo.plan import Copy
    from gumnut_tui.usecases.copies import Copies, Progress, Sought
    from gumnut_tui.usecases.hash_cache import HashCache

MOST_UNREAD = 5
"""Files and folders that could not be read, which are named."""


class _Interrupted(Exception):
    """The search was interrupted."""


class CopySearch:
    """Searches for copies, and says how far it is."""

    def __init__(self, runtime: Runtime, folders: Sequence[Path]) -> None:
        """`folders` are there."""
        self._runtime = runtime
        self._folders = folders
        self._is_over = False

    async def run(self, sought: Sequence[Sought]) -> Mapping[str, Copy]:
        """The copies found; files that could not be read are told."""
        from gumnut_tui.usecases.hash_cache import HashCache

        runtime = self._runtime
        if not sought:
            return {}
        runtime.talk.progress(f"looking for copies of {plural(len(sought), 'photo')}", at_once=True)
        cache = HashCache(runtime.cache_folder() / "hashes.json")
        found = await self._searched(sought, cache)
        runtime.talk.clear()
        of = f"{number(len(found.found))} of {plural(len(sought), 'photo')}"
        runtime.talk.note(f"Looked at {plural(found.walked, 'file')}: copies of {of}")
        for one in found.unread[:MOST_UNREAD]:
            runtime.talk.warn(f"Cannot be read: {visible(str(one.path), 300)} ({visible(one.reason, 100)})")
        if len(found.unread) > MOST_UNREAD:
            runtime.talk.warn(f"… and {number(len(found.unread) - MOST_UNREAD)} more.")
        return found.found

    async def _searched(self, sought: Sequence[Sought], cache: HashCache) -> Copies:
        """Search in a thread; ctrl+c ends it within a moment, and what was hashed by then is kept."""
        from gumnut_tui.usecases.copies import find_copies

        search = partial(find_copies, sought, self._folders, cache, clock=monotonic, progress=self._show)
        searching = asyncio.ensure_future(asyncio.to_thread(search))
        try:
            return await asyncio.shield(searching)
        except asyncio.CancelledError:
            self._is_over = True
            with suppress(_Interrupted):
                await searching
            raise
        finally:
            self._keep(cache)

    def _show(self, progress: Progress) -> None:
        if self._is_over:
            raise _Interrupted
        done, of = byte_size(progress.done_bytes), byte_size(progress.of_bytes)
        files = f"{number(progress.files)} of {plural(progress.of_files, 'file')}"
        rate = f"{byte_size(int(progress.rate))}/s"
        self._runtime.talk.progress(f"hashing {files}: {done} of {of}, {rate}")

    def _keep(self, cache: HashCache) -> None:
        try:
            cache.save()
        except OSError as error:
            self._runtime.talk.warn(f"The sums of files are not kept for next time: {error.strerror or error}")

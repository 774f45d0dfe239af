"""Whole libraries: trashed, restored."""

from __future__ import annotations

from gumnut_tui.demo.world.actions import libraries
from gumnut_tui.demo.world.edits.change import Change
from gumnut_tui.demo.world.edits.found import Clash


class LibraryEdits:
    """Changes libraries."""

    def __init__(self, change: Change) -> None:
        self._change = change
        self._find = change.find

    def restore(self, library_id: str) -> None:
        """Back with all that is in it."""
        service, library = self._change.begin(), self._find.library(library_id)
        if library.trashed_us:
            libraries.restore(service, library)

    def trash(self, library_id: str) -> None:
        """Away with all that is in it; never the last one."""
        service, library = self._change.begin(), self._find.library(library_id)
        if library.trashed_us:
            return
        if sum(not one.trashed_us for one in service.libraries) == 1:
            raise Clash("The last live library cannot be trashed")
        libraries.trash(service, library)

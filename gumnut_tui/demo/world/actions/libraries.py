"""Whole libraries: made, trashed, restored."""

from __future__ import annotations

from gumnut_tui.demo.world.events import LIBRARY_RESTORED, LIBRARY_TRASHED, MEMORY_CREATED, Feed
from gumnut_tui.demo.world.records import LibraryRecord
from gumnut_tui.demo.world.service import Service


def create(service: Service, name: str, description: str | None) -> LibraryRecord:
    """A new library with an empty feed; making it leaves no event."""
    library = LibraryRecord(len(service.libraries), name, description, service.now_us, service.now_us)
    service.libraries.append(library)
    service.feeds.append(Feed(service.ids))
    return library


def trash(service: Service, library: LibraryRecord) -> None:
    """The library goes to the trash with all that is in it."""
    library.trashed_us = service.record(library.number, LIBRARY_TRASHED, library.number)
    library.updated_us = library.trashed_us


def restore(service: Service, library: LibraryRecord) -> None:
    """The library comes back as it was."""
    library.updated_us = service.record(library.number, LIBRARY_RESTORED, library.number)
    library.trashed_us = 0


def announce_memory(service: Service, library: LibraryRecord, number: int) -> None:
    """An event about a kind of entity this client cannot know."""
    service.record(library.number, MEMORY_CREATED, number, slow=True)

"""All that clients may change, by what it is about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from gumnut_tui.demo.world.edits.albums import AlbumEdits
from gumnut_tui.demo.world.edits.change import Change
from gumnut_tui.demo.world.edits.libraries import LibraryEdits
from gumnut_tui.demo.world.edits.people import FaceEdits, PeopleEdits
from gumnut_tui.demo.world.edits.photos import PhotoEdits
from gumnut_tui.demo.world.edits.stacks import StackEdits
from gumnut_tui.demo.world.service import Service


class Editor:
    """Changes the world of a service as its users' clients may. Without a `clock` the world's own time is meant."""

    def __init__(self, service: Service, clock: Callable[[], datetime] | None = None) -> None:
        change = Change(service, clock)
        self.photos = PhotoEdits(change)
        self.albums = AlbumEdits(change)
        self.people = PeopleEdits(change)
        self.faces = FaceEdits(change)
        self.stacks = StackEdits(change)
        self.libraries = LibraryEdits(change)

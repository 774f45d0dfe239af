"""What the ids of a request name, and why a change is refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from gumnut_tui.demo.world.documents import checksum
from gumnut_tui.demo.world.records import Album, Asset, Face, LibraryRecord, Person, Stack
from gumnut_tui.demo.world.service import Service

Record = TypeVar("Record")
Named = TypeVar("Named", Album, Person)


class NotThere(Exception):
    """An entity is unknown, gone, hidden in the trash, or in another library."""


class Clash(Exception):
    """What is wanted cannot be beside what is there; asking again does not help."""


class Unfit(Exception):
    """A value the service does not take."""


class Finder:
    """Finds the records ids name; raises NotThere."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def library(self, library_id: str) -> LibraryRecord:
        """A library, also a trashed one."""
        return self._known("library", self._service.libraries, library_id)

    def maybe_asset(self, asset_id: str) -> Asset | None:
        """An asset wherever it is; None when it is gone or never was."""
        return self._find("asset", self._service.assets, asset_id)

    def asset(self, asset_id: str, *, library: LibraryRecord | None = None, live: bool = False) -> Asset:
        """An asset, of this library and out of the trash where that is asked for."""
        asset = self._known("asset", self._service.assets, asset_id)
        if (library is not None and asset.library != library.number) or (live and not asset.is_live):
            raise NotThere(f"Asset {asset_id} not found")
        return asset

    def assets(self, library_id: str, ids: Iterable[str]) -> list[Asset]:
        """Those of the assets that are in a library, each once."""
        library = self.library(library_id)
        found = (self.maybe_asset(asset_id) for asset_id in dict.fromkeys(ids))
        return [asset for asset in found if asset is not None and asset.library == library.number]

    def album(self, album_id: str) -> Album:
        """An album."""
        return self._known("album", self._service.albums, album_id)

    def person(self, person_id: str, *, library: LibraryRecord | None = None) -> Person:
        """A person, of this library where one is given."""
        person = self._known("person", self._service.people, person_id)
        if library is not None and person.library != library.number:
            raise NotThere(f"Person {person_id} not found")
        return person

    def face(self, face_id: str, library: LibraryRecord) -> Face:
        """A face on a live asset of a library."""
        face = self._known("face", self._service.faces, face_id)
        self.asset(self.id("asset", face.asset), library=library, live=True)
        return face

    def stack(self, stack_id: str) -> Stack:
        """A stack."""
        return self._known("stack", self._service.stacks, stack_id)

    def twin(self, library: LibraryRecord, wanted: str) -> Asset | None:
        """The asset of a library whose file has this checksum, in the trash or not."""
        here = (self._service.assets[number] for number in library.assets)
        return next(
            (one for one in here if one is not None and one.library == library.number and checksum(one) == wanted), None
        )

    def id(self, kind: str, number: int) -> str:
        """The id of an entity."""
        return self._service.ids.encode(kind, number)

    def optional(self, kind: str, number: int) -> str | None:
        """The id of an entity; None for -1."""
        return None if number < 0 else self.id(kind, number)

    def _known(self, kind: str, table: Sequence[Record | None], entity_id: str) -> Record:
        record = self._find(kind, table, entity_id)
        if record is None:
            raise NotThere(f"{kind.capitalize()} {entity_id} not found")
        return record

    def _find(self, kind: str, table: Sequence[Record | None], entity_id: str) -> Record | None:
        number = self._service.ids.decode(kind, entity_id)
        return table[number] if number is not None and number < len(table) else None


def trimmed(given: str | None) -> str | None:
    """A name without outer blanks; None when none is given, Unfit for one of blanks."""
    if given is None:
        return None
    if not given.strip():
        raise Unfit("name must not be blank")
    return given.strip()


def namesake(name: str, among: Iterable[Named]) -> Named | None:
    """The one of that name, however its letters are written."""
    wanted = name.strip().casefold()
    return next((one for one in among if one.name is not None and one.name.strip().casefold() == wanted), None)

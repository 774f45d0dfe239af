"""People and faces: made, named, merged, drawn, assigned, deleted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from gumnut_tui.demo.world.actions import people
from gumnut_tui.demo.world.cameras import rendered_size
from gumnut_tui.demo.world.edits.change import Change
from gumnut_tui.demo.world.edits.found import Clash, Unfit, namesake, trimmed
from gumnut_tui.demo.world.records import LibraryRecord, Person

Box = tuple[int, int, int, int]
"""Left, top, width, height in pixels of the picture as displayed."""

_STRANGER: Final = 2_000_000
"""Identities from here on are of people a client made."""


class PeopleEdits:
    """Changes people."""

    def __init__(self, change: Change) -> None:
        self._change = change
        self._find = change.find

    def create(self, library_id: str, given: Mapping[str, Any]) -> tuple[str, bool]:
        """The id of a person of that name, and whether it is new; without a name always a new one."""
        service, library = self._change.begin(), self._find.library(library_id)
        name = trimmed(given.get("name"))
        twin = namesake(name, service.living_people(library)) if name else None
        thumbnail = self._thumbnail(library, given.get("thumbnail_face_id"))
        if twin is not None:
            now = {
                "birth_date": twin.birth_date,
                "is_favorite": twin.is_favorite,
                "is_hidden": twin.is_hidden,
                "thumbnail_face_id": self._find.optional("face", twin.thumbnail_face),
            }
            if any(field in given and given[field] != value for field, value in now.items()):
                raise Clash(f"A person named {twin.name!r} exists with other values")
            return self._find.id("person", twin.number), False
        person = people.create_person(service, library, _STRANGER + len(service.people), by_user=True)
        person.name = name
        _set_person(person, given, thumbnail)
        return self._find.id("person", person.number), True

    def update(self, person_id: str, given: Mapping[str, Any]) -> None:
        """Set what is given; a null name takes it away."""
        service, person = self._change.begin(), self._find.person(person_id)
        library = service.libraries[person.library]
        name = trimmed(given["name"]) if "name" in given else person.name
        if name and namesake(name, service.living_people(library)) not in (None, person):
            raise Clash(f"Another person is named {name!r}")
        thumbnail = self._thumbnail(library, given.get("thumbnail_face_id"))
        person.name = name
        _set_person(person, given, thumbnail)
        people.update_person(service, person)

    def delete(self, person_id: str) -> None:
        """Their faces stay, and belong to nobody."""
        service = self._change.begin()
        people.delete_person(service, self._find.person(person_id))

    def merge(self, person_id: str, source_ids: Collection[str]) -> bool:
        """All faces of the sources to one person; False when that left nobody to speak of, who is gone too."""
        service, target = self._change.begin(), self._find.person(person_id)
        sources = [self._find.person(source_id) for source_id in dict.fromkeys(source_ids)]
        if not sources or target in sources or any(source.library != target.library for source in sources):
            raise Unfit("source_person_ids must name other people of the same library")
        for source in sources:
            people.merge(service, target, source, by_user=True)
        if target.faces or target.name:
            return True
        people.delete_person(service, target)
        return False

    def _thumbnail(self, library: LibraryRecord, face_id: str | None) -> int | None:
        return None if face_id is None else self._find.face(face_id, library).number


def _set_person(person: Person, given: Mapping[str, Any], thumbnail: int | None) -> None:
    if "birth_date" in given:
        person.birth_date = given["birth_date"]
    person.is_favorite = bool(given.get("is_favorite", person.is_favorite))
    person.is_hidden = bool(given.get("is_hidden", person.is_hidden))
    if thumbnail is not None:
        person.thumbnail_face = thumbnail


class FaceEdits:
    """Changes faces."""

    def __init__(self, change: Change) -> None:
        self._change = change
        self._find = change.find

    def create(self, library_id: str, asset_id: str, box: Box, person_id: str | None) -> str:
        """Draw a face on a live photo, and say whose it is."""
        service, library = self._change.begin(), self._find.library(library_id)
        asset = self._find.asset(asset_id, library=library, live=True)
        width, height = rendered_size(asset)
        left, top, wide, high = box
        if min(left, top) < 0 or min(wide, high) < 1 or left + wide > width or top + high > height:
            raise Unfit(f"bounding_box must fit inside {width} x {height}")
        person = None if person_id is None else self._find.person(person_id, library=library)
        face = people.find_face(service, asset, _STRANGER, manual=True, box=box)
        if person is not None:
            people.assign(service, face, person, by_user=True)
        return self._find.id("face", face.number)

    def assign(self, library_id: str, face_id: str, person_id: str | None) -> None:
        """Give a face on a live photo to a person, or to nobody."""
        service, library = self._change.begin(), self._find.library(library_id)
        face = self._find.face(face_id, library)
        person = None if person_id is None else self._find.person(person_id, library=library)
        people.assign(service, face, person, by_user=True)

    def delete(self, library_id: str, face_id: str) -> None:
        """The mark around a face goes, the photo stays."""
        service = self._change.begin()
        people.delete_face(service, self._find.face(face_id, self._find.library(library_id)))

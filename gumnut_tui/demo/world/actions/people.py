"""Faces and people: found, clustered, named, merged, hidden, dissolved."""

from __future__ import annotations

from gumnut_tui.demo.world.events import (
    FACE_CREATED,
    FACE_DELETED,
    FACE_GONE,
    FACE_MOVED,
    FACE_UPDATED,
    PERSON_CREATED,
    PERSON_DELETED,
    PERSON_UPDATED,
)
from gumnut_tui.demo.world.records import Asset, Face, LibraryRecord, Person
from gumnut_tui.demo.world.service import Service


def find_face(
    service: Service,
    asset: Asset,
    identity: int,
    *,
    manual: bool = False,
    box: tuple[int, int, int, int] | None = None,
) -> Face:
    """A face is detected, or drawn by hand; it belongs to nobody yet."""
    number = len(service.faces)
    created_us = service.record(asset.library, FACE_CREATED, number, slow=not manual)
    face = Face(number, asset.number, identity, created_us, created_us, manual=manual, box=box)
    service.faces.append(face)
    if asset.faces is None:
        asset.faces = []
    asset.faces.append(number)
    service.libraries[asset.library].unclustered.append(number)
    return face


def assign(
    service: Service, face: Face, person: Person | None, *, previous: int | None = None, by_user: bool = False
) -> None:
    """Give a face to a person, or to nobody; `previous` names a person that is gone by now."""
    before = face.person if previous is None else previous
    detach(service, face)
    library = service.asset(face.asset).library
    number = -1 if person is None else person.number
    face.updated_us = service.record(library, FACE_UPDATED, face.number, FACE_MOVED, number, before, slow=not by_user)
    if person is not None:
        _attach(face, person)


def _attach(face: Face, person: Person) -> None:
    face.person = person.number
    person.faces[face.number] = None
    if person.thumbnail_face < 0:
        person.thumbnail_face = face.number


def detach(service: Service, face: Face) -> None:
    """Let go of the face's person, without an event."""
    if face.person < 0:
        return
    person = service.person(face.person)
    del person.faces[face.number]
    if person.thumbnail_face == face.number:
        person.thumbnail_face = next(iter(person.faces), -1)
    face.person = -1


def delete_face(service: Service, face: Face) -> None:
    """The face is removed for good."""
    asset = service.asset(face.asset)
    before = face.person
    detach(service, face)
    service.record(asset.library, FACE_DELETED, face.number, FACE_GONE, before)
    if asset.faces is not None:
        asset.faces.remove(face.number)
    service.faces[face.number] = None


def create_person(
    service: Service, library: LibraryRecord, identity: int, *, early: Face | None = None, by_user: bool = False
) -> Person:
    """A new cluster without a name; the event of an `early` face that goes to it stands before its own."""
    number = len(service.people)
    if early is not None:
        early.updated_us = service.record(
            library.number, FACE_UPDATED, early.number, FACE_MOVED, number, early.person, slow=True
        )
    created_us = service.record(library.number, PERSON_CREATED, number, slow=not by_user)
    person = Person(number, library.number, identity, created_us, created_us)
    service.people.append(person)
    library.people.append(number)
    if early is not None:
        _attach(early, person)
    return person


def update_person(service: Service, person: Person) -> None:
    """One of the person's own fields changed."""
    person.updated_us = service.record(person.library, PERSON_UPDATED, person.number)


def delete_person(service: Service, person: Person) -> None:
    """The person is gone; the faces left belong to nobody and wait to be clustered again."""
    library = service.libraries[person.library]
    library.unclustered.extend(person.faces)
    for number in person.faces:
        service.face(number).person = -1
    person.faces.clear()
    if library.known.get(person.identity) == person.number:
        del library.known[person.identity]
    service.record(person.library, PERSON_DELETED, person.number)
    service.people[person.number] = None


def merge(service: Service, target: Person, source: Person, *, by_user: bool = False) -> None:
    """All faces of `source` go to `target`, which takes its name when it has none; `source` is gone."""
    for number in list(source.faces):
        assign(service, service.face(number), target, by_user=by_user)
    name = source.name
    delete_person(service, source)
    if target.name is None and name is not None:
        target.name = name
        update_person(service, target)

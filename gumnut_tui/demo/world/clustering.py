"""The clustering job: it groups faces into people, and changes its mind."""

from __future__ import annotations

from gumnut_tui.demo.world.actions import people
from gumnut_tui.demo.world.agenda import Story
from gumnut_tui.demo.world.records import Face, LibraryRecord, Person
from gumnut_tui.demo.world.service import Service

_FIRST_GUESS = 0.22
"""How often a new person is first put together wrongly and lives for a minute."""
_SPLIT = 0.03
"""How often faces of a known person become a second person, for a user to merge."""
_REGROUPED = 5
"""How many people are taken apart at most when the job thinks again."""
_TARGET_FIRST = 0.05
"""How often a face's event comes before that of the person it names."""


def cluster(service: Service, library: LibraryRecord) -> Story:
    """Work through the faces that wait."""
    waiting, library.unclustered = library.unclustered, []
    groups: dict[int, list[int]] = {}
    for number in waiting:
        face = service.faces[number]
        if face is not None and face.person < 0 and _here(service, library, face):
            groups.setdefault(face.identity, []).append(number)
    for identity, numbers in groups.items():
        yield 0.2 + service.rng.random() * 1.5
        yield from _place(service, library, identity, numbers)


def regroup(service: Service, library: LibraryRecord) -> Story:
    """Think again of people nobody has named: they fall apart, and each becomes two."""
    unnamed = [person for person in service.living_people(library) if person.name is None and len(person.faces) > 1]
    for doubtful in sorted(unnamed, key=lambda person: (-len(person.faces), person.number))[:_REGROUPED]:
        if service.people[doubtful.number] is not doubtful:
            continue
        faces = list(doubtful.faces)
        for part in (faces[: len(faces) // 2], faces[len(faces) // 2 :]):
            person = people.create_person(service, library, doubtful.identity)
            yield 0.05
            yield from _assign(service, library, part, person.number)
        if service.people[doubtful.number] is doubtful:
            people.delete_person(service, doubtful)
        if service.people[person.number] is person:
            library.known[person.identity] = person.number
        yield 0.3


def _here(service: Service, library: LibraryRecord, face: Face) -> bool:
    asset = service.asset(face.asset)
    return asset.is_live and asset.library == library.number


def _place(service: Service, library: LibraryRecord, identity: int, numbers: list[int]) -> Story:
    known = library.known.get(identity)
    if known is not None:
        person = service.person(known)
        if len(numbers) >= 2 and service.chance(_SPLIT):
            person = people.create_person(service, library, identity)
        yield from _assign(service, library, numbers, person.number)
        return
    numbers = library.loners.pop(identity, []) + numbers
    if len(numbers) < 2:
        library.loners[identity] = numbers
    elif service.chance(_FIRST_GUESS):
        yield from _guess_wrong(service, library, identity, numbers)
    else:
        yield from _found(service, library, identity, numbers)


def _found(service: Service, library: LibraryRecord, identity: int, numbers: list[int]) -> Story:
    first = service.faces[numbers[0]]
    early = first if first is not None and _still(service, library, first) else None
    if not service.chance(_TARGET_FIRST):
        early = None
    person = people.create_person(service, library, identity, early=early)
    library.known[identity] = person.number
    yield 0.05
    yield from _assign(service, library, numbers[early is not None :], person.number)
    if service.people[person.number] is person and service.chance(0.5):
        people.update_person(service, person)


def _guess_wrong(service: Service, library: LibraryRecord, identity: int, numbers: list[int]) -> Story:
    """A person that lives for a minute; its faces end with another one."""
    guess = people.create_person(service, library, identity)
    yield 0.05
    yield from _assign(service, library, numbers, guess.number)
    yield 15 + service.rng.random() * 40
    if service.people[guess.number] is not guess:
        return
    faces = [face for number in guess.faces if (face := service.faces[number]) is not None]
    dissolved_first = service.chance(0.5)
    if dissolved_first:
        people.delete_person(service, guess)
    person = people.create_person(service, library, identity)
    library.known[identity] = person.number
    for face in faces:
        yield 0.03
        if _still(service, library, face) and service.people[person.number] is person:
            people.assign(service, face, person, previous=guess.number)
    if not dissolved_first and service.people[guess.number] is guess:
        people.delete_person(service, guess)


def _assign(service: Service, library: LibraryRecord, numbers: list[int], person: int) -> Story:
    for number in numbers:
        face = service.faces[number]
        target: Person | None = service.people[person]
        if face is None or not _still(service, library, face):
            continue
        if target is None:
            library.unclustered.append(number)
            continue
        people.assign(service, face, target)
        yield 0.02 + service.rng.random() * 0.3


def _still(service: Service, library: LibraryRecord, face: Face) -> bool:
    return service.faces[face.number] is face and _here(service, library, face)

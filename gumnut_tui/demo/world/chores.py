"""What people do to a library between imports: each chore is a short story that leaves quietly without material."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from gumnut_tui.demo.world.actions import albums, assets, people, stacks
from gumnut_tui.demo.world.agenda import Story
from gumnut_tui.demo.world.clustering import cluster
from gumnut_tui.demo.world.people_names import birth_date, person_name
from gumnut_tui.demo.world.records import Album, Asset, LibraryRecord, Person
from gumnut_tui.demo.world.service import DAY, SECOND_US, Service
from gumnut_tui.demo.world.themes import THEMES
from gumnut_tui.demo.world.titles import album_title

Chore = Callable[[Service, LibraryRecord], Story]

RETENTION: Final = 90 * DAY
"""Seconds a trashed asset is kept."""

_MANY_ALBUMS: Final = 12


def rate_favourites(service: Service, library: LibraryRecord) -> Story:
    """Stars for a few photos, a caption for some."""
    for asset in service.live_assets(library, service.rng.randint(2, 7)):
        if not asset.is_live:
            continue
        if service.chance(0.25) and THEMES[asset.theme].captions:
            assets.caption(service, asset, service.rng.randrange(len(THEMES[asset.theme].captions)))
        else:
            assets.rate(service, asset, service.rng.choice((3, 4, 5, 5, 5)))
        yield service.rng.uniform(1, 12)


def edit_photos(service: Service, library: LibraryRecord) -> Story:
    """A crop here, a little more light there."""
    for asset in service.live_assets(library, service.rng.randint(1, 3), lambda asset: not asset.seconds):
        if asset.is_live:
            assets.edit(service, asset)
        yield service.rng.uniform(20, 90)


def name_people(service: Service, library: LibraryRecord) -> Story:
    """Somebody goes through the unnamed faces and knows a few."""
    taken = {person.name for person in service.living_people(library)}
    named = 0
    for person in sorted(service.living_people(library), key=lambda each: -len(each.faces)):
        name = person_name(person.identity)
        if named == 3 or not person.faces:
            return
        if person.name is not None or name is None or name in taken:
            continue
        if service.people[person.number] is not person:
            continue
        person.name, person.birth_date = name, birth_date(person.identity)
        taken.add(name)
        people.update_person(service, person)
        named += 1
        yield service.rng.uniform(4, 20)


def arrange_people(service: Service, library: LibraryRecord) -> Story:
    """A favourite person, a stranger hidden."""
    for person in service.living_people(library):
        if person.name is not None and not person.is_favorite and service.chance(0.5):
            person.is_favorite = True
            people.update_person(service, person)
            break
    yield service.rng.uniform(5, 20)
    for person in service.living_people(library):
        if person.name is None and not person.is_hidden and person_name(person.identity) is None:
            person.is_hidden = True
            people.update_person(service, person)
            return


def merge_people(service: Service, library: LibraryRecord) -> Story:
    """Two clusters that are the same person become one."""
    yield 1.0
    first: dict[int, Person] = {}
    for person in service.living_people(library):
        twin = first.setdefault(person.identity, person)
        if twin is not person:
            library.known[person.identity] = twin.number
            people.merge(service, twin, person)
            return
    crowd = [person for person in service.living_people(library) if person.name is None]
    if len(crowd) >= 3:
        people.merge(service, crowd[-1], crowd[-2])


def correct_faces(service: Service, library: LibraryRecord) -> Story:
    """One face drawn by hand, one taken from the wrong person, one that was no face at all."""
    rng = service.rng
    for asset in service.live_assets(library, 1, lambda asset: not asset.faces and not asset.seconds):
        face = people.find_face(service, asset, rng.randrange(8), manual=True)
        yield rng.uniform(3, 9)
        known = library.known.get(face.identity)
        if service.faces[face.number] is face and known is not None and asset.library == library.number:
            people.assign(service, face, service.person(known))
    yield rng.uniform(5, 15)
    for asset in service.live_assets(library, 1, lambda asset: bool(asset.faces)):
        face = service.face((asset.faces or [0])[0])
        if face.person >= 0:
            people.assign(service, face, None)
    yield rng.uniform(5, 15)
    for asset in service.live_assets(library, 1, lambda asset: len(asset.faces or ()) > 1):
        people.delete_face(service, service.face((asset.faces or [0])[-1]))


def delete_person(service: Service, library: LibraryRecord) -> Story:
    """A person nobody needs; the faces are clustered again later."""
    unnamed = [person for person in service.living_people(library) if person.name is None]
    if len(unnamed) > 2:
        people.delete_person(service, min(unnamed, key=lambda person: (len(person.faces), person.number)))
        yield 400.0
        yield from cluster(service, library)


def stack_by_hand(service: Service, library: LibraryRecord) -> Story:
    """A few look-alikes become a stack with a chosen cover; an older stack is taken apart."""
    rng = service.rng
    anchor = service.live_assets(library, 1, lambda asset: asset.stack < 0)
    alike = [
        asset
        for asset in service.live_assets(library, 3, lambda asset: asset.stack < 0)
        if anchor and asset is not anchor[0]
    ]
    if alike:
        stack = stacks.create(service, library, [*anchor, *alike], by_user=True)
        yield rng.uniform(5, 15)
        if service.stacks[stack.number] is stack:
            stacks.pin(service, stack, service.asset(rng.choice(stack.members)))
    yield rng.uniform(60, 900)
    for oldest in service.living_stacks(library)[:1]:
        stacks.dissolve(service, oldest)


def tidy_albums(service: Service, library: LibraryRecord) -> Story:
    """An album gets a better name; a photo goes out, another comes in, the first returns."""
    rng = service.rng
    living = [album for album in service.living_albums(library) if len(album.members) > 2]
    if not living:
        return
    album = rng.choice(living)
    theme = rng.randrange(len(THEMES))
    albums.rename(service, album, album_title(service, library, theme, 0), "Renamed, sorted, still too many.")
    yield rng.uniform(5, 20)
    if service.albums[album.number] is not album or not album.members:
        return
    chosen = rng.choice(list(album.members))
    albums.remove(service, service.membership(album.members[chosen]))
    yield rng.uniform(2, 8)
    for newcomer in service.live_assets(library, 1):
        _add(service, album, newcomer)
    yield rng.uniform(2, 8)
    asset = service.assets[chosen]
    if asset is not None and asset.is_live and asset.library == library.number:
        _add(service, album, asset)


def _add(service: Service, album: Album, asset: Asset) -> None:
    if service.albums[album.number] is album:
        albums.add(service, album, asset)


def weed_out(service: Service, library: LibraryRecord) -> Story:
    """A few bad shots go to the trash, one of them comes back, an older one is deleted for good."""
    rng = service.rng
    chosen = service.live_assets(library, rng.randint(2, 6))
    for asset in chosen:
        if asset.is_live and service.assets[asset.number] is asset:
            assets.trash(service, asset)
        yield rng.uniform(0.5, 6)
    yield rng.uniform(20, 200)
    if chosen and chosen[0].trashed_us and service.assets[chosen[0].number] is chosen[0]:
        assets.restore(service, chosen[0])
    yield rng.uniform(5, 30)
    oldest = next(iter(library.trash), None)
    if oldest is not None and service.chance(0.4):
        assets.purge(service, service.asset(oldest))


def move_some(service: Service, library: LibraryRecord) -> Story:
    """Some photos belong in another library."""
    others = [each for each in service.libraries if each is not library and not each.trashed_us]
    if not others:
        return
    destination = service.rng.choice(others)
    for asset in service.live_assets(library, service.rng.randint(1, 4)):
        if asset.is_live and asset.library == library.number and not destination.trashed_us:
            assets.move(service, asset, destination)
        yield service.rng.uniform(0.3, 2)
    yield 90.0
    yield from cluster(service, destination)


def delete_old_album(service: Service, library: LibraryRecord) -> Story:
    """The smallest album goes, where there are many."""
    yield 1.0
    living = service.living_albums(library)
    if len(living) > _MANY_ALBUMS:
        albums.delete(service, min(living, key=lambda album: (len(album.members), album.number)))


def reindex(service: Service, library: LibraryRecord) -> Story:
    """The service tries something new, which it tells in a type of event of its own."""
    for asset in service.live_assets(library, 2):
        assets.reindex(service, asset)
        yield 0.5


def retention(service: Service, library: LibraryRecord) -> Story:
    """The nightly job that deletes for good what was in the trash for too long."""
    while True:
        limit_us = service.now_us - int(RETENTION * SECOND_US)
        for number in list(library.trash):
            asset = service.assets[number]
            if asset is None or asset.trashed_us > limit_us:
                break
            assets.purge(service, asset)
            yield 0.2
        yield DAY


CHORES: Final[tuple[Chore, ...]] = (
    rate_favourites,
    name_people,
    tidy_albums,
    edit_photos,
    weed_out,
    correct_faces,
    rate_favourites,
    stack_by_hand,
    merge_people,
    name_people,
    arrange_people,
    move_some,
    delete_person,
    delete_old_album,
)

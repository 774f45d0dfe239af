"""Albums: made, filled, renamed, given a cover, emptied, deleted."""

from __future__ import annotations

from gumnut_tui.demo.world.events import (
    ALBUM_ASSET_ADDED,
    ALBUM_ASSET_REMOVED,
    ALBUM_CREATED,
    ALBUM_DELETED,
    ALBUM_UPDATED,
    COVER,
    MEMBERSHIP,
    NO_PAYLOAD,
)
from gumnut_tui.demo.world.records import Album, Asset, LibraryRecord, Membership
from gumnut_tui.demo.world.service import Service


def create(service: Service, library: LibraryRecord, name: str, description: str | None = None) -> Album:
    """A new, empty album."""
    number = len(service.albums)
    created_us = service.record(library.number, ALBUM_CREATED, number)
    album = Album(number, library.number, name, created_us, created_us, description)
    service.albums.append(album)
    library.albums.append(number)
    return album


def add(service: Service, album: Album, asset: Asset) -> None:
    """Put an asset into an album, unless it is there already, in the trash or in another library."""
    if asset.number in album.members or not asset.is_live or asset.library != album.library:
        return
    number = len(service.memberships)
    payload = MEMBERSHIP if service.chance(0.6) else NO_PAYLOAD
    created_us = service.record(album.library, ALBUM_ASSET_ADDED, number, payload, album.number, asset.number)
    service.memberships.append(Membership(number, album.number, asset.number, created_us))
    album.members[asset.number] = number
    if asset.memberships is None:
        asset.memberships = []
    asset.memberships.append(number)


def remove(service: Service, membership: Membership) -> None:
    """Take an asset out of an album."""
    album = service.album(membership.album)
    asset = service.asset(membership.asset)
    service.record(album.library, ALBUM_ASSET_REMOVED, membership.number, MEMBERSHIP, album.number, asset.number)
    _unlink(service, album, asset, membership.number)


def set_cover(service: Service, album: Album, asset: Asset | None) -> None:
    """A user chooses the cover, or leaves it to the service."""
    album.cover = -1 if asset is None else asset.number
    album.updated_us = service.record(album.library, ALBUM_UPDATED, album.number, COVER, album.cover)


def rename(service: Service, album: Album, name: str, description: str | None) -> None:
    """A user gives it another name and description."""
    album.name = name
    album.description = description
    album.updated_us = service.record(album.library, ALBUM_UPDATED, album.number)


def delete(service: Service, album: Album) -> None:
    """The album and its memberships are gone with one event; its photos stay."""
    for asset_number, number in list(album.members.items()):
        _unlink(service, album, service.asset(asset_number), number)
    service.record(album.library, ALBUM_DELETED, album.number)
    service.albums[album.number] = None


def _unlink(service: Service, album: Album, asset: Asset, number: int) -> None:
    del album.members[asset.number]
    if asset.memberships is not None:
        asset.memberships.remove(number)
    if album.cover == asset.number:
        album.cover = -1
    service.memberships[number] = None

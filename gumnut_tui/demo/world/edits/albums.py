"""Albums: made, changed, deleted, filled and emptied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from gumnut_tui.demo.world.actions import albums
from gumnut_tui.demo.world.edits.change import Change
from gumnut_tui.demo.world.edits.found import Clash, Unfit, namesake, trimmed
from gumnut_tui.demo.world.records import Album, Asset

NEW_ALBUM: Final = "New Album"
"""The name of an album that was given none."""


@dataclass(frozen=True, slots=True)
class Linked:
    """What became of the photos that were to be put into an album, by id."""

    added: list[str]
    duplicates: list[str]
    not_found: list[str]


class AlbumEdits:
    """Changes albums."""

    def __init__(self, change: Change) -> None:
        self._change = change
        self._find = change.find

    def create(self, library_id: str, given: Mapping[str, Any]) -> tuple[str, bool]:
        """The id of an album of that name, and whether it is new; Clash where another value was given for it."""
        service, library = self._change.begin(), self._find.library(library_id)
        name = trimmed(given.get("name")) or NEW_ALBUM
        twin = namesake(name, service.living_albums(library))
        if twin is not None:
            if "description" in given and given["description"] != twin.description:
                raise Clash(f"An album named {twin.name!r} exists with another description")
            return self._find.id("album", twin.number), False
        album = albums.create(service, library, name, given.get("description"))
        return self._find.id("album", album.number), True

    def update(self, album_id: str, given: Mapping[str, Any]) -> None:
        """Set what is given; a null name changes nothing, a null description or cover clears it."""
        service, album = self._change.begin(), self._find.album(album_id)
        name = trimmed(given.get("name")) or album.name
        twin = namesake(name, service.living_albums(service.libraries[album.library]))
        if twin not in (None, album):
            raise Clash(f"Another album is named {name!r}")
        cover = self._cover(album, given.get("album_cover_asset_id"))
        if {"name", "description"} & given.keys():
            albums.rename(service, album, name, given.get("description", album.description))
        if "album_cover_asset_id" in given:
            albums.set_cover(service, album, cover)

    def _cover(self, album: Album, asset_id: str | None) -> Asset | None:
        if asset_id is None:
            return None
        asset = self._find.asset(asset_id)
        if asset.number not in album.members or not asset.is_live:
            raise Unfit("album_cover_asset_id must be a live asset in the album")
        return asset

    def delete(self, album_id: str) -> None:
        """Its photos stay."""
        service = self._change.begin()
        albums.delete(service, self._find.album(album_id))

    def add(self, album_id: str, ids: Iterable[str]) -> Linked:
        """Put live photos of the same library into an album."""
        service, album = self._change.begin(), self._find.album(album_id)
        linked = Linked([], [], [])
        for asset_id in dict.fromkeys(ids):
            asset = self._find.maybe_asset(asset_id)
            if asset is None or asset.library != album.library or not asset.is_live:
                linked.not_found.append(asset_id)
            elif asset.number in album.members:
                linked.duplicates.append(asset_id)
            else:
                albums.add(service, album, asset)
                linked.added.append(asset_id)
        return linked

    def remove(self, album_id: str, ids: Iterable[str]) -> None:
        """Take photos out of an album; those not in it are passed over."""
        service, album = self._change.begin(), self._find.album(album_id)
        for asset_id in dict.fromkeys(ids):
            asset = self._find.maybe_asset(asset_id)
            if asset is not None and asset.number in album.members:
                albums.remove(service, service.membership(album.members[asset.number]))

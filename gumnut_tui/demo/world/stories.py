"""The set pieces of the last day: what somebody who opens the demo should find at once."""

from __future__ import annotations

from gumnut_tui.demo.world.actions import albums, assets
from gumnut_tui.demo.world.agenda import Story
from gumnut_tui.demo.world.records import Album, Asset, LibraryRecord
from gumnut_tui.demo.world.service import MINUTE, Service


def trash_by_mistake(service: Service, library: LibraryRecord, count: int, patience: float) -> Story:
    """A whole selection goes to the trash within half a minute; after `patience` seconds a third is saved."""
    chosen = _uploaded_together(service, library, count)
    for asset in chosen:
        if asset.is_live and service.assets[asset.number] is asset:
            assets.trash(service, asset)
        yield 28.0 / len(chosen)
    yield patience
    for asset in chosen[: max(1, round(len(chosen) * 0.3))]:
        if asset.trashed_us and service.assets[asset.number] is asset:
            assets.restore(service, asset)
        yield 0.15 + service.rng.random() * 0.1


def delete_album(service: Service, library: LibraryRecord) -> Story:
    """An album is made, filled, found useless some minutes later and deleted."""
    album = albums.create(service, library, "Screenshots & receipts to sort", "Everything that is not a photo")
    yield 5.0
    yield from _fill(service, album, service.live_assets(library, _share(library, 24)))
    yield 4 * MINUTE
    if service.albums[album.number] is album:
        albums.delete(service, album)


def empty_out_of_album(service: Service, library: LibraryRecord) -> Story:
    """A dozen photos are taken out of the fullest album; the photos themselves stay."""
    living = service.living_albums(library)
    if not living:
        return
    album = max(living, key=lambda each: (len(each.members), -each.number))
    leaving = list(album.members)[:: max(2, len(album.members) // 14)][:14]
    for asset in leaving:
        if service.albums[album.number] is album and asset in album.members:
            albums.remove(service, service.membership(album.members[asset]))
        yield service.rng.uniform(0.4, 2.5)


def purge_for_good(service: Service, library: LibraryRecord, patience: float) -> Story:
    """A few photos with faces, out of albums, are trashed and then deleted for good."""
    chosen = service.live_assets(library, _share(library, 6), lambda asset: bool(asset.faces and asset.memberships))
    chosen = chosen or service.live_assets(library, 3, lambda asset: bool(asset.faces or asset.memberships))
    for asset in chosen:
        if asset.is_live and service.assets[asset.number] is asset:
            assets.trash(service, asset)
        yield service.rng.uniform(1, 4)
    yield patience
    for asset in chosen:
        if asset.trashed_us and service.assets[asset.number] is asset:
            assets.purge(service, asset)
        yield service.rng.uniform(0.3, 1.2)


def sort_out_a_trip(service: Service, library: LibraryRecord) -> Story:
    """Photos of one occasion are gone through: stars for most, a crop or more light for some."""
    for asset in _uploaded_together(service, library, _share(library, 40)):
        if asset.is_live and service.assets[asset.number] is asset:
            if asset.seconds or service.chance(0.8):
                assets.rate(service, asset, service.rng.choice((3, 4, 4, 5)))
            else:
                assets.edit(service, asset)
        yield service.rng.uniform(2, 14)


def _uploaded_together(service: Service, library: LibraryRecord, count: int) -> list[Asset]:
    """Live assets that arrived one after the other, as a selection in a grid holds them."""
    live = [
        asset
        for number in dict.fromkeys(library.assets)
        if (asset := service.assets[number]) is not None and asset.is_live and asset.library == library.number
    ]
    first = service.rng.randrange(max(1, len(live) - 2 * count))
    return live[first : first + count]


def _fill(service: Service, album: Album, chosen: list[Asset]) -> Story:
    for asset in chosen:
        if service.albums[album.number] is album and service.assets[asset.number] is asset and asset.is_live:
            albums.add(service, album, asset)
        yield service.rng.uniform(0.1, 0.6)


def _share(library: LibraryRecord, most: int) -> int:
    return max(3, min(most, library.live_assets // 8))

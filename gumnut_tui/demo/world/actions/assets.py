"""Photos: uploaded, refined by background jobs, rated, edited, trashed, restored, purged, moved."""

from __future__ import annotations

from typing import Any

from gumnut_tui.demo.world.actions import albums, people, stacks
from gumnut_tui.demo.world.cameras import file_bytes
from gumnut_tui.demo.world.events import (
    ASSET_CREATED,
    ASSET_DELETED,
    ASSET_MOVED_IN,
    ASSET_MOVED_OUT,
    ASSET_REINDEXED,
    ASSET_RESTORED,
    ASSET_TRASHED,
    ASSET_UPDATED,
    METADATA_UPDATED,
)
from gumnut_tui.demo.world.records import Asset, LibraryRecord, UploadedFile
from gumnut_tui.demo.world.service import Service

_SWAPPED = 0.004
"""How often the two events of an upload come in the wrong order."""


def upload(
    service: Service,
    library: LibraryRecord,
    *,
    camera: int,
    taken_us: int,
    place: int,
    theme: int,
    seconds: float = 0.0,
    burst: int = -1,
    name: str | None = None,
    file: UploadedFile | None = None,
) -> Asset:
    """A file arrives: the asset's row and its first metadata are written."""
    number = len(service.assets)
    key = (library.number, camera)
    file_number = service.file_numbers.get(key, camera * 613 % 9000) + 1
    service.file_numbers[key] = file_number
    if service.chance(_SWAPPED):
        metadata_us = service.record(library.number, METADATA_UPDATED, number)
        created_us = service.record(library.number, ASSET_CREATED, number)
    else:
        created_us = service.record(library.number, ASSET_CREATED, number)
        metadata_us = service.record(library.number, METADATA_UPDATED, number)
    asset = Asset(
        number,
        library.number,
        camera,
        file_number,
        taken_us // 1000 * 1000,
        place,
        theme,
        created_us,
        created_us,
        metadata_us,
        name,
        seconds,
        burst,
        file=file,
    )
    service.assets.append(asset)
    library.assets.append(number)
    library.live_assets += 1
    library.stored_bytes += file_bytes(asset)
    return asset


def update(service: Service, asset: Asset, *, slow: bool = False) -> None:
    """Something in the asset's own row changed."""
    asset.updated_us = service.record(asset.library, ASSET_UPDATED, asset.number, slow=slow)


def update_metadata(service: Service, asset: Asset, *, slow: bool = False) -> None:
    """Something in the asset's metadata changed."""
    asset.metadata_us = service.record(asset.library, METADATA_UPDATED, asset.number, slow=slow)


def rate(service: Service, asset: Asset, rating: int) -> None:
    """A user gives stars; 5 is a favourite."""
    asset.rating = rating
    update_metadata(service, asset)


def describe(service: Service, asset: Asset, own: dict[str, Any], rating: int | None = None) -> None:
    """A user sets metadata through the API: `own` as it is then, and stars where they are given."""
    asset.own = own or None
    if rating is not None:
        asset.rating = rating
    update_metadata(service, asset)


def caption(service: Service, asset: Asset, index: int) -> None:
    """A user writes a caption."""
    asset.caption = index
    if asset.own is not None:
        asset.own.pop("description", None)
    update_metadata(service, asset)


def edit(service: Service, asset: Asset) -> None:
    """A user saves an edited version, which becomes the current one."""
    asset.edits += 1
    update(service, asset)


def reindex(service: Service, asset: Asset) -> None:
    """A job this client cannot know writes an event of a new type."""
    service.record(asset.library, ASSET_REINDEXED, asset.number, slow=True)


def trash(service: Service, asset: Asset) -> None:
    """Into the trash; faces and memberships go out of sight without an event."""
    library = service.libraries[asset.library]
    asset.trashed_us = asset.updated_us = service.record(asset.library, ASSET_TRASHED, asset.number)
    library.live_assets -= 1
    library.trash[asset.number] = None


def restore(service: Service, asset: Asset) -> None:
    """Back from the trash, with all that was attached."""
    library = service.libraries[asset.library]
    asset.updated_us = service.record(asset.library, ASSET_RESTORED, asset.number)
    asset.trashed_us = 0
    library.live_assets += 1
    library.trash.pop(asset.number, None)


def purge(service: Service, asset: Asset) -> None:
    """Out of the trash, or straight away, for good: faces, memberships and the asset are gone."""
    library = service.libraries[asset.library]
    for face in list(asset.faces or ()):
        people.delete_face(service, service.face(face))
    for membership in list(asset.memberships or ()):
        albums.remove(service, service.membership(membership))
    stacks.leave(service, asset)
    service.record(asset.library, ASSET_DELETED, asset.number)
    service.assets[asset.number] = None
    library.stored_bytes -= file_bytes(asset)
    if asset.is_live:
        library.live_assets -= 1
    library.trash.pop(asset.number, None)


def move(service: Service, asset: Asset, destination: LibraryRecord) -> None:
    """To another library: ids of asset and faces survive; albums, people and stack stay behind."""
    source = service.libraries[asset.library]
    for membership in list(asset.memberships or ()):
        albums.remove(service, service.membership(membership))
    stacks.leave(service, asset)
    for number in asset.faces or ():
        people.detach(service, service.face(number))
    service.record(source.number, ASSET_MOVED_OUT, asset.number)
    asset.library = destination.number
    asset.updated_us = service.record(destination.number, ASSET_MOVED_IN, asset.number)
    destination.assets.append(asset.number)
    destination.unclustered.extend(asset.faces or ())
    size = file_bytes(asset)
    source.live_assets -= 1
    source.stored_bytes -= size
    destination.live_assets += 1
    destination.stored_bytes += size

"""Photos: sent, trashed, restored, deleted, moved, described."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from gumnut_tui.demo.world.actions import assets
from gumnut_tui.demo.world.cameras import CAMERA_NUMBER
from gumnut_tui.demo.world.documents import checksum
from gumnut_tui.demo.world.edits.change import Change
from gumnut_tui.demo.world.edits.found import Unfit
from gumnut_tui.demo.world.imports import refine
from gumnut_tui.demo.world.instants import wall_us
from gumnut_tui.demo.world.records import LibraryRecord, UploadedFile
from gumnut_tui.demo.world.service import Service
from gumnut_tui.demo.world.themes import THEME_NUMBER


class PhotoEdits:
    """Changes photos."""

    def __init__(self, change: Change) -> None:
        self._change = change
        self._find = change.find

    def restore(self, library_id: str, ids: Iterable[str]) -> None:
        """Back from the trash; live, unknown and other libraries' photos are passed over."""
        service = self._change.begin()
        for asset in self._find.assets(library_id, ids):
            if not asset.is_live:
                assets.restore(service, asset)

    def trash(self, library_id: str, ids: Iterable[str]) -> None:
        """Into the trash; those there already are passed over."""
        service = self._change.begin()
        for asset in self._find.assets(library_id, ids):
            if asset.is_live:
                assets.trash(service, asset)

    def delete(self, asset_id: str) -> None:
        """For good, also from the trash."""
        service = self._change.begin()
        assets.purge(service, self._find.asset(asset_id))

    def upload(self, library_id: str, name: str, file: UploadedFile) -> tuple[str, bool]:
        """The id of the photo with these bytes, and whether it is new: one that is there, even in the trash, stays."""
        service, library = self._change.begin(), self._find.library(library_id)
        twin = self._find.twin(library, file.checksum)
        if twin is not None:
            return self._find.id("asset", twin.number), False
        asset = assets.upload(
            service,
            library,
            camera=CAMERA_NUMBER["sent by a client"],
            taken_us=wall_us(file.created),
            place=-1,
            theme=THEME_NUMBER["home"],
            seconds=8.0 if file.mime_type.startswith("video/") else 0.0,
            name=name,
            file=file,
        )
        service.agenda.start(refine(service, asset.number), 1.0)
        return self._find.id("asset", asset.number), True

    def move(self, ids: Iterable[str], source_id: str, destination_id: str) -> list[dict[str, Any]]:
        """To another library; what became of each, in the order asked, each id once."""
        service = self._change.begin()
        source, destination = self._find.library(source_id), self._find.library(destination_id)
        if source is destination:
            raise Unfit("source_library_id and destination_library_id must differ")
        return [
            {"asset_id": asset_id, **self._move(service, asset_id, source, destination)}
            for asset_id in dict.fromkeys(ids)
        ]

    def _move(
        self, service: Service, asset_id: str, source: LibraryRecord, destination: LibraryRecord
    ) -> dict[str, str]:
        asset = self._find.maybe_asset(asset_id)
        if asset is None or not asset.is_live:
            return {"outcome": "failed", "failure": "unavailable"}
        if asset.library == destination.number:
            return {"outcome": "already_in_destination"}
        if asset.library != source.number:
            return {"outcome": "failed", "failure": "changed_source"}
        if self._find.twin(destination, checksum(asset)) is not None:
            return {"outcome": "failed", "failure": "duplicate"}
        assets.move(service, asset, destination)
        return {"outcome": "moved"}

    def describe(self, changes: Mapping[str, Mapping[str, Any]]) -> None:
        """Set metadata of photos, by id; null takes a user's value away. All of it, or nothing."""
        service = self._change.begin()
        found = [(self._find.asset(asset_id), change) for asset_id, change in changes.items()]
        for asset, change in found:
            own = dict(asset.own or {})
            rating = None
            for field, value in change.items():
                if field == "rating":
                    rating = value or 0
                elif value is None:
                    own.pop(field, None)
                else:
                    own[field] = value
            if change.get("description", "") is None:
                asset.caption = -1
            assets.describe(service, asset, own, rating)

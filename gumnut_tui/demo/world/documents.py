"""Entities as the JSON the service answers with, every optional group filled."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from gumnut_tui.demo.world.cameras import file_bytes, file_name, mime_type, rendered_size
from gumnut_tui.demo.world.instants import instant, utc
from gumnut_tui.demo.world.metadata import fraction, metadata_json, zone_suffix
from gumnut_tui.demo.world.places import PLACES
from gumnut_tui.demo.world.records import Album, Asset, Face, LibraryRecord, Membership, Person, Stack
from gumnut_tui.demo.world.service import Service
from gumnut_tui.demo.world.themes import QUALITIES, THEMES

Document = dict[str, Any]
_REFUSED: Final = 0.012
"""Share of photos the describing model declines."""


class Documents:
    """Writes the records of a service as JSON objects; keys that start with `_` are not part of the API."""

    def __init__(self, service: Service, user_id: str, user_name: str) -> None:
        self._service = service
        self._user_id = user_id
        self._user_name = user_name

    def library(self, library: LibraryRecord) -> Document:
        """A library."""
        return {
            "id": self._id("library", library.number),
            "name": library.name,
            "description": library.description,
            "asset_count": library.live_assets,
            "user_id": self._user_id,
            "owner": {"id": self._user_id, "display_name": self._user_name},
            "role": "owner",
            "storage_used_bytes": library.stored_bytes,
            "storage_limit_bytes": None,
            "created_at": utc(library.created_us),
            "updated_at": utc(library.updated_us),
            "_trashed": bool(library.trashed_us),
        }

    def asset(self, asset: Asset) -> Document:
        """An asset with metadata, faces, people and file data."""
        service = self._service
        width, height = rendered_size(asset)
        faces = [service.face(number) for number in asset.faces or ()]
        people = {face.person: service.person(face.person) for face in faces if face.person >= 0}
        size = file_bytes(asset)
        taken = instant(asset.captured_us)
        return {
            "id": self._id("asset", asset.number),
            "created_at": utc(asset.created_us),
            "updated_at": utc(max(asset.updated_us, asset.created_us)),
            "local_datetime": taken.strftime("%Y-%m-%dT%H:%M:%S.%f") + zone_suffix(asset),
            "original_file_name": file_name(asset),
            "mime_type": "image/jpeg" if asset.edits and not asset.seconds else mime_type(asset),
            "width": width,
            "height": height,
            "duration": asset.seconds or None,
            "file_size_bytes": int(size * 0.63) if asset.edits else size,
            "kind": "edit" if asset.edits else "original",
            "current_version_id": self._id("version", asset.number << 8 | min(asset.edits, 255)),
            "description": _description(asset),
            "quality_score": round(0.2 + 0.1 * int(fraction(asset.number, "quality") * 8), 1) if asset.scored else None,
            "thumbhash": _thumbhash(asset, width, height) if asset.hashed else None,
            "stack_id": self._optional("stack", asset.stack),
            "trashed_at": utc(asset.trashed_us) if asset.trashed_us else None,
            "metadata": metadata_json(self._id("asset", asset.number), asset),
            "faces": [self.face(face) for face in faces],
            "people": [self._bare_person(person) for person in people.values()],
            "file_data": _file_data(asset, size),
            "_library_id": self._id("library", asset.library),
            "_trashed": bool(asset.trashed_us),
            "_picture": picture_seed(asset),
            "_aspect": width / height,
        }

    def face(self, face: Face) -> Document:
        """A face on its asset."""
        asset = self._service.asset(face.asset)
        width, height = rendered_size(asset)
        left, top, wide, high = face.box or _found_box(face, width, height)
        return {
            "id": self._id("face", face.number),
            "asset_id": self._id("asset", face.asset),
            "person_id": self._optional("person", face.person),
            "bounding_box": {"x": left, "y": top, "w": wide, "h": high},
            "source": "manual" if face.manual else "automatic",
            "confidence": None if face.manual else round(0.62 + 0.37 * fraction(face.number, "sure"), 4),
            "timestamp_ms": int(asset.seconds * 1000 * fraction(face.number, "when")) if asset.seconds else None,
            "created_at": utc(face.created_us),
            "updated_at": utc(max(face.created_us, face.updated_us)),
            "_library_id": self._id("library", asset.library),
            "_trashed": bool(asset.trashed_us),
            "_picture": picture_seed(asset),
            "_aspect": width / height,
        }

    def person(self, person: Person) -> Document:
        """A person with the count of live photos and the metrics of the cluster."""
        mean = 0.14 + 0.18 * fraction(person.number, "mean")
        cover = self._service.faces[person.thumbnail_face] if person.thumbnail_face >= 0 else None
        return {
            **self._bare_person(person),
            "asset_count": len({asset.number for asset in self._assets_of(person) if asset.is_live}),
            "cluster_metrics": {
                "face_count": len(person.faces),
                "pairwise_mean": round(mean, 4),
                "pairwise_p90": round(mean * 1.4, 4),
            }
            if person.faces
            else None,
            **self._picture_of(self._service.asset(cover.asset) if cover else None),
        }

    def _bare_person(self, person: Person) -> Document:
        return {
            "id": self._id("person", person.number),
            "name": person.name,
            "birth_date": person.birth_date,
            "is_favorite": person.is_favorite,
            "is_hidden": person.is_hidden,
            "asset_count": None,
            "thumbnail_face_id": self._optional("face", person.thumbnail_face),
            "created_at": utc(person.created_us),
            "updated_at": utc(max(person.created_us, person.updated_us)),
            "_library_id": self._id("library", person.library),
            "_trashed": False,
        }

    def album(self, album: Album) -> Document:
        """An album; the cover is the chosen one, or the oldest live photo."""
        live = [asset for asset in map(self._service.asset, album.members) if asset.is_live]
        live.sort(key=lambda asset: (asset.captured_us, asset.number))
        chosen = next((asset for asset in live if asset.number == album.cover), None)
        cover = chosen or (live[0] if live else None)
        return {
            "id": self._id("album", album.number),
            "name": album.name,
            "description": album.description,
            "asset_count": len(live),
            "album_cover_asset_id": self._id("asset", cover.number) if cover else None,
            "start_date": utc(live[0].captured_us) if live else None,
            "end_date": utc(live[-1].captured_us) if live else None,
            "created_at": utc(album.created_us),
            "updated_at": utc(album.updated_us),
            "_library_id": self._id("library", album.library),
            "_trashed": False,
            **self._picture_of(cover),
        }

    def membership(self, membership: Membership) -> Document:
        """One asset's place in one album."""
        asset = self._service.asset(membership.asset)
        return {
            "id": self._id("album_asset", membership.number),
            "album_id": self._id("album", membership.album),
            "asset_id": self._id("asset", membership.asset),
            "created_at": utc(membership.created_us),
            "updated_at": utc(membership.created_us),
            "_library_id": self._id("library", asset.library),
            "_trashed": bool(asset.trashed_us),
        }

    def stack(self, stack: Stack) -> Document:
        """A stack with its live members in order of capture."""
        live = [asset for asset in map(self._service.asset, stack.members) if asset.is_live]
        live.sort(key=lambda asset: (asset.captured_us, asset.number))
        return {
            "id": self._id("stack", stack.number),
            "origin": "user" if stack.by_user else "auto_burst",
            "asset_count": len(live),
            "asset_ids": [self._id("asset", asset.number) for asset in live],
            "primary_asset_id": self._optional("asset", stack.primary),
            "created_at": utc(stack.created_us),
            "updated_at": utc(stack.updated_us),
            "_library_id": self._id("library", stack.library),
            "_trashed": False,
        }

    def _assets_of(self, person: Person) -> Iterable[Asset]:
        return (self._service.asset(self._service.face(number).asset) for number in person.faces)

    def _picture_of(self, asset: Asset | None) -> Document:
        if asset is None:
            return {"_picture": None, "_aspect": None}
        width, height = rendered_size(asset)
        return {"_picture": picture_seed(asset), "_aspect": width / height}

    def _id(self, kind: str, number: int) -> str:
        return self._service.ids.encode(kind, number)

    def _optional(self, kind: str, number: int) -> str | None:
        return None if number < 0 else self._id(kind, number)


def picture_seed(asset: Asset) -> int:
    """The seed of the generated picture, each asset's own."""
    return asset.number * 2_654_435_761 % (1 << 32)


def _found_box(face: Face, width: int, height: int) -> tuple[int, int, int, int]:
    """Where the detector found a face on a picture of that size."""
    size = int(height * (0.08 + 0.16 * fraction(face.number, "size")))
    left = int((width - size) * fraction(face.number, "x"))
    top = int((height - 1.3 * size) * (0.1 + 0.6 * fraction(face.number, "y")))
    return left, top, size, int(size * 1.3)


def _thumbhash(asset: Asset, width: int, height: int) -> str:
    # Drawing is only needed when somebody looks, so a world without readers never loads it.
    from gumnut_tui.demo.pictures.drawing import thumbhash

    return thumbhash(picture_seed(asset), width, height)


def _description(asset: Asset) -> str | None:
    if not asset.described:
        return None
    if fraction(asset.number, "refused") < _REFUSED:
        return ""
    subjects = THEMES[asset.theme].subjects
    subject = subjects[int(fraction(asset.number, "subject") * len(subjects))]
    quality = QUALITIES[int(fraction(asset.number, "light") * len(QUALITIES))]
    where = f" in {PLACES[asset.place].city}" if asset.located else ""
    return f"{'Video of' if asset.seconds else 'Photo of'} {subject}{where}. {quality}"


def checksum(asset: Asset) -> str:
    """The SHA-256 of the uploaded file, base64; that of made-up files is of their number."""
    if asset.file is not None:
        return asset.file.checksum
    return base64.b64encode(hashlib.sha256(_content(asset)).digest()).decode()


def _content(asset: Asset) -> bytes:
    return f"content of {asset.number}".encode()


def _file_data(asset: Asset, size: int) -> Document:
    if (file := asset.file) is not None:
        return {
            "checksum": file.checksum,
            "checksum_sha1": file.checksum_sha1,
            "device_asset_id": file.device_asset_id,
            "device_id": file.device_id,
            "file_created_at": file.created,
            "file_modified_at": file.modified,
            "file_size_bytes": file.size,
        }
    name = file_name(asset)
    made = instant(asset.taken_us).replace(microsecond=0)
    modified = made + timedelta(seconds=int(2 * fraction(asset.number, "saved")))
    epoch_ms = asset.taken_us // 1000
    return {
        "checksum": checksum(asset),
        "checksum_sha1": base64.b64encode(hashlib.sha1(_content(asset), usedforsecurity=False).digest()).decode(),
        "device_asset_id": f"web-{name}-{epoch_ms}",
        "device_id": "WEB",
        "file_created_at": made.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "file_modified_at": modified.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "file_size_bytes": size,
    }

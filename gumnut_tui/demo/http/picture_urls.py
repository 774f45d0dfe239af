"""Addresses of pictures: on the picture host, and signed so that they need no key."""

from __future__ import annotations

import base64
import hmac
from typing import Any
from urllib.parse import quote

from gumnut_tui.demo.http.library_world import LibraryWorld

RUNGS = {"thumbnail": 360, "small": 720, "preview": 1440, "fullsize": None}
"""Picture sizes by name: long edge in pixels (None: the asset's own)."""

_SECRET = b"the demo library's picture host"


def signature(path: str) -> str:
    """The ``verify`` value of a picture's path: 43 characters of base64url."""
    digest = hmac.digest(_SECRET, path.encode(), "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


class PictureUrls:
    """Makes the ``asset_urls`` of entities for the picture host at ``origin``."""

    def __init__(self, world: LibraryWorld, origin: str) -> None:
        self._world = world
        self._origin = origin

    def of_asset(self, asset: dict[str, Any], *, every: bool) -> dict[str, Any]:
        """The asset's variants: only the thumbnail, or ``every`` rung and the file."""
        suffix = "_image" if is_video(asset) else ""
        rungs = RUNGS if every else ("thumbnail",)
        stem = f"/assets/{asset['id']}/{asset.get('current_version_id', 'v1')}"
        urls = {rung + suffix: self._variant(f"{stem}/{rung}.png", _width(asset, RUNGS[rung])) for rung in rungs}
        if every:
            download = "&dl=" + quote(str(asset.get("original_file_name", "original")))
            path = f"{stem}/original"
            urls["original"] = {
                "url": f"{self._origin}{path}?verify={signature(path)}{download}",
                "mimetype": asset.get("mime_type", "application/octet-stream"),
                "width": asset.get("width") or None,
            }
        return urls

    def of_face(self, face: dict[str, Any]) -> dict[str, Any]:
        """The face's crop."""
        return {"thumbnail": self._variant(f"/faces/{face['id']}/thumbnail.png", 360)}

    def of_person(self, person: dict[str, Any]) -> dict[str, Any] | None:
        """The crop of the person's thumbnail face, if it has one."""
        face = self._world.entity("face", person.get("thumbnail_face_id") or "")
        return self.of_face(face) if face else None

    def of_album(self, album: dict[str, Any]) -> dict[str, Any] | None:
        """The thumbnail of the album's cover, if it has one."""
        cover = self._world.entity("asset", album.get("album_cover_asset_id") or "")
        if cover is None:
            return None
        return {"thumbnail": next(iter(self.of_asset(cover, every=False).values()))}

    def _variant(self, path: str, width: int | None) -> dict[str, Any]:
        url = f"{self._origin}{path}?verify={signature(path)}"
        return {"url": url, "mimetype": "image/png", "width": width}


def is_video(asset: dict[str, Any]) -> bool:
    """Whether the asset is a video."""
    return str(asset.get("mime_type", "")).startswith("video/")


def _width(asset: dict[str, Any], long_edge: int | None) -> int | None:
    width, height = asset.get("width") or 0, asset.get("height") or 0
    if not width or not height:
        return None
    if long_edge is None or max(width, height) <= long_edge:
        return int(width)
    return max(1, round(width * long_edge / max(width, height)))

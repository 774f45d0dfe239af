"""The picture host: another origin than the API's, which wants a signature and never a key."""

from __future__ import annotations

import hmac
from asyncio import to_thread
from collections.abc import Callable
from typing import Any
from zlib import crc32

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from gumnut_tui.demo.http.library_world import LibraryWorld
from gumnut_tui.demo.http.picture_urls import RUNGS, is_video, signature
from gumnut_tui.demo.pictures.drawing import face_thumbnail, thumbnail


class PictureHost:
    """Serves the pictures of ``world``.

    A request that carries an ``Authorization`` header is refused with 400 and its path kept in ``leaks``. The still
    of every fourth video is not there when it is first asked for, and is there from then on.
    """

    def __init__(self, world: LibraryWorld) -> None:
        self._world = world
        self._asked: set[str] = set()
        self.leaks: list[str] = []
        self.app: ASGIApp = Starlette(
            routes=[
                Route("/assets/{asset_id}/{version}/original", self.original),
                Route("/assets/{asset_id}/{version}/{rung}.png", self.asset),
                Route("/faces/{face_id}/thumbnail.png", self.face),
            ]
        )

    async def asset(self, request: Request) -> Response:
        """One rung of an asset's picture."""
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        rung = request.path_params["rung"]
        asset = self._world.entity("asset", request.path_params["asset_id"])
        if asset is None or rung not in RUNGS or self._is_pending(asset, request.url.path):
            return _not_found()
        width, height = asset.get("width") or 0, asset.get("height") or 0
        if not (width and height):
            width, height = round(1000 * asset["_aspect"]), 1000
        long_edge = min(RUNGS[rung] or max(width, height), max(width, height))
        return await _png(lambda: thumbnail(asset["_picture"], width, height, long_edge))

    async def face(self, request: Request) -> Response:
        """A face crop: the likeness of the face's person."""
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        face = self._world.entity("face", request.path_params["face_id"])
        if face is None:
            return _not_found()
        seed = crc32(str(face.get("person_id") or face["id"]).encode())
        return await _png(lambda: face_thumbnail(seed))

    async def original(self, request: Request) -> Response:
        """The uploaded file, which the demo library does not keep."""
        return self._refusal(request) or _not_found()

    def _refusal(self, request: Request) -> Response | None:
        if "authorization" in request.headers:
            self.leaks.append(request.url.path)
            return PlainTextResponse("This host takes no Authorization header", 400)
        given = request.query_params.get("verify", "")
        if not hmac.compare_digest(given.encode(), signature(request.url.path).encode()):
            return PlainTextResponse("Forbidden", 403)
        return None

    def _is_pending(self, asset: dict[str, Any], path: str) -> bool:
        if path in self._asked or not is_video(asset) or asset["_picture"] % 4:
            return False
        self._asked.add(path)
        return True


async def _png(draw: Callable[[], bytes]) -> Response:
    body = await to_thread(draw)
    headers = {"cache-control": "public, max-age=31536000, immutable"}
    return Response(body, media_type="image/png", headers=headers)


def _not_found() -> Response:
    return PlainTextResponse("Not found", 404)

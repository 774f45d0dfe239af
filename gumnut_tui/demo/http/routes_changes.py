"""What clients may change, for a server that is writable: each call checks the key, the body, and then acts."""

from __future__ import annotations

import base64
import hashlib
import mimetypes
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gumnut_tui.demo.http import bodies
from gumnut_tui.demo.http.auth import Access, access
from gumnut_tui.demo.http.bodies import Body, Form, read_form
from gumnut_tui.demo.http.generations import Generation
from gumnut_tui.demo.http.library_world import LibraryWorld
from gumnut_tui.demo.http.refusals import Problem, json_response
from gumnut_tui.demo.http.views import Views
from gumnut_tui.demo.world.edits.editor import Editor
from gumnut_tui.demo.world.edits.found import Clash, NotThere, Unfit
from gumnut_tui.demo.world.records import UploadedFile

_PERSON = {
    "name": bodies.text,
    "birth_date": bodies.day,
    "is_favorite": bodies.flag,
    "is_hidden": bodies.flag,
    "thumbnail_face_id": bodies.text,
}
_PHOTO = {
    "description": bodies.text,
    "rating": bodies.stars,
    "latitude": bodies.degrees(90),
    "longitude": bodies.degrees(180),
    "original_datetime": bodies.moment,
}
_MEDIA = {".heic": "image/heic", ".webp": "image/webp", ".avif": "image/avif"}
"""Extensions that not every system knows."""
_LONGEST_NAME = 1024

Handler = Callable[["Call"], Awaitable[Response]]


class Call:
    """One request for a change, by a key that may make it."""

    def __init__(self, request: Request, caller: Access, generation: Generation) -> None:
        self.request = request
        self.caller = caller
        self._generation = generation

    async def body(self) -> Body:
        """What was sent."""
        return await Body.read(self.request)

    @property
    def entity_id(self) -> str:
        """The id in the path."""
        return str(self.request.path_params["entity_id"])

    def library(self, given: str | None) -> str:
        """The library meant."""
        return self.caller.library_id(given, self._generation)

    @property
    def queried_library(self) -> str:
        """The library the query names, or the only one."""
        return self.library(self.request.query_params.get("library_id"))


class ChangeRoutes:
    """Changes ``world`` through ``editor``, and answers as the reads of ``views`` do."""

    def __init__(self, world: LibraryWorld, editor: Editor, generation: Generation, views: Views) -> None:
        self._world = world
        self._editor = editor
        self._generation = generation
        self._views = views

    def routes(self) -> list[Route]:
        """Every call, to be tried before the reads."""
        return [
            self._route("POST", "/api/assets/restore", self.restore),
            self._route("POST", "/api/assets/trash", self.trash, "delete"),
            self._route("POST", "/api/assets/move", self.move, "delete_permanently"),
            self._route("POST", "/api/assets/bulk-update", self.describe_many),
            self._route("POST", "/api/assets", self.upload),
            self._route("PATCH", "/api/assets/{entity_id}", self.describe),
            self._route("DELETE", "/api/assets/{entity_id}", self.delete_asset, "delete_permanently"),
            self._route("POST", "/api/albums", self.create_album),
            self._route("PATCH", "/api/albums/{entity_id}", self.update_album),
            self._route("DELETE", "/api/albums/{entity_id}", self.delete_album, "delete"),
            self._route("POST", "/api/albums/{entity_id}/assets", self.add_to_album),
            self._route("DELETE", "/api/albums/{entity_id}/assets", self.remove_from_album),
            self._route("POST", "/api/people", self.create_person),
            self._route("PATCH", "/api/people/{entity_id}", self.update_person),
            self._route("DELETE", "/api/people/{entity_id}", self.delete_person, "delete"),
            self._route("POST", "/api/people/{entity_id}/merge", self.merge_people),
            self._route("POST", "/api/faces", self.create_face),
            self._route("PATCH", "/api/faces/{entity_id}", self.assign_face),
            self._route("DELETE", "/api/faces/{entity_id}", self.delete_face, "delete"),
            self._route("POST", "/api/stacks", self.create_stack),
            self._route("PATCH", "/api/stacks/{entity_id}", self.pin_cover),
            self._route("DELETE", "/api/stacks/{entity_id}", self.dissolve_stack),
            self._route("POST", "/api/stacks/{entity_id}/assets", self.add_to_stack),
            self._route("DELETE", "/api/stacks/{entity_id}/assets", self.remove_from_stack),
            self._route("POST", "/api/libraries/{entity_id}/restore", self.restore_library),
            self._route("POST", "/api/libraries/{entity_id}/trash", self.trash_library, "delete"),
        ]

    def _route(self, method: str, path: str, handler: Handler, *actions: str) -> Route:
        async def endpoint(request: Request) -> Response:
            caller = access(request, self._world)
            caller.need("write", *actions)
            try:
                return await handler(Call(request, caller, self._generation))
            except NotThere as absence:
                raise Problem(404, str(absence)) from None
            except Clash as clash:
                raise Problem(409, str(clash)) from None
            except Unfit as unfit:
                raise Problem(422, str(unfit)) from None

        return Route(path, endpoint, methods=[method])

    def _see(self, call: Call, kind: str, entity_id: str | None = None) -> str:
        """The id of the path, or another; 404 unless it is there, in a library the key opens."""
        wanted = call.entity_id if entity_id is None else entity_id
        entity = self._world.entity(kind, wanted)
        if entity is None or not call.caller.sees(entity["_library_id"]):
            raise Problem(404, f"{kind.capitalize()} {wanted} not found")
        return wanted

    def _answer(self, kind: str, entity_id: str, *, new: bool = False) -> Response:
        entity = self._world.entity(kind, entity_id)
        if entity is None:
            raise Problem(404, f"{kind.capitalize()} {entity_id} not found")
        return json_response(self._views.render(kind, entity, frozenset()), 201 if new else 200)

    # Photos

    async def restore(self, call: Call) -> Response:
        ids = (await call.body()).ids("ids")
        self._editor.photos.restore(call.queried_library, ids)
        return json_response({})

    async def trash(self, call: Call) -> Response:
        ids = (await call.body()).ids("ids")
        self._editor.photos.trash(call.queried_library, ids)
        return json_response({})

    async def delete_asset(self, call: Call) -> Response:
        self._editor.photos.delete(self._see(call, "asset"))
        return json_response({})

    async def upload(self, call: Call) -> Response:
        form = await read_form(call.request, "asset_data")
        media = _MEDIA.get(form.file_name[-5:].lower()) or mimetypes.guess_type(form.file_name)[0] or ""
        if not media.startswith(("image/", "video/")) or len(form.file_name) > _LONGEST_NAME:
            raise Problem(422, "asset_data must be an image or video file with a name of at most 1024 characters")
        file = UploadedFile(
            checksum=_base64(hashlib.sha256(form.file).digest()),
            checksum_sha1=_base64(hashlib.sha1(form.file, usedforsecurity=False).digest()),
            size=len(form.file),
            mime_type=media,
            device_asset_id=form.text("device_asset_id"),
            device_id=form.text("device_id"),
            created=_file_time(form, "file_created_at"),
            modified=_file_time(form, "file_modified_at"),
        )
        library_id = call.library(form.fields.get("library_id"))
        asset_id, new = self._editor.photos.upload(library_id, form.file_name, file)
        return self._answer("asset", asset_id, new=new)

    async def move(self, call: Call) -> Response:
        body = await call.body()
        source, destination = (call.library(body.text(f"{end}_library_id")) for end in ("source", "destination"))
        return json_response({"data": self._editor.photos.move(body.ids("asset_ids"), source, destination)})

    async def describe(self, call: Call) -> Response:
        asset_id = self._see(call, "asset")
        self._editor.photos.describe({asset_id: _described(await call.body())})
        return self._answer("asset", asset_id)

    async def describe_many(self, call: Call) -> Response:
        updates = (await call.body()).items("updates")
        changes = {self._see(call, "asset", one.text("id")): _described(one.part("change")) for one in updates}
        if len(changes) < len(updates):
            raise Problem(422, "updates must name each asset once")
        self._editor.photos.describe(changes)
        return json_response({})

    # Albums

    async def create_album(self, call: Call) -> Response:
        body = await call.body()
        given = body.given({"name": bodies.text, "description": bodies.text})
        album_id, new = self._editor.albums.create(call.library(body.optional("library_id")), given)
        return self._answer("album", album_id, new=new)

    async def update_album(self, call: Call) -> Response:
        album_id = self._see(call, "album")
        body = await call.body()
        self._editor.albums.update(
            album_id,
            body.given({"name": bodies.text, "description": bodies.text, "album_cover_asset_id": bodies.text}),
        )
        return self._answer("album", album_id)

    async def delete_album(self, call: Call) -> Response:
        self._editor.albums.delete(self._see(call, "album"))
        return json_response({})

    async def add_to_album(self, call: Call) -> Response:
        album_id = self._see(call, "album")
        linked = self._editor.albums.add(album_id, (await call.body()).ids("asset_ids"))
        return json_response(
            {
                "added_assets": linked.added,
                "duplicate_assets": linked.duplicates,
                "not_found_assets": linked.not_found,
            }
        )

    async def remove_from_album(self, call: Call) -> Response:
        album_id = self._see(call, "album")
        self._editor.albums.remove(album_id, (await call.body()).ids("asset_ids"))
        return json_response({})

    # People and faces

    async def create_person(self, call: Call) -> Response:
        body = await call.body()
        person_id, new = self._editor.people.create(call.library(body.optional("library_id")), body.given(_PERSON))
        return self._answer("person", person_id, new=new)

    async def update_person(self, call: Call) -> Response:
        person_id = self._see(call, "person")
        body = await call.body()
        body.refuse_null(("is_favorite", "is_hidden"))
        self._editor.people.update(person_id, body.given(_PERSON))
        return self._answer("person", person_id)

    async def delete_person(self, call: Call) -> Response:
        self._editor.people.delete(self._see(call, "person"))
        return json_response({})

    async def merge_people(self, call: Call) -> Response:
        person_id = self._see(call, "person")
        if self._editor.people.merge(person_id, (await call.body()).ids("source_person_ids")):
            return self._answer("person", person_id)
        return Response(status_code=204)

    async def create_face(self, call: Call) -> Response:
        body = await call.body()
        box = body.part("bounding_box").given(dict.fromkeys("xywh", bodies.whole))
        if len(box) < 4 or None in box.values():
            raise Problem(422, "bounding_box needs x, y, w and h")
        face_id = self._editor.faces.create(
            call.library(body.optional("library_id")),
            body.text("asset_id"),
            (box["x"], box["y"], box["w"], box["h"]),
            body.optional("person_id"),
        )
        return self._answer("face", face_id, new=True)

    async def assign_face(self, call: Call) -> Response:
        given = (await call.body()).given({"person_id": bodies.text})
        if "person_id" in given:
            self._editor.faces.assign(call.queried_library, call.entity_id, given["person_id"])
        return self._answer("face", call.entity_id)

    async def delete_face(self, call: Call) -> Response:
        face = self._world.entity("face", self._see(call, "face")) or {}
        self._editor.faces.delete(face["_library_id"], call.entity_id)
        return json_response({})

    # Stacks

    async def create_stack(self, call: Call) -> Response:
        body = await call.body()
        stack_id = self._editor.stacks.create(
            call.library(body.optional("library_id")),
            body.ids("asset_ids", least=2),
            body.optional("primary_asset_id"),
        )
        return self._answer("stack", stack_id, new=True)

    async def pin_cover(self, call: Call) -> Response:
        stack_id = self._see(call, "stack")
        self._editor.stacks.pin(stack_id, (await call.body()).text("primary_asset_id"))
        return self._answer("stack", stack_id)

    async def dissolve_stack(self, call: Call) -> Response:
        self._editor.stacks.dissolve(self._see(call, "stack"))
        return json_response({})

    async def add_to_stack(self, call: Call) -> Response:
        stack_id = self._see(call, "stack")
        self._editor.stacks.add(stack_id, (await call.body()).ids("asset_ids"))
        return self._answer("stack", stack_id)

    async def remove_from_stack(self, call: Call) -> Response:
        self._editor.stacks.remove(self._see(call, "stack"), (await call.body()).ids("asset_ids"))
        return json_response({})

    # Libraries

    async def restore_library(self, call: Call) -> Response:
        self._editor.libraries.restore(call.library(call.entity_id))
        return self._library(call)

    async def trash_library(self, call: Call) -> Response:
        self._editor.libraries.trash(call.library(call.entity_id))
        return json_response({})

    def _library(self, call: Call) -> Response:
        library = next(one for one in self._world.libraries("all") if one["id"] == call.entity_id)
        return json_response(self._views.library(library))


def _described(body: Body) -> dict[str, Any]:
    given = body.given(_PHOTO)
    places = [given[field] for field in ("latitude", "longitude") if field in given]
    if len(places) == 1 or (places and (places[0] is None) != (places[1] is None)):
        raise Problem(422, "latitude and longitude must be set together")
    return given


def _file_time(form: Form, field: str) -> str:
    moment = datetime.fromisoformat(bodies.moment(field, form.text(field)))
    utc = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return utc.isoformat().replace("+00:00", "Z")


def _base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()

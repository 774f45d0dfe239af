"""The demo library's service: one ASGI app for the API, imitating the real one strictly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from gumnut_tui.demo.http import query
from gumnut_tui.demo.http.auth import access
from gumnut_tui.demo.http.generations import GENERATIONS, Generation
from gumnut_tui.demo.http.library_world import LibraryWorld
from gumnut_tui.demo.http.listing import STATES
from gumnut_tui.demo.http.picture_urls import PictureUrls
from gumnut_tui.demo.http.refusals import Problem, answer_problem, json_response
from gumnut_tui.demo.http.routes_changes import ChangeRoutes
from gumnut_tui.demo.http.routes_entities import KINDS, EntityRoutes
from gumnut_tui.demo.http.routes_events import EventRoutes
from gumnut_tui.demo.http.views import Views
from gumnut_tui.demo.world.edits.editor import Editor


def create_api(
    world: LibraryWorld,
    *,
    pictures_origin: str,
    generation: str = "current",
    clock: Callable[[], datetime] | None = None,
    editor: Editor | None = None,
) -> ASGIApp:
    """The API app over ``world``.

    ``pictures_origin`` is the scheme, host and port of the picture host. With a ``clock`` the world moves on
    to its time before each request. With an ``editor`` clients may change the world.
    """
    form = GENERATIONS[generation]
    views = Views(world, form, PictureUrls(world, pictures_origin))
    app: ASGIApp = Starlette(
        routes=[
            *(ChangeRoutes(world, editor, form, views).routes() if editor else ()),
            *_routes(world, form, views),
        ],
        exception_handlers={Problem: answer_problem, HTTPException: answer_problem},
    )
    return app if clock is None else _Live(app, world, clock)


def _routes(world: LibraryWorld, generation: Generation, views: Views) -> list[Route]:
    entities = EntityRoutes(world, generation, views)
    account = AccountRoutes(world, views)
    routes = [
        Route("/api/server/ping", ping),
        Route("/api/users/me", account.me),
        Route("/api/libraries", account.libraries),
        Route("/api/libraries/{library_id}", account.library),
        Route("/api/events", EventRoutes(world, generation).page),
    ]
    for segment, kind in KINDS.items():
        if kind.name != "stack" or generation.has_stacks:
            routes.append(Route(f"/api/{segment}", entities.collection(kind)))
            routes.append(Route(f"/api/{segment}/{{entity_id}}", entities.single(kind)))
    return routes


async def ping(request: Request) -> Response:
    """Liveness; the only endpoint without a key."""
    return json_response("pong")


class AccountRoutes:
    """The user and the libraries."""

    def __init__(self, world: LibraryWorld, views: Views) -> None:
        self._world = world
        self._views = views

    async def me(self, request: Request) -> Response:
        access(request, self._world)
        return json_response(self._world.user)

    async def libraries(self, request: Request) -> Response:
        """A bare array; refused to keys that are limited to selected libraries."""
        caller = access(request, self._world)
        if caller.selected_only:
            raise Problem(403, "This API key is limited to selected libraries and cannot list libraries")
        state = query.choice(request.query_params, "state", STATES, "live")
        return json_response([self._views.library(library) for library in caller.libraries(state)])

    async def library(self, request: Request) -> Response:
        caller = access(request, self._world)
        library_id = request.path_params["library_id"]
        for library in caller.libraries("all"):
            if library["id"] == library_id:
                return json_response(self._views.library(library))
        raise caller.no_library(library_id)


class _Live:
    """An app whose world moves on before each request reaches it."""

    def __init__(self, app: ASGIApp, world: LibraryWorld, clock: Callable[[], datetime]) -> None:
        self._app = app
        self._world = world
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self._world.advance(self._clock())
        await self._app(scope, receive, send)

"""Lists and single reads of assets, albums, memberships, people, faces and stacks."""

from __future__ import annotations

from asyncio import sleep
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from gumnut_tui.demo.http import query
from gumnut_tui.demo.http.auth import Access, access
from gumnut_tui.demo.http.generations import Generation
from gumnut_tui.demo.http.library_world import LibraryWorld
from gumnut_tui.demo.http.listing import STATES, Entity, Listing, captured, created, page, select
from gumnut_tui.demo.http.picture_urls import is_video
from gumnut_tui.demo.http.refusals import Problem, json_response
from gumnut_tui.demo.http.views import ASSET_GROUPS, Views
from gumnut_tui.demo.world.entity_filters import Filters

_PERSON_SORTS: dict[str, tuple[Callable[[Entity], Any], bool]] = {
    "created_at_desc": (created, True),
    "created_at_asc": (created, False),
    "name_asc": (lambda person: (person["name"] is None, (person["name"] or "").casefold()), False),
    "name_desc": (lambda person: (person["name"] is not None, (person["name"] or "").casefold()), True),
    "asset_count_desc": (lambda person: person["asset_count"] or 0, True),
    "asset_count_asc": (lambda person: person["asset_count"] or 0, False),
}


_BREATH = 16
"""Entities rendered before others get their turn."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of entity: what its endpoints allow and how a query becomes a listing."""

    name: str
    word: str
    listing: Callable[[QueryParams, str, Generation], Listing]
    list_groups: frozenset[str] = frozenset()
    single_groups: frozenset[str] = frozenset()
    library_scoped: bool = False
    """The single read takes a ``library_id`` too, under the same rules as the list."""


class EntityRoutes:
    """Serves the entities of ``world`` under ``generation``."""

    def __init__(self, world: LibraryWorld, generation: Generation, views: Views) -> None:
        self._world = world
        self._generation = generation
        self._views = views

    def collection(self, kind: Kind) -> Callable[[Request], Any]:
        """The list endpoint of ``kind``."""

        async def endpoint(request: Request) -> Response:
            params = request.query_params
            caller = access(request, self._world)
            include = query.include(params, kind.list_groups) if self._generation.has_include else frozenset()
            library_id = caller.library_id(params.get("library_id"), self._generation)
            listing = kind.listing(params, library_id, self._generation)
            shown, has_more = page(params, select(self._world, listing))
            data: list[Entity] = []
            for number, entity_id in enumerate(shown, 1):
                entity = self._world.entity(kind.name, entity_id)
                if entity is not None:
                    data.append(self._views.render(kind.name, entity, include))
                if number % _BREATH == 0:
                    await sleep(0)  # In process the screen lives on the same loop, and may want to draw.
            return json_response({"data": data, "has_more": has_more})

        return endpoint

    def single(self, kind: Kind) -> Callable[[Request], Any]:
        """The single read of ``kind``."""

        async def endpoint(request: Request) -> Response:
            params = request.query_params
            caller = access(request, self._world)
            include = query.include(params, kind.single_groups) if self._generation.has_include else frozenset()
            library_id = None
            if kind.library_scoped:
                library_id = caller.library_id(params.get("library_id"), self._generation)
            entity_id = request.path_params["entity_id"]
            entity = self._world.entity(kind.name, entity_id)
            if entity is None or not self._is_visible(caller, kind, entity, library_id):
                raise Problem(404, f"{kind.word} {entity_id} not found")
            return json_response(self._views.render(kind.name, entity, include))

        return endpoint

    def _is_visible(self, caller: Access, kind: Kind, entity: Entity, library_id: str | None) -> bool:
        if not caller.sees(entity["_library_id"]):
            return False
        if library_id is not None and entity["_library_id"] != library_id:
            return False
        # A trashed asset still answers to its id; what hangs on it does not.
        return kind.name == "asset" or not entity.get("_trashed") or not self._generation.has_trash


def _state(generation: Generation, wanted: str = "live") -> str:
    return wanted if generation.has_trash else "all"


def _ids(params: QueryParams, generation: Generation, name: str = "ids") -> list[str]:
    most = 200 if name == "person_ids" else generation.ids_max
    return query.ids(params, name, most=most, commas=generation.repeats_types)


def _assets(params: QueryParams, library_id: str, generation: Generation) -> Listing:
    for name in ("bbox", "center", "radius", "album_filter"):
        if params.get(name, "all") != "all":
            raise Problem(422, f"{name} is not offered by the demo library")
    state = query.choice(params, "state", STATES, "live")
    order = query.choice(params, "order", ("asc", "desc"), "desc")
    trash_order = state == "trashed" and generation.has_trash
    return Listing(
        "asset",
        library_id,
        Filters(
            state=_state(generation, state),
            album_id=params.get("album_id"),
            person_ids=tuple(_ids(params, generation, "person_ids")),
            stack_id=params.get("stack_id"),
        ),
        ids=_ids(params, generation),
        keep=_asset_filter(params),
        sort=_trashed_at if trash_order else captured if order == "asc" else None,
        descending=order == "desc",
    )


def _trashed_at(asset: Entity) -> tuple[str, str]:
    return str(asset["trashed_at"]), str(asset["id"])


def _asset_filter(params: QueryParams) -> Callable[[Entity], bool] | None:
    """The asset filters the world does not know itself."""
    media = query.choice(params, "media_type", ("image", "video"), "image") if "media_type" in params else None
    ratings = {query.rating(word) for word in query.words(params, "ratings")}
    after = query.moment(params, "local_datetime_after")
    before = query.moment(params, "local_datetime_before")
    if media is None and not ratings and after is None and before is None:
        return None

    def keep(asset: Entity) -> bool:
        if media is not None and is_video(asset) != (media == "video"):
            return False
        if ratings and ((asset.get("metadata") or {}).get("rating") or 0) not in ratings:
            return False
        if after is not None and not after < _comparable(asset, after):
            return False
        return before is None or _comparable(asset, before) < before

    return keep


def _comparable(asset: Entity, bound: datetime) -> datetime:
    """The capture time as an instant if both sides have an offset, else as a wall clock."""
    taken = asset["local_datetime"]
    moment = taken if isinstance(taken, datetime) else datetime.fromisoformat(taken)
    if bound.tzinfo is None:
        return moment.replace(tzinfo=None)
    return moment if moment.tzinfo else moment.replace(tzinfo=bound.tzinfo)


def _name_filter(params: QueryParams) -> Callable[[Entity], bool] | None:
    wanted = params.get("name", "").strip().casefold()
    return (lambda entity: wanted in (entity["name"] or "").casefold()) if wanted else None


def _albums(params: QueryParams, library_id: str, generation: Generation) -> Listing:
    return Listing(
        "album",
        library_id,
        Filters(asset_id=params.get("asset_id")),
        ids=_ids(params, generation),
        keep=_name_filter(params),
    )


def _album_assets(params: QueryParams, library_id: str, generation: Generation) -> Listing:
    return Listing(
        "album_asset",
        library_id,
        Filters(state=_state(generation), album_id=params.get("album_id"), asset_id=params.get("asset_id")),
        ids=_ids(params, generation),
    )


def _people(params: QueryParams, library_id: str, generation: Generation) -> Listing:
    ids = _ids(params, generation)
    names = query.choice(params, "name_filter", ("named", "unnamed", "all"), "all" if ids else "named")
    hidden = query.flag(params, "include_hidden", bool(ids))
    order = query.choice(params, "sort", tuple(_PERSON_SORTS), "created_at_desc")
    sort, descending = _PERSON_SORTS[order]
    wanted = _name_filter(params)
    filters = Filters(album_id=params.get("album_id"), asset_id=params.get("asset_id"))

    def keep(person: Entity) -> bool:
        if names != "all" and (person["name"] is None) != (names == "unnamed"):
            return False
        return (hidden or not person["is_hidden"]) and (wanted is None or wanted(person))

    return Listing(
        "person",
        library_id,
        filters if ids else replace(filters, name_filter=names, include_hidden=hidden),
        ids=ids,
        keep=keep if ids else wanted,
        sort=None if order == "created_at_desc" else sort,
        descending=descending,
    )


def _faces(params: QueryParams, library_id: str, generation: Generation) -> Listing:
    person_id = params.get("person_id")
    return Listing(
        "face",
        library_id,
        Filters(
            state=_state(generation),
            asset_id=params.get("asset_id"),
            person_ids=(person_id,) if person_id else (),
        ),
        ids=_ids(params, generation),
    )


def _stacks(params: QueryParams, library_id: str, generation: Generation) -> Listing:
    origin = query.choice(params, "origin", ("auto_burst", "user"), "user") if "origin" in params else None
    cover = params.get("primary_asset_id")

    def keep(stack: Entity) -> bool:
        return (not origin or stack["origin"] == origin) and (not cover or stack["primary_asset_id"] == cover)

    return Listing(
        "stack",
        library_id,
        ids=_ids(params, generation),
        keep=keep if origin or cover else None,
    )


_CLUSTER_METRICS = frozenset({"cluster_metrics"})
_CLUSTER_ASSIGNMENT = frozenset({"cluster_assignment"})

KINDS: dict[str, Kind] = {
    "assets": Kind("asset", "Asset", _assets, ASSET_GROUPS, ASSET_GROUPS),
    "albums": Kind("album", "Album", _albums),
    "album-assets": Kind("album_asset", "Album asset", _album_assets),
    "people": Kind("person", "Person", _people, _CLUSTER_METRICS, _CLUSTER_METRICS),
    "faces": Kind("face", "Face", _faces, _CLUSTER_ASSIGNMENT, _CLUSTER_ASSIGNMENT, library_scoped=True),
    "stacks": Kind("stack", "Stack", _stacks, frozenset({"asset_ids"})),
}
"""Path segment to kind."""

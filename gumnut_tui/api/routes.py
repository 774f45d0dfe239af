"""Where each kind of entity is read: a table, so that a new kind is one line."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from gumnut_tui.domain.errors import UsageProblem, clip
from gumnut_tui.domain.models import kind_of

Include = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """How entities of one kind are read."""

    path: str
    list_params: tuple[tuple[str, str], ...] = ()
    """Sent with every list read by ids, so that nothing is hidden."""
    includes: tuple[Include, ...] = ((),)
    """Field groups to ask for, best first; a server that refuses one is asked for the next."""
    single_includes: bool = False
    """The single read takes `include` too."""
    single_is_scoped: bool = False
    """The single read takes `library_id` too."""

    def single_path(self, entity_id: str) -> str:
        """The path of one entity; its id is opaque, so it is quoted."""
        return f"{self.path}/{quote(entity_id, safe='')}"


ROUTES = {
    "asset": Route(
        "/api/assets",
        list_params=(("state", "all"),),
        includes=(
            ("metadata", "faces", "people", "file_data", "variants"),
            ("metadata", "faces", "people", "file_data"),
            (),
        ),
        single_includes=True,
    ),
    "album": Route("/api/albums"),
    "album_asset": Route("/api/album-assets"),
    "person": Route("/api/people"),
    "face": Route(
        "/api/faces",
        includes=(("cluster_assignment",), ()),
        single_includes=True,
        single_is_scoped=True,
    ),
    "stack": Route("/api/stacks", includes=(("asset_ids",), ())),
    "library": Route("/api/libraries"),
}

FILTERS_OF_ASSETS = {"album": "album_id", "person": "person_ids", "stack": "stack_id"}
"""The kinds whose photos can be listed, and the parameter that does it."""


def route_of(kind: str) -> Route:
    """The route of a kind or entity type; raises `UsageProblem` for one the API has no read for."""
    route = ROUTES.get(kind_of(kind))
    if route is None:
        raise UsageProblem(f"entities of type {clip(kind, 40)} cannot be read, only: {', '.join(ROUTES)}")
    return route


def filter_for(filters: dict[str, str], kind: str) -> str:
    """The parameter that lists what belongs to an entity of this kind; raises `UsageProblem` if none does."""
    if kind not in filters:
        raise UsageProblem(f"nothing can be listed by {clip(kind, 40)}, only by: {', '.join(filters)}")
    return filters[kind]

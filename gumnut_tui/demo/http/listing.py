"""Listing entities: filters, order and pages, as every list endpoint has them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import QueryParams

from gumnut_tui.demo.http import query
from gumnut_tui.demo.http.library_world import LibraryWorld
from gumnut_tui.demo.http.refusals import Problem
from gumnut_tui.demo.world.entity_filters import EVERY_LIVE, Filters

Entity = dict[str, Any]

STATES = ("live", "trashed", "all")


@dataclass(frozen=True, slots=True)
class Listing:
    """One list request: which entities of ``library_id``, filtered how, in which order."""

    kind: str
    library_id: str
    filters: Filters = EVERY_LIVE
    ids: Sequence[str] = ()
    keep: Callable[[Entity], bool] | None = None
    sort: Callable[[Entity], Any] | None = None
    """Another order than the listing's own."""
    descending: bool = False


def select(world: LibraryWorld, listing: Listing) -> Sequence[str]:
    """The ids a request means, in listing order, before paging."""
    listed = world.ids(listing.kind, listing.library_id, listing.filters)
    if listing.ids:
        listed = sorted((each for each in listing.ids if each in listed), key=listed.index)
    if listing.keep is None and listing.sort is None:
        return listed
    entities = [entity for entity in (world.entity(listing.kind, each) for each in listed) if entity]
    if listing.keep is not None:
        entities = [entity for entity in entities if listing.keep(entity)]
    if listing.sort is not None:
        entities.sort(key=listing.sort, reverse=listing.descending)
    return [str(entity["id"]) for entity in entities]


def page(params: QueryParams, ordered: Sequence[str]) -> tuple[Sequence[str], bool]:
    """The part of ``ordered`` that ``limit`` and ``starting_after_id`` ask for, and whether more follows."""
    limit = query.whole(params, "limit", default=20, low=1, high=200)
    after = params.get("starting_after_id")
    start = 0
    if after:
        try:
            start = ordered.index(after) + 1
        except ValueError:
            raise Problem(404, f"starting_after_id {after} not found") from None
    return ordered[start : start + limit], len(ordered) > start + limit


def captured(asset: Entity) -> tuple[str, str]:
    """The order of assets (the newest first, unless asked otherwise): wall clock of the capture, then id."""
    return str(asset["local_datetime"])[:26], str(asset["id"])


def created(entity: Entity) -> tuple[str, str]:
    """By the time the row was made, then id."""
    return str(entity["created_at"]), str(entity["id"])

"""Which kinds of entities can be read, and by what; raises in words where one cannot."""

from __future__ import annotations

from gumnut_tui.domain.errors import UsageProblem, clip
from gumnut_tui.domain.kinds import KINDS, Kind, kind_of


def route_of(kind: str) -> Kind:
    """How a kind or entity type is read; raises `UsageProblem` for one the API has no read for."""
    route = KINDS.get(kind_of(kind))
    if route is None:
        raise UsageProblem(f"entities of type {clip(kind, 40)} cannot be read, only: {', '.join(KINDS)}")
    return route


def photo_filter(kind: str) -> str:
    """The parameter that lists the photos of an entity of this kind; raises `UsageProblem` if none does."""
    known = KINDS.get(kind)
    if known is None or not known.photo_filter:
        able = ", ".join(name for name, each in KINDS.items() if each.photo_filter)
        raise UsageProblem(f"photos cannot be listed by {clip(kind, 40)}, only by: {able}")
    return known.photo_filter

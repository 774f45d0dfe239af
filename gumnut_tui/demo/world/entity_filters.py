"""Which entities a listing wants, as a value one can compare and keep answers by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Filters:
    """What entities must be like to be listed. An unknown id matches none; what a kind does not have is passed over."""

    state: str = "live"
    """`live`, `trashed` or `all`."""
    album_id: str | None = None
    asset_id: str | None = None
    person_ids: tuple[str, ...] = ()
    """All of them, where an entity can have several."""
    stack_id: str | None = None
    name_filter: str = "all"
    """`named`, `unnamed` or `all`."""
    include_hidden: bool = True


EVERY_LIVE = Filters()

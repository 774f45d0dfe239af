"""What is selected, and shown in the detail pane."""

from __future__ import annotations

import msgspec

from gumnut_tui.domain.models import Event

ACTION = "action"
"""The kind of what is looked at when it is no entity but an action."""


class Subject(msgspec.Struct, frozen=True):
    """What is selected: an entity, and the event that led to it, if one did."""

    kind: str
    id: str
    event: Event | None = None
    row: int | None = None

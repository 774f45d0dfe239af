"""The screen: what is on it, what its keys do, and what is read for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from pathlib import Path

import msgspec

from gumnut_tui.config.settings import Settings
from gumnut_tui.config.values import Order
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.key import Key


class ScreenOptions(msgspec.Struct, frozen=True):
    """How the screen begins; everything is checked, no server was asked yet.

    One field for each choice of the command line, more than a constructor should take.
    """

    settings: Settings
    key: Key | None
    """None when none is configured: the screen asks for one, unless it shows the demo."""
    demo: bool
    """Show the embedded library; `settings` then hold neither the user's server nor library."""
    order: Order
    since: str
    """A WHEN."""
    until: str | None
    """A WHEN, or None for no upper bound."""
    library: str | None
    """An id or a name."""
    filter: EventFilter
    """Without the time range, which `since` and `until` give."""
    exact: bool
    """Read past `until` to the end of the feed, to include late-arriving events."""
    zone: tzinfo
    environ: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Decides how much of a fault is shown."""
    journal: Path | None = None
    """The journal's file; None means no journal."""
    notices: tuple[str, ...] = ()
    """Warnings about the environment, to be shown on the screen."""
    offline: bool = False
    """Make no requests; use only the journal."""

    def __repr__(self) -> str:
        return "ScreenOptions(…)"  # the environment may hold secrets

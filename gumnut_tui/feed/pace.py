"""How often a feed is asked for more."""

from __future__ import annotations

from typing import NamedTuple


class Pace(NamedTuple):
    """How often the newer end is asked, in seconds."""

    poll: float = 2.0
    slowest_poll: float = 15.0
    """Where polling slows down to while nothing comes."""
    slowdown: float = 1.3
    first_retry: float = 2.0
    """After a failure; doubles up to `slowest_retry`."""
    slowest_retry: float = 60.0

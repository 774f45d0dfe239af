"""How far a sync of the journal is, in words."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from gumnut_tui.formatting.quantities import number, plural
from gumnut_tui.formatting.times import moment_words

if TYPE_CHECKING:
    from gumnut_tui.feed.sync import SyncProgress


def progress_words(progress: SyncProgress, zone: tzinfo, now: datetime, rate: float | None = None) -> str:
    """`12,400 events (9,000/s) · at 3 May · 310 snapshots · 40 to read`; `rate` is in events a second."""
    events = plural(progress.events, "event")
    parts = [events if rate is None else f"{events} ({number(round(rate))}/s)"]
    if progress.reached_us is not None:
        parts.append(f"at {moment_words(progress.reached_us, zone, now)}")
    if progress.snapshots or progress.unread:
        parts.append(plural(progress.snapshots, "snapshot"))
    if progress.unread:
        parts.append(f"{number(progress.unread)} to read")
    return " · ".join(parts)

"""What an entity is now, in one line: live, in the trash, moved or gone."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from gumnut_tui.domain import fields as field
from gumnut_tui.domain.models import EntityState, Presence, to_us
from gumnut_tui.formatting.facts import Fact, Tone
from gumnut_tui.formatting.quantities import plural
from gumnut_tui.formatting.times import CALENDAR_END_US, clock_time, day_label, day_words, local, moment_words


def status_line(
    state: EntityState,
    *,
    zone: tzinfo,
    now: datetime,
    retention: timedelta,
    gone_since_us: int | None = None,
) -> Fact:
    """The headline of an entity; `gone_since_us` is the time of the event that took it away, if one is known.

    `retention` is how long the service keeps what is in the trash.
    """
    since = "" if gone_since_us is None else f" since {moment_words(gone_since_us, zone, now)}"
    match state.presence:
        case Presence.LIVE:
            return Fact("", "LIVE", Tone.GOOD)
        case Presence.TRASHED:
            trashed_at = field.moment(state.entity.fields, "trashed_at") if state.entity else None
            return Fact("", f"IN TRASH{trash_words(trashed_at, zone=zone, now=now, retention=retention)}", Tone.WARN)
        case Presence.MOVED:
            return Fact("", f"MOVED to another library{since}", Tone.WARN)
        case Presence.GONE:
            return Fact("", f"GONE{since}", Tone.BAD)


def trash_words(trashed_at: datetime | None, *, zone: tzinfo, now: datetime, retention: timedelta) -> str:
    """Since when, and until when it can probably be had back: the service tells only the first."""
    if trashed_at is None:
        return ", recoverable"
    trashed_us = to_us(trashed_at)
    since = f" since {moment_words(trashed_us, zone, now)}"
    kept = f"{plural(retention.days, 'day')} unless configured"
    until_us = min(trashed_us + retention // timedelta(microseconds=1), CALENDAR_END_US)
    if until_us <= to_us(now):
        return f"{since}, kept longer than expected ({kept}): it may be purged at any time"
    return f"{since}, recoverable until about {day_words(local(until_us, zone))} ({kept})"


def as_of_line(read_at: datetime, *, zone: tzinfo, now: datetime) -> Fact:
    """Says that the fields are those of the time they were read, not of any event's time."""
    us = to_us(read_at)
    day = day_label(us, zone, now)
    clock = clock_time(us, zone)
    read = f"as it is now, read {clock}" if day == "today" else f"as it was when read {day} {clock}"
    return Fact("", f"{read}; not as it was at the event", Tone.DIM)

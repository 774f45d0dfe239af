"""What the options about range and filter ask to be read of a library."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import msgspec

from gumnut_tui.cli.options import FilterOptions, RangeOptions
from gumnut_tui.cli.session import Session
from gumnut_tui.domain.errors import ApiProblem, UnexpectedAnswer, clip
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.kinds import KNOWN_ENTITY_TYPES
from gumnut_tui.domain.models import to_us
from gumnut_tui.domain.ports import EventQuery
from gumnut_tui.domain.service_clock import ServiceClock
from gumnut_tui.domain.when import TimeRange, parse_range
from gumnut_tui.usecases.event_reader import EventReader

if TYPE_CHECKING:
    from gumnut_tui.api.client import Client


def time_range(session: Session[Any], options: RangeOptions) -> TimeRange:
    """The time range asked for, seen from now; raises UsageProblem."""
    return parse_range(session.settings.since, options.until, now=session.runtime.clock(), zone=session.zone)


async def time_range_there(session: Session[Any], client: Client, options: RangeOptions) -> TimeRange:
    """The time range asked for, by the service's clock: an answer is asked for if none has told its time yet."""
    clock = session.runtime.clock
    if isinstance(clock, ServiceClock) and not clock.is_set and not _is_absolute(session, options):
        with suppress(ApiProblem, UnexpectedAnswer):
            await client.ping()
    return time_range(session, options)


def _is_absolute(session: Session[Any], options: RangeOptions) -> bool:
    """Whether the range is the same whatever time it is now."""
    now = session.runtime.clock()
    since, until = session.settings.since, options.until
    both = [parse_range(since, until, now=at, zone=session.zone) for at in (now, now + timedelta(days=1))]
    return both[0] == both[1]


def filter_within(session: Session[Any], options: FilterOptions, span: TimeRange) -> EventFilter:
    """Which events of a range are asked for; warns of types that look like a slip. Raises UsageProblem."""
    wanted = msgspec.structs.replace(
        options.event_filter(),
        since_us=None if span.since is None else to_us(span.since),
        until_us=None if span.until is None else to_us(span.until),
    )
    for advice in doubtful_types(wanted):
        session.runtime.talk.warn(advice)
    return wanted


def doubtful_types(wanted: EventFilter) -> list[str]:
    """Advice about entity types that look like a slip; they are asked for all the same, as the set is open."""
    return [
        f"no entity type '{clip(name, 60)}' is known; did you mean {near[0]}?"
        for name in sorted(wanted.entity_types or ())
        if name not in KNOWN_ENTITY_TYPES and (near := get_close_matches(name, KNOWN_ENTITY_TYPES, n=1))
    ]


def event_reader(
    session: Session[Any],
    client: Client,
    library_id: str | None,
    span: TimeRange,
    *,
    exact: bool,
    entity_types: frozenset[str] | None = None,
) -> EventReader:
    """Reads a library's events of the range, and only these types if any are named."""
    query = EventQuery(library_id, entity_types=entity_types, created_at_gte=span.since, created_at_lt=span.until)
    slack = timedelta(seconds=session.settings.slack)
    return EventReader(client, query, slack, exact, session.runtime.talk.warn)

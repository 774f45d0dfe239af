"""Names of entity and event types: one that nobody knows is more likely a slip than a kind of the future."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterator
from difflib import get_close_matches

from gumnut_tui.domain.errors import UsageProblem, clip
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.kinds import KNOWN_ENTITY_TYPES, KNOWN_EVENT_TYPES

Knows = Callable[[EventFilter], Awaitable[bool]]
"""Whether somebody knows the one type that this filter names."""
NEAREST = 3
"""Names that are suggested at most."""


def unknown_names(wanted: EventFilter) -> Iterator[tuple[EventFilter, str]]:
    """For each name of a type that this program does not know: a filter of it alone, and what is wrong in words."""
    for name in sorted(wanted.entity_types or ()):
        if name not in KNOWN_ENTITY_TYPES:
            yield (
                EventFilter(entity_types=frozenset({name})),
                _words("--types", "entity type", name, KNOWN_ENTITY_TYPES),
            )
    for name in sorted(wanted.event_types or ()):
        if name not in KNOWN_EVENT_TYPES:
            yield EventFilter(event_types=frozenset({name})), _words("--events", "event type", name, KNOWN_EVENT_TYPES)


async def check_names(wanted: EventFilter, *others: Knows) -> None:
    """Raise UsageProblem for a name of a type that neither this program knows nor any of the `others`."""
    for alone, problem in unknown_names(wanted):
        if not any([await knows(alone) for knows in others]):
            raise UsageProblem(problem)


def _words(flag: str, what: str, name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, known, n=NEAREST)
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(known)}."
    return f"{flag}: no {what} '{clip(name, 60)}' is known; {hint} --allow-unknown looks for it all the same."

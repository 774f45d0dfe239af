"""Merges a re-read of the feed with the earlier reading, keeping events the service has since dropped."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from gumnut_tui.domain.models import Event


def merged(
    old: Iterable[Event], new: Iterable[Event], places: Mapping[str, int], again: Collection[str]
) -> Iterator[Event]:
    """Each event once, in the order of the new reading; what only the old one had stays behind its predecessor.

    `places` holds the place of each old event by its cursor, in their order; `again` the cursors of the new ones.
    """
    left = _Left(old, [cursor not in again for cursor in places])
    yield from left.lost()
    for event in new:
        place = places.get(event.cursor, -1)
        yield from left.lost(place - 1)
        yield event
        yield from left.lost(place)


class _Left:
    """The old events not passed yet; those that are in the new reading are passed in silence."""

    def __init__(self, events: Iterable[Event], is_lost: list[bool]) -> None:
        self._events = iter(events)
        self._is_lost = is_lost
        self._passed = 0

    def lost(self, place: int = -1) -> Iterator[Event]:
        """Advance to a position and past the dropped events after it; returns those."""
        while self._passed < len(self._is_lost) and (self._passed <= place or self._is_lost[self._passed]):
            event, is_lost = next(self._events), self._is_lost[self._passed]
            self._passed += 1
            if is_lost:
                yield event

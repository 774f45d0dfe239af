"""A feed that was read again takes in what was journaled before and is no longer in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from gumnut_tui.models import Event


def merged(
    old: Iterable[Event], new: Iterable[Event], places: Mapping[str, int], again: Mapping[str, int]
) -> Iterator[Event]:
    """Each event once, in the order of the new reading; what only the old one had stays in front of its successor.

    `places` and `again` hold the place of each event of the old and the new reading by its cursor.
    """
    left, passed = iter(old), 0
    for event in new:
        place = places.get(event.cursor, -1)
        while passed <= place:
            passed += 1
            if (kept := next(left)).cursor not in again:
                yield kept
        yield event
    for kept in left:
        if kept.cursor not in again:
            yield kept

"""The events to undo, with those they caused, and where in the feed they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from gumnut_tui.domain import fields as field
from gumnut_tui.domain.models import DEPARTURES, SECOND, Event, Operation
from gumnut_tui.report.history import History, Placed

CAUSED_WITHIN = 60 * SECOND
"""How far from the deletion of a photo, person or stack the events lie that it caused, in µs.

The service sends them around it: `album_asset_removed` and `face_deleted` of a photo purged, `face_updated` of a
person merged away, `asset_updated` of the photos of a stack that is dissolved.
"""


class Span(NamedTuple):
    """The places in the feed of the first and the last selected event about something."""

    first: int
    last: int


class Selection:
    """The selected events of a history, and those that belong to them."""

    def __init__(self, history: History, cursors: Collection[str]) -> None:
        chosen = {placed.place: placed for placed in history.events if placed.event.cursor in cursors}
        for placed in list(chosen.values()):
            for caused in _caused(history, placed.event):
                if abs(caused.event.created_at_us - placed.event.created_at_us) <= CAUSED_WITHIN:
                    chosen.setdefault(caused.place, caused)
        self.events = [chosen[place] for place in sorted(chosen)]
        self._about: dict[tuple[str, str], list[Placed]] = defaultdict(list)
        self._ids: dict[str, list[tuple[str, Operation]]] = defaultdict(list)
        """Ids and operations of the selected events, by kind."""
        for placed in self.events:
            event = placed.event
            self._about[event.kind, event.entity_id].append(placed)
            self._ids[event.kind].append((event.entity_id, event.operation))

    def about(self, kind: str, entity_id: str, *operations: Operation) -> list[Placed]:
        """The selected events about an entity, of these operations or of all."""
        found = self._about.get((kind, entity_id), [])
        return [one for one in found if not operations or one.event.operation in operations]

    def ids(self, kind: str, *operations: Operation) -> list[str]:
        """The entities of a kind that selected events of these operations are about, in feed order."""
        return list(dict.fromkeys(entity_id for entity_id, one in self._ids.get(kind, ()) if one in operations))


def span(*events: Iterable[Placed]) -> Span | None:
    """From the first to the last of some events; None without any."""
    places = [placed.place for group in events for placed in group]
    return Span(min(places), max(places)) if places else None


def _caused(history: History, event: Event) -> Iterator[Placed]:
    """The events that may be consequences of this one."""
    match event.kind, event.operation:
        case "asset", operation if operation in DEPARTURES and event.entity_type == "asset":
            for row in history.rows_of.get(("asset", event.entity_id), ()):
                yield from _of(history, "album_asset", row, Operation.REMOVED)
            for face in history.faces_on.get(event.entity_id, ()):
                yield from _of(history, "face", face, Operation.DELETED)
                yield from _becoming_nobodys(history, face)
            yield from _leaving_a_stack(history, event.entity_id)
        case "person", Operation.DELETED:
            lost = history.faces_lost_by(event.entity_id)
            yield from lost
            # Whom they were merged into may have got the name.
            for heir in dict.fromkeys(field.raw_id(placed.event.details, "person_id") for placed in lost):
                yield from _of(history, "person", heir, Operation.UPDATED)
        case "stack", Operation.DELETED:
            for asset in history.photos_once_in(event.entity_id):
                yield from _leaving_a_stack(history, asset)
        case _:
            pass


def _of(history: History, kind: str, entity_id: str, *operations: Operation) -> Iterator[Placed]:
    return (one for one in history.about(kind, entity_id) if one.event.operation in operations)


def _becoming_nobodys(history: History, face: str) -> Iterator[Placed]:
    for placed in _of(history, "face", face, Operation.UPDATED):
        details = placed.event.details
        if "person_id" in details and not field.raw_id(details, "person_id"):
            yield placed


def _leaving_a_stack(history: History, asset_id: str) -> Iterator[Placed]:
    for placed in history.about("asset", asset_id):
        details = placed.event.details
        if "stack_id" in details and not field.raw_id(details, "stack_id"):
            yield placed

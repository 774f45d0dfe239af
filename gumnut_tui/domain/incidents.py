"""Incidents: bursts of destructive events, however the feed was read.

An incident consists of all destructive events between its first and its last: no pause between them is longer than the
rules allow. So times alone define it, and the span of an incident is a filter that shows its events.

Events that move photos out count. They delete nothing, but people who miss photos look for just such a burst.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Protocol

import msgspec

from gumnut_tui.domain.defaults import INCIDENT_PAUSE, INCIDENT_SIZE
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import DESTRUCTIVE, GRAVITY, SECOND, Event, Operation, from_us, to_us

ID_FORM = "inc_%Y%m%dT%H%M%S.%fZ"
FEW_ROWS = 10_000
"""With fewer new rows, checking each is quicker than asking the store for the destructive ones."""


class IncidentRules(msgspec.Struct, frozen=True):
    """What makes destructive events an incident."""

    pause: float = INCIDENT_PAUSE
    """The longest pause between two of them, in seconds."""
    size: int = INCIDENT_SIZE
    """How many of them it takes."""


class Incident(msgspec.Struct, frozen=True):
    """A burst of destructive events of one library; `first_us` and `last_us` are theirs, both included."""

    first_us: int
    last_us: int
    count: int

    @property
    def id(self) -> str:
        """Derived from the time of its first event, which no two incidents of a library share.

        It does not depend on how the feed is read, unless older events turn out to belong to the incident.
        """
        return from_us(self.first_us).strftime(ID_FORM)

    @property
    def seconds(self) -> float:
        """From the first event to the last."""
        return (self.last_us - self.first_us) / SECOND

    @property
    def filter(self) -> EventFilter:
        """Matches exactly the events of this incident."""
        return EventFilter(operations=DESTRUCTIVE, since_us=self.first_us, until_us=self.last_us + 1)


def first_us_of(incident_id: str) -> int | None:
    """When the incident with this id began, in µs since the epoch; None for what is no id of one."""
    with suppress(ValueError):
        first_us = to_us(datetime.strptime(incident_id, ID_FORM).replace(tzinfo=UTC))
        return first_us if Incident(first_us, first_us, 0).id == incident_id else None
    return None


class Bursts:
    """Groups times of destructive events, added in any order, into bursts."""

    def __init__(self, rules: IncidentRules | None = None) -> None:
        self.rules = rules or IncidentRules()
        self._pause_us = round(self.rules.pause * SECOND)
        self._firsts: list[int] = []
        self._lasts: list[int] = []
        self._counts: list[int] = []

    def add(self, times_us: Iterable[int]) -> None:
        """Add events at these times, each event once."""
        for first, last, count in self._gathered(sorted(times_us)):
            self._join(first, last, count)

    def __iter__(self) -> Iterator[Incident]:
        """The bursts large enough to be incidents, oldest first."""
        for first, last, count in zip(self._firsts, self._lasts, self._counts, strict=True):
            if count >= self.rules.size:
                yield Incident(first, last, count)

    def at(self, created_at_us: int) -> Incident | None:
        """The incident a destructive event at this time belongs to."""
        index = bisect_right(self._firsts, created_at_us) - 1
        if index < 0 or self._lasts[index] < created_at_us or self._counts[index] < self.rules.size:
            return None
        return Incident(self._firsts[index], self._lasts[index], self._counts[index])

    def overlap(self, first_us: int, last_us: int) -> bool:
        """Whether any incident lies between two times, ends included, or reaches there."""
        start, stop = bisect_left(self._lasts, first_us), bisect_right(self._firsts, last_us)
        return any(count >= self.rules.size for count in self._counts[start:stop])

    def _gathered(self, times_us: Sequence[int]) -> Iterator[tuple[int, int, int]]:
        """Bursts among the given times alone, as first, last and count."""
        if not times_us:
            return
        begun, first, before = 0, times_us[0], times_us[0]
        for index, time in enumerate(times_us):
            if time - before > self._pause_us:
                yield first, before, index - begun
                begun, first = index, time
            before = time
        yield first, before, len(times_us) - begun

    def _join(self, first: int, last: int, count: int) -> None:
        """Insert a burst, merged with those within reach."""
        start = bisect_left(self._lasts, first - self._pause_us)
        stop = bisect_right(self._firsts, last + self._pause_us)
        if start < stop:
            first, last = min(first, self._firsts[start]), max(last, self._lasts[stop - 1])
            count += sum(self._counts[start:stop])
        self._firsts[start:stop] = [first]
        self._lasts[start:stop] = [last]
        self._counts[start:stop] = [count]


class Rows(Protocol):
    """Events in rows, which are added but never change: the store."""

    def __len__(self) -> int: ...

    def created_at_us(self, row: int) -> int:
        """The time of the event in this row, in µs."""
        ...

    def operation(self, row: int) -> Operation:
        """What the event in this row did."""
        ...

    def view(self, wanted: EventFilter) -> Iterable[int]:
        """The rows that pass the filter."""
        ...


class StoreIncidents:
    """The incidents among the events of a store; `refresh` adds its new rows."""

    def __init__(self, store: Rows, rules: IncidentRules | None = None) -> None:
        self._store = store
        self._bursts = Bursts(rules)
        self._seen = 0

    def refresh(self) -> bool:
        """Add the new rows of the store; returns whether any was destructive."""
        gained = range(self._seen, len(self._store))
        rows = self._destructive(gained)
        self._bursts.add(map(self._store.created_at_us, rows))
        self._seen = gained.stop
        return bool(rows)

    def _destructive(self, gained: range) -> list[int]:
        if len(gained) < FEW_ROWS:
            return [row for row in gained if self._store.operation(row) in DESTRUCTIVE]
        return [row for row in self._store.view(EventFilter(operations=DESTRUCTIVE)) if row in gained]

    def __iter__(self) -> Iterator[Incident]:
        """The incidents, oldest first."""
        return iter(self._bursts)

    def of_row(self, row: int) -> Incident | None:
        """The incident the event in this row belongs to."""
        if not self._store.operation(row).is_destructive:
            return None
        return self._bursts.at(self._store.created_at_us(row))

    def overlap(self, first_us: int, last_us: int) -> bool:
        """Whether any incident lies between two times, ends included, or reaches there."""
        return self._bursts.overlap(first_us, last_us)

    def counts(self, rows: Iterable[int]) -> Counter[Incident]:
        """How many of these events belong to each incident."""
        return Counter(incident for row in rows if (incident := self.of_row(row)) is not None)


def largest_share(shares: Mapping[Incident, int]) -> Incident | None:
    """The incident that most events belong to, by how many each has; of several the first."""
    return min(shares, key=lambda incident: (-shares[incident], incident.first_us), default=None)


def find_incidents(events: Iterable[Event], rules: IncidentRules | None = None) -> Bursts:
    """The incidents among some events."""
    bursts = Bursts(rules)
    bursts.add(event.created_at_us for event in events if event.operation.is_destructive)
    return bursts


Touched = Callable[[Event], Iterable[tuple[str, str]]]
"""Finds the entities, as kind and id, that an event is about or touches."""


class Summary(msgspec.Struct, frozen=True):
    """What an incident did. Ids are sorted by how often they occur."""

    incident: Incident
    did: tuple[tuple[Operation, str, int], ...]
    """Operation, entity type, and how many; photos first, then what is graver, then the most."""
    albums: tuple[str, ...]
    people: tuple[str, ...]
    photos: tuple[str, ...]
    """Photos that were trashed, deleted or moved out, not those only taken out of an album."""


def summarize(incident: Incident, events: Iterable[Event], touched: Touched) -> Summary:
    """What the incident did, from its events."""
    did, albums, people = Counter[tuple[Operation, str]](), Counter[str](), Counter[str]()
    photos: dict[str, None] = {}
    for event in events:
        did[event.operation, event.entity_type] += 1
        if event.entity_type == "asset":
            photos[event.entity_id] = None
        entities = dict.fromkeys(touched(event))
        albums.update(entity_id for kind, entity_id in entities if kind == "album")
        people.update(entity_id for kind, entity_id in entities if kind == "person")
    return Summary(
        incident,
        tuple(sorted(((*pair, count) for pair, count in did.items()), key=_weight)),
        tuple(album for album, _ in albums.most_common()),
        tuple(person for person, _ in people.most_common()),
        tuple(photos),
    )


def _weight(did: tuple[Operation, str, int]) -> tuple[bool, int, int, str]:
    operation, entity_type, count = did
    return entity_type != "asset", GRAVITY.index(operation), -count, entity_type

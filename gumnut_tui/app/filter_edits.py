"""Changes of a filter, as values in and values out, and the filters one has seen before."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Generic, NamedTuple, TypeVar

from msgspec.structs import replace

from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import DESTRUCTIVE, Event, Operation

T = TypeVar("T")

LONGEST = 100
"""Filters remembered."""


class Edit(NamedTuple):
    """A change one may choose: in words, with what tells it apart, and what it does."""

    label: str
    note: str
    change: Callable[[EventFilter], EventFilter]


def toggled(
    chosen: frozenset[T] | None, value: T, everything: Iterable[T], *, only: bool = False
) -> frozenset[T] | None:
    """The choice with a value let in or out; None, no restriction, when everything is in again."""
    known = frozenset(everything) | {value}
    if only:
        return None if chosen == frozenset({value}) else frozenset({value})
    before = known if chosen is None else chosen
    after = before - {value} if value in before else before | {value}
    return None if after >= known else after


def toggle_type(wanted: EventFilter, entity_type: str, everything: Iterable[str], *, only: bool) -> EventFilter:
    """Let an entity type in or out, or, with `only`, all others out."""
    return replace(wanted, entity_types=toggled(wanted.entity_types, entity_type, everything, only=only))


def toggle_operation(wanted: EventFilter, operation: Operation, *, only: bool) -> EventFilter:
    """Let an operation in or out, or, with `only`, all others out."""
    return replace(wanted, operations=toggled(wanted.operations, operation, Operation, only=only))


def toggle_destructive(wanted: EventFilter) -> EventFilter:
    """Only what took something away, or all operations again."""
    return replace(wanted, operations=None if wanted.operations == DESTRUCTIVE else DESTRUCTIVE)


def toggle_entity(wanted: EventFilter, entity_id: str) -> EventFilter:
    """Only events of one entity, or of all again."""
    return replace(wanted, entity_id=None if wanted.entity_id == entity_id else entity_id)


def with_text(wanted: EventFilter, text: str) -> EventFilter:
    """Only events that hold a text."""
    return replace(wanted, text=text)


def only_values(event: Event) -> list[Edit]:
    """What one may narrow to, starting from an event."""
    return [
        Edit(f"operation {event.operation.word}", "", partial(replace, operations=frozenset({event.operation}))),
        Edit(f"entity type {event.entity_type}", "", partial(replace, entity_types=frozenset({event.entity_type}))),
        Edit(f"event type {event.event_type}", "", partial(replace, event_types=frozenset({event.event_type}))),
        Edit("this entity", event.entity_id, partial(replace, entity_id=event.entity_id)),
    ]


def other_values(event: Event, known_types: Iterable[str]) -> list[Edit]:
    """What one may leave out, starting from an event."""
    types = list(known_types)

    def without_operation(wanted: EventFilter) -> EventFilter:
        return replace(wanted, operations=(wanted.operations or frozenset(Operation)) - {event.operation})

    def without_type(wanted: EventFilter) -> EventFilter:
        return replace(wanted, entity_types=(wanted.entity_types or frozenset(types)) - {event.entity_type})

    return [
        Edit(f"operation {event.operation.word}", "", without_operation),
        Edit(f"entity type {event.entity_type}", "", without_type),
    ]


def without(wanted: EventFilter, part: str) -> EventFilter:
    """The filter with one part of it dropped."""
    return replace(wanted, **{part: "" if part == "text" else None})


def cleared(wanted: EventFilter) -> EventFilter:
    """Only the time range of the filter."""
    return EventFilter(since_us=wanted.since_us, until_us=wanted.until_us)


class FilterHistory(Generic[T]):
    """States visited one after the other; going somewhere new forgets what lay ahead."""

    def __init__(self) -> None:
        self._past: list[T] = []
        self._ahead: list[T] = []

    def leave(self, state: T) -> None:
        """One goes on from this state to a new one."""
        if not self._past or self._past[-1] != state:
            self._past.append(state)
            del self._past[:-LONGEST]
        self._ahead.clear()

    def back(self, state: T) -> T | None:
        """The state before, for one who stands at `state`; None at the beginning."""
        return self._step(self._past, self._ahead, state)

    def forward(self, state: T) -> T | None:
        """The state one came back from; None when there is none."""
        return self._step(self._ahead, self._past, state)

    @staticmethod
    def _step(source: list[T], target: list[T], state: T) -> T | None:
        if not source:
            return None
        target.append(state)
        return source.pop()

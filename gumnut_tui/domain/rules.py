"""Rules for `watch`: `deleted>50/10m` is met when more than 50 events deleted something within ten minutes."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from gumnut_tui.domain.errors import UsageProblem, clip
from gumnut_tui.domain.models import DESTRUCTIVE, SECOND, Event, Operation

EXAMPLES = "deleted>50/10m, trashed,deleted>=20/1h, destructive>100/1d"

_RULE = re.compile(
    r"(?P<ops>[^<>=/]*)(?P<sign>>=?)\s*(?P<count>\d{1,9})\s*/\s*(?P<span>\d{1,6})\s*(?P<unit>[smhdw])", re.A
)
_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}


@dataclass(frozen=True, slots=True)
class Rule:
    """More than `most` events of these operations within `span_us` µs."""

    text: str
    """As it was written."""
    operations: frozenset[Operation]
    most: int
    span_us: int


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that was met: the number of events between two times, both included, in µs."""

    rule: Rule
    count: int
    first_us: int
    last_us: int


def parse_rule(text: str) -> Rule:
    """The rule as a value; raises UsageProblem with the text and examples."""
    found = _RULE.fullmatch(text.strip())
    if found is None:
        raise UsageProblem(f"'{clip(text, 60)}' is not a rule; write OPERATION[,…]>N/DURATION, like {EXAMPLES}.")
    span = int(found["span"]) * _UNITS[found["unit"]]
    most = int(found["count"]) - (found["sign"] == ">=")
    if not span or most < 0:
        raise UsageProblem(f"'{clip(text, 60)}' can never be met; write a rule like {EXAMPLES}.")
    operations = frozenset(operation for word in found["ops"].split(",") for operation in _operations(word, text))
    return Rule(text.strip(), operations, most, span * SECOND)


def _operations(word: str, text: str) -> Iterable[Operation]:
    name = word.strip().lower().replace("-", "_").replace(" ", "_")
    if name == "destructive":
        return DESTRUCTIVE
    try:
        return (Operation(name),)
    except ValueError:
        known = ", ".join(["destructive", *(operation.value for operation in Operation)])
        problem = f"'{clip(word.strip(), 40)}' in '{clip(text, 60)}' is not an operation; known: {known}."
        raise UsageProblem(problem) from None


class Watch:
    """Counts the events of one rule in every span of its length, in whatever order they come.

    All times are kept, eight bytes each: events may come late, so none can be dropped by its time.
    """

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._worst: Breach | None = None
        self._times = array("q")
        self._coming: list[int] = []

    def take(self, events: Iterable[Event]) -> None:
        """Take in events."""
        operations = self.rule.operations
        self._coming += [event.created_at_us for event in events if event.operation in operations]

    @property
    def worst(self) -> Breach | None:
        """The span with the most events so far that met the rule."""
        if self._coming:
            coming, self._coming = sorted(self._coming), []
            self._put_in(coming)
            self._look_at(coming[0], coming[-1])
        return self._worst

    def _put_in(self, coming: list[int]) -> None:
        at = bisect_right(self._times, coming[0])
        self._times[at:] = array("q", sorted(chain(self._times[at:], coming)))

    def _look_at(self, first_us: int, last_us: int) -> None:
        """Count the spans that end at an event and may include one of these times; equal times once."""
        times, span_us = self._times, self.rule.span_us
        end, stop = bisect_left(times, first_us), bisect_left(times, last_us + span_us)
        start = bisect_right(times, first_us - span_us)
        while end < stop:
            time = times[end]
            end = bisect_right(times, time, end)
            start = bisect_right(times, time - span_us, start, end)
            if end - start > (self.rule.most if self._worst is None else self._worst.count):
                self._worst = Breach(self.rule, end - start, times[start], time)


class Watches:
    """Several rules at once."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._watches = [Watch(rule) for rule in dict.fromkeys(rules)]

    def take(self, events: Iterable[Event]) -> None:
        """Take in events."""
        events = list(events)
        for watch in self._watches:
            watch.take(events)

    @property
    def breaches(self) -> list[Breach]:
        """The rules that were met, each with its worst span."""
        return [watch.worst for watch in self._watches if watch.worst is not None]

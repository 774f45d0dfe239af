"""Rules to watch the feed by: `deleted>50/10m` is met when more than 50 events deleted something within ten minutes."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gumnut_tui.domain.defaults import SLACK_SECONDS
from gumnut_tui.domain.errors import UsageProblem, clip
from gumnut_tui.domain.models import DESTRUCTIVE, Event, Operation

EXAMPLES = "deleted>50/10m, trashed,deleted>=20/1h, destructive>100/1d"
SECOND = 1_000_000
STRAGGLERS_US = int(SLACK_SECONDS * SECOND)
"""How long times are kept beyond a rule's own span, for late-arriving events, in µs."""

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
    """A rule was met: so many events lie between two times, both included, in µs."""

    rule: Rule
    count: int
    first_us: int
    last_us: int


def parse_rule(text: str) -> Rule:
    """The rule a text stands for; raises UsageProblem that names it and shows examples."""
    found = _RULE.fullmatch(text.strip())
    if found is None:
        raise UsageProblem(f"'{clip(text, 60)}' is no rule; write OPERATION[,…]>N/DURATION, like {EXAMPLES}.")
    span = int(found["span"]) * _UNITS[found["unit"]]
    most = int(found["count"]) - (found["sign"] == ">=")
    if not span or most < 0:
        raise UsageProblem(f"'{clip(text, 60)}' is met by nothing at all; write a rule like {EXAMPLES}.")
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
        problem = f"'{clip(word.strip(), 40)}' in '{clip(text, 60)}' is no operation; there are {known}."
        raise UsageProblem(problem) from None


class Watch:
    """Counts the events of one rule in every span of its length; they may come a little out of the order of time."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.worst: Breach | None = None
        """The fullest span so far by which the rule was met."""
        self._times: list[int] = []

    def take(self, event: Event) -> None:
        """Take in an event."""
        if event.operation not in self.rule.operations:
            return
        time = event.created_at_us
        index = bisect_right(self._times, time)
        self._times.insert(index, time)
        for start, stop in self._spans(index):
            if stop - start > self._most():
                self.worst = Breach(self.rule, stop - start, self._times[start], self._times[stop - 1])
        self._forget()

    def _most(self) -> int:
        """How many events a span needs more than, to be worth telling."""
        return self.rule.most if self.worst is None else self.worst.count

    def _spans(self, index: int) -> Iterator[tuple[int, int]]:
        """The spans that hold the event at `index`, as first event and the one behind the last."""
        times, span_us = self._times, self.rule.span_us
        first = bisect_left(times, times[index] - span_us + 1)
        if index == len(times) - 1:
            yield first, index + 1
        elif bisect_left(times, times[index] + span_us) - first > self._most():
            for start in range(first, index + 1):
                yield start, bisect_left(times, times[start] + span_us)

    def _forget(self) -> None:
        """Let go, from time to time, of what no span to come can reach."""
        known = bisect_right(self._times, self._times[-1] - self.rule.span_us - STRAGGLERS_US)
        if known > 1_000:
            del self._times[:known]


class Watches:
    """Several rules at once."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._watches = [Watch(rule) for rule in dict.fromkeys(rules)]

    def take(self, events: Iterable[Event]) -> None:
        """Take in events in feed order."""
        for event in events:
            for watch in self._watches:
                watch.take(event)

    @property
    def breaches(self) -> list[Breach]:
        """The rules that were met, each by its fullest span."""
        return [watch.worst for watch in self._watches if watch.worst is not None]

"""Rules to watch the feed by."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain.errors import UsageProblem
from gumnut_tui.domain.models import DESTRUCTIVE, Event, Operation
from gumnut_tui.domain.rules import Rule, Watch, Watches, parse_rule
from tests.factories import NOW, make_event

SECOND = 1_000_000


def deleted_at(second: int) -> Event:
    """A photo deleted so many seconds after NOW."""
    return make_event(event_type="asset_deleted", created_at=NOW + timedelta(seconds=second))


@pytest.mark.parametrize(
    ("text", "operations", "most", "seconds"),
    [
        ("deleted>50/10m", {Operation.DELETED}, 50, 600),
        (" trashed, deleted >= 20 / 1h ", {Operation.TRASHED, Operation.DELETED}, 19, 3_600),
        ("destructive>0/90s", DESTRUCTIVE, 0, 90),
        ("moved out>1/2d", {Operation.MOVED_OUT}, 1, 172_800),
        ("Moved-Out>1/1w", {Operation.MOVED_OUT}, 1, 604_800),
    ],
)
def test_grammar(text: str, operations: set[Operation], most: int, seconds: int) -> None:
    """OPERATION[,…]>N/DURATION; `>=` is one less."""
    assert parse_rule(text) == Rule(text.strip(), frozenset(operations), most, seconds * SECOND)


@pytest.mark.parametrize(
    "text",
    ["", "deleted", "deleted>50", "deleted>50/m", "deleted>-1/10m", "deleted<5/10m", "deleted>5/0m", "deleted>=0/1m",
     "foo>5/10m", ">5/10m", "deleted,>5/10m", "deleted>5/10y", "deleted>٥/10m", "deleted>5/10m;rm"],
)  # fmt: skip
def test_a_wrong_rule_is_named(text: str) -> None:
    """The message holds the text and what would do."""
    with pytest.raises(UsageProblem) as raised:
        parse_rule(text)
    assert f"'{text}'" in str(raised.value)
    assert "destructive" in str(raised.value)


@pytest.mark.parametrize(
    ("seconds", "count"),
    [([0, 1, 2], None), ([0, 1, 2, 9], 4), ([0, 1, 2, 10], None), ([0, 1, 2, 3, 4], 5), ([20, 0, 1, 2, 9], 4)],
)
def test_more_than_so_many_within_the_span(seconds: list[int], count: int | None) -> None:
    """The span is half open: ten seconds apart is no longer within ten seconds."""
    watches = Watches([parse_rule("deleted>3/10s")])
    watches.take(map(deleted_at, seconds))
    assert [breach.count for breach in watches.breaches] == ([] if count is None else [count])


def test_other_operations_do_not_count() -> None:
    """Only those the rule names."""
    watches = Watches([parse_rule("trashed>=1/1m"), parse_rule("deleted>=1/1m")])
    watches.take([deleted_at(0)])
    assert [breach.rule.text for breach in watches.breaches] == ["deleted>=1/1m"]


def test_a_rule_given_twice_is_told_once() -> None:
    """Repeating oneself changes nothing."""
    watches = Watches([parse_rule("deleted>=1/1m")] * 2)
    watches.take([deleted_at(0)])
    assert len(watches.breaches) == 1


@given(
    st.lists(st.integers(0, 60), max_size=40),
    st.lists(st.booleans(), min_size=40, max_size=40),
    st.integers(0, 6),
    st.integers(1, 20),
)
def test_the_fullest_span_is_found_in_any_order(seconds: list[int], looking: list[bool], most: int, span: int) -> None:
    """As counting every span would find it, however much out of order the events come, and whenever one looks."""
    watch = Watch(parse_rule(f"deleted>{most}/{span}s"))
    for second, looks in zip(seconds, looking, strict=False):
        watch.take([deleted_at(second)])
        if looks:
            assert watch.worst is None or watch.worst.count > most
    fullest = max((sum(start <= second < start + span for second in seconds) for start in seconds), default=0)
    assert (watch.worst.count if watch.worst else 0) == (fullest if fullest > most else 0)


def test_one_event_far_ahead_does_not_blind() -> None:
    """After an event from 2099, those of today are counted as before."""
    watch = Watch(parse_rule("deleted>1000/1h"))
    watch.take([make_event(event_type="asset_deleted", created_at=NOW.replace(year=2099))])
    for second in range(1_001):
        watch.take([deleted_at(second)])
        assert (watch.worst is not None) == (second == 1_000)


def test_many_events_of_one_time_behind_a_later_one_all_count() -> None:
    """What one transaction wrote has one time, and may stand behind an event that began later."""
    watch = Watch(parse_rule("deleted>=1/1d"))
    watch.take([deleted_at(60)])
    for _ in range(100):
        watch.take([deleted_at(0)] * 200)
    assert watch.worst is not None
    assert watch.worst.count == 20_001

"""Incidents: what belongs to one, however the events arrive."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain.fields import mentioned
from gumnut_tui.domain.incidents import (
    Bursts,
    Incident,
    IncidentRules,
    StoreIncidents,
    find_incidents,
    first_us_of,
    largest_share,
    summarize,
)
from gumnut_tui.domain.models import Event, Operation, to_us
from gumnut_tui.store.event_store import EventStore
from tests.factories import NOW, make_event, make_events

SECOND = 1_000_000
FEW = IncidentRules(pause=30, size=3)


def trashed_at(*seconds: float) -> list[Event]:
    """Photos trashed at these seconds after NOW."""
    return [
        make_event(number, event_type="asset_trashed", created_at=NOW + timedelta(seconds=second))
        for number, second in enumerate(seconds, 1)
    ]


@pytest.mark.parametrize(
    ("seconds", "counts"),
    [
        ((0, 30, 60), [3]),
        ((0, 30, 60.000001), []),
        ((0, 1), []),
        ((0, 0, 0), [3]),
        ((0, 1, 2, 40, 41, 42, 43), [3, 4]),
        ((), []),
    ],
)
def test_pauses_and_size_make_an_incident(seconds: tuple[float, ...], counts: list[int]) -> None:
    """Pauses up to the limit join, longer ones part, and too few events are none."""
    assert [incident.count for incident in find_incidents(trashed_at(*seconds), FEW)] == counts


def test_the_usual_rules() -> None:
    """Thirty seconds, and ten events."""
    assert [incident.count for incident in find_incidents(trashed_at(*range(0, 300, 30)))] == [10]
    assert list(find_incidents(trashed_at(*range(0, 270, 30)))) == []


@pytest.mark.parametrize(
    ("event_type", "counts"),
    [
        ("asset_deleted", True),
        ("asset_trashed", True),
        ("album_asset_removed", True),
        ("asset_moved_out", True),
        ("asset_restored", False),
        ("asset_updated", False),
        ("asset_sparkled", False),
    ],
)
def test_only_destructive_events_count(event_type: str, counts: bool) -> None:
    """Photos moved out are missed like deleted ones; what only changed is not."""
    assert bool(list(find_incidents(make_events(3, event_type=event_type), FEW))) is counts


def test_events_between_do_not_part_an_incident() -> None:
    """What else happens meanwhile neither joins nor separates."""
    events = trashed_at(0, 20, 40)
    busy = [event for one in events for event in (one, make_event(99, created_at=one.created_at))]
    assert list(find_incidents(busy, FEW)) == list(find_incidents(events, FEW))


TIMES = st.lists(st.integers(0, 400).map(lambda second: second * SECOND), max_size=60)


@given(TIMES, st.lists(st.integers(1, 7), min_size=1, max_size=60), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(times: list[int], sizes: list[int], random: object) -> None:
    """Piece by piece and in any order, the same incidents come out as at once."""
    whole = Bursts(FEW)
    whole.add(times)
    shuffled = sorted(times, key=lambda _: random.random())  # type: ignore[attr-defined]
    pieces = Bursts(FEW)
    while shuffled:
        size = sizes[len(shuffled) % len(sizes)]
        pieces.add(shuffled[:size])
        shuffled = shuffled[size:]
    assert list(pieces) == list(whole)


@given(TIMES)
def test_an_event_belongs_to_at_most_one_incident(times: list[int]) -> None:
    """The events found at an incident are as many as it counts, and its filter lets just them through."""
    bursts = Bursts(FEW)
    bursts.add(times)
    found = [incident for time in times if (incident := bursts.at(time))]
    assert sorted((incident.first_us, incident.count) for incident in set(found)) == [
        (incident.first_us, incident.count) for incident in bursts
    ]
    for incident in bursts:
        assert sum(incident.filter.accepts_time(time) for time in times) == incident.count == found.count(incident)


def test_the_id_tells_when_it_began() -> None:
    """Two incidents never share an id, and reading again gives the same."""
    first, second = find_incidents(trashed_at(0, 1, 2, 100, 101, 102), FEW)
    assert first.id == "inc_20261120T120000.000000Z"
    assert first.id != second.id
    assert first.seconds == 2


def test_a_store_is_looked_at_as_it_grows() -> None:
    """Newer and older stretches join the incidents that are known; rows know theirs."""
    events = [*trashed_at(0, 10, 20, 30), make_event(5, created_at=NOW)]
    store = EventStore()
    incidents = StoreIncidents(store, FEW)
    assert incidents.refresh() is False
    store.append(events[2:])
    assert incidents.refresh() is True
    assert list(incidents) == []
    store.insert(events[:2], before=store.first_row)
    assert incidents.refresh() is True
    assert incidents.refresh() is False
    whole = Incident(to_us(NOW), to_us(NOW) + 30 * SECOND, 4)
    assert list(incidents) == [whole]
    assert [incidents.of_row(row) for row in store.rows()] == [whole] * 4 + [None]
    assert list(store.view(whole.filter)) == [3, 4, 0, 1]


@given(st.lists(st.integers(0, 300), max_size=40), st.integers(-10, 310), st.integers(0, 200))
def test_incidents_that_reach_into_a_span_are_known(times: list[int], first: int, length: int) -> None:
    """Those of the size of one, wherever they begin and end."""
    bursts = Bursts(FEW)
    bursts.add(time * SECOND for time in times)
    span = first * SECOND, (first + length) * SECOND
    expected = any(one.first_us <= span[1] and one.last_us >= span[0] for one in bursts)
    assert bursts.overlap(*span) == expected


def test_the_largest_share_is_that_of_the_incident_most_events_belong_to() -> None:
    """Of several the first."""
    first, second = find_incidents(trashed_at(0, 1, 2, 100, 101, 102), FEW)
    assert largest_share({}) is None
    assert largest_share({first: 1, second: 2}) == second
    assert largest_share({second: 2, first: 2}) == first


def test_a_summary_tells_what_was_done_to_what() -> None:
    """Photos first, then graver operations; albums and people by how often they occur; each photo once."""
    events = [
        make_event(1, event_type="album_asset_removed", entity_type="album_asset", payload={"album_id": "album_a"}),
        make_event(2, event_type="album_asset_removed", entity_type="album_asset", payload={"album_id": "album_b"}),
        make_event(3, event_type="album_asset_removed", entity_type="album_asset", payload={"album_id": "album_b"}),
        make_event(4, event_type="asset_trashed", entity_id="asset_x"),
        make_event(5, event_type="asset_deleted", entity_id="asset_x"),
        make_event(6, event_type="face_deleted", entity_type="face", payload={"previous_person_id": "person_p"}),
    ]
    (incident,) = find_incidents(events, FEW)
    summary = summarize(incident, events, mentioned)
    assert summary.did == (
        (Operation.DELETED, "asset", 1),
        (Operation.TRASHED, "asset", 1),
        (Operation.DELETED, "face", 1),
        (Operation.REMOVED, "album_asset", 3),
    )
    assert summary.albums == ("album_b", "album_a")
    assert summary.people == ("person_p",)
    assert summary.photos == ("asset_x",)


@pytest.mark.parametrize(
    "wrong", ["", "inc_", "inc_20261119", "inc_2026119T120322.000000Z", "inc_20261319T120322.000000Z"]
)
def test_an_id_says_when_its_incident_began(wrong: str) -> None:
    """To the microsecond; what is no id says nothing."""
    incident = next(iter(find_incidents(trashed_at(0, 1, 2), FEW)))
    assert first_us_of(incident.id) == incident.first_us
    assert first_us_of(wrong) is None

"""Rules for the packed columns: what goes in comes out, whatever it is, and it takes little room."""

from __future__ import annotations

import sys
from collections.abc import Collection

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gumnut_tui.domain.filters import EventFilter, mentions
from gumnut_tui.domain.models import Event, Operation
from gumnut_tui.store.columns import Columns
from tests import hostile
from tests.factories import make_event, make_events

MANY_TYPES = [
    make_event(number, event_type=f"{'été' if number % 2 else 'summer'}_{number % 300}_deleted")
    for number in range(450)
]
"""More types than fit into the table of codes; those beyond occur twice as well."""


def raw_event(number: int, payload: bytes) -> Event:
    """An event with a payload of these very bytes."""
    return msgspec.structs.replace(make_event(number), payload=msgspec.Raw(payload))


def columns_of(events: list[Event]) -> Columns:
    columns = Columns()
    columns.extend(events)
    return columns


def comes_out(columns: Columns) -> list[Event]:
    return [columns.event(row) for row in range(len(columns))]


def passing(columns: Columns, wanted: EventFilter, named: Collection[str] = ()) -> list[int]:
    return passing_in(columns, range(len(columns)), wanted, named)


def passing_in(columns: Columns, rows: range, wanted: EventFilter, named: Collection[str] = ()) -> list[int]:
    return list(columns.passing(columns.found(rows, wanted, named), wanted))


@given(st.lists(hostile.events, max_size=6))
def test_events_come_out_as_they_went_in(events: list[Event]) -> None:
    """Lone surrogates, NULs, 0xff bytes and payloads of any shape are kept as received."""
    expected = [
        msgspec.structs.replace(e, payload=e.payload if bytes(e.payload) else msgspec.Raw(b"null")) for e in events
    ]
    assert comes_out(columns_of(events)) == expected


def test_more_types_than_codes_are_no_error() -> None:
    """Beyond 255 pairs of types an event still comes out and is filtered like any other."""
    columns = columns_of(MANY_TYPES)
    assert comes_out(columns) == MANY_TYPES
    for wanted in (
        EventFilter(operations=frozenset({Operation.DELETED})),
        EventFilter(event_types=frozenset({"été_299_deleted", "été_1_deleted"})),
        EventFilter(text="ÉTÉ_29"),
    ):
        assert passing(columns, wanted) == [row for row, event in enumerate(MANY_TYPES) if wanted.matches(event)]


@given(st.lists(hostile.events, min_size=1, max_size=6, unique_by=lambda event: event.cursor), st.data())
def test_an_event_is_found_by_its_cursor(events: list[Event], data: st.DataObject) -> None:
    """The row with this very cursor, however alike others or their payloads are; None when there is none."""
    columns = columns_of(events)
    row = data.draw(st.integers(0, len(events) - 1))
    assert columns.find(events[row].cursor) == row
    assert columns.find("no such cursor") is None


def test_a_text_does_not_reach_over_the_end_of_a_row() -> None:
    """What ends one event and begins the next is in neither."""
    columns = columns_of([make_event(1, payload={"a": 1}), make_event(2)])
    assert passing(columns, EventFilter(text="}cursor")) == []
    assert passing(columns, EventFilter(text="}")) == [0]


def test_a_text_stands_for_the_entities_so_named() -> None:
    """Events about the named entities pass too, and events whose payload mentions them; longer ids do not."""
    events = [make_event(1, entity_id="a_1"), make_event(2, payload={"x": "a_1"}), make_event(3, entity_id="a_12")]
    assert passing(columns_of(events), EventFilter(text="Italy"), ("a_1", "a_2")) == [0, 1]


@given(
    st.lists(hostile.events, max_size=8),
    hostile.filters,
    st.sets(hostile.ids, max_size=3),
    st.integers(0, 8),
    st.integers(0, 8),
)
@settings(max_examples=300)
def test_any_part_is_filtered_as_the_filter_says(
    events: list[Event], wanted: EventFilter, named: set[str], start: int, stop: int
) -> None:
    """Wherever a stretch of rows begins and ends, each of its rows passes just when the filter says so."""
    rows = range(start, min(stop, len(events)))
    names = {row: [wanted.text] for row in rows if any(mentions(events[row], one) for one in named)}
    expected = [row for row in rows if wanted.matches(events[row], names.get(row, ()))]
    assert passing_in(columns_of(events), rows, wanted, named) == expected


def test_an_event_takes_little_room() -> None:
    """20,000 events as the service sends them take at most 130 bytes each."""
    links = {"album_id": "album_" + "k" * 22, "asset_id": "asset_" + "k" * 22}
    events = [
        msgspec.structs.replace(
            event,
            cursor=f"event_{number:022}",
            payload=msgspec.Raw(msgspec.json.encode(links)) if number % 10 == 0 else event.payload,
        )
        for number, event in enumerate(make_events(20_000))
    ]
    columns = columns_of(events)
    assert sum(sys.getsizeof(column) for column in vars(columns).values()) / len(events) <= 130


NOTE = rb'{"note": "caf\u00e9 a\/b say \"hi\" \ud83d\ude00", "in": [["asset_9"], {"deep": "album_9"}]}'


@pytest.mark.parametrize("text", ["café", "CAFÉ", "cafe\u0301", "a/b", 'say "hi"', "😀", "asset_9"])
def test_search_looks_at_what_a_payload_says(text: str) -> None:
    """Escapes are the characters they stand for, composed and decomposed alike; asked twice it is the same."""
    events = [*make_events(5), raw_event(6, NOTE), *make_events(3, start=20)]
    columns = columns_of(events)
    for _ in range(2):
        assert passing(columns, EventFilter(text=text)) == [5]
    columns.extend([raw_event(30, NOTE)])
    assert passing(columns, EventFilter(text=text)) == [5, 9]


def test_a_decomposed_name_is_found_composed_and_the_other_way_round() -> None:
    """The library has one way to write it, the keyboard another."""
    composed, decomposed = make_event(1, payload={"n": "Café"}), make_event(2, payload={"n": "Cafe\u0301"})
    columns = columns_of([composed, decomposed])
    for text in ("café", "cafe\u0301"):
        assert passing(columns, EventFilter(text=text)) == [0, 1]


@pytest.mark.parametrize("entity_id", ["asset_9", "album_9"])
def test_an_entity_in_a_list_or_deeper_is_mentioned(entity_id: str) -> None:
    """As a value, at any depth."""
    columns = columns_of([make_event(1), raw_event(2, NOTE), make_event(3, payload={"ids": ["x", entity_id]})])
    assert passing(columns, EventFilter(entity_id=entity_id)) == [1, 2]

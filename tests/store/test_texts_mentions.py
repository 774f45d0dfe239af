"""The index of ids proposes every row that names an entity, whatever the payloads look like."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gumnut_tui.domain.filters import EventFilter, mentions
from gumnut_tui.domain.models import Event
from gumnut_tui.store.columns import Columns
from gumnut_tui.store.event_store import EventStore
from gumnut_tui.store.packed import MOST_PACKED, pack
from gumnut_tui.store.texts import BLOCK
from tests import hostile
from tests.factories import make_event, make_events

MANY = 3 * BLOCK
"""Events enough that the index is asked, and that it has more than one block."""


def history_among_many(events: list[Event], entity_id: str) -> list[int]:
    """The places of the events that name the entity, with thousands of others before them."""
    store = EventStore()
    before = make_events(MANY, start=1000)
    store.append(before)
    rows = store.append(events)
    return [row - rows.start for row in store.history(entity_id)]


@given(st.lists(hostile.events, min_size=1, max_size=4), hostile.ids)
@settings(max_examples=25)
def test_every_row_that_names_an_entity_is_found(events: list[Event], entity_id: str) -> None:
    """As looking at each event would find it; ids, fields and bytes may be anything."""
    expected = [at for at, event in enumerate(events) if mentions(event, entity_id)]
    assert history_among_many(events, entity_id) == expected


@pytest.mark.parametrize(
    "payload",
    [
        b'{"album_id":"a_1"}',
        b'{ "album:" : "x", "asset_id" :\n"a_1" }',
        b'{"a_1":null,"other":["q"],"asset_id":"a_1"}',
        rb'{"asset_id":"\u0061_1"}',
        rb'{"note":"say \"hi\":","asset_id":"a_1"}',
        b'{"asset_ids":["x","a_1"]}',
        rb'{"people":[{"id":"\u0061_1"}],"note":{"a_1":0}}',
    ],
)
def test_an_id_is_found_however_its_payload_is_written(payload: bytes) -> None:
    """Spaces, escapes, lists, nested values, names of fields that look like values."""
    assert history_among_many([make_event(1), make_event(2, payload=None), raw(3, payload)], "a_1") == [2]


def raw(number: int, payload: bytes) -> Event:
    """An event with a payload of these very bytes."""
    return msgspec.structs.replace(make_event(number), payload=msgspec.Raw(payload))


def test_a_byte_that_separates_in_a_payload_hides_no_event() -> None:
    """A broken payload costs time, and nothing else."""
    events = [raw(1, b'"\xff\xff"'), make_event(2, payload={"asset_id": "a_1"}), make_event(3, entity_id="a_1")]
    assert history_among_many(events, "a_1") == [1, 2]


@given(st.lists(hostile.events, max_size=12), st.integers(1, MOST_PACKED))
def test_packs_of_any_size_hold_the_same(events: list[Event], size: int) -> None:
    """Adding events and adding packs of them is one and the same."""
    one, other = Columns(), Columns()
    one.extend(events)
    for start in range(0, len(events), size):
        other.extend_packed(pack(events[start : start + size]))
    everything = range(len(events))
    assert [one.event(row) for row in everything] == [other.event(row) for row in everything]
    assert list(one.kinds()) == list(other.kinds())
    for wanted in (EventFilter(text="é"), EventFilter(text="a_1")):
        assert list(one.found(everything, wanted, ())) == list(other.found(everything, wanted, ()))

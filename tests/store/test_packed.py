"""Packed events come out as they went in."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain.models import Event, from_us
from gumnut_tui.store.packed import MOST_PACKED, decoded, joined, pack, pack_kinds, unpack_kinds
from tests.factories import make_event, make_events

TEXTS = st.text(st.characters(), max_size=20)
EVENTS = st.builds(
    Event,
    cursor=TEXTS,
    entity_type=st.sampled_from(["asset", "face", "", "neu_ß", "\udc80"]),
    entity_id=TEXTS,
    event_type=TEXTS,
    created_at=st.integers(-(10**15), 10**17).map(from_us),
    payload=st.one_of(
        st.just(msgspec.Raw(b"null")),
        st.dictionaries(st.text(max_size=3), st.text(max_size=3)).map(
            lambda value: msgspec.Raw(msgspec.json.encode(value))
        ),
        st.just(msgspec.Raw(b'"\xff\xfe"')),
    ),
)


@given(st.lists(EVENTS, max_size=20))
def test_every_event_comes_out_as_it_went_in(events: list[Event]) -> None:
    """Whatever the texts hold: separators, half surrogate pairs, broken bytes in the payload."""
    packed = pack(events)
    assert list(packed.all_events()) == packed.events() == events
    assert packed.cursors() == [event.cursor for event in events]
    assert [decoded(one) for one in packed.entity_ids()] == [event.entity_id for event in events]
    assert unpack_kinds(pack_kinds(packed.kinds)) == packed.kinds


def test_a_slice_is_that_of_a_list() -> None:
    """Rows are counted as in a list."""
    events = make_events(10)
    assert pack(events).events(3, 7) == events[3:7]
    assert pack(events).event(0) == events[0]


def test_packs_join_in_order() -> None:
    """The events of the second stand behind those of the first."""
    events = make_events(4)
    assert joined(pack(events[:1]), pack(events[1:])).events() == events


def test_a_pack_is_bounded() -> None:
    """One byte tells a kind, so there are at most as many events as it has values."""
    kinds = [make_event(number, event_type=f"kind_{number}") for number in range(MOST_PACKED)]
    assert pack(kinds).events() == kinds
    with pytest.raises(ValueError, match="257"):
        pack([*kinds, make_event(999)])

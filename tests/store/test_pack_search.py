"""A pack is searched as each of its events would be by itself."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Event, Operation
from gumnut_tui.domain.search_text import texts_in
from gumnut_tui.store.pack_search import PackSearch
from gumnut_tui.store.packed import pack
from tests.factories import make_event

PAYLOADS = [
    b"null",
    b"{}",
    b'{"asset_id":"asset_1"}',
    rb'{"n":"\u00c4rger"}',
    b'{"ids":["asset_2"],"x":1}',
    b'"\xff\xfe"',
]

CURSORS = st.sampled_from(["c1", "C1 é", "c\u0301", 'q"\\', "e\xff"])


@st.composite
def wild_events(draw: st.DrawFn) -> Event:
    """An event of few kinds and texts, of which some are hard to search."""
    number = draw(st.integers(1, 99))
    kind = draw(st.sampled_from(["asset", "face", "Ünbekannt"]))
    event = make_event(
        number,
        cursor=draw(CURSORS) + str(number),
        entity_type=kind,
        event_type=f"{kind}_{draw(st.sampled_from(['deleted', 'updated']))}",
        entity_id=draw(st.sampled_from(["asset_1", "asset_2", "Ärger"])),
    )
    return msgspec.structs.replace(event, payload=msgspec.Raw(draw(st.sampled_from(PAYLOADS))))


FILTERS = st.builds(
    EventFilter,
    entity_types=st.sampled_from([None, frozenset({"asset"})]),
    operations=st.sampled_from([None, frozenset({Operation.DELETED})]),
    entity_id=st.sampled_from([None, "asset_1", "asset_2"]),
    text=st.sampled_from(["", "C1", "arger", "asset_2", "deleted", "é", "unbek", '"', "1"]),
    since_us=st.sampled_from([None, make_event(40).created_at_us]),
    until_us=st.sampled_from([None, make_event(60).created_at_us]),
)


@given(
    st.lists(wild_events(), max_size=12, unique_by=lambda event: event.cursor),
    FILTERS,
    st.sampled_from([(), ("asset_1",), ("asset_2", "Ärger")]),
)
def test_a_pack_is_searched_as_each_event_by_itself(
    events: list[Event], wanted: EventFilter, named: tuple[str, ...]
) -> None:
    """Whatever the texts, the filter, and the entities whose names hold the text."""

    def passes(event: Event) -> bool:
        is_named = event.entity_id in named or not set(texts_in(bytes(event.payload))).isdisjoint(named)
        return wanted.matches(event, [wanted.text] if wanted.text and is_named else [])

    found = PackSearch(wanted, named).rows(pack(events))
    assert [events[row] for row in found] == [event for event in events if passes(event)]


def test_an_empty_pack_holds_nothing() -> None:
    """Nor does it matter what is looked for."""
    assert list(PackSearch(EventFilter(text="x", since_us=1)).rows(pack([]))) == []

"""Rules for what a filter lets through."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given

from gumnut_tui.domain.filters import EventFilter, mentions
from gumnut_tui.domain.models import Event, Operation
from tests import hostile
from tests.factories import make_event

REMOVED = make_event(
    7,
    entity_type="album_asset",
    entity_id="album_asset_3",
    event_type="album_asset_removed",
    payload={"album_id": "album_1", "asset_id": "asset_9", "note": "Été"},
)
US = REMOVED.created_at_us


@given(hostile.events)
def test_the_empty_filter_lets_everything_through(event: Event) -> None:
    """Nothing is filtered out by a filter without parts."""
    assert EventFilter().is_empty
    assert EventFilter().matches(event)


@pytest.mark.parametrize(
    ("wanted", "passes"),
    [
        (EventFilter(entity_types=frozenset({"album_asset"})), True),
        (EventFilter(entity_types=frozenset()), False),
        (EventFilter(operations=frozenset({Operation.REMOVED})), True),
        (EventFilter(operations=frozenset({Operation.DELETED})), False),
        (EventFilter(event_types=frozenset({"album_asset_removed"})), True),
        (EventFilter(event_types=frozenset({"album_asset_added"})), False),
        (EventFilter(not_event_types=frozenset({"album_asset_removed"})), False),
        (EventFilter(not_event_types=frozenset({"album_asset_added"})), True),
        (EventFilter(not_entity_ids=frozenset({"album_asset_3"})), False),
        (EventFilter(not_entity_ids=frozenset({"asset_9", "asset_8"})), False),
        (EventFilter(not_entity_ids=frozenset({"asset_"})), True),
        (EventFilter(since_us=US, until_us=US + 1), True),
        (EventFilter(until_us=US), False),
        (EventFilter(since_us=US + 1), False),
        (EventFilter(entity_id="album_asset_3"), True),
        (EventFilter(entity_id="asset_9"), True),
        (EventFilter(entity_id="asset_"), False),
        (EventFilter(entity_id="album_asset_3", operations=frozenset({Operation.ADDED})), False),
    ],
)
def test_every_part_of_a_filter_must_hold(wanted: EventFilter, passes: bool) -> None:
    """Each part restricts by itself; an empty set lets nothing through; the range is half-open."""
    assert wanted.matches(REMOVED) is passes


@pytest.mark.parametrize(
    ("text", "passes"),
    [("ALBUM_1", True), ("cursor-000007", True), ("Removed", True), ("éTÉ", True), ("italy", True), ("3album", False)],
)
def test_text_is_looked_for_in_every_text_of_an_event(text: str, passes: bool) -> None:
    """Ids, event type, cursor, payload and names, upper and lower case alike, but not across two of them."""
    assert EventFilter(text=text).matches(REMOVED, names=("Italy",)) is passes


def test_a_missing_payload_holds_no_text() -> None:
    """Looking for `null` does not find every event without a payload."""
    assert not EventFilter(text="null").matches(make_event())


@pytest.mark.parametrize("text", ["café", "a/b", 'say "hi"', "cafe\u0301", "CAFÉ"])
def test_text_is_looked_for_in_what_the_payload_says(text: str) -> None:
    """An escape is the character it stands for; composed and decomposed are one, also in names."""
    event = msgspec.structs.replace(REMOVED, payload=msgspec.Raw(rb'{"note": "caf\u00e9 a\/b say \"hi\""}'))
    assert EventFilter(text=text).matches(event)
    assert EventFilter(text="Zo\u0301e").matches(REMOVED, names=("Zóe",))


@pytest.mark.parametrize("payload", [b'{"ids":["x","asset_7"]}', b'{"a":{"b":[{"c":"asset_7"}]}}', b'["asset_7"]'])
def test_an_entity_is_mentioned_at_any_depth(payload: bytes) -> None:
    """In lists and in objects inside others; as the name of a field it is none."""
    event = msgspec.structs.replace(REMOVED, payload=msgspec.Raw(payload))
    assert mentions(event, "asset_7")
    assert not mentions(event, "ids")


def test_an_entity_is_mentioned_however_its_id_is_written() -> None:
    """JSON may escape any character of an id; what counts is the id it stands for."""
    event = msgspec.structs.replace(REMOVED, payload=msgspec.Raw(b'{"asset_id":"asset\\u005f9"}'))
    assert mentions(event, "asset_9")


def test_a_filter_without_its_range_is_open() -> None:
    """A filter of nothing but times is open, though not empty."""
    wanted = EventFilter(since_us=1)
    assert wanted.is_open
    assert not wanted.is_empty
    assert wanted.without_range() == EventFilter()
    assert not EventFilter(text="x", since_us=1).is_open

"""Rules for the API's words as values: operations, times and payloads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain.models import Event, Operation, from_us, operation_of, to_us
from tests.factories import NOW, make_event

MOMENTS = st.datetimes(timezones=st.just(UTC) | st.just(timezone(timedelta(hours=-7))))


@pytest.mark.parametrize(
    ("event_type", "operation"),
    [
        ("asset_created", Operation.CREATED),
        ("album_asset_added", Operation.ADDED),
        ("metadata_updated", Operation.UPDATED),
        ("library_restored", Operation.RESTORED),
        ("asset_moved_in", Operation.MOVED_IN),
        ("asset_moved_out", Operation.MOVED_OUT),
        ("album_asset_removed", Operation.REMOVED),
        ("asset_trashed", Operation.TRASHED),
        ("exif_deleted", Operation.DELETED),
        ("asset_painted", Operation.OTHER),
        ("deleted", Operation.OTHER),
        ("asset_deleted_again", Operation.OTHER),
        ("", Operation.OTHER),
    ],
)
def test_the_ending_of_an_event_type_tells_the_operation(event_type: str, operation: Operation) -> None:
    """The ending after an underscore names the operation; anything else is `other`, never an error."""
    assert operation_of(event_type) is operation


def test_destructive_is_what_one_looks_for_when_photos_are_missing() -> None:
    """Moved out, removed, trashed and deleted are listed together; nothing else is."""
    destructive = [operation.value for operation in Operation if operation.is_destructive]
    assert destructive == ["moved_out", "removed", "trashed", "deleted"]


def test_every_operation_has_a_glyph_and_a_word_of_its_own() -> None:
    """Colour is never the only sign: glyphs are one character and, like the words, all different."""
    assert len({operation.glyph for operation in Operation}) == len({o.word for o in Operation}) == len(Operation)
    assert all(len(operation.glyph) == 1 for operation in Operation)


@given(MOMENTS)
def test_microseconds_hold_every_time(moment: datetime) -> None:
    """A time turned into microseconds and back is the same instant, to the microsecond, in any year and zone."""
    assert from_us(to_us(moment)) == moment


def test_a_time_without_a_zone_counts_as_utc() -> None:
    """Old servers sent times without a zone and meant UTC."""
    assert to_us(NOW.replace(tzinfo=None)) == to_us(NOW)


@pytest.mark.parametrize(
    "payload",
    [b"", b"null", b"{}", b"[1]", b'"text"', b"{broken", b'{"a":"\xff"}', b'{"a":"\\ud800"}', b'{"a":' + b"[" * 10**5],
)
def test_a_payload_that_is_no_object_has_no_details(payload: bytes) -> None:
    """Null, other JSON, broken text and text nested too deep give an empty dict, never an error."""
    assert Event("c", "asset", "a", "asset_created", NOW, msgspec.Raw(payload)).details == {}


def test_metadata_events_are_about_an_asset() -> None:
    """Metadata and exif events carry the asset's id; an unknown type is its own kind."""
    kinds = {entity_type: make_event(entity_type=entity_type).kind for entity_type in ("metadata", "exif", "novel")}
    assert kinds == {"metadata": "asset", "exif": "asset", "novel": "novel"}

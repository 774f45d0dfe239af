"""Fields as the service sent them: whatever they are, reading them is no fault."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gumnut_tui.domain import fields

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
WRONG = [None, True, 3, -1, 2.5, float("nan"), float("inf"), 10**400, "", "text", [], ["a", 1, {}], {}, {"a": 1}]


@given(VALUES)
def test_any_value_is_read(value: Any) -> None:
    """Each way to read a field gives its type or nothing."""
    found = {"key": value}
    assert isinstance(fields.raw_id(found, "key"), str)
    assert all(isinstance(one, str) for one in fields.ids(found, "key"))
    assert all(hasattr(one, "get") for one in fields.groups(found, "key"))
    assert hasattr(fields.group(found, "key"), "get")
    fields.moment(found, "key")


@pytest.mark.parametrize("value", WRONG)
def test_amounts_are_finite_numbers(value: Any) -> None:
    """A truth value is no number, and neither is one too large to reckon with; a count is never below nothing."""
    amount, count = fields.amount({"key": value}, "key"), fields.count({"key": value}, "key")
    expected = value if value in (3, -1, 2.5) and value is not True else None
    assert amount == expected
    assert count == (None if expected is None or expected < 0 else int(expected))


def test_an_id_is_kept_as_received() -> None:
    """One asks the service with it."""
    assert fields.raw_id({"id": " a\x1b "}, "id") == " a\x1b "
    assert fields.raw_id({}, "id") == ""


def test_a_time_without_a_zone_is_utc_unless_it_is_the_cameras() -> None:
    """`moment` takes it as UTC; `wall_moment` leaves it as written."""
    found = {"at": "2026-11-20T12:00:00", "odd": "x" * 65, "none": "yesterday"}
    assert fields.moment(found, "at") == datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert fields.wall_moment(found, "at") == datetime(2026, 11, 20, 12)
    assert fields.moment(found, "odd") is fields.moment(found, "none") is fields.moment(found, "gone") is None


@pytest.mark.parametrize(
    ("photo", "file"),
    [
        ({"file_data": {"checksum": "a", "file_size_bytes": 1, "checksum_sha1": "b"}, "file_size_bytes": 2},
         {"checksum": "a", "file_size_bytes": 1}),
        ({"checksum": "a", "device_id": "WEB", "file_size_bytes": 2, "id": "x"},
         {"checksum": "a", "device_id": "WEB", "file_size_bytes": 2}),
        ({"file_data": {"file_size_bytes": 1}}, {}),
        ({"file_data": None, "checksum": 7}, {}),
    ],
)  # fmt: skip
def test_the_file_of_a_photo(photo: dict[str, Any], file: dict[str, Any]) -> None:
    """Whatever generation of the service tells it; without a checksum there is none."""
    assert fields.file_of(photo) == file
    assert fields.checksum_of(photo) == file.get("checksum", "")

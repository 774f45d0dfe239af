"""What a destructive event means now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from gumnut_tui.domain.models import Entity, Event
from gumnut_tui.report.model import Status
from tests.factories import NOW
from tests.report.cases import (
    DELETED,
    DELETED_LATER,
    ITALY,
    MOVED_IN,
    MOVED_OUT,
    RESTORED,
    TRASHED,
    TRASHED_AT,
    UNTIL,
    Memory,
    Service,
    entity,
    finding_on,
    happened,
    photo,
    report_on,
    taken_out,
    trashed,
)


@pytest.mark.parametrize(
    ("events", "there", "status"),
    [
        ([TRASHED], [trashed()], Status.TRASHED),
        ([TRASHED], [photo()], Status.RESTORED),
        ([TRASHED, RESTORED], [photo()], Status.RESTORED),
        ([TRASHED, RESTORED], [trashed()], Status.TRASHED),
        ([TRASHED], [], Status.GONE),
        ([TRASHED, DELETED_LATER], [], Status.GONE),
        ([DELETED], [], Status.GONE),
        ([MOVED_OUT], [], Status.MOVED),
        ([MOVED_OUT], [photo()], Status.RESTORED),
        ([MOVED_OUT], [trashed()], Status.TRASHED),
        ([MOVED_OUT, MOVED_IN, DELETED_LATER], [], Status.GONE),
        ([taken_out()], [photo()], Status.UNLINKED),
        ([taken_out()], [trashed()], Status.TRASHED),
        ([taken_out()], [], Status.GONE),
        ([taken_out(), DELETED_LATER], [], Status.GONE),
        ([taken_out(), happened("asset_moved_out", number=2)], [], Status.MOVED),
        ([taken_out()], [photo(), entity("album_asset", "album_asset_1")], Status.RESTORED),
        ([taken_out(None)], [photo()], Status.UNKNOWN),
        ([happened("album_deleted", "album_1")], [], Status.GONE),
        ([happened("album_deleted", "album_1")], [ITALY], Status.LIVE),
        ([happened("person_deleted", "person_1")], [], Status.GONE),
        ([happened("face_deleted", "face_1")], [], Status.GONE),
        ([happened("stack_deleted", "stack_1")], [], Status.GONE),
        ([happened("library_trashed", "lib_x")], [entity("library", "lib_x", trashed_at="x")], Status.TRASHED),
        ([happened("library_trashed", "lib_x")], [entity("library", "lib_x")], Status.RESTORED),
        ([happened("exif_deleted", entity_type="exif")], [photo()], Status.LIVE),
        ([happened("gadget_removed", "gadget_1")], [], Status.UNKNOWN),
        ([happened("gadget_deleted", "gadget_1")], [], Status.GONE),
    ],
)
def test_status_now(events: Sequence[Event], there: Sequence[Entity], status: Status) -> None:
    """What is there now decides; where it is not, the feed and a single read tell gone from moved."""
    assert finding_on(events, Service(there)).verdict.status is status


@pytest.mark.parametrize(
    ("events", "status"),
    [
        ([TRASHED], Status.TRASHED),
        ([TRASHED, RESTORED], Status.RESTORED),
        ([TRASHED, DELETED_LATER], Status.GONE),
        ([DELETED], Status.GONE),
        ([MOVED_OUT], Status.MOVED),
        ([MOVED_OUT, MOVED_IN], Status.RESTORED),
        ([taken_out()], Status.UNKNOWN),
        ([taken_out(), DELETED_LATER], Status.GONE),
        ([taken_out(), happened("asset_restored", number=2)], Status.UNLINKED),
        ([happened("album_deleted", "album_1")], Status.GONE),
    ],
)
def test_status_as_last_known(events: Sequence[Event], status: Status) -> None:
    """Offline, the feed alone tells, and what it does not tell is not known."""
    assert finding_on(events, None).verdict.status is status


def test_memory_tells_offline_what_the_feed_does_not() -> None:
    """A photo last seen live was only taken out of its album."""
    assert finding_on([taken_out()], None, Memory([photo()])).verdict.status is Status.UNLINKED


def test_a_photo_put_back_into_its_album_is_restored() -> None:
    """The feed tells so, by the membership's id or by album and photo."""
    back = happened("album_asset_added", "album_asset_9", 2, payload={"asset_id": "asset_1", "album_id": "album_1"})
    other = happened("album_asset_added", "album_asset_9", 2, payload={"asset_id": "asset_1", "album_id": "album_2"})
    assert finding_on([taken_out(), back], Service([photo()])).verdict.status is Status.RESTORED
    assert finding_on([taken_out(), other], Service([photo()])).verdict.status is Status.UNLINKED


def test_a_photo_in_another_library_is_moved() -> None:
    """Where no event explains an absence, a single read tells moved from gone."""
    service = Service(elsewhere=frozenset({"asset_1"}))
    assert finding_on([TRASHED], service).verdict.status is Status.MOVED
    assert service.singles == ["asset_1"]


def test_recoverable_until_is_reckoned_from_the_trashing() -> None:
    """`trashed_at` and the retention make it; without the former the event's own time does."""
    assert finding_on([TRASHED], Service([trashed()])).verdict.recoverable_until == UNTIL
    unreadable = Service([photo(trashed_at="some day")])
    expected = TRASHED.created_at + timedelta(days=90)
    assert finding_on([TRASHED], unreadable).verdict.recoverable_until == expected
    assert finding_on([TRASHED], None).verdict.recoverable_until == expected
    shorter = report_on([TRASHED], Service([trashed()]), retention=timedelta(days=30))
    assert shorter.findings[0].verdict.recoverable_until == TRASHED_AT + timedelta(days=30)


def test_the_end_of_the_calendar_is_no_error() -> None:
    """A hostile time does not stop a report."""
    found = finding_on([TRASHED], Service([photo(trashed_at="9999-12-31T23:59:59+00:00")]))
    assert found.verdict.recoverable_until == datetime.max.replace(tzinfo=UTC)


def test_only_what_is_in_the_trash_is_recoverable() -> None:
    """Anything else has no such time."""
    for events, there in (([TRASHED], [photo()]), ([DELETED], []), ([taken_out()], [photo()])):
        assert finding_on(events, Service(there)).verdict.recoverable_until is None


def test_a_link_tells_whether_the_photo_is_safe() -> None:
    """Taken out of an album is not gone; the words say which it is."""
    assert finding_on([taken_out()], Service([photo()])).verdict.remark == "out of the album only, photo safe"
    assert "gone too" in finding_on([taken_out(), DELETED_LATER], Service()).verdict.remark


def test_now_is_the_time_of_the_report() -> None:
    """The report says from when it is, and whether the service was asked."""
    assert report_on([TRASHED], Service([trashed()])).heading.as_of == NOW
    assert report_on([TRASHED], None).heading.is_offline

"""What is known of the entities of a report, from the service and from memory."""

from __future__ import annotations

from gumnut_tui.report.model import Status
from tests.report.cases import (
    DELETED,
    DELETED_LATER,
    ITALY,
    TRASHED,
    Memory,
    Service,
    finding_on,
    happened,
    photo,
    report_on,
    taken_out,
    trashed,
)


def test_few_requests_whatever_the_number() -> None:
    """Batches of 200 of a kind; single reads are few, and what they leave open is not claimed to be gone."""
    events = [happened("asset_trashed", f"asset_{number}", number) for number in range(1_000)]
    service = Service()
    report = report_on(events, service)
    assert [len(ids) for _, ids in service.asked] == [200] * 5
    assert len(service.singles) == 40
    assert report.statuses == ((Status.GONE, 40), (Status.UNKNOWN, 960))


def test_faces_that_are_gone_are_not_asked_for() -> None:
    """A removed face stays removed, and there may be very many."""
    service = Service()
    report_on([happened("face_deleted", "face_1", payload={"previous_person_id": "person_1"})], service)
    assert service.asked == [("person", ("person_1",))]


def test_memory_names_what_is_gone() -> None:
    """Name, albums, capture time and picture of a deleted photo are those last seen."""
    seen = photo(name="IMG_1.HEIC", thumbhash="abc", local_datetime="2025-06-14T16:20:09")
    memory = Memory([seen, ITALY], {"asset_1": ["album_1"]})
    for service in (None, Service()):
        found = finding_on([DELETED], service, memory)
        assert (found.name, found.albums, found.thumbhash) == ("IMG_1.HEIC", ("Italy",), "abc")
        assert found.taken == "14 Jun 2025 16:20:09"
        assert found.verdict.status is Status.GONE


def test_albums_of_a_deleted_photo_come_from_the_feed_too() -> None:
    """A permanent deletion takes the photo out of each album, which names them."""
    found = report_on([taken_out(), DELETED_LATER], Service([ITALY])).findings[1]
    assert found.albums == ("Italy",)


def test_what_is_there_now_goes_before_what_was() -> None:
    """Memory helps only where the service has nothing."""
    found = finding_on([TRASHED], Service([trashed(name="new.jpg")]), Memory([photo(name="old.jpg")]))
    assert found.name == "new.jpg"

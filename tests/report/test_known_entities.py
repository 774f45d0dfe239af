"""What is known of the entities of a report, from the service, from memory and from later events."""

from __future__ import annotations

import pytest

from gumnut_tui.domain.models import Presence
from gumnut_tui.report.known_entities import Aftermath
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


def after(*words: str) -> Aftermath:
    """What is known after these things happened to a photo, in turn."""
    aftermath = Aftermath()
    aftermath.take(happened(f"asset_{word}", number=number) for number, word in enumerate(words, start=1))
    return aftermath


@pytest.mark.parametrize(
    ("words", "presence"),
    [
        (("created", "updated"), None),
        (("trashed",), Presence.TRASHED),
        (("trashed", "restored"), Presence.LIVE),
        (("trashed", "updated"), Presence.TRASHED),
        (("moved_out",), Presence.MOVED),
        (("moved_out", "moved_in"), Presence.LIVE),
        (("trashed", "deleted"), Presence.GONE),
    ],
)
def test_the_last_word_counts(words: tuple[str, ...], presence: Presence | None) -> None:
    """Events that say nothing of where a photo is change nothing."""
    assert after(*words).presence("asset_1") is presence


def test_the_last_way_into_the_trash_counts() -> None:
    """The time until a photo can be restored is reckoned from it."""
    aftermath = after("trashed", "restored", "trashed")
    assert aftermath.trashed_at("asset_1") == happened("asset_trashed", number=3).created_at
    assert aftermath.trashed_at("asset_2") is None


def test_a_photo_is_put_back_by_another_membership_of_the_same_album() -> None:
    """The membership that comes has another id; photo and album are what tells it."""
    elsewhere, added = (
        happened("album_asset_added", f"album_asset_{at}", at, payload={"asset_id": "asset_1", "album_id": album})
        for at, album in ((8, "album_2"), (9, "album_1"))
    )
    aftermath = Aftermath()
    aftermath.take([taken_out(), elsewhere])
    assert not aftermath.is_put_back(taken_out())
    aftermath.take([added])
    assert aftermath.is_put_back(taken_out())
    aftermath.take([taken_out(number=10)])
    assert not aftermath.is_put_back(taken_out())


def test_the_albums_a_photo_was_taken_out_of_are_kept_once_each() -> None:
    """In the order it happened; a removal that names none adds none."""
    aftermath = Aftermath()
    aftermath.take([taken_out(album="b"), taken_out(album="a"), taken_out(album="b"), taken_out(None)])
    assert aftermath.albums("asset_1") == ["b", "a"]

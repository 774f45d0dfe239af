"""What the feed alone tells of photos and their places in albums."""

from __future__ import annotations

import pytest

from gumnut_tui.domain.models import Presence
from gumnut_tui.report.aftermath import Aftermath
from tests.report.cases import happened, taken_out


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

"""Where the smallest pictures of a photo come from, whatever its fields hold."""

from __future__ import annotations

from typing import Any

import pytest

from gumnut_tui.picture.thumbnails import thumbhash_picture, thumbnail_url
from tests.feed.entity_sources import photo
from tests.report.cases import THUMBHASH


def test_the_blurred_picture_is_in_the_fields() -> None:
    """Nothing is fetched for it."""
    picture = thumbhash_picture(photo(thumbhash=THUMBHASH))
    assert picture is not None
    assert picture.width > 0


@pytest.mark.parametrize("value", [None, "", "no hash", 3, "AAAA"])
def test_what_is_no_thumbhash_is_no_picture(value: Any) -> None:
    """And no fault; neither is a photo that was never read."""
    assert thumbhash_picture(photo(thumbhash=value)) is None
    assert thumbhash_picture(None) is None


def test_a_photo_has_a_thumbnail_and_a_video_a_still() -> None:
    """The photo's own goes first."""
    small, still = {"url": "https://p.example/small"}, {"url": "https://p.example/still"}
    assert thumbnail_url(photo(asset_urls={"thumbnail_image": still, "thumbnail": small})) == small["url"]
    assert thumbnail_url(photo(asset_urls={"thumbnail_image": still})) == still["url"]


@pytest.mark.parametrize("urls", [None, [], {}, {"thumbnail": None}, {"thumbnail": {"url": 3}}])
def test_without_an_address_there_is_none(urls: Any) -> None:
    """Whatever stands there instead."""
    assert thumbnail_url(photo(asset_urls=urls)) is None

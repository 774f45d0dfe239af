"""Addresses of pictures: another origin, signed, and true about the size behind them."""

from __future__ import annotations

from typing import Any

import pytest

from gumnut_tui.demo.http.picture_urls import RUNGS, PictureUrls, signature
from tests.demo.little_world import LittleWorld

ORIGIN = "https://pictures.example"


def urls(world: LittleWorld | None = None) -> PictureUrls:
    """Addresses at an origin of their own."""
    return PictureUrls(world or LittleWorld(), ORIGIN)


@pytest.mark.parametrize(
    ("size", "widths"),
    [
        ((4000, 3000), {"thumbnail": 360, "small": 720, "preview": 1440, "fullsize": 4000}),
        ((3000, 4000), {"thumbnail": 270, "small": 540, "preview": 1080, "fullsize": 3000}),
        ((300, 200), {"thumbnail": 300, "small": 300, "preview": 300, "fullsize": 300}),
        ((0, 0), {"thumbnail": None, "small": None, "preview": None, "fullsize": None}),
    ],
)
def test_the_long_edge_is_bounded_and_nothing_is_made_larger(
    size: tuple[int, int], widths: dict[str, int | None]
) -> None:
    """A width is told for each rung, and none where the photo's own size is unknown."""
    asset = {"id": "asset_1", "width": size[0], "height": size[1]}
    found = urls().of_asset(asset, every=True)
    assert {rung: found[rung]["width"] for rung in RUNGS} == widths


def test_a_video_has_stills_under_names_of_their_own() -> None:
    """`_image` behind the rung tells a still from the video itself."""
    found = urls().of_asset({"id": "asset_1", "mime_type": "video/mp4"}, every=True)
    assert set(found) == {*(f"{rung}_image" for rung in RUNGS), "original"}


def test_each_path_has_a_signature_of_its_own() -> None:
    """43 characters that no other path shares."""
    found: dict[str, dict[str, Any]] = urls().of_asset({"id": "asset_1"}, every=True)
    signatures = {variant["url"].partition("?verify=")[2].partition("&")[0] for variant in found.values()}
    assert len(signatures) == len(found)
    assert {len(each) for each in signatures} == {43}
    assert signature("/a") != signature("/b")


def test_what_has_no_picture_has_no_addresses() -> None:
    """A person without a face to show, and an album without a cover that is still there."""
    world = LittleWorld()
    assert urls(world).of_person({"thumbnail_face_id": None}) is None
    assert urls(world).of_album({"album_cover_asset_id": "asset_gone"}) is None
    world.put("face", "face_1")
    world.put("asset", "asset_1")
    person = urls(world).of_person({"thumbnail_face_id": "face_1"})
    album = urls(world).of_album({"album_cover_asset_id": "asset_1"})
    assert person is not None
    assert album is not None
    assert person["thumbnail"]["url"].startswith(f"{ORIGIN}/faces/face_1/")
    assert album["thumbnail"]["url"].startswith(f"{ORIGIN}/assets/asset_1/")

"""Entities agree with each other and with the official client's models."""

from __future__ import annotations

from typing import Any

import pytest
from gumnut.types import (
    AlbumAssetResponse,
    AlbumResponse,
    AssetResponse,
    FaceResponse,
    LibraryResponse,
    PersonResponse,
    StackRetrieveStackResponse,
    UserResponse,
)
from pydantic import BaseModel

from gumnut_tui.demo.world.entity_filters import Filters
from gumnut_tui.demo.world.world import World
from tests.demo.worlds import still_world

MODELS: dict[str, type[BaseModel]] = {
    "asset": AssetResponse,
    "album": AlbumResponse,
    "album_asset": AlbumAssetResponse,
    "person": PersonResponse,
    "face": FaceResponse,
    "stack": StackRetrieveStackResponse,
    "library": LibraryResponse,
    "user": UserResponse,
}
SEEDS = pytest.mark.parametrize("seed", [7, 8])


def everything(world: World, kind: str) -> list[dict[str, Any]]:
    """All entities of a kind, trashed ones too."""
    entities = [world.entity(kind, each) for each in world.ids(kind, None, Filters(state="all"))]
    assert None not in entities
    return [entity for entity in entities if entity is not None]


def live_asset(world: World, asset_id: str) -> bool:
    """Whether an asset exists outside the trash."""
    asset = world.entity("asset", asset_id)
    return asset is not None and not asset["_trashed"]


@pytest.mark.parametrize("kind", MODELS)
def test_the_official_models_accept_every_entity(kind: str) -> None:
    """Each entity has every required field with a value of the right type, and no field the API lacks."""
    world = still_world()
    documents = [world.user] if kind == "user" else world.libraries() if kind == "library" else everything(world, kind)
    assert documents
    model = MODELS[kind]
    for document in documents:
        public = {key: value for key, value in document.items() if not key.startswith("_")}
        model.model_validate(public)
        assert set(public) <= set(model.model_fields)
        assert set(model.model_fields) - set(public) <= {"asset_urls", "cluster_assignment"}


@SEEDS
def test_assets_name_what_is_there(seed: int) -> None:
    """Faces, people and stack of an asset exist, belong to it and to its library."""
    world = still_world(seed)
    for asset in everything(world, "asset"):
        faces = asset["faces"]
        assert all(face["asset_id"] == asset["id"] for face in faces)
        assert {person["id"] for person in asset["people"]} == {
            face["person_id"] for face in faces if face["person_id"]
        }
        for person in asset["people"]:
            whole = world.entity("person", person["id"])
            assert whole is not None
            assert whole["_library_id"] == asset["_library_id"]
        if asset["stack_id"]:
            stack = world.entity("stack", asset["stack_id"])
            assert stack is not None
            assert (asset["id"] in stack["asset_ids"]) == (not asset["_trashed"])


@SEEDS
def test_albums_count_their_live_assets(seed: int) -> None:
    """An album's count, its memberships, the list of its assets and its cover tell the same story."""
    world = still_world(seed)
    for album in everything(world, "album"):
        assets = world.ids("asset", None, Filters(album_id=album["id"]))
        links = [
            world.entity("album_asset", each) for each in world.ids("album_asset", None, Filters(album_id=album["id"]))
        ]
        assert album["asset_count"] == len(assets)
        assert sorted(link["asset_id"] for link in links if link) == sorted(assets)
        assert (album["album_cover_asset_id"] is None) == (not assets)
        assert album["album_cover_asset_id"] is None or album["album_cover_asset_id"] in assets
        assert all(live_asset(world, asset_id) for asset_id in assets)


@SEEDS
def test_people_count_their_live_assets(seed: int) -> None:
    """A person's count is that of the live assets listed for them; the thumbnail is one of their faces."""
    world = still_world(seed)
    for person in everything(world, "person"):
        assets = world.ids("asset", None, Filters(person_ids=(person["id"],)))
        assert person["asset_count"] == len(assets)
        faces = list(world.ids("face", None, Filters(state="all", person_ids=(person["id"],))))
        assert (person["thumbnail_face_id"] is None) == (not faces)
        assert person["thumbnail_face_id"] is None or person["thumbnail_face_id"] in faces


@SEEDS
def test_stacks_hold_at_least_two(seed: int) -> None:
    """A stack has two members or more, counts the live ones and pins only one of its own."""
    world = still_world(seed)
    for stack in everything(world, "stack"):
        members = list(world.ids("asset", None, Filters(state="all", stack_id=stack["id"])))
        assert len(members) >= 2
        assert stack["asset_count"] == len(stack["asset_ids"])
        assert sorted(stack["asset_ids"]) == sorted(world.ids("asset", None, Filters(stack_id=stack["id"])))
        assert stack["primary_asset_id"] is None or stack["primary_asset_id"] in members


@SEEDS
def test_libraries_count_their_live_assets(seed: int) -> None:
    """A library's count is the length of its list, and the user's storage the sum over the libraries."""
    world = still_world(seed)
    for library in world.libraries():
        live = world.ids("asset", library["id"])
        trashed = world.ids("asset", library["id"], Filters(state="trashed"))
        assert library["asset_count"] == len(live)
        assert sorted([*live, *trashed]) == sorted(world.ids("asset", library["id"], Filters(state="all")))
    assert world.user["storage_used_bytes"] == sum(each["storage_used_bytes"] for each in world.libraries())
